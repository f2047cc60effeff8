import { randomUUID } from "node:crypto";
import type { z } from "zod";
import {
  auditPageSchema, type Call, callSchema, callsSchema, type Entity, entitiesSchema, entitySchema, type Problem, problemSchema, projectSchema, type Run,
  runAcceptedSchema, runSchema, runsSchema, sessionSchema, webhooksSchema,
} from "./api.schemas.ts";

export interface Ask {
  headers?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is, with the content type of `headers`. */
  body?: BodyInit;
}

export interface Answer {
  status: number;
  headers: Headers;
  bytes: Buffer;
  /** @throws ZodError when the body is not what API.md says */
  as<T>(schema: z.ZodType<T>): T;
  problem(): Problem;
}

/** A hung Worker is a failing test, not a hanging suite. */
const PATIENCE_MS = 60_000;

/** A kept connection may be closed by the other side at the very moment of its reuse, above all on a slow machine: each request has its own. */
export const OWN_CONNECTION = { Connection: "close" };

/** What API.md promises of every answer, whatever it is about. */
const checkConventions = (method: string, path: string, answer: Answer): void => {
  const what = `${method} ${path}: ${answer.status}`;
  const requestId = answer.headers.get("X-Request-Id");
  if (requestId === null) throw new Error(`${what} without X-Request-Id`);
  if (answer.status < 400 || path === "/health") return;
  const type = answer.headers.get("Content-Type") ?? "nothing";
  if (type !== "application/problem+json") throw new Error(`${what} as ${type}, not as application/problem+json: ${answer.bytes.toString().slice(0, 300)}`);
  const problem = answer.problem();
  if (problem.status !== answer.status || problem.request_id !== requestId) throw new Error(`${what} (${requestId}) with a body that says ${JSON.stringify(problem)}`);
};

/** One HTTP request from outside. Errors are answers; each answer is checked against the conventions of API.md. */
export const send = async (method: string, url: string, { headers = {}, json, body }: Ask = {}): Promise<Answer> => {
  const response = await fetch(url, {
    method,
    headers: { ...OWN_CONNECTION, ...(json === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
    ...(json !== undefined ? { body: JSON.stringify(json) } : body !== undefined ? { body, duplex: "half" as const } : {}),
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const parsed = (): unknown => {
    try {
      return JSON.parse(bytes.toString());
    } catch {
      throw new Error(`${method} ${url}: ${response.status}, and no JSON: ${bytes.toString().slice(0, 300)}`);
    }
  };
  const answer: Answer = { status: response.status, headers: response.headers, bytes, as: (schema) => schema.parse(parsed()), problem: () => problemSchema.parse(parsed()) };
  checkConventions(method, new URL(url).pathname, answer);
  return answer;
};

const expectStatus = (what: string, answer: Answer, ...wanted: number[]): Answer => {
  if (!wanted.includes(answer.status)) throw new Error(`${what}: ${answer.status}, not ${wanted.join(" or ")}: ${answer.bytes.toString().slice(0, 600)}`);
  return answer;
};

/**
 * The API for one signed-in person. Typed verbs throw for any answer but the good one; `ask` gives every answer back.
 * @param url where the Worker answers, without a slash at the end
 * @param credentials to sign in with again when the token has ended: a test may move the clock by days
 */
export const createClient = ({ url, token: first, credentials }: { url: string; token?: string; credentials?: { email: string; password: string } }) => {
  let token = first;
  const askOnce = async (method: string, path: string, { headers, ...rest }: Ask): Promise<Answer> =>
    send(method, `${url}${path}`, { ...rest, headers: { ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }), ...headers } });
  const ask = async (method: string, path: string, rest: Ask = {}): Promise<Answer> => {
    const answer = await askOnce(method, path, rest);
    if (answer.status !== 401 || credentials === undefined) return answer;
    const signedIn = await send("POST", `${url}/api/auth/login`, { json: credentials });
    if (signedIn.status !== 200) return answer;
    ({ token } = signedIn.as(sessionSchema));
    return askOnce(method, path, rest);
  };
  const want = async (status: number, method: string, path: string, rest?: Ask): Promise<Answer> => expectStatus(`${method} ${path}`, await ask(method, path, rest), status);
  const get = async <T>(path: string, schema: z.ZodType<T>): Promise<T> => (await want(200, "GET", path)).as(schema);

  return {
    url,
    ask,
    createProject: async (project: { project_id: string; name: string; country: string }) => (await want(201, "POST", "/api/projects", { json: project })).as(projectSchema),
    webhooks: async (projectId: string) => get(`/api/projects/${projectId}/webhooks`, webhooksSchema),
    putDna: async (projectId: string, yaml: string, headers: Record<string, string> = {}): Promise<Answer> =>
      want(200, "PUT", `/api/projects/${projectId}/dna/custom`, { body: yaml, headers: { "Content-Type": "application/yaml", ...headers } }),
    entity: async (id: string): Promise<Entity> => get(`/api/entities/${id}`, entitySchema),
    entities: async (query: Record<string, string>) => get(`/api/entities?${new URLSearchParams(query).toString()}`, entitiesSchema),
    call: async (id: string): Promise<Call> => get(`/api/calls/${id}`, callSchema),
    calls: async (query: Record<string, string>) => get(`/api/calls?${new URLSearchParams(query).toString()}`, callsSchema),
    recording: async (path: string, headers: Record<string, string> = {}): Promise<Answer> => ask("GET", path, { headers }),
    run: async (id: string): Promise<Run> => get(`/api/runs/${id}`, runSchema),
    runs: async (query: Record<string, string>) => get(`/api/runs?${new URLSearchParams(query).toString()}`, runsSchema),
    startRun: async (input: { task: string; action?: string; project_id: string; params?: Record<string, unknown> }) => (await want(202, "POST", "/api/run", { json: input })).as(runAcceptedSchema),
    retryRun: async (id: string) => (await want(202, "POST", `/api/runs/${id}/retry`)).as(runAcceptedSchema),
    audit: async (query: Record<string, string>) => get(`/api/audit?${new URLSearchParams(query).toString()}`, auditPageSchema),
  };
};

export type Client = ReturnType<typeof createClient>;

/** A new tenant with its owner signed in. */
export const signUp = async (url: string, name = "Owner"): Promise<{ client: Client; tenant_id: string; email: string; password: string; token: string }> => {
  const email = `${randomUUID()}@example.nz`;
  const password = "a long enough password";
  const answer = expectStatus("signup", await send("POST", `${url}/api/auth/signup`, { json: { email, password, name } }), 201);
  const { token, tenant_id } = answer.as(sessionSchema);
  return { client: createClient({ url, token, credentials: { email, password } }), tenant_id, email, password, token };
};
