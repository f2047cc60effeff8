import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { deliveriesOf, HOUR, type House, isGenuine, MINUTE, NOON, openHouse, untilOver } from "./courier.testing.ts";

const payloadSchema = z.object({ type: z.string(), timestamp: z.string(), data: z.looseObject({ id: z.string() }) });
const sentOf = (house: House) => house.posted.map(({ body }) => payloadSchema.parse(JSON.parse(body)));

describe("an event", () => {
  it("is told of with the lead as it is now, signed, and once", async () => {
    const house = await openHouse();
    const { id, secret } = await house.endpoint({ events: ["lead.created"] });
    const lead = await house.lead({ raw_payload: { secret: "their form" } });
    await house.store.entities.patch(lead.id, { name: "Aroha Williams" });
    await house.sweep();
    await house.sweep();
    expect(house.posted).toHaveLength(1);
    const [posted] = house.posted;
    if (posted === undefined) throw new Error("nothing was sent");
    expect(posted.url).toBe("https://crm.example/hook");
    expect(payloadSchema.parse(JSON.parse(posted.body))).toMatchObject({ type: "lead.created", timestamp: "2026-11-26T12:00:00.000Z", data: { id: lead.id, project_id: house.project.id, name: "Aroha Williams", metadata: { status: "new" } } });
    expect(posted.body).not.toContain("their form");
    expect(await isGenuine(secret, posted, NOON)).toBe(true);
    expect([await isGenuine(secret, { ...posted, body: posted.body.replace("Aroha", "Mallory") }, NOON), await isGenuine(secret, posted, NOON + 6 * MINUTE)]).toEqual([false, false]);
    expect((await deliveriesOf(house, id)).map(({ id: name, status, attempts }) => [name, status, attempts])).toEqual([[posted.headers.get("webhook-id"), "delivered", 1]]);
  });

  it("of an erased lead holds nothing of the person, and the erasure is told of itself", async () => {
    const house = await openHouse();
    await house.endpoint();
    const lead = await house.lead();
    await house.store.erasure.begin(lead.id, 0);
    await house.sweep();
    // Both are of one millisecond: their order is not promised.
    expect(sentOf(house).map(({ type, data }) => [type, data]).sort()).toEqual([["lead.created", { id: lead.id, project_id: house.project.id }], ["lead.erased", { id: lead.id, project_id: house.project.id }]]);
  });

  it("goes out again with the same id when the Worker dies before it has noted that it was received", async () => {
    const house = await openHouse();
    const { id } = await house.endpoint({ events: ["lead.created"] });
    await house.lead();
    const [run] = await house.store.webhookEndpoints.openCouriers(0);
    // It never comes back from the receiver: the claim runs out, and another takes over.
    const dead = await house.store.runs.claim(run?.id ?? "", 90_000);
    expect(await house.sweep()).toBe(0);
    house.pass(91_000);
    await house.jobs.execute({ tenant_id: house.store.tenantId, run_id: dead?.id ?? "" });
    expect((await deliveriesOf(house, id)).map(({ status }) => status)).toEqual(["delivered"]);
  });
});

