"""Hundreds of payments, refunds and disputes with all faults on; then the ledger agrees with Stripe to the cent."""

import concurrent.futures
import contextlib
import json
import random
import threading
import time
import unittest
import unittest.mock

import stripe

import api
import audit
import fixture
from retries import NotYet, answer_with_retries, with_retries
from stripe_lists import Lists, all_of

SEED = 20261124
PAYMENTS, REFUNDS, DISPUTES = 500, 50, 20
AT_ONCE = 8
# How many of the refunds are made in Stripe's dashboard, and how many of the disputes are won and lost.
IN_DASHBOARD, WON, LOST = 8, 6, 6
DELIVERY_ROUNDS = 3
EVERY_FAULT = {
    "lose": 100_000,
    "duplicate": 300_000,
    "reorder": 200_000,
    "delay_ms": 1_500,
    "respond_429": 50_000,
    "respond_500": 50_000,
    "lose_response": 50_000,
    "drift": 20_000,
    "seed": SEED,
}
CARDS = ["pm_card_visa", "pm_card_visa", "pm_card_mastercard", "pm_card_amex", "pm_card_gb", "pm_card_jp"]
REFUND_CARDS = ["pm_card_visa", "pm_card_visa", "pm_card_gb", "pm_card_refundFail", "pm_card_pendingRefund"]
SLOW_ANSWER_S = 60


