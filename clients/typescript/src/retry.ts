import { retryAfterS } from "./problem.js";

export interface RetryOptions {
    /** How often a request is sent again; 4 by default. */
    retries?: number;
    /** The longest pause in milliseconds; 10,000 by default. A refusal that asks for more is not retried. */
    longestPauseMs?: number;
}

type Fetch = (request: Request) => Promise<Response>;

/** Too many requests, and a service that is not available for the moment. */
const TEMPORARY = [429, 503];
const FIRST_PAUSE_MS = 200;

/** Sends a request again where that is safe and can help, with the same idempotency key. */
export function withRetries(send: Fetch, { retries = 4, longestPauseMs = 10_000 }: RetryOptions = {}): Fetch {
    return async (request) => {
        for (let retry = 0; ; retry++) {
            const answer = await send(request.clone()).catch((error: unknown) => {
                if (retry === retries || request.signal.aborted || !isRepeatable(request)) {
                    throw error;
                }
                return undefined;
            });
            const asked = answer && retryAfterS(answer);
            const pauseMs = asked === undefined ? FIRST_PAUSE_MS * 2 ** retry * (0.5 + Math.random() / 2) : asked * 1000;
            if (answer && (retry === retries || pauseMs > longestPauseMs || !isTemporary(request, answer))) {
                return answer;
            }
            await answer?.body?.cancel();
            await pause(Math.min(pauseMs, longestPauseMs), request.signal);
        }
    };
}

/** Whether a request has its effect once, however often it arrives, and is answered as the first time. */
function isRepeatable(request: Request): boolean {
    // A version that was read is no longer the present one after the first write, and the second would be refused.
    const isConditional = request.headers.has("if-match");
    return request.method === "POST" ? request.headers.has("idempotency-key") : !isConditional;
}

function isTemporary(request: Request, answer: Response): boolean {
    // 429 comes before any effect; 409 with Retry-After is that a request with the same key is still running.
    const isRefused = answer.status === 429 || (answer.status === 409 && retryAfterS(answer) !== undefined);
    return isRefused || (TEMPORARY.includes(answer.status) && isRepeatable(request));
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
        const timer = setTimeout(resolve, ms);
        signal.addEventListener("abort", () => {
            clearTimeout(timer);
            reject(signal.reason);
        }, { once: true });
    });
}