describe("a receiver that fails", () => {
  it("is asked ten times by the schedule of Standard Webhooks, under one id; then there is a dead letter, and running that again sends it", async () => {
    const house = await openHouse();
    const { id } = await house.endpoint({ events: ["lead.created"] });
    await house.lead();
    const at: number[] = [];
    house.answers(() => {
      at.push(house.now() - NOON);
      return new Response("no", { status: 500 });
    });
    await untilOver(house, id);
    expect(at.map((ms) => ms / 1000)).toEqual([0, 5, 305, 2105, 9305, 27305, 63305, 113705, 185705, 272105]);
    expect(new Set(house.posted.map(({ headers }) => headers.get("webhook-id"))).size).toBe(1);
    const [delivery] = await deliveriesOf(house, id);
    expect(delivery).toMatchObject({ status: "failed", attempts: 10, next_at: null });
    expect(delivery?.tries).toHaveLength(10);
    const { items: dead } = await house.store.runs.list({ status: "dead" }, { limit: 10 });
    expect(dead).toMatchObject([{ id: delivery?.run_id, task: "webhooks", action: "redeliver", params: { delivery_id: delivery?.id }, error: { code: "webhook_failed" } }]);
    expect((await house.memory.operations.troubles({ since: NOON, overdueSince: 0 })).dead).toBe(0);

    house.answers(() => new Response());
    await house.store.runs.requeue(dead[0]?.id ?? "", 0);
    await house.jobs.execute({ tenant_id: house.store.tenantId, run_id: dead[0]?.id ?? "" });
    await house.sweep();
    expect((await deliveriesOf(house, id)).map(({ status, attempts }) => [status, attempts])).toEqual([["delivered", 1]]);
    expect((await house.store.runs.list({ status: "dead" }, { limit: 10 })).items).toEqual([]);
  });

  it("is asked for all that waits by one request now and then, which uses up no other's attempts", async () => {
    const house = await openHouse();
    const { id } = await house.endpoint({ events: ["lead.created"] });
    house.answers(() => new Response("no", { status: 502 }));
    await house.lead();
    await house.sweep();
    for (let i = 0; i < 30; i++) await house.lead();
    for (let i = 0; i < 12; i++) {
      house.pass(MINUTE / 12);
      await house.sweep();
    }
    // In a minute: at 0, then after 5, 10 and 20 s at the earliest.
    expect(house.posted.length).toBeLessThanOrEqual(4);
    expect((await deliveriesOf(house, id)).reduce((sum, { attempts }) => sum + attempts, 0)).toBe(house.posted.length);
    house.answers(() => new Response());
    house.pass(15 * MINUTE);
    for (let i = 0; i < 10; i++) await house.sweep();
    expect(new Set((await deliveriesOf(house, id)).map(({ status }) => status))).toEqual(new Set(["delivered"]));
  });

  it("is given the time that it asks for", async () => {
    const house = await openHouse();
    const { id } = await house.endpoint({ events: ["lead.created"] });
    await house.lead();
    house.answers(() => new Response("busy", { status: 429, headers: { "Retry-After": "3600" } }));
    await house.sweep();
    house.answers(() => new Response());
    house.pass(59 * MINUTE);
    expect(await house.sweep()).toBe(0);
    house.pass(MINUTE);
    await house.sweep();
    expect((await deliveriesOf(house, id)).map(({ tries }) => tries.map(({ status, error }) => [status, error]))).toEqual([[[429, "http_429"], [200, null]]]);
  });

  it.each([
    ["redirects, to wherever", () => new Response(null, { status: 307, headers: { Location: "https://elsewhere.example/" } }), [null, "egress_too_many_redirects"]],
    ["says far too much", () => new Response("x".repeat(70_000)), [null, "egress_too_large"]],
    ["cannot be reached", async () => Promise.reject(new TypeError("connection refused")), [null, "egress_failed"]],
    ["wants a login", () => new Response("", { status: 401 }), [401, "http_401"]],
  ])("and %s has not received anything", async (_, answer, expected) => {
    const house = await openHouse();
    const { id } = await house.endpoint({ events: ["lead.created"] });
    await house.lead();
    house.answers(answer);
    await house.sweep();
    expect((await deliveriesOf(house, id)).map(({ status, tries }) => [status, tries[0]?.status, tries[0]?.error])).toEqual([["pending", ...expected]]);
    expect(house.posted.map(({ url }) => url)).toEqual(["https://crm.example/hook"]);
  });

  it("that is inside a private network by now is not asked at all", async () => {
    const house = await openHouse();
    const { id } = await house.endpoint({ url: "https://10.0.0.7/hook" });
    await house.lead();
    await house.sweep();
    expect([house.posted, (await deliveriesOf(house, id))[0]?.tries[0]?.error]).toEqual([[], "url_refused"]);
  });
});

