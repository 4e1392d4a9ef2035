import createOpenApiClient, { type Client, type FetchResponse, type MaybeOptionalInit } from "openapi-fetch";
import type { HttpMethod, PathsWithMethod, RequiredKeysOf } from "openapi-typescript-helpers";
import type { paths } from "./api.js";
import { ProblemError } from "./problem.js";
import { type RetryOptions, withRetries } from "./retry.js";

export interface ClientOptions {
    /** The stack's `ApiUrl`, or `http://127.0.0.1:3000`. */
    baseUrl: string;
    /** The caller's access token, asked for each request: from the app's identity provider, which renews it. */
    token: () => Promise<string> | string;
    retry?: RetryOptions;
    /** In place of the global `fetch`. */
    fetch?: (request: Request) => Promise<Response>;
}

type Json = "application/json";
type Init<Path extends keyof paths, Method extends HttpMethod & keyof paths[Path]> = MaybeOptionalInit<paths[Path], Method>;
type InitParameter<I> = RequiredKeysOf<I> extends never ? [init?: I] : [init: I];
type Answer<Operation, I> = Operation extends Record<string | number, unknown>
    ? Exclude<FetchResponse<Operation, I, Json>["data"], undefined>
    : never;

/** A call of the API: its path and parameters as in `infra/openapi.yaml`. Throws a `ProblemError` for a refusal. */
export type Call<Method extends HttpMethod> = <
    Path extends PathsWithMethod<paths, Method>,
    I extends Init<Path, Method>,
>(
    path: Path,
    ...init: InitParameter<I>
) => Promise<Answer<paths[Path][Method], I>>;

interface Page {
    items: unknown[];
    next_cursor: string | null;
}

/** The paths of lists. */
export type ListPath = {
    [Path in PathsWithMethod<paths, "get">]: Answer<paths[Path]["get"], object> extends Page ? Path : never;
}[PathsWithMethod<paths, "get">];

type ListItem<Path extends ListPath> = Answer<paths[Path]["get"], object> extends { items: (infer Item)[] } ? Item : never;

export interface PaymentsClient {
    get: Call<"get">;
    post: Call<"post">;
    put: Call<"put">;
    delete: Call<"delete">;
    /** Every item of a list, page after page. */
    list<Path extends ListPath, I extends Init<Path, "get">>(
        path: Path,
        ...init: InitParameter<I>
    ): AsyncGenerator<ListItem<Path>, void>;
    /** A list as CSV for a spreadsheet, page after page; only the first has the header line. */
    csv<Path extends ListPath, I extends Init<Path, "get">>(
        path: Path,
        ...init: InitParameter<I>
    ): AsyncGenerator<string, void>;
    /** The client beneath, for an answer's headers, such as `ETag`. */
    openapi: Client<paths, Json>;
}

/** A client for one caller. */
export function createClient({ baseUrl, token, retry, fetch = (request) => globalThis.fetch(request) }: ClientOptions): PaymentsClient {
    const openapi = createOpenApiClient<paths, Json>({ baseUrl, fetch: withRetries(fetch, retry) });
    openapi.use({
        async onRequest({ request }) {
            request.headers.set("authorization", `Bearer ${await token()}`);
        },
        async onResponse({ response }) {
            if (!response.ok) {
                throw await ProblemError.from(response);
            }
        },
    });
    const send: Send = openapi.request as unknown as Send;
    const call = (method: HttpMethod) => async (path: string, init?: object) => (await send(method, path, init)).data;
    return {
        get: call("get") as Call<"get">,
        post: call("post") as Call<"post">,
        put: call("put") as Call<"put">,
        delete: call("delete") as Call<"delete">,
        list: (path, ...[init]) => items(send, path, init) as AsyncGenerator<never>,
        csv: (path, ...[init]) => csvPages(send, path, init),
        openapi,
    };
}

/** openapi-fetch's request, without its types: those of the paths are in `Call`. */
type Send = (method: HttpMethod, path: string, init?: object) => Promise<{ data?: unknown; response: Response }>;
type ListInit = { params?: { query?: object } } | undefined;

async function* items(send: Send, path: string, init: ListInit): AsyncGenerator<unknown, void> {
    for (let cursor: string | null | undefined; cursor !== null; ) {
        const { data } = await send("get", path, pageOf(init, cursor));
        const page = data as Page;
        yield* page.items;
        cursor = page.next_cursor;
    }
}

async function* csvPages(send: Send, path: string, init: ListInit): AsyncGenerator<string, void> {
    for (let cursor: string | null | undefined; cursor !== null; ) {
        const asked = { ...pageOf(init, cursor), parseAs: "text", headers: { accept: "text/csv" } };
        const { data, response } = await send("get", path, asked);
        const page = data as string;
        // `Response.text()` drops the byte order mark, by which a spreadsheet knows UTF-8.
        yield cursor === undefined ? `\ufeff${page}` : page.slice(page.indexOf("\n") + 1);
        cursor = nextCursor(response);
    }
}

function pageOf(init: ListInit, cursor: string | undefined): object {
    const query = cursor === undefined ? init?.params?.query : { ...init?.params?.query, cursor };
    return { ...init, params: { ...init?.params, query } };
}

/** The cursor in the link to the next page (RFC 8288). */
function nextCursor(response: Response): string | null {
    const next = /<([^>]*)>; *rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
    return next === undefined ? null : new URL(next, "http://api.invalid").searchParams.get("cursor");
}
