// Calls to our own API. A call returns the parsed response, or throws an ApiError (the API refused, and why) or a
// NetworkError (the outcome is unknown; repeating the same request is safe).

export class NetworkError extends Error {}

export class ApiError extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || problem.message || `The server answered ${status}.`);
    this.status = status;
    this.code = problem.code ?? "";
    this.reasons = Array.isArray(problem.reasons) ? problem.reasons : [];
    this.limit = problem.limit;
    this.retryAfterSeconds = problem.retry_after_s;
  }

  /** Whether someone else wrote first, so that `If-Match` failed. */
  get isOutdated() {
    return this.status === 412;
  }

  /** Whether the same request can succeed later. Other refusals are final. */
  get isTransient() {
    return this.status >= 500 || this.status === 409 || (this.status === 429 && this.code !== "sender_limit");
  }
}

/** What a call accepts to get a list as CSV: it then returns `{ text, link }`. */
export const CSV = "text/csv";
const REQUEST_TIMEOUT_MS = 20_000;
let sender = "";
let callAsSender = null;

export function signInAs(name) {
  sender = name;
  callAsSender = session({ sub: name });
}

export const currentSender = () => sender;

export async function fetchJson(url, options) {
  let response;
  let text;
  try {
    response = await fetch(url, { ...options, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    text = await response.text();
  } catch (cause) {
    throw new NetworkError("The server could not be reached. Check your connection.", { cause });
  }
  let parsed = null;
  try {
    parsed = text === "" ? null : JSON.parse(text);
  } catch {
    // A body that is not JSON has nothing to show; the status still counts.
  }
  return { ok: response.ok, status: response.status, body: parsed, text, headers: response.headers, etag: response.headers.get("etag") };
}

/** What `read` returns, or null if the API cannot answer now. */
export async function readOrNull(read) {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ApiError || error instanceof NetworkError) return null;
    throw error;
  }
}

/** A request with a JSON body. */
export const sending = (method, body, headers = {}) => ({
  method,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});

const post = (body, headers) => sending("POST", body, headers);

/**
 * Calls to the API as one user (`subject` is the body of `POST /local/token`). A call returns `{ body, etag }`. Against a
 * deployment the console adds the token.
 */
export function session(subject) {
  let token = null;
  return async (path, options = {}) => {
    const { deployment } = await stackConfig();
    for (const attempt of [1, 2]) {
      if (!deployment) token ??= await freshToken(subject);
      const headers = deployment ? { ...options.headers } : { ...options.headers, authorization: `Bearer ${token}` };
      const { ok, status, body, etag, text, headers: answered } = await fetchJson(path, { ...options, headers });
      const isCsv = headers.accept === CSV;
      if (ok && isCsv) return { text, link: answered.get("link") };
      if (ok && (body !== null || status === 204)) return { body, etag };
      if (status !== 401 || attempt === 2 || deployment) throw new ApiError(status, body ?? {});
      token = null; // Expired, or signed with another store's key: try once more with a new token.
    }
  };
}

async function freshToken(subject) {
  const answer = await fetchJson("/local/token", post(subject));
  if (!answer.ok || !answer.body?.token) throw new ApiError(answer.status, answer.body ?? {});
  return answer.body.token;
}

/** A call as the sender, with the answer's head: `{ body, etag }`, or `{ text, link }` of a CSV. */
export const asSender = (path, options) => callAsSender(path, options);
const call = async (path, options) => (await callAsSender(path, options)).body;

/** A user's id in a path: encoded twice, because API Gateway decodes a path once before it chooses the route. */
export const inPath = (id) => encodeURIComponent(encodeURIComponent(id).replace(/^\.+$/, (dots) => dots.replaceAll(".", "%2E")));

export const creatorTerms = (id) => call(`/v1/creators/${inPath(id)}`);
export const createQuote = (request) => call("/v1/quotes", post(request));
export const createPayment = ({ key, body }) => call("/v1/payments", post(body, { "idempotency-key": key }));
export const giveFeedback = (body) => call("/v1/feedback", post(body));
/** The address of the sender's payments. */
export const sentPayments = (query) => `/v1/payments?${new URLSearchParams({ role: "sender", ...query })}`;
export const payments = (query) => call(sentPayments(query));
export const refunds = (id) => call(`/v1/payments/${encodeURIComponent(id)}/refunds`);
export const requestRefund = (id, { key, body }) => call(`/v1/payments/${encodeURIComponent(id)}/refunds`, post(body, { "idempotency-key": key }));
export const paymentMethods = (cursor) => call(`/v1/payment-methods${cursor === null ? "" : `?${new URLSearchParams({ cursor })}`}`);
export const forgetCard = (id) => call(`/v1/payment-methods/${encodeURIComponent(id)}`, { method: "DELETE" });
export const payment = (id) => call(`/v1/payments/${encodeURIComponent(id)}`);

let config = null;

/** What the page needs to know of its server, read once: how it reaches Stripe, or the `deployment` that a console is for. */
export async function stackConfig() {
  if (config) return config;
  const answer = await fetchJson("/local/config.json");
  if (!answer.ok || !answer.body) throw new ApiError(answer.status, answer.body ?? {});
  config = answer.body;
  return config;
}