describe("deliveries that were given up on", () => {
  it("are sent again, all since a time, though the receiver is still being left alone", async () => {
    const house = await openHouse();
    const { id } = await house.endpoint({ events: ["lead.created"] });
    await house.lead();
    house.pass(HOUR);
    await house.lead();
    await house.lead();
    await env.DB.prepare("UPDATE webhook_deliveries SET status = 'failed', attempts = 10, next_at = NULL, finished_at = ? WHERE endpoint_id = ?").bind(house.now(), id).run();
    await env.DB.prepare("UPDATE webhook_endpoints SET failures = 10, hold_until = ? WHERE id = ?").bind(house.now() + HOUR, id).run();
    expect(await house.store.webhookDeliveries.replayFailed(id, NOON + MINUTE)).toBe(2);
    await house.sweep();
    expect((await deliveriesOf(house, id)).map(({ status }) => status)).toEqual(["delivered", "delivered", "failed"]);
    const other = await openHouse();
    expect(await other.store.webhookDeliveries.replayFailed(id, NOON)).toBe(0);
  });
});

describe("a courier", () => {
  it("does not stand behind the tenant's own batch, at work and waiting", async () => {
    const house = await openHouse();
    await house.endpoint({ events: ["lead.created"] });
    const { runs } = house.store;
    const batch = async () => (await runs.create({ project_id: house.project.id, task: "t", action: null, params: {} }, 0)).run;
    for (let n = 0; n < 4; n++) await runs.claim((await batch()).id, HOUR, { most: 4 });
    for (let n = 0; n < 3; n++) await runs.park((await batch()).id, 4);
    await house.lead();
    const [run] = await house.store.webhookEndpoints.openCouriers(0);
    if (run === undefined) throw new Error("no courier was opened");
    await house.jobs.attemptNow(run);
    expect(house.posted).toHaveLength(1);
  });
});

describe("what happens", () => {
  it("is noted for those who want to know, with what it changed, and for nobody else", async () => {
    const [house, other] = [await openHouse(), await openHouse()];
    const all = await house.endpoint();
    const calls = await house.endpoint({ events: ["call.ended"] });
    const elsewhere = await other.endpoint();
    const lead = await house.lead();
    await house.lead({ canary: true });
    await house.store.entities.patch(lead.id, { metadata: { status: "called" } });
    await house.store.entities.patch(lead.id, { metadata: { note: "x" } });
    const call = await house.store.calls.openFor({ id: lead.id, project_id: house.project.id }, 0);
    const over = { status: "ended", end_reason: "connected", next_due_at: null, ended_at: NOON, duration_s: 60, person: null, account_sid: null, call_sid: null, parent_party: null, timeline: [], latency: {}, revision: 5 };
    await house.store.calls.project(call.id, lead.id, over, null);
    await house.store.calls.project(call.id, lead.id, { ...over, revision: 6 }, null);
    await house.store.calls.setAnalysis(call.id, lead.id, { summary: "x" }, {});
    const { run } = await house.store.runs.create({ project_id: house.project.id, task: "t", action: null, params: {} }, 0);
    const claimed = await house.store.runs.claim(run.id, MINUTE);
    if (claimed) await house.store.runs.finish(claimed, { status: "dead", error: { code: "x", message: "x" } }, run.progress);
    const noted = (await deliveriesOf(house, all.id)).toSorted((a, b) => a.type.localeCompare(b.type));
    expect(noted.map(({ type, resource_id, change }) => [type, resource_id, change])).toEqual([
      ["call.analysed", call.id, null],
      ["call.ended", call.id, null],
      ["lead.created", lead.id, null],
      ["lead.status_changed", lead.id, { status: "called", previous_status: "new" }],
      ["run.dead", run.id, null],
    ]);
    expect((await deliveriesOf(house, calls.id)).map(({ type }) => type)).toEqual(["call.ended"]);
    expect(await deliveriesOf(other, elsewhere.id)).toEqual([]);
    expect(await deliveriesOf(other, all.id)).toEqual([]);
  });

  it("in another project is none of an endpoint's that is about one", async () => {
    const house = await openHouse();
    const second = await house.store.projects.create({ id: `p-${crypto.randomUUID()}`, name: "x", country: "NZ", keys: [{ source: "wordpress", key_hash: "x", key_sealed: "x" }] });
    const { id } = await house.endpoint({ project_id: second.id });
    await house.lead();
    expect(await deliveriesOf(house, id)).toEqual([]);
    await house.store.entities.create({ project_id: second.id, entity_type: "lead", name: "x", primary_contact: "", metadata: { status: "new" } });
    expect(await deliveriesOf(house, id)).toHaveLength(1);
  });
});
