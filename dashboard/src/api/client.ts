import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema.d.ts";
import { accessToken, refreshSession } from "./session.ts";

export type Schemas = components["schemas"];

/** What the API says went wrong, in words for a person, with the id that finds it in the log. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string;
  /** Of a 422: which fields, and why. */
  readonly fields: readonly { path: string; message: string; line?: number | undefined; column?: number | undefined }[];

  constructor({ status, code, detail, request_id, errors }: Partial<Schemas["Problem"]>) {
    super(detail ?? "The service did not answer.");
    this.status = status ?? 0;
    this.code = code ?? "unreachable";
    this.requestId = request_id ?? "";
    this.fields = errors ?? [];
  }
}

const authorized: Middleware = {
  onRequest({ request }) {
    const token = accessToken();
    if (token !== null) request.headers.set("Authorization", `Bearer ${token}`);
    return request;
  },
};

/** A token that has ended is renewed once, and the request made again; what still is refused is a problem of the caller's. */
const fetchWithRenewal = async (request: Request): Promise<Response> => {
  const again = request.clone();
  const response = await fetch(request).catch(() => {
    throw new ApiProblem({});
  });
  if (response.status !== 401 || request.url.includes("/api/auth/") || accessToken() === null) return response;
  const token = await refreshSession();
  if (token === null) return response;
  again.headers.set("Authorization", `Bearer ${token}`);
  return fetch(again);
};

/** What is no JSON: a file. By the same token, renewed in the same way. @throws ApiProblem */
export const fetchFile = async (path: string): Promise<Blob> => {
  const response = await fetchWithRenewal(new Request(path, { headers: { Authorization: `Bearer ${accessToken() ?? ""}` } }));
  if (!response.ok) throw new ApiProblem({ status: response.status, request_id: response.headers.get("X-Request-Id") ?? "" });
  return response.blob();
};

/** Every operation of the API by its path, as openapi.json describes it (`npm run dashboard:types`). */
export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: fetchWithRenewal });
api.use(authorized);

/** The data of an answer. @throws ApiProblem for any other */
export const ok = async <T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> => {
  const { data, error, response } = await answer;
  if (response.ok) return data as T;
  const problem = typeof error === "object" && error !== null ? (error as Partial<Schemas["Problem"]>) : {};
  throw new ApiProblem({ ...problem, status: response.status, request_id: problem.request_id ?? response.headers.get("X-Request-Id") ?? "" });
};
