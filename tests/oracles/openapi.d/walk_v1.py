"""A walk through every endpoint of v1 that the stand-in has."""

from stand_in import VERSION

CHARGE = {
    "amount": 1061,
    "currency": "usd",
    "allowed_payment_method_types[0]": "card",
    "capture_method": "automatic",
    "transfer_data[amount]": 1000,
    "metadata[payment_id]": "pay_1",
    "description": "Payment to ana",
    "statement_descriptor_suffix": "ana",
    "transfer_data[description]": "Payment to ana",
    "transfer_data[metadata][payment_id]": "pay_1",
    "transfer_data[payment_data][description]": "Payment to ana",
    "transfer_data[payment_data][metadata][payment_id]": "pay_1",
    "receipt_email": "sam@example.com",
}


class Walk:
    def __init__(self, stand_in):
        self.stand_in, self.exchanges = stand_in, []

    def call(self, method, path, **options):
        exchange = self.stand_in.call(method, path, options.pop("fields", None), **options)
        self.exchanges.append(exchange)
        return exchange.body

    def get(self, path, **fields):
        return self.call("GET", path, fields=fields)

    def post(self, path, fields=None, **options):
        return self.call("POST", path, fields=fields, **options)

    def pay(self, card):
        intent = self.post("/v1/payment_intents", {**CHARGE, "transfer_data[destination]": self.account})
        return self.post(f"/v1/payment_intents/{intent['id']}/confirm", {"payment_method": card, "return_url": "https://app.example.com"})

    def accounts(self):
        made = self.post("/v1/accounts", {
            "country": "US",
            "capabilities[transfers][requested]": "true",
            "controller[fees][payer]": "application",
            "controller[losses][payments]": "application",
            "controller[stripe_dashboard][type]": "express",
            "metadata[creator_id]": "ana",
        })
        self.account = made["id"]
        pages = {"type": "account_onboarding", "refresh_url": "https://a.example.com", "return_url": "https://b.example.com"}
        self.post("/v1/account_links", {"account": self.account, **pages})
        for action in ("review", "restrict", "ask_details", "hold_payouts", "restore"):
            self.stand_in.call("POST", f"/stand_in/accounts/{self.account}/{action}")
            self.get(f"/v1/accounts/{self.account}")
        self.post(f"/v1/accounts/{self.account}", {"email": "ana@example.com"})
        self.get("/v1/accounts", limit=10)
        self.get("/v1/account")
        for kind in ("express", "standard", "custom"):
            gone = self.post("/v1/accounts", {"type": kind, "country": "DE"})
            self.call("DELETE", f"/v1/accounts/{gone['id']}")
        self.get(f"/v1/accounts/{gone['id']}")
        gone = self.post("/v1/accounts", {"type": "express", "country": "US"})
        self.stand_in.call("POST", f"/stand_in/accounts/{gone['id']}/deauthorize")

    def payments(self):
        paid = self.pay("pm_card_visa")
        self.intent, self.charge = paid["id"], paid["latest_charge"]
        for card in ("pm_card_chargeDeclined", "pm_card_authenticationRequired", "pm_card_us"):
            self.pay(card)
        canceled = self.post("/v1/payment_intents", CHARGE_ALONE)
        self.post(f"/v1/payment_intents/{canceled['id']}", {"metadata[a]": "b"})
        self.post(f"/v1/payment_intents/{canceled['id']}/cancel", {"cancellation_reason": "abandoned"})
        self.post("/v1/payment_intents", {**CHARGE_ALONE, "capture_method": "automatic_async", "payment_method": "pm_card_visa", "confirm": "true"})
        self.get(f"/v1/payment_intents/{self.intent}")
        self.get("/v1/payment_intents", limit=10)
        self.get("/v1/payment_intents/search", query="metadata['payment_id']:'pay_1'")
        self.get(f"/v1/charges/{self.charge}", **{"expand[0]": "balance_transaction"})
        self.get("/v1/charges", limit=10)
        self.get(f"/v1/payment_methods/{paid['payment_method']}")
        self.post("/v1/payment_methods", {"type": "card", "card[token]": "tok_visa"})

    def saved_cards(self):
        customer = self.post("/v1/customers", {"metadata[sender_id]": "sam"})["id"]
        self.post(f"/v1/customers/{customer}", {"metadata[customer_request]": "1-1"})
        self.get(f"/v1/customers/{customer}")
        self.get("/v1/customers", limit=10)
        self.get("/v1/customers/search", query="metadata['customer_request']:'1-1'")
        for component in ("payment_element", "mobile_payment_element", "customer_sheet", "pricing_table"):
            self.post("/v1/customer_sessions", {"customer": customer, f"components[{component}][enabled]": "true"})
        self.post("/v1/customer_sessions", {"customer": customer})
        intent = self.post("/v1/payment_intents", {**CHARGE_ALONE, "customer": customer})
        saved = self.post(f"/v1/payment_intents/{intent['id']}/confirm", {
            "payment_method_data[type]": "card",
            "payment_method_data[card][token]": "tok_visa",
            "payment_method_data[allow_redisplay]": "always",
            "setup_future_usage": "on_session",
            "return_url": "https://app.example.com",
        })["payment_method"]
        self.get(f"/v1/customers/{customer}/payment_methods", type="card", limit=10)
        self.get("/v1/payment_methods", customer=customer, type="card")
        self.get(f"/v1/customers/{customer}/payment_methods/{saved}")
        self.post(f"/v1/payment_methods/{saved}/detach")
        self.post(f"/v1/payment_methods/{saved}/detach")
        self.call("DELETE", f"/v1/customers/{customer}")
        self.get(f"/v1/customers/{customer}")

    def refunds(self):
        refund = self.post("/v1/refunds", {"charge": self.charge, "amount": 100, "metadata[refund_id]": "rfd_1"})
        self.get(f"/v1/refunds/{refund['id']}")
        self.post(f"/v1/refunds/{refund['id']}", {"metadata[a]": "b"})
        self.get("/v1/refunds", limit=10)
        for card in ("pm_card_pendingRefund", "pm_card_refundFail"):
            paid = self.pay(card)
            pending = self.post("/v1/refunds", {"payment_intent": paid["id"]})
        self.post(f"/v1/refunds/{pending['id']}/cancel")

    def disputes(self):
        self.pay("pm_card_createDispute")
        self.pay("pm_card_createDisputeInquiry")
        opened = self.stand_in.wait_for("two disputes", lambda: self.two_disputes())
        for each, evidence in zip(opened, ("losing_evidence", "winning_evidence"), strict=True):
            self.get(f"/v1/disputes/{each['id']}")
            self.post(f"/v1/disputes/{each['id']}", {"evidence[uncategorized_text]": evidence, "submit": "true"})
        self.get("/v1/disputes", limit=10)

    def warnings(self):
        paid = self.pay("pm_card_visa")
        charge = paid["latest_charge"]
        warning = self.stand_in.call("POST", "/stand_in/early_fraud_warnings", {"charge": charge}).body
        self.get(f"/v1/radar/early_fraud_warnings/{warning['id']}")
        self.get("/v1/radar/early_fraud_warnings", limit=10, charge=charge)
        self.post("/v1/refunds", {"charge": charge, "reason": "fraudulent"})

    def two_disputes(self):
        found = self.stand_in.call("GET", "/v1/disputes").body["data"]
        return found if len(found) == 2 else None

    def transfers(self):
        transfer = self.post("/v1/transfers", {"amount": 500, "currency": "usd", "destination": self.account, "metadata[a]": "b"})
        path = f"/v1/transfers/{transfer['id']}"
        reversal = self.post(f"{path}/reversals", {"amount": 100, "metadata[a]": "b"})
        self.get(path)
        self.post(path, {"description": "Again"})
        self.get(f"{path}/reversals", limit=10)
        self.get(f"{path}/reversals/{reversal['id']}")
        self.post(f"{path}/reversals/{reversal['id']}", {"metadata[c]": "d"})
        received = self.get("/v1/transfers", destination=self.account)["data"][-1]["destination_payment"]
        self.call("GET", f"/v1/charges/{received}", account=self.account)
        payout = self.post("/v1/payouts", {"amount": 100, "currency": "usd"}, account=self.account)
        self.call("GET", f"/v1/payouts/{payout['id']}", account=self.account)
        self.call("GET", "/v1/payouts", account=self.account)

    def books(self):
        for kind, amount in (("topup", 500), ("stripe_fee", -20), ("reserve_hold", -5), ("adjustment", 7)):
            self.stand_in.call("POST", "/stand_in/balance_transactions", {"type": kind, "amount": amount})
        payout = self.post("/v1/payouts", {"amount": 100, "currency": "usd"})
        self.get(f"/v1/payouts/{payout['id']}")
        self.get("/v1/balance")
        self.get("/v1/balance_transactions", limit=100, **{"expand[0]": "data.source"})
        transactions = self.get("/v1/balance_transactions", limit=100)["data"]
        self.get(f"/v1/balance_transactions/{transactions[0]['id']}")
        events = self.get("/v1/events", limit=100, delivery_success="true")["data"]
        self.get(f"/v1/events/{events[0]['id']}")

    def webhook_endpoints(self):
        fields = {"url": "https://oracle.example.com/webhooks", "enabled_events[0]": "charge.updated", "api_version": VERSION}
        kept, gone = (self.post("/v1/webhook_endpoints", {**fields, "connect": connect, "metadata[a]": "b"})["id"] for connect in ("true", "false"))
        self.post(f"/v1/webhook_endpoints/{kept}", {"disabled": "true", "enabled_events[0]": "charge.failed"})
        self.get(f"/v1/webhook_endpoints/{kept}")
        self.get("/v1/webhook_endpoints", limit=10)
        self.call("DELETE", f"/v1/webhook_endpoints/{gone}")

    def refusals(self):
        self.get("/v1/payment_intents/pi_nobody")
        self.post("/v1/payment_intents", {"amount": 1, "currency": "usd"})
        self.post("/v1/payment_intents", {**CHARGE_ALONE, "receipt_email": "sam@localhost"})
        self.post("/v1/payment_intents", {**CHARGE_ALONE, "colour": "red"})
        self.post(f"/v1/payment_intents/{self.intent}/cancel")


CHARGE_ALONE = {name: value for name, value in CHARGE.items() if not name.startswith("transfer_data")}


def walk(stand_in):
    """Every exchange of the walk; the stand-in has delivered the events by then."""
    it = Walk(stand_in)
    for part in (it.accounts, it.payments, it.saved_cards, it.refunds, it.disputes, it.warnings, it.transfers, it.books, it.webhook_endpoints,
                 it.refusals):
        part()
    kinds = {"charge.updated", "refund.failed", "radar.early_fraud_warning.updated", "charge.dispute.closed", "charge.dispute.funds_reinstated"}
    stand_in.wait_for("what banks decide", lambda: kinds <= {each["type"] for each in stand_in.received("/webhooks")})
    return it.exchanges
