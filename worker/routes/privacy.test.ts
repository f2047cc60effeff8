import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import Papa from "papaparse";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { asUser, fromTwilio, makeProject, postForm, signUp, type TestProject } from "../../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../../test/support/twilio-wire.ts";
import worker from "../index.ts";

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio();
});
afterAll(() => twilio.restore());

const itemsOf = async (response: Response) => z.object({ items: z.array(z.looseObject({ id: z.string() })) }).parse(await response.json()).items;
const NAME = "Wilhelmina Featherstonehaugh";
const PHONE = "+64215550199";
const MESSAGE = "The cellar is under water";

/** Once the run that cleans up is over. */
const erased = async (project: TestProject, status = "succeeded"): Promise<void> => {
  await vi.waitUntil(async () => (await itemsOf(await project.api("GET", "/api/runs?task=privacy"))).some((run) => run.status === status), { timeout: 20_000, interval: 20 });
};

/** A person with everything that the house keeps of people: lead, live call, recording, transcript, runs, kept answers. */
const knownPerson = async () => {
  const project = await makeProject();
  await postForm(project, { name: NAME, phone: PHONE, message: MESSAGE });
  const dial = await twilio.until(() => twilio.dialsTo(project.owner)[0]);
  const leg = await twilio.until(() => twilio.calls.find((call) => call.to === project.owner));
  const [lead] = await itemsOf(await project.api("GET", "/api/entities?type=lead"));
  const [call] = await itemsOf(await project.api("GET", `/api/calls?project_id=${project.id}`));
  if (!lead || !call) throw new Error("no lead");
  const key = `${project.tenant_id}/recordings/${project.id}/${call.id}/RE1.wav`;
  await env.STORAGE.put(key, "audio");
  await env.STORAGE.put(key.replace("RE1", "RE2"), "a second one");
  await env.DB.prepare("UPDATE calls SET recording_sid = 'RE1', recording_key = ?2, transcription = ?3 WHERE id = ?1").bind(call.id, key, JSON.stringify({ text: MESSAGE })).run();
  await project.api("PATCH", `/api/entities/${lead.id}`, { metadata: { note: "regular" } });
  await project.api("POST", "/api/run", { task: "sales_agent", action: "notify_sms", project_id: project.id, params: { lead_id: lead.id } }, { Prefer: "wait=20", "Idempotency-Key": "about-her" });
  return { project, lead: lead.id, call: call.id, leg: leg.sid, whisper: dial.form.get("Url") ?? "" };
};

const rowsThatHold = async (...words: string[]): Promise<string[]> => {
  const found: string[] = [];
  for (const [table, columns] of [
    ["entities", "name || primary_contact || metadata"],
    ["calls", "id || coalesce(transcription, '') || timeline"],
    ["runs", "params || coalesce(result, '') || coalesce(error, '')"],
    ["idempotency", "coalesce(body, '')"],
    ["audit", "actor || resource || details"],
  ] as const)
    for (const word of words) {
      const row = await env.DB.prepare(`SELECT count(*) AS n FROM ${table} WHERE instr(${columns}, ?) > 0`).bind(word).first<{ n: number }>();
      if ((row?.n ?? 0) > 0) found.push(`${table}: ${word}`);
    }
  return found;
};

