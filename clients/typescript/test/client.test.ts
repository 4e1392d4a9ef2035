import assert from "node:assert/strict";
import { test } from "node:test";
import { Attempt, createClient, ProblemError } from "../src/index.js";

type Answer = Response | Error;

/** A client whose requests are kept, and answered in turn; the last answer repeats. */
function clientOf(answers: (() => Answer)[], retry = {}) {
    const sent: Request[] = [];
    const client = createClient({
        baseUrl: "http://api.invalid",
        token: async () => "a-token",
        retry,
        fetch: async (request) => {
            sent.push(request);
            const answer = (answers.length > 1 ? answers.shift()! : answers[0]!)();
            if (answer instanceof Error) {
                throw answer;
            }
            return answer;
        },
    });
    return { client, sent };
}

const json = (body: unknown, init?: ResponseInit) => () => Response.json(body, init);
const refusal = (status: number, code: string, retryAfterS?: number) => () =>
    Response.json(
        { type: `urn:creator-payments:problem:${code}`, title: code, status, detail: "Try again.", code },
        { status, headers: retryAfterS === undefined ? {} : { "retry-after": String(retryAfterS) } },
    );
const body = { creator_id: "ana", amount: 1000, currency: "usd" };
const keys = (sent: Request[]) => sent.map((request) => request.headers.get("idempotency-key"));
const problemOf = (promise: Promise<unknown>) => promise.then(() => assert.fail("it is refused"), (error) => error as ProblemError);

test("a request has the caller's token, asked for each time", async () => {
    const { client, sent } = clientOf([json({})]);
    await client.get("/v1/creators/{creator_id}", { params: { path: { creator_id: "an/a" } } });
    assert.equal(sent[0]?.url, "http://api.invalid/v1/creators/an%2Fa");
    assert.equal(sent[0]?.headers.get("authorization"), "Bearer a-token");
});

test("a payment whose answer is lost or late is sent again under the same key", async () => {
    const lost = () => new TypeError("fetch failed");
    const { client, sent } = clientOf([lost, refusal(503, "unavailable", 0), refusal(409, "request_in_progress", 0), json({ payment_id: "pay_1" }, { status: 201 })]);
    const attempt = new Attempt();
    const payment = await client.post("/v1/payments", { params: { header: attempt.header(body) }, body });
    assert.equal(payment.payment_id, "pay_1");
    assert.deepEqual(keys(sent), Array(4).fill(attempt.key));
    assert.deepEqual(await Promise.all(sent.map((request) => request.json())), Array(4).fill(body));
});

test("an attempt keeps its key until its body changes", () => {
    const attempt = new Attempt("kept-by-the-app");
    assert.deepEqual(attempt.header(body), { "Idempotency-Key": "kept-by-the-app" });
    assert.deepEqual(attempt.header({ ...body }), { "Idempotency-Key": "kept-by-the-app" });
    assert.notDeepEqual(attempt.header({ ...body, amount: 2000 }), { "Idempotency-Key": "kept-by-the-app" });
});

test("a conditional write is not repeated, for its own first one would refuse it", async () => {
    const { client, sent } = clientOf([() => new TypeError("fetch failed")]);
    const params = { header: { "If-Match": '"3"' } };
    await assert.rejects(client.put("/v1/admin/rollout", { params, body: { paused: true, reason: "A test" } }), TypeError);
    assert.equal(sent.length, 1);
});

test("a POST without a key is not repeated, unless it was refused before any effect", async () => {
    const failed = clientOf([refusal(503, "unavailable", 0)]);
    assert.equal((await problemOf(failed.client.post("/v1/quotes", { body }))).status, 503);
    assert.equal(failed.sent.length, 1);
    const busy = clientOf([() => Response.json({ message: "Too Many Requests" }, { status: 429 }), json({ total: 1061 })]);
    assert.equal((await busy.client.post("/v1/quotes", { body })).total, 1061);
});

test("a pause that is too long is left to the caller, and retries end", async () => {
    const limited = clientOf([refusal(429, "sender_limit", 3600)]);
    const error = await problemOf(limited.client.get("/v1/payment-methods"));
    assert.deepEqual([error.code, error.retryAfterS, limited.sent.length], ["sender_limit", 3600, 1]);
    const down = clientOf([refusal(503, "unavailable", 0)], { retries: 2 });
    assert.equal((await problemOf(down.client.get("/v1/payment-methods"))).code, "unavailable");
    assert.equal(down.sent.length, 3);
});

test("an aborted request is not repeated", async () => {
    const stop = new AbortController();
    const { client, sent } = clientOf([refusal(429, "sender_limit", 5)]);
    const answer = client.get("/v1/payment-methods", { signal: stop.signal });
    setTimeout(() => stop.abort(new Error("the user left")), 20);
    await assert.rejects(answer, /the user left/);
    assert.equal(sent.length, 1);
});

test("a refusal is an error with the problem's code and fields, and the gateway's own with its message", async () => {
    const reasons = [{ code: "paused", message: "Sending money is paused." }];
    const problem = { type: "urn:creator-payments:problem:creator_not_receiving", title: "No", status: 403, detail: "Not now.", code: "creator_not_receiving", reasons };
    const refused = clientOf([json(problem, { status: 403, headers: { "x-request-id": "r-1" } })]);
    const error = await problemOf(refused.client.post("/v1/quotes", { body }));
    assert.ok(error instanceof ProblemError);
    assert.deepEqual([error.code, error.message, error.problem.reasons, error.requestId], ["creator_not_receiving", "Not now.", reasons, "r-1"]);
    const gateway = clientOf([json({ message: "Unauthorized" }, { status: 401 })]);
    const unauthorized = await problemOf(gateway.client.post("/v1/quotes", { body }));
    assert.deepEqual([unauthorized.status, unauthorized.code, unauthorized.message], [401, "gateway", "Unauthorized"]);
});

test("a list is read page after page, as items and as CSV with one header line", async () => {
    const items = clientOf([json({ items: [{ payment_id: "pay_1" }], next_cursor: "more" }), json({ items: [{ payment_id: "pay_2" }], next_cursor: null })]);
    const found: string[] = [];
    for await (const payment of items.client.list("/v1/payments", { params: { query: { role: "sender", limit: 1 } } })) {
        found.push(payment.payment_id);
    }
    assert.deepEqual(found, ["pay_1", "pay_2"]);
    assert.deepEqual(items.sent.map((request) => new URL(request.url).search), ["?role=sender&limit=1", "?role=sender&limit=1&cursor=more"]);

    const page = (row: string, link?: string) => () => new Response(`\ufeffpayment_id\r\n${row}\r\n`, { headers: link ? { link } : {} });
    const csv = clientOf([page("pay_1", '</v1/payments?role=sender&cursor=a%2Bb>; rel="next"'), page("pay_2")]);
    let text = "";
    for await (const rows of csv.client.csv("/v1/payments", { params: { query: { role: "sender" } } })) {
        text += rows;
    }
    assert.equal(text, "\ufeffpayment_id\r\npay_1\r\npay_2\r\n");
    assert.equal(new URL(csv.sent[1]!.url).searchParams.get("cursor"), "a+b");
    assert.equal(csv.sent[0]?.headers.get("accept"), "text/csv");
});
