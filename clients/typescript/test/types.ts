// What the types refuse: compiling this file is the test.
import type { PaymentsClient, ProblemError } from "../src/index.js";

export async function refused(client: PaymentsClient, problem: ProblemError) {
    const body = { creator_id: "ana", amount: 1000, currency: "usd" };
    // @ts-expect-error: no such route
    await client.get("/v1/nothing");
    // @ts-expect-error: the route has no such method
    await client.post("/v1/creators/{creator_id}", { params: { path: { creator_id: "ana" } } });
    // @ts-expect-error: the parameter of the path is missing
    await client.get("/v1/creators/{creator_id}");
    // @ts-expect-error: the idempotency key is missing
    await client.post("/v1/payments", { body });
    // @ts-expect-error: amounts are integers, not texts
    await client.post("/v1/quotes", { body: { ...body, amount: "1000" } });
    // @ts-expect-error: roles are sender and receiver
    client.list("/v1/payments", { params: { query: { role: "friend" } } });
    // @ts-expect-error: a quote is no list
    client.list("/v1/quotes");
    const terms = await client.get("/v1/creators/{creator_id}", { params: { path: { creator_id: "ana" } } });
    const minimum: number = terms.min_amount;
    // @ts-expect-error: the answer has no such field
    terms.maximum;
    // @ts-expect-error: no such code
    const isUnknown = problem.code === "no_such_code";
    return [minimum, isUnknown];
}
