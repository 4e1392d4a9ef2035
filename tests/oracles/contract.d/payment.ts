// README's own payment, in the types of the document.
import type { paths } from "./api";

type Body = paths["/v1/payments"]["post"]["requestBody"]["content"]["application/json"];
type Answer = paths["/v1/payments"]["post"]["responses"]["201"]["content"]["application/json"];

export const payment: Body = { creator_id: "ana", amount: 1000, currency: "usd", quote: "…", message: "Thank you" };

export const received = (answer: Answer): [string, number, string | null] => [
    answer.payment_id,
    answer.total,
    answer.client_secret,
];
