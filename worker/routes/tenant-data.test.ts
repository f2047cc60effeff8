import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { exportedTables, removableTables } from "../../core/memory/tenant-tables.ts";
import { asUser, makeProject, postForm, signUp, type TestProject } from "../../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../../test/support/twilio-wire.ts";
import worker from "../index.ts";

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio();
});
afterAll(() => twilio.restore());

const DAY_MS = 86_400_000;
const sweepNow = async (): Promise<void> => worker.scheduled(createScheduledController(), env);
const itemsOf = async (response: Response) => z.object({ items: z.array(z.looseObject({ id: z.string() })) }).parse(await response.json()).items;
const rows = async (sql: string, ...values: unknown[]) => (await env.DB.prepare(sql).bind(...values).all()).results;
const runSucceeds = async (id: string): Promise<void> => {
  await vi.waitUntil(async () => (await rows("SELECT status FROM runs WHERE id = ?", id))[0]?.status === "succeeded", { timeout: 20_000, interval: 20 });
};

/** A business with a lead whose call is over, and its recording; `ageDays` old. */
const withHistory = async (project: TestProject, ageDays: number, name = `Old Friend ${ageDays}`) => {
  const at = Date.now() - ageDays * DAY_MS;
  const { id: lead } = z.looseObject({ id: z.string() }).parse(await (await project.api("POST", "/api/entities", { project_id: project.id, entity_type: "lead", name, metadata: { status: "called", call_transcription: "we talked", recording_url: "/x" } })).json());
  const call = `call_${lead}`;
  const key = `${project.tenant_id}/recordings/${project.id}/${call}/RE${ageDays}.wav`;
  await env.STORAGE.put(key, `audio of ${ageDays}`);
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO calls (id, tenant_id, project_id, lead_id, direction, status, end_reason, received_at, call_sid, recording_sid, recording_key, transcription, timeline, latency, revision, created_at, updated_at)
       VALUES (?1, ?2, ?3, ?4, 'outbound', 'ended', 'connected', ?5, 'CA00${ageDays}', 'RE${ageDays}', ?6, '{"text":"we talked"}', '[]', '{}', 1, ?5, ?5)`,
    ).bind(call, project.tenant_id, project.id, lead, at, key),
    env.DB.prepare("UPDATE entities SET created_at = ?2, updated_at = ?2 WHERE id = ?1").bind(lead, at),
  ]);
  return { lead, call, key };
};

describe("what a project keeps for a time only", () => {
  const deletedAtTwilio = (sid: string): boolean => twilio.requests.some((request) => request.method === "DELETE" && request.path.endsWith(`/Recordings/${sid}.json`));

  it("goes once a day: audio everywhere, transcripts, leads; what is younger stays, and the log says what went", async () => {
    const project = await makeProject(`modules: {lead_gen: {sales_bridge: {destination_phone: "+6421100900"}}}\nretention: {recordings_days: 30, transcripts_days: 60, leads_days: 365}`);
    const [young, audioOld, textOld, ancient] = [await withHistory(project, 10), await withHistory(project, 40), await withHistory(project, 90), await withHistory(project, 400)];
    await sweepNow();
    const [run] = await rows("SELECT id FROM runs WHERE tenant_id = ? AND action = 'retain'", project.tenant_id);
    await runSucceeds(String(run?.id));
    const call = async (id: string) => (await rows("SELECT recording_key, recording_sid, transcription FROM calls WHERE id = ?", id))[0];
    expect(await call(young.call)).toMatchObject({ recording_key: young.key, recording_sid: "RE10", transcription: expect.stringContaining("we talked") as string });
    expect(await call(audioOld.call)).toMatchObject({ recording_key: null, recording_sid: null, transcription: expect.stringContaining("we talked") as string });
    expect(await call(textOld.call)).toMatchObject({ recording_key: null, transcription: null });
    expect([await env.STORAGE.head(young.key) !== null, await env.STORAGE.head(audioOld.key), await env.STORAGE.head(textOld.key)]).toEqual([true, null, null]);
    expect(["RE10", "RE40", "RE90", "RE400"].map(deletedAtTwilio)).toEqual([false, true, true, true]);
    expect(await (await project.api("GET", `/api/entities/${audioOld.lead}`)).json()).toMatchObject({ metadata: { call_transcription: "we talked", status: "called" } });
    expect(await (await project.api("GET", `/api/entities/${textOld.lead}`)).json()).not.toHaveProperty("metadata.call_transcription");
    expect(await (await project.api("GET", `/api/entities/${audioOld.lead}`)).json()).not.toHaveProperty("metadata.recording_url");
    expect((await project.api("GET", `/api/entities/${ancient.lead}`)).status).toBe(404);
    expect((await itemsOf(await project.api("GET", "/api/audit?action=recording.expired"))).length).toBe(3);

    // The same day again, nothing is begun; the erasure of the old lead is a run that the sweep queues.
    await sweepNow();
    expect(await rows("SELECT id FROM runs WHERE tenant_id = ? AND action = 'retain'", project.tenant_id)).toHaveLength(1);
    const [erasing] = await rows("SELECT id FROM runs WHERE tenant_id = ? AND action = 'erase'", project.tenant_id);
    await runSucceeds(String(erasing?.id));
  });

  it("is nothing where the DNA says nothing", async () => {
    const project = await makeProject();
    const old = await withHistory(project, 4000);
    await env.DB.prepare("DELETE FROM sweep_marks WHERE name = 'retention'").run();
    await sweepNow();
    expect(await env.STORAGE.head(old.key)).not.toBeNull();
    expect(await rows("SELECT id FROM runs WHERE tenant_id = ? AND action = 'retain'", project.tenant_id)).toEqual([]);
  });
});

/** An independent reading of ustar: names and contents. */
const unpack = (tar: Uint8Array): Map<string, string> => {
  const files = new Map<string, string>();
  const text = (from: number, length: number): string => new TextDecoder().decode(tar.subarray(from, from + length)).replace(/\0.*$/s, "");
  for (let at = 0; text(at, 100) !== ""; ) {
    const size = parseInt(text(at + 124, 12), 8);
    files.set(text(at, 100), new TextDecoder().decode(tar.subarray(at + 512, at + 512 + size)));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
};

describe("a recording's key in a row", () => {
  it("that leads into another tenant's folder leads nowhere", async () => {
    const [mine, theirs] = [await makeProject(), await makeProject()];
    const [own, other] = [await withHistory(mine, 5), await withHistory(theirs, 6)];
    expect((await mine.api("GET", `/api/calls/${own.call}/recording`)).status).toBe(200);
    for (const key of [other.key, `${mine.tenant_id}/../${other.key}`, `${mine.tenant_id}x/a.wav`]) {
      await env.DB.prepare("UPDATE calls SET recording_key = ?2 WHERE id = ?1").bind(own.call, key).run();
      expect([key, (await mine.api("GET", `/api/calls/${own.call}/recording`)).status]).toEqual([key, 404]);
    }
  });
});

describe("the export of everything", () => {
  it("holds every table, DNA and recording of the tenant, no secret and nobody else's, for a week", async () => {
    const [project, other] = [await makeProject(), await makeProject()];
    const { lead, key } = await withHistory(project, 1, "Exported Person");
    await withHistory(other, 2, "Somebody Else's");
    await project.api("PUT", `/api/projects/${project.id}/secrets/wordpress`, { url: "https://acme.example", username: "apex", application_password: "hidden-password" });
    const started = z.object({ export_id: z.string(), run_id: z.string() }).parse(await (await project.api("POST", "/api/export")).json());
    await runSucceeds(started.run_id);

    const answer = await project.api("GET", `/api/export/${started.export_id}`);
    expect([answer.status, answer.headers.get("Content-Type")]).toEqual([200, "application/x-tar"]);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect(bytes.length).toBe(Number(answer.headers.get("Content-Length")));
    const files = unpack(bytes);
    for (const { name } of exportedTables()) expect([name, files.has(`tables/${name}/000001.jsonl`)]).toEqual([name, true]);
    expect(JSON.parse(files.get("tables/entities/000001.jsonl") ?? "")).toMatchObject({ id: lead, name: "Exported Person" });
    expect(files.get(key.slice(project.tenant_id.length + 1))).toBe("audio of 1");
    expect([...files.keys()].some((name) => name.startsWith(`profiles/${project.id}/dna.custom/`))).toBe(true);
    const all = [...files.values()].join("\n");
    const hash = String((await rows("SELECT password_hash FROM users WHERE tenant_id = ?", project.tenant_id))[0]?.password_hash);
    const sealed = (await rows("SELECT key_sealed AS s, key_hash AS h FROM webhook_keys WHERE project_id = ?1 UNION SELECT sealed, sealed FROM secrets WHERE project_id = ?1", project.id)).flatMap((row) => [String(row.s), String(row.h)]);
    for (const secret of [hash, ...sealed, project.keys.wordpress, "hidden-password", "Somebody Else's", other.tenant_id, other.id]) expect([secret, all.includes(secret)]).toEqual([secret, false]);

    expect((await other.api("GET", `/api/export/${started.export_id}`)).status).toBe(404);
    await env.DB.prepare("UPDATE exports SET expires_at = 1 WHERE id = ?").bind(started.export_id).run();
    expect((await project.api("GET", `/api/export/${started.export_id}`)).status).toBe(404);
    await sweepNow();
    expect((await env.STORAGE.list({ prefix: `${project.tenant_id}/exports/` })).objects).toEqual([]);
  });

  it("is said not to be ready while it is made, and to be the owner's and admins' only", async () => {
    const project = await makeProject();
    await env.DB.prepare("INSERT INTO exports (id, tenant_id, run_id, created_at, expires_at) VALUES ('exp_1', ?, 'run_x', 1, 9e15)").bind(project.tenant_id).run();
    expect(await (await project.api("GET", "/api/export/exp_1")).json()).toMatchObject({ status: 409, code: "export_not_ready" });
    expect((await project.api("POST", "/api/run", { task: "privacy", action: "export", project_id: project.id, params: { export_id: "exp_1" } })).status).toBe(404);
    await env.DB.prepare("UPDATE users SET role = 'agent' WHERE tenant_id = ?").bind(project.tenant_id).run();
    expect((await project.api("GET", "/api/export/exp_1")).status).toBe(403);
  });
});

describe("deleting a tenant", () => {
  it("needs its name, closes it at once, removes everything everywhere, and leaves the audit log and other tenants alone", async () => {
    const [project, other] = [await makeProject(), await makeProject()];
    await postForm(project, { name: "Ringing Now", phone: "021 555 0188" });
    const leg = await twilio.until(() => twilio.calls.find((call) => call.to === project.owner));
    await withHistory(project, 3);
    const others = await withHistory(other, 4);
    await project.api("PUT", `/api/projects/${project.id}/secrets/wordpress`, { url: "https://acme.example", username: "apex", application_password: "hidden" });
    await env.DB.prepare("INSERT INTO opt_outs (tenant_id, phone, channel, reason, created_at) VALUES (?, '+64215550188', 'sms', 'STOP', 1)").bind(project.tenant_id).run();
    const audited = (await rows("SELECT id FROM audit WHERE tenant_id = ?", project.tenant_id)).length;
    const name = String((await rows("SELECT name FROM tenants WHERE id = ?", project.tenant_id))[0]?.name);

    expect((await project.api("DELETE", "/api/tenant", { name: `${name}x` })).status).toBe(422);
    expect((await project.api("GET", "/api/entities")).status).toBe(200);
    const answer = await project.api("DELETE", "/api/tenant", { name });
    expect(answer.status).toBe(202);
    expect((await project.api("GET", "/api/entities")).status).toBe(403);
    await runSucceeds(z.object({ run_id: z.string() }).parse(await answer.json()).run_id);

    for (const { name: table } of removableTables()) {
      const [left] = await rows(`SELECT count(*) AS n FROM "${table}" WHERE tenant_id = ?`, project.tenant_id);
      expect([table, left?.n]).toEqual([table, table === "runs" ? 1 : 0]);
    }
    expect((await env.STORAGE.list({ prefix: `${project.tenant_id}/` })).objects).toEqual([]);
    expect(twilio.requests.some((request) => request.method === "DELETE" && request.path.endsWith("/Recordings/RE3.json"))).toBe(true);
    expect(twilio.requests.some((request) => request.path.endsWith(`/Calls/${leg.sid}.json`) && request.form.get("Status") === "completed")).toBe(true);
    expect((await postForm(project, { name: "Too late", phone: "021 555 0189" })).status).toBe(401);
    expect((await rows("SELECT id FROM audit WHERE tenant_id = ?", project.tenant_id)).length).toBeGreaterThan(audited);
    expect(await rows("SELECT name FROM tenants WHERE id = ?", project.tenant_id)).toEqual([{ name: "" }]);

    expect(await itemsOf(await other.api("GET", "/api/entities"))).toHaveLength(1);
    expect(await env.STORAGE.head(others.key)).not.toBeNull();
  });

  it("is the owner's to do, and no run's that nobody asked for", async () => {
    const { token, tenant_id } = await signUp();
    expect((await asUser(token)("POST", "/api/run", { task: "privacy", action: "delete_tenant", project_id: "x", params: {} })).status).toBe(404);
    await env.DB.prepare(`INSERT INTO runs (id, tenant_id, task, action, params, status, attempts, next_due_at, progress, created_at) VALUES ('run_forged', ?, 'privacy', 'delete_tenant', '{}', 'queued', 0, 1, '{"done":0,"total":0,"label":""}', 1)`).bind(tenant_id).run();
    await sweepNow();
    await vi.waitUntil(async () => (await rows("SELECT status FROM runs WHERE id = 'run_forged'"))[0]?.status === "failed", { timeout: 20_000, interval: 20 });
    expect((await asUser(token)("GET", "/api/auth/me")).status).toBe(200);
  });
});
