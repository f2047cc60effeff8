import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { makeProject } from "../../test/support/api.ts";
import { countedDatabase, newTally } from "../../test/support/counted-database.ts";
import { systemActor } from "./actor.ts";
import { createMemory } from "./memory.ts";

const NOON = Date.parse("2026-11-26T12:00:00Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let now = NOON;
const tally = newTally();
const memory = createMemory({ d1: countedDatabase(env.DB, tally), clock: { now: () => now, toRealTime: (ms) => ms } });
const overdue = async () => (await memory.operations.troubles({ since: now, overdueSince: now - 5 * MINUTE })).overdue;
const marks = async () => env.DB.prepare("SELECT count(*) AS n FROM sweep_marks WHERE name LIKE 'put_off:%'").first("n");
const forgetOld = async () => memory.directory.forgetOld({ idempotencyMs: HOUR, loginFailureMs: HOUR });

beforeEach(async () => {
  now = NOON;
  await env.DB.prepare("DELETE FROM sweep_marks").run();
  await env.DB.prepare("UPDATE calls SET next_due_at = NULL").run();
});

/** A call that is due at noon. */
const duty = async () => {
  const project = await makeProject();
  const store = memory.for(project.tenant_id, systemActor("test"));
  const lead = await store.entities.create({ project_id: project.id, entity_type: "lead", name: "Jane", primary_contact: "+64211234567", metadata: {} });
  const { id } = await store.calls.openFor({ id: lead.id, project_id: project.id }, 0);
  /** What the sweep does, every minute, while it cannot look after it. */
  const failUntil = async (until: number) => {
    for (; now <= until; now += MINUTE) await store.duties.putOff(id, now + MINUTE);
    now -= MINUTE;
  };
  return { store, id, lead, failUntil };
};

describe("a duty that cannot be looked after", () => {
  it("is overdue once it has waited too long, however often it was put off, and stays so until somebody has looked", async () => {
    const { store, id, failUntil } = await duty();
    await failUntil(NOON + 5 * MINUTE);
    expect(await overdue()).toBe(0);
    await failUntil(NOON + 6 * MINUTE);
    expect(await overdue()).toBe(1);
    await failUntil(NOON + HOUR);
    expect(await overdue()).toBe(1);
    // The call's object has looked: it waits until tomorrow.
    await store.calls.postpone(id, NOON + 20 * HOUR);
    expect(await overdue()).toBe(0);
    // Then it cannot be looked after again, which has nothing to do with yesterday.
    now = NOON + 20 * HOUR;
    await failUntil(NOON + 20 * HOUR + 5 * MINUTE);
    expect(await overdue()).toBe(0);
    await failUntil(NOON + 20 * HOUR + 6 * MINUTE);
    expect(await overdue()).toBe(1);
  });

  it("is overdue by its own time where the sweep came late, and counts once", async () => {
    const { store, id } = await duty();
    now = NOON + HOUR;
    expect(await overdue()).toBe(1);
    await store.duties.putOff(id, now + MINUTE);
    expect(await overdue()).toBe(1);
    // No sweep since.
    now += HOUR;
    expect(await overdue()).toBe(1);
  });

  it("is overdue in a call under way too, whose object cannot be reached", async () => {
    const { store, id, lead, failUntil } = await duty();
    const projection = { revision: 3, status: "held", end_reason: null, next_due_at: NOON + HOUR, ended_at: null, duration_s: null, account_sid: null, call_sid: null, parent_party: null, timeline: [], latency: {} };
    await store.calls.project(id, lead.id, projection, null);
    now = NOON + HOUR;
    expect(await overdue()).toBe(0);
    await failUntil(NOON + HOUR + 6 * MINUTE);
    expect(await overdue()).toBe(1);
    await store.calls.project(id, lead.id, { ...projection, revision: 4, status: "ended", end_reason: "expired", next_due_at: null, ended_at: now }, null);
    expect(await overdue()).toBe(0);
    // One that is over is not opened again by a look that has failed meanwhile.
    await store.duties.putOff(id, now + MINUTE);
    expect((await store.calls.get(id)).next_due_at).toBeNull();
  });

  it("of another tenant is not put off", async () => {
    const { id } = await duty();
    const other = await duty();
    await other.store.duties.putOff(id, NOON + HOUR);
    expect(await marks()).toBe(0);
    expect(await env.DB.prepare("SELECT next_due_at FROM calls WHERE id = ?").bind(id).first("next_due_at")).toBe(NOON);
  });

  it("leaves its mark for a day after the last look that failed", async () => {
    const { failUntil } = await duty();
    await failUntil(NOON + 6 * MINUTE);
    await forgetOld();
    expect([await marks(), await overdue()]).toEqual([1, 1]);
    now += 25 * HOUR;
    await forgetOld();
    expect(await marks()).toBe(0);
  });

  it("is found without reading the duties that wait with reason", async () => {
    const { store, id, lead, failUntil } = await duty();
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
       INSERT INTO calls (id, tenant_id, project_id, lead_id, direction, status, next_due_at, received_at, timeline, latency, revision, created_at, updated_at)
       SELECT 'held_' || i, ?1, ?2, ?3, 'outbound', 'held', ?4, 1, '[]', '{}', 1, 1, 1 FROM n`,
    ).bind(store.tenantId, (await store.calls.get(id)).project_id, lead.id, NOON + 20 * HOUR).run();
    await failUntil(NOON + 6 * MINUTE);
    const before = tally.rows_read;
    expect(await overdue()).toBe(1);
    expect(tally.rows_read - before).toBeLessThan(60);
  });
});
