import { createExecutionContext, createScheduledController, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { createClock } from "../../core/clock.ts";
import { systemActor } from "../../core/memory/actor.ts";
import { createMemory } from "../../core/memory/memory.ts";
import { checkSignature } from "../../core/security/webhook-signatures.ts";
import { makeProject, type TestProject } from "../../test/support/api.ts";
import worker from "../index.ts";

const HOOK = "https://93.184.215.14/hook";
const endpointSchema = z.object({ id: z.string(), enabled: z.boolean(), events: z.array(z.string()), secret: z.string().optional() });
const deliverySchema = z.looseObject({ id: z.string(), status: z.string(), type: z.string() });
const listSchema = z.object({ items: z.array(deliverySchema) });
const create = async (project: TestProject, body: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<Response> => project.api("POST", "/api/webhook-endpoints", { url: HOOK, events: ["lead.created"], ...body }, headers);
const made = async (project: TestProject, body: Record<string, unknown> = {}) => endpointSchema.parse(await (await create(project, body)).json());

/** The receiver, on the wire; all else goes where it would. */
const standInForReceiver = () => {
  const genuine = globalThis.fetch;
  const posted: { headers: Headers; body: string }[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    if (request.url !== HOOK) return genuine(input, init);
    posted.push({ headers: request.headers, body: await request.text() });
    return new Response();
  });
  return posted;
};
afterEach(() => vi.restoreAllMocks());

const sweep = async (): Promise<void> => {
  const context = createExecutionContext();
  await worker.scheduled(createScheduledController(), env);
  await waitOnExecutionContext(context);
};

describe("/api/webhook-endpoints", () => {
  it("shows the secret once, and never again", async () => {
    const project = await makeProject();
    const first = await made(project);
    expect(first).toMatchObject({ enabled: true, events: ["lead.created"] });
    expect(first.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    for (const path of ["/api/webhook-endpoints", `/api/webhook-endpoints/${first.id}`, "/api/audit"]) expect(await (await project.api("GET", path)).text()).not.toContain("whsec_");
    const rows = await env.DB.prepare("SELECT * FROM webhook_endpoints").all();
    expect(JSON.stringify(rows.results)).not.toContain("whsec_");
  });

  it("makes one, not two, of a request that is sent again", async () => {
    const project = await makeProject();
    const [first, again] = [await create(project, {}, { "Idempotency-Key": "k" }), await create(project, {}, { "Idempotency-Key": "k" })];
    const { secret: _, ...rest } = endpointSchema.parse(await first.json());
    expect([again.status, endpointSchema.parse(await again.json())]).toEqual([201, rest]);
    expect((await (await project.api("GET", "/api/webhook-endpoints")).json<{ items: unknown[] }>()).items).toHaveLength(1);
  });

  it.each([
    ["plain http", { url: "http://93.184.215.14/hook" }],
    ["a private address", { url: "https://10.0.0.1/hook" }],
    ["a name inside", { url: "https://metadata.google.internal/" }],
    ["this service itself", { url: "https://apex.test/api/webhooks/wordpress?project_id=x" }],
    ["an event that there is not", { events: ["lead.sold"] }],
    ["no event", { events: [] }],
  ])("refuses %s", async (_, body) => {
    expect((await create(await makeProject(), body)).status).toBe(422);
  });

  it("takes no project that is another's, and twenty endpoints at most", async () => {
    const [project, other] = [await makeProject(), await makeProject()];
    expect((await create(project, { project_id: other.id })).status).toBe(404);
    const answers = [];
    for (let i = 0; i < 21; i++) answers.push((await create(project)).status);
    expect(answers).toEqual([...Array.from({ length: 20 }, () => 201), 409]);
  });

  it("needs the scope admin", async () => {
    const project = await makeProject();
    const { key } = z.object({ key: z.string() }).parse(await (await project.api("POST", "/api/api-keys", { name: "x", scopes: ["leads:read", "runs:write"] })).json());
    expect((await project.api("GET", "/api/webhook-endpoints", undefined, { Authorization: `Bearer ${key}` })).status).toBe(403);
  });

  it("is gone with what waits for it once it is removed", async () => {
    const project = await makeProject();
    const { id } = await made(project);
    await createMemory({ d1: env.DB, clock: createClock() }).for(project.tenant_id, systemActor("test")).entities.create({ project_id: project.id, entity_type: "lead", name: "x", primary_contact: "", metadata: { status: "new" } });
    expect((await project.api("DELETE", `/api/webhook-endpoints/${id}`)).status).toBe(204);
    expect((await project.api("DELETE", `/api/webhook-endpoints/${id}`)).status).toBe(404);
    expect(await env.DB.prepare("SELECT count(*) AS n FROM webhook_deliveries WHERE endpoint_id = ?").bind(id).first("n")).toBe(0);
  });
});

describe("a webhook", () => {
  it("reaches its receiver behind the answer to whoever has made the lead, signed with the secret that was shown", async () => {
    const project = await makeProject();
    const posted = standInForReceiver();
    const { secret = "" } = await made(project);
    const { id: lead } = z.object({ id: z.string() }).parse(await (await project.api("POST", "/api/entities", { project_id: project.id, entity_type: "lead", name: "Aroha", primary_contact: "+64211239876", metadata: { status: "new" } })).json());
    const [one] = await vi.waitUntil(() => (posted.length > 0 ? posted : undefined), { timeout: 20_000, interval: 10 });
    expect(JSON.parse(one?.body ?? "")).toMatchObject({ type: "lead.created", data: { id: lead, name: "Aroha" } });
    const rawBody = new TextEncoder().encode(one?.body ?? "");
    expect(await checkSignature("standard_webhooks", secret, { header: (name) => one?.headers.get(name) ?? null, rawBody }, Date.now())).toEqual({ genuine: true, delivery: `webhook:${one?.headers.get("webhook-id") ?? ""}` });
  });

  it("is sent on request, seen in the list, and sent again", async () => {
    const project = await makeProject();
    const posted = standInForReceiver();
    const { id } = await made(project);
    const test = deliverySchema.parse(await (await project.api("POST", `/api/webhook-endpoints/${id}/test`)).json());
    expect(test.type).toBe("webhook.test");
    const delivered = async (): Promise<boolean> => listSchema.parse(await (await project.api("GET", `/api/webhook-endpoints/${id}/deliveries?status=delivered`)).json()).items.length === 1;
    await vi.waitUntil(delivered, { timeout: 20_000, interval: 20 });
    expect((await project.api("POST", `/api/webhook-deliveries/${test.id}/replay`)).status).toBe(202);
    await vi.waitUntil(() => posted.length === 2, { timeout: 20_000, interval: 20 });
    expect(posted.map(({ headers }) => headers.get("webhook-id"))).toEqual([test.id, test.id]);
    expect((await project.api("PATCH", `/api/webhook-endpoints/${id}`, { enabled: false })).status).toBe(200);
    expect((await project.api("POST", `/api/webhook-endpoints/${id}/test`)).status).toBe(409);
  });

  it("that nobody has begun to send is found by the sweep", async () => {
    const project = await makeProject();
    const posted = standInForReceiver();
    const { id } = await made(project);
    const store = createMemory({ d1: env.DB, clock: createClock() }).for(project.tenant_id, systemActor("test"));
    await store.webhookDeliveries.test(await store.webhookEndpoints.get(id), "webhook.test");
    await sweep();
    await vi.waitUntil(() => posted.length === 1, { timeout: 20_000, interval: 20 });
  });
});
