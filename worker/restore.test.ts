import { applyD1Migrations, createExecutionContext, createScheduledController, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { getTableColumns, getTableName, is } from "drizzle-orm";
import { SQLiteTable } from "drizzle-orm/sqlite-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { createClock, dayOf } from "../core/clock.ts";
import { systemActor } from "../core/memory/actor.ts";
import { unpackRows } from "../core/memory/backup/page-format.ts";
import { pageKey } from "../core/memory/backup/places.ts";
import { backedUpTables } from "../core/memory/backup/tables.ts";
import { createMemory } from "../core/memory/memory.ts";
import * as schema from "../core/memory/schema.ts";
import { makeProject, type TestProject } from "../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../test/support/twilio-wire.ts";
import worker from "./index.ts";

const SECRET = "an-operators-secret-for-tests-0123456789";
const clock = createClock();
const buckets = { storage: env.STORAGE, backups: env.BACKUPS, giveUpCall: async () => Promise.resolve() };
const memory = createMemory({ d1: env.DB, clock });
const day = dayOf(clock.now());

/** The same region with another database: what a Worker is after it was pointed at the one that is restored into. */
const elsewhere = (maintenance: "on" | "off"): Cloudflare.Env => ({ ...env, DB: env.RESTORED, APEX_MAINTENANCE: maintenance }) as unknown as Cloudflare.Env;
const closed = elsewhere("on");
const open = elsewhere("off");

let twilio: TwilioWire;
beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
  twilio = standInForTwilio();
});
afterAll(() => twilio.restore());

const ask = async (where: Cloudflare.Env, method: string, path: string, body?: unknown, token = SECRET): Promise<Response> => {
  const ctx = createExecutionContext();
  const response = await worker.fetch(new Request(`https://apex.test${path}`, { method, headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }), where, ctx);
  await waitOnExecutionContext(ctx);
  return response;
};
const sweep = async (where: Cloudflare.Env): Promise<void> => worker.scheduled(createScheduledController(), where);

const backUp = async (): Promise<void> => {
  const backups = memory.backups(buckets);
  for (let sweeps = 0; sweeps < 200; sweeps += 1) if (await backups.keep()) return;
  throw new Error("never done");
};
const progressSchema = z.object({ done: z.boolean(), rows: z.number(), left_out: z.number() });
const restore = async (): Promise<z.infer<typeof progressSchema>> => {
  for (let steps = 0; steps < 200; steps += 1) {
    const answer = await ask(closed, "POST", "/api/operator/backups/restore", { day });
    if (answer.status !== 200) throw new Error(await answer.text());
    const progress = progressSchema.parse(await answer.json());
    if (progress.done) return progress;
  }
  throw new Error("never done");
};

const makeLead = async (project: TestProject, name: string, phone: string): Promise<string> =>
  z.object({ id: z.string() }).parse(await (await project.api("POST", "/api/entities", { project_id: project.id, entity_type: "lead", name, metadata: { phone, status: "new", message: "no hot water" } })).json()).id;

/** A duty that was stored and never handed over: the sweep would dial it. */
const leaveDuty = async (project: TestProject, lead: string): Promise<string> => {
  const id = `call_${lead}`;
  await env.DB.prepare(
    `INSERT INTO calls (id, tenant_id, project_id, lead_id, direction, status, next_due_at, received_at, timeline, latency, revision, created_at, updated_at)
     VALUES (?1, ?2, ?3, ?4, 'outbound', 'queued', 1, ?5, '[{"at":"2026-11-01T00:00:00.000Z","event":"received"}]', '{}', 0, ?5, ?5)`,
  ).bind(id, project.tenant_id, project.id, lead, clock.now()).run();
  return id;
};
const leaveRun = async (project: TestProject, lead: string): Promise<string> => {
  await env.DB.prepare(
    `INSERT INTO runs (id, tenant_id, project_id, task, action, params, status, attempts, next_due_at, progress, created_at)
     VALUES (?1, ?2, ?3, 'sales_agent', 'notify_sms', ?4, 'queued', 0, 1, '{"done":0,"total":0,"label":""}', 1)`,
  ).bind(`run_${lead}`, project.tenant_id, project.id, JSON.stringify({ lead_id: lead })).run();
  return `run_${lead}`;
};
const row = async (d1: D1Database, sql: string, ...values: unknown[]) => d1.prepare(sql).bind(...values).first();

