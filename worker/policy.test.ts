import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { asUser, fresh, request } from "../test/support/api.ts";
import { PASSWORD, post, sessionOf, signIn } from "../test/support/identity.ts";
import { type Role, ROLES, SCOPES, SCOPES_OF_ROLE } from "../core/security/scopes.ts";
import { createApp } from "./app.ts";
import { operationOf, POLICIES, type Policy } from "./policy.ts";

const NEEDS_NO_TOKEN = new Set(["public", "vendor", "operator"]);
const documentSchema = z.object({ paths: z.record(z.string(), z.record(z.string(), z.object({ security: z.array(z.record(z.string(), z.unknown())).default([]) }))) });

const operationsOf = async () => {
  const { paths } = documentSchema.parse(await (await request("/openapi.json")).json());
  return Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ operation: `${method.toUpperCase()} ${path}`, guarded: operation.security.some((scheme) => "bearer" in scheme) })));
};

describe("the table of who may do what", () => {
  it("has a line for every route, and no line without a route", () => {
    const app = createApp(() => {
      throw new Error("no request is made here");
    });
    const routes = new Set(app.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => operationOf(method, path)));
    expect(routes.size).toBeGreaterThan(60);
    expect([...routes].filter((operation) => POLICIES[operation] === undefined), "routes without a declared policy").toEqual([]);
    expect(Object.keys(POLICIES).filter((operation) => !routes.has(operation)), "policies without a route").toEqual([]);
  });

  it("agrees with the OpenAPI document about which operations need a token", async () => {
    const operations = await operationsOf();
    expect(operations.length).toBeGreaterThan(40);
    expect(operations.filter(({ operation, guarded }) => POLICIES[operation] === undefined || NEEDS_NO_TOKEN.has(POLICIES[operation].access) === guarded)).toEqual([]);
  });
});

describe("every operation that needs a token", { timeout: 120_000 }, () => {
  /** Signing out comes last: it ends what the others are asked with. */
  const guarded = Object.entries(POLICIES)
    .filter(([, { access }]) => !NEEDS_NO_TOKEN.has(access))
    .sort(([a], [b]) => Number(a.endsWith("/logout")) - Number(b.endsWith("/logout")));
  const tokens = new Map<Role, string>();
  let fullKey = "";
  let smallKey = "";

  /** Ids that nobody has and a body that is never valid: enough to be let in, too little to change anything. */
  const ask = async (token: string | null, operation: string): Promise<number> => {
    const [method = "", path = ""] = operation.split(" ");
    const where = path.replaceAll(/\{\w+\}/g, "nobodys");
    const body = method === "GET" || method === "DELETE" ? undefined : {};
    return (token === null ? await request(where, { method, ...(body === undefined ? {} : { body: "{}", headers: { "Content-Type": "application/json" } }) }) : await asUser(token)(method, where, body)).status;
  };
  const walk = async (token: string | null): Promise<Record<string, number>> => {
    const [last, ...others] = guarded.map(([operation]) => operation).reverse();
    const answers = await Promise.all(others.map(async (operation): Promise<[string, number]> => [operation, await ask(token, operation)]));
    return Object.fromEntries([...answers, ...(last === undefined ? [] : [[last, await ask(token, last)] as const])]);
  };
  const verdicts = (answers: Record<string, number>): Record<string, string> =>
    Object.fromEntries(Object.entries(answers).map(([operation, status]) => [operation, status === 401 || status === 403 ? String(status) : status < 500 ? "let in" : `failed with ${status}`]));
  const expected = (may: (policy: Policy) => boolean): Record<string, string> => Object.fromEntries(guarded.map(([operation, policy]) => [operation, may(policy) ? "let in" : "403"]));
  const reaches = (scopes: readonly string[], { access }: Policy): boolean => access === "signed-in" || scopes.includes(access);

  beforeAll(async () => {
    const owner = await sessionOf(await post("/api/auth/signup", { email: `${fresh("owner")}@example.nz`, password: PASSWORD }));
    tokens.set("owner", owner.token);
    for (const role of ROLES.filter((one) => one !== "owner")) {
      const email = `${fresh(role)}@example.nz`;
      await env.DB.prepare("INSERT INTO users (id, tenant_id, email, name, role, password_hash, created_at) SELECT ?1, tenant_id, ?2, ?3, ?3, password_hash, created_at FROM users WHERE id = ?4").bind(`usr_${role}`, email, role, owner.user.id).run();
      tokens.set(role, (await signIn(email)).token);
    }
    const makeKey = async (scopes: readonly string[]): Promise<string> => z.object({ key: z.string() }).parse(await (await asUser(owner.token)("POST", "/api/api-keys", { name: "walk", scopes })).json()).key;
    fullKey = await makeKey(SCOPES);
    smallKey = await makeKey(["leads:read"]);
  });

  it("is 401 without one", async () => {
    expect(verdicts(await walk(null))).toEqual(Object.fromEntries(guarded.map(([operation]) => [operation, "401"])));
  });

  it("by an API key does what the key's scopes say, and nothing that takes a person", async () => {
    expect(verdicts(await walk(fullKey))).toEqual(expected((policy) => policy.by === "any"));
    expect(verdicts(await walk(smallKey))).toEqual(expected((policy) => policy.by === "any" && reaches(["leads:read"], policy)));
  });

  it.each(ROLES)("lets in who may and refuses (403) who may not, for the role %s", async (role) => {
    expect(verdicts(await walk(tokens.get(role) ?? ""))).toEqual(expected((policy) => reaches(SCOPES_OF_ROLE[role], policy) && (policy.by !== "owners" || role === "owner")));
  });
});
