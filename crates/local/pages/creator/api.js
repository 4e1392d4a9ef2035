// The API calls of a creator. Each returns `{ body, etag }`.

import { inPath, sending, session } from "/api.js";
import { downloadCsv } from "/csv.js";

let call = null;
let creator = "";

export function signInAs(name) {
  creator = name;
  call = session({ sub: name });
}

export const currentCreator = () => creator;

const own = (rest) => `/v1/creators/${inPath(creator)}/${rest}`;
const after = (cursor) => (cursor === null ? "" : `?${new URLSearchParams({ cursor })}`);
const received = (query) => `/v1/payments?${new URLSearchParams({ role: "receiver", ...query })}`;

export const settings = () => call(own("settings"));
export const changeSettings = (body, etag) => call(own("settings"), sending("PUT", body, { "if-match": etag }));
export const onboard = (body) => call(own("onboarding"), sending("POST", body));
export const blocks = (cursor) => call(own(`blocks${after(cursor)}`));
export const block = (sender) => call(own(`blocks/${inPath(sender)}`), { method: "PUT" });
export const unblock = (sender) => call(own(`blocks/${inPath(sender)}`), { method: "DELETE" });
export const payouts = (cursor) => call(own(`payouts${after(cursor)}`));
export const openDashboard = (body) => call(own("dashboard-link"), sending("POST", body));
export const earnings = () => call(own("earnings"));
export const payment = (id) => call(`/v1/payments/${encodeURIComponent(id)}`);
export const payments = (query) => call(received(query));
export const downloadPayments = (query, onPage) => downloadCsv(call, received({ ...query, limit: 100 }), `payments-${creator}.csv`, onPage);