describe("a day's backup, restored into an empty database", () => {
  let project: TestProject;
  let lead: string;
  let call: string;
  let run: string;
  let erased: string;
  let asked: number;
  let sealed: number;

  it("is taken some pages a sweep, and is none before its manifest is there", async () => {
    project = await makeProject();
    lead = await makeLead(project, "Jane", "+64211234567");
    call = await leaveDuty(project, lead);
    run = await leaveRun(project, lead);
    erased = await makeLead(project, "Gone Soon", "+64211234568");
    await env.DB.prepare("UPDATE projects SET canary_due_at = 1 WHERE id = ?").bind(project.id).run();
    await env.DB.prepare("INSERT INTO schedules (project_id, tenant_id, job, due_at) VALUES (?1, ?2, 'sniper', 1) ON CONFLICT DO UPDATE SET due_at = 1").bind(project.id, project.tenant_id).run();
    await env.DB.batch([
      env.DB.prepare(
        `INSERT INTO webhook_endpoints (id, tenant_id, project_id, url, description, events, secret_sealed, failing_since, failures, created_at, updated_at)
         VALUES ('whe_1', ?1, NULL, 'https://hooks.test/in', '', '["lead.created","call.ended"]', 'sealed', 1, 3, 1, 1)`,
      ).bind(project.tenant_id),
      env.DB.prepare(
        `INSERT INTO webhook_deliveries (id, tenant_id, endpoint_id, project_id, type, resource_id, at, status, attempts, tries, next_at)
         VALUES ('whd_1', ?1, 'whe_1', ?2, 'lead.created', ?3, 1, 'pending', 0, '[]', 1)`,
      ).bind(project.tenant_id, project.id, lead),
    ]);
    await env.STORAGE.put(`${project.tenant_id}/recordings/${project.id}/${call}/a.wav`, "sound", { httpMetadata: { contentType: "audio/wav" } });
    await env.STORAGE.put(`${project.tenant_id}/exports/exp_1.tar`, "an archive");

    ({ sealed } = await memory.for(project.tenant_id, systemActor("test")).auditChain.seal());
    expect(sealed).toBeGreaterThan(3);
    expect(await memory.backups(buckets).list()).toEqual([]);
    await backUp();
    expect(await memory.backups(buckets).list()).toMatchObject([{ database: "DB", day, migration: env.TEST_MIGRATIONS.at(-1)?.name }]);
    const stored = await env.BACKUPS.get(pageKey("DB", day, "calls", 0));
    expect(stored && (await unpackRows(stored.body))).toMatchObject([{ id: call, next_due_at: 1 }]);
    expect(await env.BACKUPS.head(`objects/${project.tenant_id}/recordings/${project.id}/${call}/a.wav`)).toMatchObject({ httpMetadata: { contentType: "audio/wav" } });
    expect(await env.BACKUPS.head(`objects/${project.tenant_id}/exports/exp_1.tar`)).toBeNull();
  });

  it("is not taken twice on a day, nor torn by two sweeps at once", async () => {
    const backups = memory.backups(buckets);
    const [manifest] = await backups.list();
    await Promise.all([backups.keep(), backups.keep(), backups.keep()]);
    expect(await backups.list()).toEqual([manifest]);
  });

  it("is missed by the operator once none was finished for two days", async () => {
    const at = async (ms: number) => (await createMemory({ d1: env.DB, clock: { now: () => ms, toRealTime: (time) => time } }).operations.troubles({ since: 0, overdueSince: 0 })).backups;
    expect(await at(clock.now())).toBe(0);
    expect(await at(clock.now() + 2 * 86_400_000)).toBe(0);
    expect(await at(clock.now() + 3 * 86_400_000)).toBe(2);
  });

  it("is missed too where none ever was: the bucket was wrong from the first day", async () => {
    await applyD1Migrations(env.SECOND, env.TEST_MIGRATIONS);
    let now = clock.now();
    const unbacked = createMemory({ d1: env.SECOND, clock: { now: () => now, toRealTime: (time) => time } });
    const missed = async () => (await unbacked.operations.troubles({ since: 0, overdueSince: 0 })).backups;
    // Without a tenant there is nothing to keep.
    expect(await missed()).toBe(0);
    await unbacked.directory.signUp({ email: `${crypto.randomUUID()}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
    const refuse = async (): Promise<never> => Promise.reject(new Error("no such bucket"));
    const wrong = { ...buckets, backups: { head: refuse, list: refuse, get: refuse, put: refuse } as unknown as R2Bucket };
    for (const [days, count] of [[0, 0], [2, 0], [3, 2]] as const) {
      now = clock.now() + days * 86_400_000;
      expect(await unbacked.backups(wrong).keep()).toBe(false);
      expect([days, await missed()]).toEqual([days, count]);
    }
  });

  it("is not written over by another database of that name: an empty one, or the one that it was restored into", async () => {
    const [manifest] = await memory.backups(buckets).list();
    await applyD1Migrations(env.RESTORED, env.TEST_MIGRATIONS);
    const other = createMemory({ d1: env.RESTORED, clock });
    await other.backups(buckets).keep();
    expect(await other.backups(buckets).list()).toEqual([manifest]);
  });

  it("is not restored while the service is open, nor over anybody's data, nor from a day that has none", async () => {
    const codeOf = async (answer: Promise<Response>) => z.object({ code: z.string() }).parse(await (await answer).json()).code;
    expect(await codeOf(ask(open, "POST", "/api/operator/backups/restore", { day }))).toBe("not_in_maintenance");
    expect(await codeOf(ask({ ...closed, DB: env.DB }, "POST", "/api/operator/backups/restore", { day }))).toBe("not_empty");
    expect(await codeOf(ask(closed, "POST", "/api/operator/backups/restore", { day: "2026-01-01" }))).toBe("backup_not_found");
    expect(await codeOf(ask(closed, "POST", "/api/operator/backups/restore", { day, database: "DB_9" }))).toBe("database_not_found");
    expect((await ask(closed, "POST", "/api/operator/backups/restore", { day }, project.token)).status).toBe(401);
    expect(await row(env.RESTORED, "SELECT count(*) AS n FROM tenants")).toEqual({ n: 0 });
  });

  it("brings back every row, in order, so that the audit chain still holds", async () => {
    // After the backup: somebody was erased, and the storage has lost a recording.
    expect((await project.api("DELETE", `/api/entities/${erased}`)).status).toBe(204);
    await vi.waitUntil(async () => (await env.BACKUPS.head(`erased/${project.tenant_id}/${erased}`)) !== null, { timeout: 20_000, interval: 50 });
    await env.STORAGE.delete(`${project.tenant_id}/recordings/${project.id}/${call}/a.wav`);
    asked = twilio.dialsTo(project.owner).length + twilio.textsTo(project.owner).length;

    expect(await restore()).toMatchObject({ done: true, left_out: 0 });
    // Not what agents of this project may be writing meanwhile.
    for (const name of ["tenants", "users", "projects", "webhook_keys", "calls", "schedules", "dna_versions", "audit_seals"]) {
      expect([name, await row(env.RESTORED, `SELECT count(*) AS n FROM "${name}"`)]).toEqual([name, await row(env.DB, `SELECT count(*) AS n FROM "${name}"`)]);
    }
    const restored = createMemory({ d1: env.RESTORED, clock }).for(project.tenant_id, systemActor("test"));
    const chain = await restored.auditChain.verify(0, 100);
    expect([chain.broken_at, chain.checked]).toEqual([null, sealed]);
    expect((await restored.entities.list({ q: "hot water" }, { limit: 10 })).items.map(({ id }) => id)).toEqual([lead]);
    expect(await row(env.RESTORED, "SELECT count(*) AS n FROM sessions")).toEqual({ n: 0 });
    for (const sql of ["SELECT canary_due_at AS due FROM projects WHERE id = ?", "SELECT due_at AS due FROM schedules WHERE project_id = ?"]) expect(Number((await row(env.RESTORED, sql, project.id))?.["due"])).toBeGreaterThan(clock.now() + 80_000_000);
  });

  it("does not dial old duties again, does not run old runs, and shows both to a person", async () => {
    await sweep(closed);
    await sweep(open);
    expect(twilio.dialsTo(project.owner).length + twilio.textsTo(project.owner).length).toBe(asked);
    expect(await row(env.RESTORED, "SELECT status, end_reason, next_due_at, json_array_length(timeline) AS steps FROM calls WHERE id = ?", call)).toEqual({ status: "ended", end_reason: "expired", next_due_at: null, steps: 2 });
    expect(await row(env.RESTORED, "SELECT status FROM entities WHERE id = ?", lead)).toEqual({ status: "needs_contact" });
    expect(await row(env.RESTORED, "SELECT status, json_extract(error, '$.code') AS code, next_due_at FROM runs WHERE id = ?", run)).toEqual({ status: "dead", code: "restored", next_due_at: null });
    expect(await row(env.RESTORED, "SELECT actor, json_extract(details, '$.day') AS day FROM audit WHERE action = 'backup.restored' AND tenant_id = ?", project.tenant_id)).toEqual({ actor: "operator", day });
  });

  it("does not send again what webhooks were waiting to tell, nor tells of rows that came back; of what the restore changed it does", async () => {
    const told = await env.RESTORED.prepare("SELECT id, type, resource_id, status, tries FROM webhook_deliveries WHERE tenant_id = ? ORDER BY at").bind(project.tenant_id).all();
    expect(told.results).toMatchObject([
      { id: "whd_1", type: "lead.created", status: "failed", tries: expect.stringContaining('"error":"restored"') as string },
      { type: "call.ended", resource_id: call },
    ]);
    expect(await row(env.RESTORED, "SELECT failing_since, failures FROM webhook_endpoints WHERE id = 'whe_1'")).toEqual({ failing_since: null, failures: 0 });
  });

  it("does not bring back whom somebody had erased after it", async () => {
    expect(await row(env.RESTORED, "SELECT count(*) AS n FROM entities WHERE id = ?", erased)).toEqual({ n: 0 });
    expect(await row(env.RESTORED, "SELECT status FROM runs WHERE action = 'erase' AND json_extract(params, '$.entity_id') = ?", erased)).toMatchObject({ status: expect.stringMatching(/queued|running|succeeded/) as string });
  });

  it("stays as it is when the restored database is backed up on the same day", async () => {
    const restored = createMemory({ d1: env.RESTORED, clock }).backups(buckets);
    const [manifest] = await restored.list();
    await restored.keep();
    expect(await restored.list()).toEqual([manifest]);
    // Nor is it missed: today's is the one that this came from, however old the tenants are.
    await env.RESTORED.exec("UPDATE tenants SET created_at = 1");
    expect((await createMemory({ d1: env.RESTORED, clock }).operations.troubles({ since: 0, overdueSince: 0 })).backups).toBe(0);
    expect(await env.BACKUPS.get(pageKey("DB", day, "calls", 0)).then(async (stored) => stored && unpackRows(stored.body))).toMatchObject([{ id: call, next_due_at: 1 }]);
  });

  it("takes new leads as soon as the service is open again, and none before", async () => {
    expect((await ask(closed, "GET", "/api/entities", undefined, project.token)).status).toBe(503);
    expect((await ask(closed, "GET", "/health", undefined)).status).toBe(200);
    const form = `/api/webhooks/wordpress?project_id=${project.id}&key=${project.keys.wordpress}`;
    expect((await ask(closed, "POST", form, { name: "Newcomer", phone: "+64211239999" })).status).toBe(503);
    const answer = await ask(open, "POST", form, { name: "Newcomer", phone: "+64211239999" });
    expect(await answer.json()).toMatchObject({ status: "accepted" });
    expect(await row(env.RESTORED, "SELECT count(*) AS n FROM calls WHERE lead_id <> ?", lead)).toEqual({ n: 1 });
  });

  it("gives storage back what it has lost, and leaves what is there as it is", async () => {
    const answer = await ask(closed, "POST", "/api/operator/backups/restore-objects", {});
    expect(await answer.json()).toMatchObject({ restored: 1, after: null });
    const sound = await env.STORAGE.get(`${project.tenant_id}/recordings/${project.id}/${call}/a.wav`);
    expect([await sound?.text(), sound?.httpMetadata?.contentType]).toEqual(["sound", "audio/wav"]);
  });
});

describe("what a backup is made of", () => {
  const columns = Object.values(schema).flatMap((value) => (is(value, SQLiteTable) ? Object.keys(getTableColumns(value)).map((column) => `${getTableName(value)}.${column}`) : []));

  it("knows every column that says when something is due: a new one is dealt with in disarm.ts, or its table is not backed up", () => {
    const due = columns.filter((name) => /(due_at|next_at|not_before|hold_until)$/.test(name) && backedUpTables.some((table) => name.startsWith(`${table.name}.`)));
    // A recipient's turn comes only while the campaign runs, and it is paused.
    expect(due.toSorted()).toEqual(["calls.next_due_at", "campaign_recipients.not_before", "projects.canary_due_at", "runs.next_due_at", "schedules.due_at", "webhook_deliveries.next_at", "webhook_endpoints.due_at", "webhook_endpoints.hold_until"]);
  });

  it("has children before their parents, and no credential that ends by itself", () => {
    const names = backedUpTables.map(({ name }) => name);
    expect(names.indexOf("calls")).toBeLessThan(names.indexOf("projects"));
    expect(names.indexOf("projects")).toBeLessThan(names.indexOf("tenants"));
    expect(names).not.toContain("sessions");
  });
});
