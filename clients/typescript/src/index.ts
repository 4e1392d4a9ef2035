export type { components, paths } from "./api.js";
export { Attempt } from "./attempt.js";
export { createClient, type ClientOptions, type PaymentsClient } from "./client.js";
export { ProblemError, type ProblemCode } from "./problem.js";
export type { RetryOptions } from "./retry.js";
