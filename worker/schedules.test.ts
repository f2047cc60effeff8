import "../test/support/database.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { agents } from "../agents/registry.ts";
import type { AgentTools } from "../agents/tools.ts";
import { createDnaEditor } from "../core/dna/editor.ts";
import { createDnaLoader } from "../core/dna/loader.ts";
import { createDispatcher } from "../core/kernel/dispatcher.ts";
import { createJobs, type JobMessage } from "../core/kernel/jobs.ts";
import { systemActor } from "../core/memory/actor.ts";
import { createMemory } from "../core/memory/memory.ts";
import { followSchedules } from "./housekeeping.ts";
import { runSchedules } from "./schedules.ts";
import type { Services } from "./services.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Each test has a year of its own: what others left is due later. */
let year = 2030;

/** Tenants with projects, a clock that the test holds, and the sweep's part for schedules. */
const house = async () => {
  let now = Date.UTC((year -= 1), 0, 5, 0, 0);
  const clock = { now: () => now, toRealTime: (ms: number) => ms };
  const memory = createMemory({ d1: env.DB, clock });
  await env.DB.prepare("DELETE FROM schedules").run();
  const dna = createDnaLoader({ bucket: env.STORAGE });
  const editor = createDnaEditor({ bucket: env.STORAGE, loader: dna, clock });
  const queued: { urgent: string[]; bulk: string[] } = { urgent: [], bulk: [] };
  const queueOf = (name: "urgent" | "bulk") => ({
    send: async ({ run_id }: JobMessage) => Promise.resolve((queued[name].push(run_id), { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } })),
  });
  // Nothing is run here: the agents are only asked who waits for them.
  const dispatcher = createDispatcher({ agents, dna, tools: {} as AgentTools, clock, report: async () => Promise.resolve(), random: () => 0.5 });
  const services = { memory, dna, clock, jobs: createJobs({ memory, dispatcher, clock, queues: { urgent: queueOf("urgent"), bulk: queueOf("bulk") } }) } as unknown as Services;
  const tenant = async () => {
    const { tenant_id } = await memory.directory.signUp({ email: `${crypto.randomUUID()}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
    const store = memory.for(tenant_id, systemActor("test"));
    const write = async (id: string, yaml: string) => editor.edit(store, id, { layer: "custom", text: () => yaml });
    const project = async (schedule = "0 3 * * *", zone = "UTC") => {
      const id = `p-${crypto.randomUUID()}`;
      await store.projects.create({ id, name: "Acme", country: "NZ", keys: [{ source: "wordpress", key_hash: crypto.randomUUID(), key_sealed: "x" }] });
      await write(id, yamlWith(schedule, zone));
      return id;
    };
    const runs = async () => (await store.runs.list({ task: "lead_gen_manager" }, { limit: 200 })).items.map(({ project_id, action, idempotency_key, params }) => ({ project_id, action, params, slot: Number(idempotency_key?.split(":").at(-1)) }));
    /** As if the runs that were begun had done their work. */
    const finish = async () => {
      for (const { id } of (await store.runs.list({ task: "lead_gen_manager", status: "queued" }, { limit: 200 })).items) {
        const run = await store.runs.claim(id, MINUTE);
        if (run) await store.runs.finish(run, { status: "succeeded", result: null }, { done: 0, total: 0, label: "" });
      }
    };
    return { tenant_id, store, write, project, runs, finish };
  };
  return { tenant, queued, memory, services, sweep: async () => runSchedules(services), at: (ms: number) => void (now = ms), pass: (ms: number) => void (now += ms), now: () => now };
};
const yamlWith = (schedule: string, zone = "UTC", enabled = true): string => `identity: {time_zone: ${zone}}\nmodules: {lead_gen: {sniper: {enabled: ${String(enabled)}, schedule: "${schedule}"}}}`;

describe("a schedule", () => {
  it("begins its work at each of its slots, once, however often the sweep looks", async () => {
    const { tenant, sweep, pass, now, queued } = await house();
    const { project, runs, finish } = await tenant();
    const id = await project();
    const midnight = now();
    for (let minute = 0; minute < 2 * 24 * 60; minute += 15) {
      await Promise.all([sweep(), sweep()]);
      await finish();
      pass(15 * MINUTE);
    }
    expect((await runs()).map(({ slot, ...run }) => ({ ...run, after: slot - midnight })).reverse()).toEqual([3, 27].map((hours) => ({ project_id: id, action: "hunt_sniper", params: {}, after: hours * 3_600_000 })));
    // Nobody waits for a night's hunt.
    expect([queued.urgent.length, queued.bulk.length]).toEqual([0, 2]);
  });

  it("makes a missed week good by one run, and goes on at its own time", async () => {
    const { tenant, sweep, pass, now } = await house();
    const { project, runs, store } = await tenant();
    const id = await project();
    const start = now();
    pass(7 * DAY + 5 * 3_600_000);
    for (let n = 0; n < 3; n++) await sweep();
    expect((await runs()).map(({ slot }) => slot - start)).toEqual([3 * 3_600_000]);
    expect((await store.schedules.ofProject(id)).map(({ due_at }) => due_at - start)).toEqual([8 * DAY + 3 * 3_600_000]);
  });

  it("follows the DNA: another time, another zone, and none", async () => {
    const { tenant, sweep, pass } = await house();
    const { project, write, runs, store } = await tenant();
    const id = await project("0 3 * * *", "Pacific/Auckland");
    const due = async () => (await store.schedules.ofProject(id)).map(({ due_at }) => new Date(due_at).toISOString().slice(11, 16));
    expect(await due()).toEqual(["14:00"]);
    await write(id, yamlWith("30 9 * * *"));
    expect(await due()).toEqual(["09:30"]);
    await write(id, yamlWith("30 9 * * *", "UTC", false));
    expect(await due()).toEqual([]);
    pass(2 * DAY);
    await sweep();
    expect(await runs()).toEqual([]);
  });

  it("that is due already is not taken away by a DNA that asks for a later time", async () => {
    const { tenant, sweep, pass } = await house();
    const { project, write, runs } = await tenant();
    const id = await project("0 3 * * *");
    pass(3 * 3_600_000 + MINUTE);
    await write(id, yamlWith("0 20 * * *"));
    await sweep();
    expect(await runs()).toHaveLength(1);
  });

  it("does not begin again while its last run is not over", async () => {
    const { tenant, sweep, pass } = await house();
    const { project, runs, finish } = await tenant();
    await project("0 * * * *");
    for (let hour = 0; hour < 3; hour++) {
      pass(3_600_000);
      await sweep();
    }
    expect(await runs()).toHaveLength(1);
    await finish();
    pass(3_600_000);
    await sweep();
    expect(await runs()).toHaveLength(2);
  });

  it("of a suspended tenant is passed over, and goes on when it is let in again", async () => {
    const { tenant, sweep, pass } = await house();
    const { project, runs, tenant_id } = await tenant();
    await project();
    await env.DB.prepare("UPDATE tenants SET suspended_at = 1 WHERE id = ?").bind(tenant_id).run();
    pass(3 * DAY);
    await sweep();
    expect(await runs()).toEqual([]);
    await env.DB.prepare("UPDATE tenants SET suspended_at = NULL WHERE id = ?").bind(tenant_id).run();
    await sweep();
    expect(await runs()).toEqual([]);
    pass(DAY);
    await sweep();
    expect(await runs()).toHaveLength(1);
  });

  it("of a tenant with few projects does not wait for one with many", async () => {
    const { tenant, sweep, pass } = await house();
    const [many, few] = [await tenant(), await tenant()];
    for (let n = 0; n < 60; n++) await many.project("0 3 * * *");
    await few.project("30 3 * * *");
    pass(4 * 3_600_000);
    await sweep();
    expect(await few.runs()).toHaveLength(1);
    expect(await many.runs()).toHaveLength(49);
    await sweep();
    expect(await many.runs()).toHaveLength(60);
  });

  it("of a project that is older than schedules is found by the daily walk", async () => {
    const { tenant, services, memory } = await house();
    const { project, store } = await tenant();
    const id = await project();
    await env.DB.prepare("DELETE FROM schedules WHERE project_id = ?").bind(id).run();
    for (let n = 0; n < 20 && (await store.schedules.ofProject(id)).length === 0; n++) await followSchedules(services);
    expect(await store.schedules.ofProject(id)).toHaveLength(1);
    expect(await memory.housekeeping.dueSlots(5)).toEqual([]);
  });
});
