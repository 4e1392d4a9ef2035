// The API calls of an operator. Each returns `{ body, etag }`; the ETag makes the next write conditional.

import { inPath, sending, session } from "/api.js";
import { downloadCsv } from "/csv.js";

let call = null;

export function signInAs(name) {
  call = session({ sub: name, operator: true });
}

const ifMatch = (etag) => (etag ? { "if-match": etag } : {});
const put = (path, body, etag) => call(path, sending("PUT", body, ifMatch(etag)));
const post = (path, body, etag) => call(path, sending("POST", body, ifMatch(etag)));
const page = (path, cursor, limit) =>
  call(`${path}?limit=${limit}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
const creatorPath = (id) => `/v1/admin/creators/${inPath(id)}`;
const wavePath = (name) => `/v1/admin/waves/${encodeURIComponent(name)}`;

const AUDIT_PAGE = 10;

export const rollout = () => call("/v1/admin/rollout");
export const changeRollout = (body, etag) => put("/v1/admin/rollout", body, etag);
export const rolloutAudit = (cursor) => page("/v1/admin/rollout/audit", cursor, AUDIT_PAGE);

export const waves = (cursor) => page("/v1/admin/waves", cursor, 50);
export const wave = (name) => call(wavePath(name));
export const dryRunWave = (name, body) => put(`${wavePath(name)}?dry_run=true`, body);
export const editWave = (name, body, etag) => put(wavePath(name), body, etag);
export const rollBackWave = (name, reason, etag) => post(`${wavePath(name)}/rollback`, { reason }, etag);
export const resumeWave = (name, reason, etag) => post(`${wavePath(name)}/resume`, { reason }, etag);
export const waveAudit = (name, cursor) => page(`${wavePath(name)}/audit`, cursor, AUDIT_PAGE);
export const waveReport = (name) => page(`${wavePath(name)}/report`, null, 100);

export const eligibility = (creator) => call(`${creatorPath(creator)}/eligibility`);
export const changeEligibility = (creator, body, etag) => put(`${creatorPath(creator)}/eligibility`, body, etag);
export const creatorAudit = (creator, cursor) => page(`${creatorPath(creator)}/audit`, cursor, AUDIT_PAGE);

const senderPath = (id) => `/v1/admin/senders/${inPath(id)}`;
export const sender = (id) => call(senderPath(id));
export const changeSender = (id, body, etag) => put(senderPath(id), body, etag);
export const senderAudit = (id, cursor) => page(`${senderPath(id)}/audit`, cursor, AUDIT_PAGE);

export const drift = () => call("/v1/admin/drift");
/** Works on the reconciliation in progress, or on the next one, for some seconds. */
export const reconcile = () => call("/v1/admin/reconciliations", { method: "POST" });
const statementPath = (period) => `/v1/admin/statement?${new URLSearchParams(period)}`;
export const statement = (period = {}) => call(statementPath(period));
export const downloadStatement = (period) => downloadCsv(call, statementPath(period), "statement.csv");

const parkedPath = (event) => `/v1/admin/quarantine/${encodeURIComponent(event)}`;
export const quarantine = (cursor) => page("/v1/admin/quarantine", cursor, 100);
export const parkedEvent = (event) => call(parkedPath(event));
export const redrive = (event) => call(`${parkedPath(event)}/redrive`, { method: "POST" });

const paymentPath = (id) => `/v1/payments/${encodeURIComponent(id)}`;
const adminPaymentPath = (id) => `/v1/admin/payments/${encodeURIComponent(id)}`;
export const payment = (id) => call(paymentPath(id));
export const evidence = (id) => call(`${adminPaymentPath(id)}/evidence`);
export const refunds = (id) => call(`${paymentPath(id)}/refunds`);
export const refund = (id, body, key) => call(`${paymentPath(id)}/refunds`, sending("POST", body, { "idempotency-key": key }));
export const redirect = (id, reason) => post(`${adminPaymentPath(id)}/redirect`, { reason });
export const paymentOfStripeObject = (id) => call(`/v1/admin/stripe-objects/${encodeURIComponent(id)}/payment`);

const paymentsPath = (query) => `/v1/admin/payments?${new URLSearchParams(query)}`;
export const findPayments = (query) => call(paymentsPath(query));
export const downloadPayments = (query) => downloadCsv(call, paymentsPath({ ...query, limit: 100 }), "payments.csv");

const feedbackPath = (query) => `/v1/admin/feedback?${new URLSearchParams(query)}`;
export const feedback = (query) => call(feedbackPath(query));
export const downloadFeedback = (query) => downloadCsv(call, feedbackPath({ ...query, limit: 100 }), "feedback.csv");
