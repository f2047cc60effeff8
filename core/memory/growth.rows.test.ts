import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { countedDatabase, newTally } from "../../test/support/counted-database.ts";
import { createClock } from "../clock.ts";
import { firstId } from "../ids.ts";
import { HOUR_MS, hourAt } from "../stats/calendar.ts";
import { systemActor } from "./actor.ts";
import { createMemory, type TenantMemory } from "./memory.ts";

/* Two businesses that differ in nothing but how much they have; one question of each kind to both. Whatever grows with all of a tenant's rows is found here. */

const ROWS = { small: 200, big: 2000 };
const LIMIT = 20;
/** Where a page of an index begins or ends a row earlier. */
const ASIDE = 3;
const NOW = Date.UTC(2026, 6, 1);
const NOW_HOUR = hourAt(NOW);
const tally = newTally();
const memory = createMemory({ d1: countedDatabase(env.DB, tally), clock: { ...createClock(), now: () => NOW } });

interface Tenant {
  name: keyof typeof ROWS;
  store: TenantMemory;
  /** Cursors, half-way down each list. */
  at: (kind: "ent" | "call" | "run" | "msg") => string;
}

const statement = async (sql: string, tenant: string, project: string, rows: number): Promise<void> => {
  await env.DB.prepare(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?3), one AS (SELECT ?1 AS tenant, ?2 AS project) ${sql}`).bind(tenant, project, rows).run();
};
/** An id of the hour `i` hours ago, as core/ids.ts makes them. */
const id = (kind: string): string => `printf('${kind}_%012x', ${NOW} - i * ${HOUR_MS}) || printf('%019d', i) || substr(project, 1, 1)`;

/** What a filter asks for: few, and behind all else there is. */
const RARE = "i > ?3 - 30";

/** One an hour of each kind, back as far as there are any. */
const fill = async (store: TenantMemory, project: string, rows: number): Promise<void> => {
  const put = async (sql: string) => statement(sql, store.tenantId, project, rows);
  await put(`INSERT INTO entities (id, tenant_id, project_id, entity_type, name, primary_contact, metadata, created_at, updated_at)
    SELECT ${id("ent")}, tenant, project, CASE WHEN ${RARE} THEN 'note' ELSE 'lead' END, 'Jane ' || i, '+6421' || i, json_object('status', CASE WHEN ${RARE} THEN 'won' ELSE 'new' END, 'message', 'leaking tap number' || i || 'x'), ${NOW} - i * ${HOUR_MS}, 1 FROM n, one ORDER BY i DESC`);
  await put(`INSERT INTO calls (id, tenant_id, project_id, lead_id, direction, status, end_reason, received_at, timeline, latency, revision, created_at, updated_at)
    SELECT ${id("call")}, tenant, project, ${id("ent")}, 'outbound', 'ended', 'connected', ${NOW} - i * ${HOUR_MS}, '[]', '{}', 1, ${NOW} - i * ${HOUR_MS}, 1 FROM n, one`);
  await put(`INSERT INTO runs (id, tenant_id, project_id, task, params, status, attempts, progress, created_at)
    SELECT ${id("run")}, tenant, project, CASE WHEN ${RARE} THEN 'sniper_agent' ELSE 'sales_agent' END, '{}', CASE WHEN ${RARE} THEN 'dead' ELSE 'succeeded' END, 1, '{}', 1 FROM n, one`);
  await put(`INSERT INTO messages (id, tenant_id, project_id, lead_id, direction, party, purpose, phone_from, phone_to, body, status, attempts, created_at, updated_at)
    SELECT ${id("msg")}, tenant, project, ${id("ent")}, CASE i % 2 WHEN 0 THEN 'in' ELSE 'out' END, 'customer', 'reply', '+64211', '+64212', 'x', 'sent', 1, 1, 1 FROM n, one`);
  await put(`INSERT INTO audit (id, tenant_id, at, actor, action, resource, details) SELECT ${id("aud")}, tenant, ${NOW} - i * ${HOUR_MS}, 'user:x', 'recording.read', 'call:x', '{}' FROM n, one ORDER BY i DESC`);
  await put(`INSERT INTO live_watches (project_id, tenant_id, active, seq, replay_from, until) SELECT project, tenant, 1, (SELECT count(*) FROM n), 0, ${NOW + HOUR_MS} FROM one`);
  await put("INSERT INTO live_changes (project_id, tenant_id, kind, row_id, seq) SELECT project, tenant, 'entity', 'ent_' || i, i FROM n, one");
  await put(`INSERT INTO usage (tenant_id, project_id, day, kind, detail, quantity, cost_micros) SELECT tenant, project, date(${NOW} / 1000 - i * 86400, 'unixepoch'), 'calls', '', 1, 1 FROM n, one`);
  // What the sweep makes of it: hours, and days of them.
  await put(`INSERT INTO figures (tenant_id, project_id, grain, first_hour, end_hour, zone, version, rollup) SELECT tenant, project, 'hour', ${NOW_HOUR} - i, ${NOW_HOUR} - i + 1, 'UTC', 'x', '{}' FROM n, one`);
  await put(`INSERT INTO figures (tenant_id, project_id, grain, first_hour, end_hour, zone, version, rollup, hours) SELECT tenant, project, 'day', ${NOW_HOUR} - i, ${NOW_HOUR} - i + 24, 'UTC', '', '{}', json_object(CAST(${NOW_HOUR} - i AS TEXT), json('{}')) FROM n, one WHERE i % 24 = 0`);
  await put("DELETE FROM figure_marks WHERE tenant_id = (SELECT tenant FROM one)");
};

const tenants: Tenant[] = [];
beforeAll(async () => {
  for (const [name, rows] of Object.entries(ROWS) as [keyof typeof ROWS, number][]) {
    const user = await memory.directory.signUp({ email: `${name}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
    const store = memory.for(user.tenant_id, systemActor("test"));
    await store.projects.create({ id: name, name: "x", country: "NZ", keys: [{ source: "wordpress", key_hash: crypto.randomUUID(), key_sealed: "x" }] });
    await fill(store, name, rows);
    tenants.push({ name, store, at: (kind) => `${firstId(kind, NOW - (rows / 2) * HOUR_MS)}00000000` });
  }
});