describe("erasing a person", () => {
  it("takes them out of every list at once, and then out of every store; the audit log keeps ids", async () => {
    const { project, lead, call, leg, whisper } = await knownPerson();
    twilio.answerWith((request) => {
      if (request.path.endsWith(`/Calls/${leg}/Recordings.json`)) return { status: 200, body: { recordings: [{ sid: "RE2" }] } };
      return request.method === "DELETE" ? { status: 200, body: {} } : undefined;
    });
    expect((await project.api("DELETE", `/api/entities/${lead}`)).status).toBe(204);

    expect((await project.api("GET", `/api/entities/${lead}`)).status).toBe(404);
    expect((await project.api("DELETE", `/api/entities/${lead}`)).status).toBe(404);
    expect((await project.api("GET", `/api/calls/${call}`)).status).toBe(404);
    expect((await project.api("GET", `/api/calls/${call}/recording`)).status).toBe(404);
    for (const path of ["/api/entities", "/api/entities?q=Wilhelmina", `/api/calls?lead_id=${lead}`]) expect(await itemsOf(await project.api("GET", path))).toEqual([]);

    await erased(project);
    expect((await env.STORAGE.list({ prefix: `${project.tenant_id}/recordings/` })).objects).toEqual([]);
    const deletedAtTwilio = twilio.requests.filter((request) => request.method === "DELETE").map((request) => request.path.split("/").slice(-2).join("/"));
    expect(deletedAtTwilio).toEqual(expect.arrayContaining(["Recordings/RE1.json", "Recordings/RE2.json", expect.stringMatching(/^Messages\/SM/) as string]));
    // The leg that was ringing is hung up, and its object has forgotten it.
    expect(twilio.requests.some((request) => request.method === "POST" && request.path.endsWith(`/Calls/${leg}.json`) && request.form.get("Status") === "completed")).toBe(true);
    expect(await (await fromTwilio(whisper, { CallSid: leg, CallStatus: "in-progress" })).text()).not.toContain("Say");
    expect(await rowsThatHold(NAME, PHONE, MESSAGE, "021 555 0199")).toEqual([]);
    const audit = await (await project.api("GET", `/api/audit?resource=entity:${lead}&limit=200`)).text();
    expect(audit).toContain("person.erased");
    expect(audit).toContain("person.erasure_completed");
    expect(await rowsThatHold(lead)).toEqual([expect.stringContaining("runs"), expect.stringContaining("audit")]);
  });

  it("tries again while Twilio does not let go of a recording, and is done when it does", async () => {
    const { project, lead } = await knownPerson();
    let refusals = 0;
    twilio.answerWith((request) => (request.method === "DELETE" && request.path.includes("/Recordings/") && refusals++ === 0 ? { status: 400, body: { code: 21220, message: "in progress" } } : undefined));
    await project.api("DELETE", `/api/entities/${lead}`);
    await erased(project, "queued");
    await env.DB.prepare("UPDATE runs SET next_due_at = 1 WHERE tenant_id = ? AND status = 'queued'").bind(project.tenant_id).run();
    const stored = async (): Promise<number> => (await env.STORAGE.list({ prefix: `${project.tenant_id}/recordings/` })).objects.length;
    expect(await stored()).toBe(2);
    await worker.scheduled(createScheduledController(), env);
    await erased(project);
    expect(await stored()).toBe(0);
    expect(refusals).toBeGreaterThan(1);
  });

  it("takes one call's audio away at a word, at Twilio too, and leaves what was said", async () => {
    const { project, call } = await knownPerson();
    expect((await project.api("DELETE", `/api/calls/${call}/recording`)).status).toBe(409);
    await env.DB.prepare("UPDATE calls SET end_reason = 'connected', status = 'ended', next_due_at = NULL WHERE id = ?").bind(call).run();
    expect((await project.api("DELETE", `/api/calls/${call}/recording`)).status).toBe(202);
    await erased(project);
    expect((await env.STORAGE.list({ prefix: `${project.tenant_id}/recordings/` })).objects).toEqual([]);
    expect(twilio.requests.some(({ method, path }) => method === "DELETE" && path.includes("/Recordings/RE1"))).toBe(true);
    expect(await (await project.api("GET", `/api/calls/${call}`)).json()).toMatchObject({ recording_url: null, transcription: { text: MESSAGE } });
    expect((await project.api("DELETE", `/api/calls/${call}/recording`)).status).toBe(404);
    expect(await itemsOf(await project.api("GET", `/api/audit?resource=call:${call}`))).toContainEqual(expect.objectContaining({ action: "recording.deleted" }));
  });

  it("leaves the opt-out of the number in force", async () => {
    const { project, lead } = await knownPerson();
    twilio.answerWith(() => undefined);
    await env.DB.prepare("INSERT INTO opt_outs (tenant_id, phone, channel, reason, created_at) VALUES (?, ?, 'call', 'STOP', 1)").bind(project.tenant_id, PHONE).run();
    await project.api("DELETE", `/api/entities/${lead}`);
    await erased(project);
    const before = twilio.dialsTo(project.owner).length;
    await postForm(project, { name: "She again", phone: PHONE });
    await vi.waitUntil(async () => (await itemsOf(await project.api("GET", `/api/calls?project_id=${project.id}`)))[0]?.end_reason === "blocked", { timeout: 20_000, interval: 20 });
    expect(twilio.dialsTo(project.owner)).toHaveLength(before);
  });

  it("is nobody's business but the tenant's, and not a task for /api/run", async () => {
    const { project, lead } = await knownPerson();
    const stranger = asUser((await signUp()).token);
    expect((await stranger("DELETE", `/api/entities/${lead}`)).status).toBe(404);
    expect((await project.api("GET", `/api/entities/${lead}`)).status).toBe(200);
    expect((await project.api("POST", "/api/run", { task: "privacy", action: "erase", project_id: project.id, params: { entity_id: lead, calls: [] } })).status).toBe(404);
  });
});

describe("the CSV export", () => {
  it("streams every lead over several pages, with formulas disarmed, the tenant's own only", async () => {
    const { token, tenant_id } = await signUp();
    const api = asUser(token);
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450)
       INSERT INTO entities (id, tenant_id, entity_type, name, primary_contact, metadata, created_at, updated_at)
       SELECT printf('ent_csv_%04d', i), ?1, 'lead', '=HYPERLINK("http://x")' || char(10) || 'Zoë ' || i, '+6421' || i, json_object('status', 'new', 'phone', '+6421' || i, 'raw_payload', 'heavy', 'score', i), i, i FROM n`,
    ).bind(tenant_id).run();
    const response = await api("GET", "/api/entities/export?type=lead&format=csv");
    expect(response.headers.get("Content-Type")).toContain("text/csv");
    const text = await response.text();
    const { data } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
    expect(data).toHaveLength(450);
    expect(new Set(data.map((row) => row.id)).size).toBe(450);
    expect(data[0]).toMatchObject({ id: "ent_csv_0450", name: `'=HYPERLINK("http://x")\nZoë 450`, phone: "'+6421450", status: "new", score: "450" });
    expect(text).not.toContain("heavy");
    expect(Papa.parse(await (await asUser((await signUp()).token)("GET", "/api/entities/export?type=lead")).text(), { header: true, skipEmptyLines: true }).data).toEqual([]);
    expect((await api("GET", "/api/entities/export?format=xlsx")).status).toBe(422);
    expect(await itemsOf(await api("GET", "/api/audit?action=entities.exported"))).toHaveLength(1);
  });
});
