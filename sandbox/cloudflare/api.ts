import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/*
 * A Cloudflare account with nothing in it, as Wrangler 4.155 asks it (CLOUDFLARE_API_BASE_URL): what it takes to list and make D1 databases,
 * R2 buckets with lifecycle rules, queues, Vectorize indexes and Pages projects, and to list a Worker's secrets. Paths and shapes are those in
 * Wrangler's own source; what is not here answers 404, so that a command that needs more fails.
 */

type Json = Record<string, unknown>;
interface Asked {
  params: readonly string[];
  query: URLSearchParams;
  body: Json;
  /** Header `cf-r2-jurisdiction`: each jurisdiction has its own buckets. */
  jurisdiction: string;
}

export interface CloudflareAccount {
  /** For CLOUDFLARE_API_BASE_URL. */
  url: string;
  id: string;
  databases: { uuid: string; name: string; jurisdiction?: unknown; primary_location_hint?: unknown }[];
  buckets: { name: string; jurisdiction: string; location?: unknown; rules: unknown[] }[];
  queues: { queue_id: string; queue_name: string; jurisdiction?: unknown }[];
  indexes: { name: string; config: unknown; metadata: Json[] }[];
  projects: { name: string }[];
  /** Names of secrets, by Worker. */
  secrets: Map<string, string[]>;
  /** `METHOD /path` of every request that may have changed something. */
  changes: string[];
  close(): Promise<void>;
}