const page = { limit: LIMIT };
const since = (days: number) => ({ from: NOW - days * 24 * HOUR_MS, to: NOW });

/** How many rows an answer has: both businesses' answers are to have as many. */
const QUESTIONS: Record<string, (tenant: Tenant) => Promise<number>> = {
  "entities": async ({ store }) => (await store.entities.list({}, page)).items.length,
  "entities of a project": async ({ store, name }) => (await store.entities.list({ project_id: name }, page)).items.length,
  "entities, from the middle": async ({ store, name, at }) => (await store.entities.list({ project_id: name, type: "lead" }, { ...page, cursor: at("ent") })).items.length,
  "entities by status": async ({ store }) => (await store.entities.list({ status: "won" }, page)).items.length,
  "entities of a project by type": async ({ store, name }) => (await store.entities.list({ project_id: name, type: "note" }, page)).items.length,
  "a search for what all say": async ({ store }) => (await store.entities.list({ q: "leaking" }, page)).items.length,
  "a search within a project, by type": async ({ store, name }) => (await store.entities.list({ q: "tap jane", project_id: name, type: "lead" }, page)).items.length,
  "a search for what one says": async ({ store }) => (await store.entities.list({ q: "number199x" }, page)).items.length,
  "calls": async ({ store }) => (await store.calls.list({}, page)).items.length,
  "calls of a project, from the middle": async ({ store, name, at }) => (await store.calls.list({ project_id: name }, { ...page, cursor: at("call") })).items.length,
  "runs": async ({ store }) => (await store.runs.list({}, page)).items.length,
  "runs of a task": async ({ store, name }) => (await store.runs.list({ project_id: name, task: "sniper_agent" }, page)).items.length,
  "dead runs": async ({ store }) => (await store.runs.list({ status: "dead" }, page)).items.length,
  "messages": async ({ store }) => (await store.messages.list({}, page)).items.length,
  "messages of a project, from the middle": async ({ store, name, at }) => (await store.messages.list({ project_id: name }, { ...page, cursor: at("msg") })).items.length,
  "the audit log": async ({ store }) => (await store.audit.list({ action: "recording.read" }, page)).items.length,
  "projects": async ({ store }) => (await store.projects.list(page)).items.length,
  "what is new, live": async ({ store, name }) => (await store.live.changes(name, ROWS[name] - LIMIT, 100)).changes.length,
  "where live changes are": async ({ store, name }) => (await store.live.changes(name, null, 100)).changes.length,
  "figures of a week": async ({ store, name }) => (await store.figures.read({ ...since(7), project_id: name }, () => 0)).length,
  "figures of a week, all projects": async ({ store }) => (await store.figures.read(since(7), () => 0)).length,
  "figures of five days and a half": async ({ store, name }) => (await store.figures.read({ from: NOW - 6 * 24 * HOUR_MS, to: NOW - 12 * HOUR_MS, project_id: name }, () => 0)).length,
  "what a week has cost": async ({ store, name }) => (await store.stats.costMicros({ ...since(6), project_id: name })).rest,
  "leads and calls of a day": async ({ store, name }) => {
    let seen = 0;
    await store.stats.visit({ ...since(1), project_id: name }, { addLead: () => void (seen += 1), addCall: () => void (seen += 1) });
    return seen;
  },
};

/** Questions that are answered with a number, not with rows. */
const NOTHING = new Set(["where live changes are"]);

describe("rows read do not grow with what a business has", () => {
  it.each(Object.entries(QUESTIONS))("by %s", async (question, ask) => {
    const [small, big] = [{ rows: 0, read: 0 }, { rows: 0, read: 0 }];
    for (const [into, tenant] of [[small, tenants[0]], [big, tenants[1]]] as const) {
      if (tenant === undefined) throw new Error("There is no such business.");
      const before = tally.rows_read;
      into.rows = await ask(tenant);
      into.read = tally.rows_read - before;
    }
    expect(small.rows, "rows of an answer").toBeGreaterThan(NOTHING.has(question) ? -1 : 0);
    expect(big.rows, "as many rows").toBe(small.rows);
    expect(big.read, `rows read; the small one reads ${small.read}`).toBeLessThanOrEqual(small.read + ASIDE);
  });
});
