"""The amount on the sender's page: how it is typed, and what is wrong with it. Run by tests/browser/run."""

from sender import TOTAL, SenderTest


class ChooseAnAmount(SenderTest):
    def test_a_wrong_amount_is_explained_next_to_the_field(self):
        page = self.page
        terms = self.stack.get("/v1/creators/ana", "sam")
        page.open("#/creators/ana/send")
        for typed, sentence in (
            ("", "Enter an amount"),
            ("ten", "in digits"),
            ("1.005", "at most 2 decimals"),
            ("0", "greater than zero"),
            (str(terms["max_amount"]), "The maximum amount is $"),
        ):
            with self.subTest(typed=typed):
                page.find("amount").clear()
                page.find("amount").send_keys(typed)
                page.click("continue")
                page.sees("amount-error", sentence)
                self.assertEqual(page.driver.switch_to.active_element.get_attribute("id"), "amount")
        self.assertEqual(page.all("card-view"), [])

    def test_typed_amounts_are_read_exactly_in_every_kind_of_currency(self):
        self.page.open()
        cases = [
            ("1.15", "usd", 115, "$1.15"),
            ("10,5", "eur", 1050, "€10.50"),
            ("1,000", "usd", 100000, "$1,000.00"),
            ("$12", "usd", 1200, "$12.00"),
            ("US$12.5", "usd", 1250, "$12.50"),
            ("12,50", "usd", 1250, "$12.50"),
            ("12 USD", "usd", 1200, "$12.00"),
            ("€12", "usd", None, None),
            ("1.000,50 €", "eur", 100050, "€1,000.50"),
            ("1.000", "eur", None, None),
            ("1,00,0", "usd", None, None),
            ("500", "jpy", 500, "¥500"),
            ("500.5", "jpy", None, None),
            ("12", "isk", 1200, "ISK\u00a012"),
            ("12.50", "ugx", None, None),
            ("1.25", "kwd", 1250, "KWD\u00a01.250"),
            ("1.255", "kwd", None, None),
            ("999999.99", "usd", 99999999, "$999,999.99"),
            ("1e3", "usd", None, None),
            ("-5", "usd", None, None),
        ]
        read = self.page.driver.execute_async_script(
            """const [cases, done] = arguments;
            import("/money.js").then(({ parseAmount, formatMoney }) => done(cases.map(([typed, currency]) => {
              const { amount = null } = parseAmount(typed, currency);
              return [typed, currency, amount, amount === null ? null : formatMoney(amount, currency)];
            })), (error) => done(String(error)));""",
            cases,
        )
        self.assertEqual(read, [list(case) for case in cases])

    def test_the_language_of_the_browser_says_which_separator_groups_digits(self):
        self.page.open()
        cases = [
            ("1.000", "eur", "de-DE", 100000),
            ("1.000", "eur", "en-US", None),
            ("1,000", "eur", "de-DE", None),
            ("12.5", "eur", "de-DE", 1250),
            ("1 234,50 €", "eur", "fr-FR", 123450),
            ("1’000.50", "chf", "de-CH", 100050),
            ("1.250", "kwd", "de-DE", 1250),
        ]
        read = self.page.driver.execute_async_script(
            """const [cases, done] = arguments;
            import("/money.js").then(({ parseAmount }) => done(cases.map(([typed, currency, language]) =>
              [typed, currency, language, parseAmount(typed, currency, language).amount ?? null])), (error) => done(String(error)));""",
            cases,
        )
        self.assertEqual(read, [list(case) for case in cases])

    def test_an_amount_is_typed_as_people_write_it(self):
        for typed in ("$10", "10,00", "10.0", "10 USD"):
            with self.subTest(typed=typed):
                self.page.open("#/creators/ana/send")
                self.page.find("amount").send_keys(typed)
                self.page.sees("quote-total", TOTAL)

    def test_the_limits_and_suggestions_of_a_creator_are_those_of_the_api(self):
        terms = self.stack.get("/v1/creators/ana", "sam")
        self.page.open("#/creators/ana/send")
        suggested = [f"${preset // 100}.{preset % 100:02}" for preset in terms["presets"]]
        self.page.sees("amount-view", *suggested, f"From $0.{terms['min_amount']:02} to ${terms['max_amount'] // 100:,}.00")