class ApiError extends Error {
  readonly status: number;
  readonly code: number;
  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const readBody = async (request: IncomingMessage): Promise<Json> => {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text === "" ? {} : (JSON.parse(text) as Json);
};

const text = (body: Json, name: string): string => {
  const value = body[name];
  if (typeof value !== "string" || value === "") throw new ApiError(400, 1001, `${name} is missing`);
  return value;
};

/** Made once; a second of the same name is refused, as Cloudflare does. */
const add = <T extends object>(list: T[], isSame: (one: T) => boolean, made: T): T => {
  if (list.some(isSame)) throw new ApiError(409, 10004, "There is one of that name already.");
  list.push(made);
  return made;
};

const routesOf = (account: CloudflareAccount): [method: string, path: RegExp, answer: (asked: Asked) => unknown][] => {
  const bucketOf = ({ params: [name], jurisdiction }: Asked) => {
    const found = account.buckets.find((bucket) => bucket.name === name && bucket.jurisdiction === jurisdiction);
    if (!found) throw new ApiError(404, 10006, "The specified bucket does not exist.");
    return found;
  };
  const indexOf = ({ params: [name] }: Asked) => {
    const found = account.indexes.find((index) => index.name === name);
    if (!found) throw new ApiError(404, 3000, "vectorize.index.not_found");
    return found;
  };
  return [
    ["GET", /^\/d1\/database$/, ({ query }) => account.databases.filter(({ name }) => query.get("name") === null || query.get("name") === name)],
    ["POST", /^\/d1\/database$/, ({ body }) => add(account.databases, ({ name }) => name === body["name"], { uuid: randomUUID(), name: text(body, "name"), jurisdiction: body["jurisdiction"], primary_location_hint: body["primary_location_hint"] })],
    ["GET", /^\/r2\/buckets$/, ({ jurisdiction }) => ({ buckets: account.buckets.filter((bucket) => bucket.jurisdiction === jurisdiction).map(({ name }) => ({ name, creation_date: "2026-11-01T00:00:00.000Z" })) })],
    ["POST", /^\/r2\/buckets$/, ({ body, jurisdiction }) => add(account.buckets, (one) => one.name === body["name"] && one.jurisdiction === jurisdiction, { name: text(body, "name"), jurisdiction, location: body["locationHint"], rules: [] })],
    ["GET", /^\/r2\/buckets\/([^/]+)\/lifecycle$/, (asked) => ({ rules: bucketOf(asked).rules })],
    ["PUT", /^\/r2\/buckets\/([^/]+)\/lifecycle$/, (asked) => {
      bucketOf(asked).rules = Array.isArray(asked.body["rules"]) ? asked.body["rules"] : [];
      return {};
    }],
    ["GET", /^\/queues$/, ({ query }) => account.queues.filter(({ queue_name }) => query.get("name") === null || query.get("name") === queue_name).map((queue) => ({ ...queue, created_on: "2026-11-01T00:00:00Z", modified_on: "2026-11-01T00:00:00Z", producers: [], producers_total_count: 0, consumers: [], consumers_total_count: 0, settings: {} }))],
    ["POST", /^\/queues$/, ({ body }) => add(account.queues, ({ queue_name }) => queue_name === body["queue_name"], { queue_id: randomUUID(), queue_name: text(body, "queue_name"), jurisdiction: body["jurisdiction"] })],
    ["GET", /^\/vectorize\/v2\/indexes$/, () => account.indexes.map(({ name, config }) => ({ name, config, created_on: "2026-11-01T00:00:00Z" }))],
    ["POST", /^\/vectorize\/v2\/indexes$/, ({ body }) => add(account.indexes, ({ name }) => name === body["name"], { name: text(body, "name"), config: body["config"], metadata: [] })],
    ["GET", /^\/vectorize\/v2\/indexes\/([^/]+)\/metadata_index\/list$/, (asked) => ({ metadataIndexes: indexOf(asked).metadata })],
    ["POST", /^\/vectorize\/v2\/indexes\/([^/]+)\/metadata_index\/create$/, (asked) => {
      indexOf(asked).metadata.push({ propertyName: text(asked.body, "propertyName"), indexType: text(asked.body, "indexType") });
      return { mutationId: randomUUID() };
    }],
    ["GET", /^\/pages\/projects$/, () => account.projects.map(({ name }) => ({ name, subdomain: `${name}.pages.dev`, domains: [], created_on: "2026-11-01T00:00:00Z" }))],
    ["POST", /^\/pages\/projects$/, ({ body }) => ({ ...add(account.projects, ({ name }) => name === body["name"], { name: text(body, "name") }), subdomain: `${text(body, "name")}.pages.dev`, domains: [] })],
    ["GET", /^\/workers\/scripts\/([^/]+)\/secrets$/, ({ params: [worker = ""] }) => {
      const names = account.secrets.get(worker);
      if (names === undefined) throw new ApiError(404, 10007, "This Worker does not exist on your account.");
      return names.map((name) => ({ name, type: "secret_text" }));
    }],
  ];
};

const answer = async (account: CloudflareAccount, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const url = new URL(request.url ?? "/", "http://cloudflare.invalid");
  const send = (status: number, body: unknown): void => void response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  const path = url.pathname.replace(`/client/v4/accounts/${account.id}`, "");
  try {
    if (request.headers.authorization === undefined) throw new ApiError(401, 10000, "Authentication error");
    if (request.method !== "GET") account.changes.push(`${request.method ?? ""} ${path}`);
    for (const [method, pattern, handle] of routesOf(account)) {
      const found = request.method === method ? pattern.exec(path) : null;
      if (!found) continue;
      const jurisdiction = String(request.headers["cf-r2-jurisdiction"] ?? "");
      const result = handle({ params: found.slice(1), query: url.searchParams, body: await readBody(request), jurisdiction });
      const result_info = Array.isArray(result) ? { page: 1, per_page: 100, count: result.length, total_count: result.length, total_pages: 1 } : undefined;
      send(200, { success: true, errors: [], messages: [], result, result_info });
      return;
    }
    throw new ApiError(404, 7003, `The stand-in knows no ${request.method ?? ""} ${path}`);
  } catch (error) {
    const known = error instanceof ApiError ? error : new ApiError(500, 0, String(error));
    send(known.status, { success: false, errors: [{ code: known.code, message: known.message }], messages: [], result: null });
  }
};

/** On a free port of this machine. */
export const startCloudflare = async (): Promise<CloudflareAccount> => {
  const id = "0123456789abcdef0123456789abcdef";
  const server: Server = createServer((request, response) => void answer(account, request, response));
  const account: CloudflareAccount = {
    url: "", id, databases: [], buckets: [], queues: [], indexes: [], projects: [], secrets: new Map(), changes: [],
    close: async () => new Promise((resolve, reject) => void server.close((error) => (error ? reject(error) : resolve()))),
  };
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  account.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4`;
  return account;
};
