import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { asUser, fresh, makeProject, request, signUp } from "../../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../../test/support/twilio-wire.ts";
import { POLICIES } from "../policy.ts";
import { problemSchema } from "../router.ts";

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio();
});
afterAll(() => twilio.restore());

const idSchema = z.looseObject({ id: z.string() });
const problemOf = async (response: Response) => problemSchema.parse(await response.json());
const post = async (path: string, body: unknown): Promise<Response> => request(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

describe("accounts", () => {
  it("signs up, signs in and says who one is", async () => {
    const { email, tenant_id } = await signUp();
    const login = await post("/api/auth/login", { email: email.toUpperCase(), password: "correct horse battery" });
    const session = z.object({ token: z.string(), tenant_id: z.string(), expires_at: z.iso.datetime() }).parse(await login.json());
    expect(session.tenant_id).toBe(tenant_id);
    expect(await (await asUser(session.token)("GET", "/api/auth/me")).json()).toMatchObject({ user: { email }, tenant_id, role: "owner", scopes: expect.arrayContaining(["admin"]) as unknown });
  });

  it("answers a taken address with 409 and a short password with 422", async () => {
    const { email } = await signUp();
    expect((await post("/api/auth/signup", { email, password: "another password" })).status).toBe(409);
    expect((await post("/api/auth/signup", { email: `${fresh("x")}@x.nz`, password: "short" })).status).toBe(422);
  });

  it("answers a wrong password and an unknown address alike, and stops listening after ten failures", async () => {
    const { email } = await signUp();
    const wrong = await problemOf(await post("/api/auth/login", { email, password: "wrong password" }));
    const unknown = await problemOf(await post("/api/auth/login", { email: "nobody@x.nz", password: "wrong password" }));
    expect({ ...wrong, request_id: "" }).toEqual({ ...unknown, request_id: "" });
    for (let i = 1; i < 10; i++) await post("/api/auth/login", { email, password: "wrong password" });
    const refused = await post("/api/auth/login", { email, password: "correct horse battery" });
    expect(refused.status).toBe(429);
    expect(refused.headers.get("Retry-After")).not.toBeNull();
  });

  it.each(["/api/entities", "/api/calls", "/api/runs", "/api/projects", "/api/audit", "/api/auth/me"])("%s answers 401 without a token and with a bad one", async (path) => {
    expect((await request(path)).status).toBe(401);
    expect((await asUser("not.a.token")("GET", path)).status).toBe(401);
  });
});

describe("conventions", () => {
  it("keeps a sane request id and makes its own for another", async () => {
    expect((await request("/api/entities", { headers: { "X-Request-Id": "abc-123" } })).headers.get("X-Request-Id")).toBe("abc-123");
    expect((await request("/api/entities", { headers: { "X-Request-Id": "a b" } })).headers.get("X-Request-Id")).toMatch(/^req_/);
  });

  it("answers in problem+json, with the request id in it", async () => {
    const response = await request("/nowhere");
    expect(response.headers.get("Content-Type")).toContain("application/problem+json");
    expect(await problemOf(response)).toMatchObject({ status: 404, code: "not_found", request_id: response.headers.get("X-Request-Id") });
  });

  it.each([
    ["no JSON", "{", "application/json", 400],
    ["another content type", "a=b", "application/x-www-form-urlencoded", 415],
    ["JSON that is not valid", "{}", "application/json", 422],
  ])("answers %s with its own status", async (_, body, type, status) => {
    const { token } = await signUp();
    const response = await asUser(token)("POST", "/api/projects", body, { "Content-Type": type });
    expect((await problemOf(response)).status).toBe(status);
  });

  /** The document leaves out itself, and what is for the operator's command line. */
  const isPublished = (name: string): boolean => !["GET /openapi.json", "GET /docs"].includes(name) && POLICIES[name]?.access !== "operator";
  const operationSchema = z.object({
    security: z.array(z.record(z.string(), z.unknown())).default([]),
    parameters: z.array(z.object({ name: z.string(), in: z.string() })).default([]),
    responses: z.record(z.string(), z.unknown()),
  });
  const published = async () => {
    const { paths } = z.object({ openapi: z.literal("3.1.0"), paths: z.record(z.string(), z.record(z.string(), operationSchema)) }).parse(await (await request("/openapi.json")).json());
    return Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, ...operation })));
  };

  it("publishes every route in /openapi.json but the operator's", async () => {
    const names = (await published()).map(({ name }) => name);
    expect([...names].sort()).toEqual(Object.keys(POLICIES).filter(isPublished).sort());
  });

  it("publishes of each operation that needs a token what every one may be refused with", async () => {
    const guarded = (await published()).filter(({ security }) => security.some((scheme) => "bearer" in scheme));
    expect(guarded.length).toBeGreaterThan(90);
    for (const { name, responses } of guarded) expect([name, Object.keys(responses)]).toEqual([name, expect.arrayContaining(["401", "403", "421", "429"])]);
  });

  it("publishes which operations take an Idempotency-Key, and what it may be refused with", async () => {
    const taking = (await published()).filter(({ parameters }) => parameters.some((one) => one.name === "Idempotency-Key" && one.in === "header"));
    expect(taking.map(({ name }) => name)).toEqual(expect.arrayContaining(["POST /api/entities", "POST /api/run", "POST /api/projects", "POST /api/api-keys", "POST /api/campaigns/{id}/start"]));
    expect(taking.every(({ name }) => name.startsWith("POST "))).toBe(true);
    for (const { name, responses } of taking) expect([name, Object.keys(responses)]).toEqual([name, expect.arrayContaining(["409", "422"])]);
  });

  it("publishes that Twilio's callbacks need its signature", async () => {
    const callbacks = (await published()).filter(({ name }) => /^POST \/api\/(?:voice|sms)\//.test(name));
    expect(callbacks.length).toBeGreaterThan(15);
    for (const { name, security, responses } of callbacks) expect([name, POLICIES[name]?.access, security, Object.keys(responses).includes("403")]).toEqual([name, "vendor", [{ twilio: [] }], true]);
  });
});

