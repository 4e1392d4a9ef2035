import type { components } from "./api.js";

type Problem = components["schemas"]["Problem"];

/** `gateway` stands for what API Gateway refuses by itself: no valid token, no such route, too many requests. */
export type ProblemCode = Problem["code"] | "gateway";

/** A refusal: an RFC 9457 problem with a stable `code`, or API Gateway's own answer. */
export class ProblemError extends Error {
    override readonly name = "ProblemError";

    private constructor(
        readonly status: number,
        readonly code: ProblemCode,
        message: string,
        /** The problem's fields, such as `field`, `reasons` and `limit`; none are known of the gateway's refusals. */
        readonly problem: Partial<Problem>,
        readonly retryAfterS: number | undefined,
        /** For the operators: every line of the log about this request has it. Browsers do not show it. */
        readonly requestId: string | undefined,
    ) {
        super(message);
    }

    /** Reads a response that is not a success. */
    static async from(response: Response): Promise<ProblemError> {
        const body: unknown = await response.json().catch(() => undefined);
        const problem = isProblem(body) ? body : undefined;
        return new ProblemError(
            response.status,
            problem?.code ?? "gateway",
            problem?.detail ?? gatewayMessage(body) ?? response.statusText,
            problem ?? {},
            retryAfterS(response),
            response.headers.get("x-request-id") ?? undefined,
        );
    }
}

/** The seconds of `Retry-After`; the API sends no dates there. */
export function retryAfterS(response: Response): number | undefined {
    const header = response.headers.get("retry-after");
    return header !== null && /^\d+$/.test(header) ? Number(header) : undefined;
}

function isProblem(body: unknown): body is Problem {
    return typeof body === "object" && body !== null && "code" in body && "detail" in body;
}

function gatewayMessage(body: unknown): string | undefined {
    const isMessage = typeof body === "object" && body !== null && "message" in body;
    return isMessage && typeof body.message === "string" ? body.message : undefined;
}
