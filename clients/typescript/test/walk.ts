// README's walk through the client, against the local stack at `API` with the stand-in at `STRIPE`: what an app does.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Attempt, createClient, ProblemError } from "../src/index.js";

const api = process.env["API"] ?? "http://127.0.0.1:3000";
const stripe = process.env["STRIPE"] ?? "http://127.0.0.1:12111";

/** The local stack's token for a user; the app's identity provider gives it elsewhere. */
const clientOf = (subject: { sub: string; email?: string; operator?: boolean }) =>
    createClient({
        baseUrl: api,
        token: async () => {
            const answer = await fetch(`${api}/local/token`, { method: "POST", body: JSON.stringify(subject) });
            return ((await answer.json()) as { token: string }).token;
        },
    });

/** Reads again what lags, for ten seconds at most. */
async function until<T>(read: () => Promise<T>, isSo: (value: T) => boolean): Promise<T> {
    for (let tries = 50; ; tries--) {
        const value = await read();
        if (isSo(value)) {
            return value;
        }
        assert.ok(tries > 0, `not within ten seconds: ${JSON.stringify(value)}`);
        await sleep(200);
    }
}

/** What Stripe's SDK does in the app, with a test card. */
const confirm = (intent: string, card: string) =>
    fetch(`${stripe}/v1/payment_intents/${intent}/confirm`, {
        method: "POST",
        headers: { authorization: "Bearer sk_test_local" },
        body: new URLSearchParams({ payment_method: card }),
    });

const sam = clientOf({ sub: "sam", email: "sam@example.com" });
const ana = clientOf({ sub: "ana" });
const cy = clientOf({ sub: "cy", email: "cy@example.com" });
const olga = clientOf({ sub: "olga", operator: true });

// Pay.
const terms = await sam.get("/v1/creators/{creator_id}", { params: { path: { creator_id: "ana" } } });
assert.ok(terms.can_receive);
const chosen = { creator_id: "ana", amount: 1000, currency: "usd" };
const { quote, total } = await sam.post("/v1/quotes", { body: chosen });
assert.equal(total, 1061);

const body = { ...chosen, quote, message: "Thank you" };
const attempt = new Attempt();
const created = await sam.post("/v1/payments", { params: { header: attempt.header(body) }, body });
const again = await sam.post("/v1/payments", { params: { header: attempt.header(body) }, body });
assert.equal(again.payment_id, created.payment_id);
await confirm(created.stripe_payment_intent_id, "pm_card_visa");
const path = { payment_id: created.payment_id };
const paid = await until(
    () => sam.get("/v1/payments/{payment_id}", { params: { path } }),
    (payment) => payment.status === "succeeded",
);
assert.deepEqual([paid.amount, paid.processing_fee, paid.total], [1000, 61, 1061]);

// A decline leaves the payment open.
const declinedBody = { ...chosen, amount: 500 };
const header = new Attempt().header(declinedBody);
const declined = await sam.post("/v1/payments", { params: { header }, body: declinedBody });
await confirm(declined.stripe_payment_intent_id, "pm_card_chargeDeclined");
const open = await until(
    () => sam.get("/v1/payments/{payment_id}", { params: { path: { payment_id: declined.payment_id } } }),
    (payment) => payment.decline_code !== undefined,
);
assert.equal(open.status, "requires_payment_method");

// Become a creator, and set own terms.
const creator = { path: { creator_id: "cy" } };
const link = await cy.post("/v1/creators/{creator_id}/onboarding", {
    params: creator,
    body: { return_url: `${api}/`, refresh_url: `${api}/` },
});
await fetch(`${link.url}/finish`, { method: "POST", redirect: "manual" });
const settings = await until(
    () => cy.get("/v1/creators/{creator_id}/settings", { params: creator }),
    (settings) => settings.onboarding.state === "ready",
);
assert.ok(settings.may_be_paid && settings.payouts_on);
const own = await cy.put("/v1/creators/{creator_id}/settings", { params: creator, body: { min_amount: 300, presets: [300, 500] } });
assert.equal(own.min_amount, 300);
const tooLittle = await sam.post("/v1/quotes", { body: { ...chosen, creator_id: "cy", amount: 100 } }).catch((error) => error);
assert.ok(tooLittle instanceof ProblemError);
assert.equal(tooLittle.code, "amount_below_minimum");

// Open receiving in a wave, and close it.
const wave = { path: { name: "test-group" } };
const change = { add: ["bo"], halt: { dispute_rate_ppm: 10_000, failure_rate_ppm: 300_000, min_payments: 50 } };
const dry = await olga.put("/v1/admin/waves/{name}", {
    params: { ...wave, query: { dry_run: true } },
    body: { ...change, reason: "What would that change?" },
});
assert.ok(JSON.stringify(dry).includes('"can_receive_after":true'));
await olga.put("/v1/admin/waves/{name}", { params: wave, body: { ...change, reason: "First wave" } });
const report = await until(
    () => olga.get("/v1/admin/waves/{name}/report", { params: wave }),
    (report) => report.invited === 1,
);
assert.equal(report.payments, 0);
await olga.put("/v1/admin/rollout", { body: { paused: true, reason: "Nobody receives until we know more" } });
const refused = await sam.post("/v1/quotes", { body: chosen }).catch((error) => error);
assert.ok(refused instanceof ProblemError);
assert.equal(refused.code, "creator_not_receiving");
assert.deepEqual(refused.problem.reasons?.map((reason) => reason.code), ["paused"]);
await olga.put("/v1/admin/rollout", { body: { paused: false, reason: "All is well" } });

// Refund.
const part = { amount: 400, reason: "Sent twice" };
await sam.post("/v1/payments/{payment_id}/refunds", { params: { path, header: new Attempt().header(part) }, body: part });
await until(
    () => sam.get("/v1/payments/{payment_id}/refunds", { params: { path } }),
    ({ items }) => items[0]?.status === "succeeded",
);
const earnings = await until(
    () => ana.get("/v1/creators/{creator_id}/earnings", { params: { path: { creator_id: "ana" } } }),
    ({ totals }) => totals[0]?.net === 600,
);
assert.equal(earnings.totals[0]?.refunded, 400);

// Agree with Stripe.
for (let finished = false; !finished; ) {
    ({ finished } = await olga.post("/v1/admin/reconciliations"));
}
const drift = await olga.get("/v1/admin/drift");
assert.deepEqual(drift.last?.differences, []);
const statement = await olga.get("/v1/admin/statement");
assert.deepEqual(statement.currencies.map(({ currency, difference }) => [currency, difference]), [["usd", 0]]);
for await (const parked of olga.list("/v1/admin/quarantine")) {
    assert.fail(`${parked.event_id} could not be applied`);
}

// Find it again, a payment a page.
const query = { role: "sender", limit: 1 } as const;
const found: string[] = [];
for await (const payment of sam.list("/v1/payments", { params: { query } })) {
    found.push(payment.payment_id);
}
assert.deepEqual(found, [declined.payment_id, created.payment_id]);
const rows: string[] = [];
for await (const page of sam.csv("/v1/payments", { params: { query } })) {
    rows.push(...page.trim().split("\r\n"));
}
assert.match(rows[0] ?? "", /^payment_id,created_at,/);
assert.deepEqual(rows.slice(1).map((row) => row.split(",")[0]), found);

console.log("typescript client: README's walk is done");