describe("Idempotency-Key", () => {
  it("gives the first answer again, refuses another body, and makes one thing", async () => {
    const { token } = await signUp();
    const api = asUser(token);
    const create = async (name: string): Promise<Response> => api("POST", "/api/entities", { entity_type: "note", name }, { "Idempotency-Key": "k1" });
    const first = await create("one");
    const again = await create("one");
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(await again.json()).toEqual(await first.json());
    expect((await create("two")).status).toBe(422);
    expect(z.object({ items: z.array(z.unknown()) }).parse(await (await api("GET", "/api/entities?type=note")).json()).items).toHaveLength(1);
  });

  it("is each tenant's own", async () => {
    for (const { token } of [await signUp(), await signUp()]) {
      expect((await asUser(token)("POST", "/api/entities", { entity_type: "note", name: fresh("n") }, { "Idempotency-Key": "shared" })).status).toBe(201);
    }
  });
});

describe("a stranger", () => {
  it("gets the same 404 for what is another tenant's and for what is nobody's", async () => {
    const project = await makeProject();
    const entity = idSchema.parse(await (await project.api("POST", "/api/entities", { project_id: project.id, entity_type: "lead", name: "Jane", metadata: { phone: "+64211234567" } })).json());
    const run = idSchema.parse(await (await project.api("POST", "/api/run", { task: "sales_agent", action: "notify_sms", project_id: project.id, params: { lead_id: entity.id } }, { Prefer: "wait=20" })).json());
    const stranger = asUser((await signUp()).token);
    for (const [own, nobodys] of [
      [`/api/entities/${entity.id}`, "/api/entities/ent_0"],
      [`/api/runs/${run.id}`, "/api/runs/run_0"],
      [`/api/projects/${project.id}`, "/api/projects/nobodys"],
      [`/api/projects/${project.id}/webhooks`, "/api/projects/nobodys/webhooks"],
      [`/api/projects/${project.id}/dna`, "/api/projects/nobodys/dna"],
    ] as const) {
      expect((await project.api("GET", own)).status).toBe(200);
      const [a, b] = [await problemOf(await stranger("GET", own)), await problemOf(await stranger("GET", nobodys))];
      expect(a.status).toBe(404);
      expect({ ...a, request_id: "" }).toEqual({ ...b, request_id: "" });
    }
    for (const path of [`/api/entities?project_id=${project.id}`, `/api/runs?project_id=${project.id}`, `/api/calls?project_id=${project.id}`]) {
      expect(z.object({ items: z.array(z.unknown()) }).parse(await (await stranger("GET", path)).json()).items).toEqual([]);
    }
    expect((await stranger("PATCH", `/api/entities/${entity.id}`, { name: "stolen" })).status).toBe(404);
    expect((await stranger("POST", "/api/run", { task: "sales_agent", action: "notify_sms", project_id: project.id, params: { lead_id: entity.id } })).status).toBe(404);
    expect((await stranger("POST", "/api/entities", { project_id: project.id, entity_type: "lead", name: "planted" })).status).toBe(404);
  });

  it("cannot take a project id that somebody has", async () => {
    const project = await makeProject();
    const stranger = asUser((await signUp()).token);
    expect((await stranger("POST", "/api/projects", { project_id: project.id, name: "Mine now", country: "NZ" })).status).toBe(409);
  });
});

describe("the audit log", () => {
  it("names who did what, holds no personal data, and cannot be changed", async () => {
    const project = await makeProject();
    await project.api("POST", "/api/entities", { project_id: project.id, entity_type: "lead", name: "Jane Secret", primary_contact: "+64211234567" });
    const text = await (await project.api("GET", "/api/audit")).text();
    const { items } = z.object({ items: z.array(z.looseObject({ action: z.string(), actor: z.string() })) }).parse(JSON.parse(text));
    expect(items.map((item) => item.action)).toEqual(expect.arrayContaining(["entity.created", "dna.written", "project.created", "user.signed_up", "webhook_keys.shown"]));
    expect(items.every((item) => /^(user|webhook|system):/.test(item.actor))).toBe(true);
    expect(text).not.toContain("Jane Secret");
    const { env } = await import("cloudflare:workers");
    for (const sql of ["UPDATE audit SET actor = 'x'", "DELETE FROM audit", "UPDATE entities SET tenant_id = 'ten_other'"]) {
      await expect(env.DB.prepare(sql).run().then(() => "done", () => "refused")).resolves.toBe("refused");
    }
  });
});