class AllFaults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # Only the test reconciles, so nothing changes while it compares.
        cls.stack = fixture.start(cls, flags=["--reconcile-every", "0"])
        # With faults at many hops, answers are slow.
        cls.within = unittest.mock.patch.object(api, "ANSWERED_WITHIN_S", SLOW_ANSWER_S)
        cls.within.start()
        cls.addClassCleanup(cls.within.stop)
        cls.operator = api.operator(cls.stack)
        cls.creators = [fixture.receiving_creator(cls.stack) for _ in range(5)]
        cls.dice = random.Random(SEED)

    @contextlib.contextmanager
    def timed(self, what):
        began = time.monotonic()
        yield
        print(f"     {time.monotonic() - began:6.1f} s  {what}", flush=True)

    def chaos(self, faults):
        body = json.dumps(faults).encode()
        api.ok(api.send("PUT", f"{self.stack.api}/local/chaos", body, api.JSON))

    def reconcile(self):
        """Reconciles until the run is finished, and returns its report."""
        while True:
            run = api.ok(answer_with_retries(lambda: self.operator.send("POST", "/v1/admin/reconciliations")))
            if run["finished"]:
                return run

    @contextlib.contextmanager
    def reconciled_on_schedule(self):
        """Reconciles repeatedly in the background, as the schedule does."""
        over, runs = threading.Event(), []

        def work():
            while not over.wait(3):
                runs.append(self.reconcile())

        with concurrent.futures.ThreadPoolExecutor(1) as schedule:
            working = schedule.submit(work)
            yield runs
            over.set()
            working.result()

    def together(self, work, items):
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as senders:
            return list(senders.map(work, items))

    # What senders do. Each retries the same request under the same key, as an app does.

    def planned_payment(self, number):
        """The sender, card, creator and amount of a payment."""
        dice = random.Random(f"{SEED}/{number}")
        if number < REFUNDS:
            sender, card = f"sender-{number % 40}", dice.choice(REFUND_CARDS)
        elif number < REFUNDS + DISPUTES:
            # A dispute puts its sender on hold.
            sender, card = f"disputer-{number}", "pm_card_createDispute"
        else:
            sender, card = f"sender-{number % 40}", dice.choice(CARDS)
        return sender, card, dice.choice(self.creators), dice.randint(50, 50_000)

    def pay(self, number):
        sender, card, creator, amount = self.planned_payment(number)
        caller = api.Caller(self.stack, sender)
        request = {"creator_id": creator, "amount": amount, "currency": "usd"}
        payment = api.created(answer_with_retries(lambda: caller.pay(request, f"key-{number}")))
        intent, key = payment["stripe_payment_intent_id"], f"confirm-{number}"
        confirm = lambda: stripe.PaymentIntent.confirm(intent, payment_method=card, idempotency_key=key)
        self.assertEqual(with_retries(confirm).status, "succeeded")
        return payment

    def refund(self, number, payment):
        dice = random.Random(f"{SEED}/refund/{number}")
        if number < IN_DASHBOARD:
            self.refund_in_dashboard(number, payment, dice)
            return
        sender = self.planned_payment(number)[0]
        caller = self.operator if number % 5 == 0 else api.Caller(self.stack, sender)
        body = {} if dice.random() < 0.5 else {"amount": dice.randint(1, payment["amount"])}
        path, key = f"/v1/payments/{payment['payment_id']}/refunds", {"idempotency-key": f"refund-{number}"}

        def ask():
            answer = caller.send("POST", path, body, key)
            # The refund is accepted but not executed yet; repeating the request continues it.
            if answer.status == 202 and not self.refunds_at_stripe(answer.json["refund_id"]):
                raise NotYet(str(answer))
            return answer

        # The event of the payment may be late, or lost until the next reconciliation.
        answer = answer_with_retries(ask, waits_for=["payment_not_settled"])
        self.assertEqual(answer.status, 202, str(answer))

    def refunds_at_stripe(self, refund_id):
        listed = with_retries(lambda: stripe.Refund.list(limit=100)).data
        return [refund for refund in listed if refund.metadata.to_dict().get("refund_id") == refund_id]

    def refund_in_dashboard(self, number, payment, dice):
        wanted = {"payment_intent": payment["stripe_payment_intent_id"], "amount": dice.randint(1, payment["total"])}
        if number % 2:
            wanted["reverse_transfer"] = True
        with_retries(lambda: stripe.Refund.create(**wanted, idempotency_key=f"dashboard-{number}"))

    def dispute(self, number, payment):
        intent = payment["stripe_payment_intent_id"]

        def opened():
            listed = stripe.Dispute.list(payment_intent=intent).data
            if not listed:
                raise NotYet("the dispute is not open yet")
            return listed[0]

        dispute = with_retries(opened)
        evidence_text = "winning_evidence" if number < WON else "losing_evidence" if number < WON + LOST else None
        if evidence_text:
            evidence = {"uncategorized_text": evidence_text}
            key = f"evidence-{number}"
            with_retries(lambda: stripe.Dispute.modify(dispute.id, evidence=evidence, idempotency_key=key))

    # What must hold at the end.

    def banks_have_decided(self):
        def decided():
            pending = [refund for refund in all_of(stripe.Refund) if refund.status == "pending"]
            reviewed = [dispute for dispute in all_of(stripe.Dispute) if dispute.status == "under_review"]
            failing = {self.payments[number]["stripe_payment_intent_id"] for number in range(REFUNDS)
                       if self.planned_payment(number)[1] == "pm_card_refundFail"}
            unfailed = [refund for refund in all_of(stripe.Refund)
                        if refund.payment_intent in failing and refund.status != "failed"]
            return not (pending or reviewed or unfailed)

        fixture.wait_until("every bank has decided", decided)

    def ledger_agrees(self):
        items = fixture.all_items(self.stack)
        self.assertEqual(list(map(str, audit.findings(Lists.read(), items))), [])
        booked = audit.entries_by_partition(items).values()
        sums = audit.balances(entry for entries in booked for entry in entries.values())
        print(f"     {audit.text(sums)}", flush=True)
        for creator in self.creators:
            # Totals are counted from the table's stream.
            path, net = f"/v1/creators/{creator}/earnings", sums[f"creator:{creator}", "usd"]
            earned = lambda: [total["net"] for total in api.ok(self.operator.get(path))["totals"]]
            fixture.wait_until(f"{creator} earned {net}", lambda: earned() == [net])

    def statement_ends_with_stripes_balance(self):
        [dollars] = api.ok(self.operator.get("/v1/admin/statement"))["currencies"]
        lists = Lists.read()
        self.assertEqual({"usd": dollars["closing"]}, lists.balance)
        self.assertEqual((dollars["opening"], dollars["difference"]), (0, 0))
        transactions = len(all_of(stripe.BalanceTransaction))
        self.assertEqual(sum(movement["count"] for movement in dollars["movements"]), transactions)

    def test_the_ledger_agrees_with_stripe_after_every_fault_and_replayed_events_change_nothing(self):
        self.chaos(EVERY_FAULT)
        with self.reconciled_on_schedule() as runs:
            with self.timed(f"{PAYMENTS} payments with all faults on, {AT_ONCE} at once"):
                type(self).payments = self.together(self.pay, range(PAYMENTS))
            with self.timed(f"{REFUNDS} refunds, {IN_DASHBOARD} of them in Stripe's dashboard"):
                self.together(lambda n: self.refund(n, self.payments[n]), range(REFUNDS))
            with self.timed(f"{DISPUTES} disputes, {WON} with winning evidence, {LOST} with losing evidence"):
                self.together(lambda n: self.dispute(n, self.payments[REFUNDS + n]), range(DISPUTES))
        print(f"     {len(runs)} reconciliations in the background", flush=True)
        self.assertEqual(len({payment["payment_id"] for payment in self.payments}), PAYMENTS)
        self.chaos({})
        self.banks_have_decided()
        with self.timed("one reconciliation with the faults off"):
            run = self.reconcile()
        print(f"     {run['counts']}", flush=True)
        self.assertEqual(run["differences"], [])
        drift = api.ok(self.operator.get("/v1/admin/drift"))
        self.assertEqual((drift["last"]["number"], drift["last"]["differences_found"]), (run["number"], 0))
        self.assertIsNone(drift["current"])
        self.assertEqual(len(all_of(stripe.PaymentIntent)), PAYMENTS)
        self.assertEqual(len(all_of(stripe.Refund)), REFUNDS)
        self.assertEqual(len(all_of(stripe.Dispute)), DISPUTES)
        self.ledger_agrees()
        self.statement_ends_with_stripes_balance()
        self.replay_every_event()

    def replay_every_event(self):
        events = [json.dumps(json.loads(str(event))).encode() for event in all_of(stripe.Event)]
        before = fixture.all_items(self.stack)
        deliveries = 0
        with self.timed(f"{len(events)} events replayed {DELIVERY_ROUNDS} times in random order with duplicates"):
            for _ in range(DELIVERY_ROUNDS):
                bodies = events + self.dice.choices(events, k=len(events) // 4)
                self.dice.shuffle(bodies)
                deliveries += len(bodies)
                for answer in self.together(lambda body: fixture.deliver(self.stack, body), bodies):
                    api.ok(answer)
        print(f"     {deliveries} deliveries, {len(before)} items compared", flush=True)
        self.assertEqual(fixture.changed_keys(self.stack, before), [])
