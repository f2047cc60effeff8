import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { countedDatabase, newTally } from "../../test/support/counted-database.ts";
import { chunked } from "../chunked.ts";
import { createClock } from "../clock.ts";
import { hourReader } from "../dna/time-zone.ts";
import { grouped } from "../grouped.ts";
import { newId } from "../ids.ts";
import { createCalendar } from "../stats/calendar.ts";
import { type Figures, figuresOf } from "../stats/figures.ts";
import { addRollup, newRollup } from "../stats/rollup.ts";
import { systemActor } from "./actor.ts";
import { createMemory, type TenantMemory } from "./memory.ts";
import type { HourOf, Mark } from "./figures.store.ts";
import type { StatsFilter } from "./stats.store.ts";

export const tally = newTally();
export const memory = createMemory({ d1: countedDatabase(env.DB, tally), clock: createClock() });
let tenants = 0;

export const newTenant = async (...projects: string[]): Promise<TenantMemory> => {
  const user = await memory.directory.signUp({ email: `${++tenants}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
  const tenant = memory.for(user.tenant_id, systemActor("test"));
  for (const id of projects) await tenant.projects.create({ id, name: "x", country: "NZ", keys: [{ source: "wordpress", key_hash: crypto.randomUUID(), key_sealed: "x" }] });
  return tenant;
};

export interface Row {
  at: string | number;
  project: string;
  metadata?: Record<string, unknown>;
  /** Absent: the lead has no call. */
  call?: { connected?: number; dial?: number; end?: string | null; direction?: string; person?: string; canary?: boolean; at?: string };
}

export const msOf = (at: string | number): number => (typeof at === "number" ? at : Date.parse(at));

const INSERT_LEADS = `INSERT INTO entities (id, tenant_id, project_id, entity_type, name, primary_contact, metadata, created_at, updated_at)
  SELECT value ->> 'lead', ?1, value ->> 'project', 'lead', 'x', 'x', value ->> 'metadata', value ->> 'ms', value ->> 'ms' FROM json_each(?2)`;
const INSERT_CALLS = `INSERT INTO calls (id, tenant_id, project_id, lead_id, direction, source, person, canary, status, end_reason, received_at, timeline, latency, revision, created_at, updated_at)
  SELECT value ->> 'call', ?1, value ->> 'project', value ->> 'lead', value ->> 'direction', value ->> 'source', value ->> 'person', value ->> 'canary', 'ended', value ->> 'end', value ->> 'calledAt', '[]', value ->> 'latency', 1, value ->> 'calledAt', 1
  FROM json_each(?2) WHERE value ->> 'call' IS NOT NULL`;

/** Leads with a call each, as intake and projection would have left them: one statement a kind. */
export const store = async (tenant: TenantMemory, rows: Row[]): Promise<void> => {
  const stored = rows.map(({ at, project, metadata = {}, call }) => {
    const ms = msOf(at);
    const kept = { status: "called", source: "wordpress", ...metadata };
    const lead = { lead: newId("ent", ms), project, ms, metadata: JSON.stringify(kept) };
    if (!call) return lead;
    const { connected, dial, end = "connected", direction = "outbound", person = null, canary = false } = call;
    const calledAt = call.at === undefined ? ms : msOf(call.at);
    const latency = JSON.stringify({ form_to_dial_ms: dial ?? null, form_to_connected_ms: connected ?? null });
    return { ...lead, call: newId("call", calledAt), direction, source: kept.source, person, canary: canary ? 1 : 0, end, calledAt, latency };
  });
  for (const some of chunked(stored, 1000)) {
    const json = JSON.stringify(some);
    await env.DB.batch([INSERT_LEADS, INSERT_CALLS].map((statement) => env.DB.prepare(statement).bind(tenant.tenantId, json)));
  }
};

export const range = (from: string, to: string, project_id?: string): StatsFilter => ({ from: msOf(from), to: msOf(to), project_id });

type Zones = Record<string, string>;

export const hourOfZones = (zones: Zones): HourOf => {
  const readers = new Map(Object.entries(zones).map(([project, zone]) => [project, hourReader(zone)]));
  return (project, ms) => readers.get(project ?? "")?.(ms) ?? -1;
};

/** All that is marked, and the days of it: what the sweep does. */
export const rollUp = async (tenant: TenantMemory, zones: Zones = {}): Promise<void> => {
  const { results } = await env.DB.prepare("SELECT project_id, hour, version FROM figure_marks WHERE tenant_id = ?").bind(tenant.tenantId).all<Mark & { project_id: string | null }>();
  for (const [place, marks] of grouped(results, ({ project_id }) => project_id)) {
    const zone = zones[place ?? ""] ?? "UTC";
    const calendar = createCalendar(zone);
    for (const some of chunked(marks, 100)) await tenant.figures.restate(place, some, hourOfZones(zones), zone);
    for (const some of chunked([...new Map(marks.map(({ hour }) => calendar.dayOf(hour)).map((day) => [day.from, day])).values()], 100)) await tenant.figures.keepDays(place, some, zone);
  }
};

export const readNow = async (tenant: TenantMemory, filter: StatsFilter, zones: Zones = {}): Promise<Figures & { rows_read: number }> => {
  const before = tally.rows_read;
  const sum = newRollup();
  for (const { rollup } of await tenant.figures.read(filter, hourOfZones(zones))) addRollup(sum, rollup);
  return { ...figuresOf(sum, { form_to_connected_ms: 30_000 }), rows_read: tally.rows_read - before };
};

/** The figures, which are the same before they are rolled up and after. */
export const read = async (tenant: TenantMemory, filter: StatsFilter, zones: Zones = {}): Promise<Figures> => {
  const { rows_read: _, ...counted } = await readNow(tenant, filter, zones);
  await rollUp(tenant, zones);
  const { rows_read: _rows, ...kept } = await readNow(tenant, filter, zones);
  expect(kept).toEqual(counted);
  return kept;
};
