import "../test/support/database.ts";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { createDnaEditor } from "../core/dna/editor.ts";
import { createDnaLoader } from "../core/dna/loader.ts";
import { newId } from "../core/ids.ts";
import { systemActor } from "../core/memory/actor.ts";
import { createMemory, type TenantMemory } from "../core/memory/memory.ts";
import { HOUR_MS } from "../core/stats/calendar.ts";
import { followFigures, rollUpFigures } from "./figures.ts";

let now = Date.parse("2026-09-03T02:30:00Z");
const clock = { now: () => now, toRealTime: (ms: number) => ms };
const memory = createMemory({ d1: env.DB, clock });
const dna = createDnaLoader({ bucket: env.STORAGE });
const editor = createDnaEditor({ bucket: env.STORAGE, loader: dna, clock });
const services = { memory, dna, clock };

let tenant: TenantMemory;
beforeAll(async () => {
  const user = await memory.directory.signUp({ email: "figures@x.nz", name: "x", password_hash: "x" }, { ip: null, request_id: null });
  tenant = memory.for(user.tenant_id, systemActor("test"));
});

const newProject = async (id: string, zone = "Pacific/Auckland"): Promise<string> => {
  await tenant.projects.create({ id, name: "x", country: "NZ", keys: [{ source: "wordpress", key_hash: crypto.randomUUID(), key_sealed: "x" }] });
  await editor.edit(tenant, id, { layer: "custom", text: () => `identity: {time_zone: ${zone}}` });
  return id;
};
const addLead = async (project: string, at: string): Promise<void> => {
  const ms = Date.parse(at);
  await env.DB.prepare("INSERT INTO entities (id, tenant_id, project_id, entity_type, name, primary_contact, metadata, created_at, updated_at) VALUES (?, ?, ?, 'lead', 'x', 'x', '{\"status\":\"new\"}', ?, ?)").bind(newId("ent", ms), tenant.tenantId, project, ms, ms).run();
};
const rowsOf = async (project: string) => (await env.DB.prepare("SELECT grain, first_hour, end_hour, json_extract(rollup, '$.leads') AS leads FROM figures WHERE project_id = ? ORDER BY grain, first_hour").bind(project).all<{ grain: string; first_hour: number; end_hour: number; leads: number }>()).results;
const marksOf = async (project: string) => (await env.DB.prepare("SELECT hour FROM figure_marks WHERE project_id = ?").bind(project).all<{ hour: number }>()).results.map(({ hour }) => hour * HOUR_MS);

describe("the sweep", () => {
  it("rolls up hours that are over, and the days of the business's own calendar", async () => {
    const project = await newProject("kauri");
    // In Auckland the 2nd began at noon (UTC) of the 1st, and the 3rd has not ended: its day is kept as far as it has come.
    for (const at of ["2026-09-01T11:00Z", "2026-09-01T13:00Z", "2026-09-02T10:00Z", "2026-09-02T13:00Z", "2026-09-03T02:10Z"]) await addLead(project, at);
    await rollUpFigures(services);
    const days = (await rowsOf(project)).filter(({ grain }) => grain === "day").map(({ first_hour, end_hour, leads }) => [new Date(first_hour * HOUR_MS).toISOString(), end_hour - first_hour, leads]);
    expect(days).toEqual([["2026-08-31T12:00:00.000Z", 24, 1], ["2026-09-01T12:00:00.000Z", 24, 2], ["2026-09-02T12:00:00.000Z", 24, 1]]);
    expect((await rowsOf(project)).filter(({ grain }) => grain === "hour").map(({ leads }) => leads)).toEqual([1, 1, 1, 1]);
    // The hour that goes on is left to those who read.
    expect(await marksOf(project)).toEqual([Date.parse("2026-09-03T02:00Z")]);
  });

  it("has a day of 23 hours and one of 25 when the clocks change", async () => {
    const project = await newProject("clocks");
    for (const at of ["2026-04-04T20:00Z", "2025-09-27T20:00Z"]) await addLead(project, at);
    await rollUpFigures(services);
    expect((await rowsOf(project)).filter(({ grain }) => grain === "day").map(({ first_hour, end_hour }) => end_hour - first_hour)).toEqual([23, 25]);
  });

  it("goes on with other projects when one cannot be read", async () => {
    await newProject("broken");
    await addLead("broken", "2026-09-02T11:00Z");
    await newProject("whole");
    await addLead("whole", "2026-09-02T10:00Z");
    const load: typeof dna.load = async (project, ...rest) => {
      if (project.id === "broken") throw new Error("R2 is away");
      return dna.load(project, ...rest);
    };
    await rollUpFigures({ ...services, dna: { ...dna, load } });
    expect([(await rowsOf("whole")).length, (await rowsOf("broken")).length, (await marksOf("broken")).length]).toEqual([2, 0, 1]);
    await rollUpFigures(services);
    expect(await marksOf("broken")).toEqual([]);
  });

  it("makes good, once a day, what a Worker that died has left without its day, and what another clock told", async () => {
    const project = await newProject("followed");
    await addLead(project, "2026-08-20T10:00Z");
    await rollUpFigures(services);
    await followFigures(services);
    expect(await marksOf(project)).toEqual([]);
    await env.DB.prepare("DELETE FROM figures WHERE project_id = ? AND grain = 'day'").bind(project).run();
    now += 24 * HOUR_MS;
    await followFigures(services);
    await rollUpFigures(services);
    expect((await rowsOf(project)).map(({ grain }) => grain)).toEqual(["day", "hour"]);
    await editor.edit(tenant, project, { layer: "custom", text: () => "identity: {time_zone: Europe/London}" });
    now += 24 * HOUR_MS;
    await followFigures(services);
    await rollUpFigures(services);
    expect((await rowsOf(project)).map(({ grain, first_hour }) => [grain, new Date(first_hour * HOUR_MS).toISOString()])).toEqual([["day", "2026-08-19T23:00:00.000Z"], ["hour", "2026-08-20T10:00:00.000Z"]]);
  });
});
