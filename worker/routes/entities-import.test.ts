import { createMessageBatch } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { toImport } from "../../agents/lead-gen/import/plan-page.ts";
import { readFile } from "../../agents/lead-gen/import/read-file.ts";
import { createUpload } from "../../agents/lead-gen/import/upload.ts";
import { createClock } from "../../core/clock.ts";
import { systemActor } from "../../core/memory/actor.ts";
import { createMemory } from "../../core/memory/memory.ts";
import { asUser, makeProject, request, type TestProject } from "../../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../../test/support/twilio-wire.ts";
import worker from "../index.ts";

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio();
});
afterAll(() => twilio.restore());

const checkedSchema = z.object({ rows: z.number(), created: z.number(), joined: z.number(), unchanged: z.number(), repeated: z.number(), error_count: z.number(), errors: z.array(z.object({ row: z.number(), column: z.string().nullable(), message: z.string() })) });
const leadSchema = z.looseObject({ id: z.string(), name: z.string(), primary_contact: z.string(), metadata: z.looseObject({}) });
const runSchema = z.looseObject({ status: z.string(), result: z.unknown(), error: z.looseObject({ code: z.string() }).nullable(), progress: z.looseObject({ done: z.number() }) });

const CSV = { "Content-Type": "text/csv" };
const post = async (project: TestProject, csv: string, query = "", headers: Record<string, string> = {}) => project.api("POST", `/api/entities/import?project_id=${project.id}${query}`, csv, { ...CSV, ...headers });
const checked = async (project: TestProject, csv: string) => checkedSchema.parse(await (await post(project, csv, "&dry_run=true")).json());
const over = async (project: TestProject, id: string) => {
  const found: z.infer<typeof runSchema>[] = [];
  await vi.waitUntil(async () => {
    const run = runSchema.parse(await (await project.api("GET", `/api/runs/${id}`)).json());
    found.push(run);
    return run.status !== "queued" && run.status !== "running";
  }, { timeout: 30_000, interval: 50 });
  return found.at(-1);
};
/** The queue brings a run that was written down. */
const queued = async (project: TestProject, id: string) => {
  await worker.queue(createMessageBatch("apex-bulk-jobs", [{ id: crypto.randomUUID(), timestamp: new Date(), attempts: 1, body: { tenant_id: project.tenant_id, run_id: id } }]), env);
  return over(project, id);
};
const imported = async (project: TestProject, csv: string, query = "") => {
  const answer = await post(project, csv, query);
  expect(answer.status).toBe(202);
  return over(project, z.object({ run_id: z.string() }).parse(await answer.json()).run_id);
};
const leads = async (project: TestProject) => z.object({ items: z.array(leadSchema) }).parse(await (await project.api("GET", `/api/entities?type=lead&project_id=${project.id}&limit=200`)).json()).items;
const memoryOf = (project: TestProject) => createMemory({ d1: env.DB, clock: createClock() }).for(project.tenant_id, systemActor("test"));

let phones = 5000;
const phone = (): string => `021 77${++phones} 1`.replace(/(\d{2})(\d{4}) 1/, "$1$2");

describe("a file of leads", () => {
  it("is checked first, with what would become of it and what is wrong by row, and nothing is stored", async () => {
    const project = await makeProject();
    const [mine, other] = [phone(), phone()];
    await project.api("POST", "/api/entities", { project_id: project.id, entity_type: "lead", name: "Known", primary_contact: "", metadata: { phone: `+64${mine.replaceAll(" ", "").slice(1)}`, status: "completed" } });
    const answer = await checked(project, `name,phone,message\nKnown,${mine},\nKnown too,${mine},Tap\nNew,${other},\nWrong,5,\n`);
    expect(answer).toMatchObject({ rows: 4, created: 1, joined: 1, unchanged: 0, repeated: 1, error_count: 1, errors: [{ row: 5, column: "phone" }] });
    expect(await leads(project)).toHaveLength(1);
    expect(await (await project.api("GET", `/api/runs?project_id=${project.id}&task=lead_import`)).json()).toMatchObject({ items: [] });
  });

  it("is stored, rings and texts nobody, and joins who is there without changing what they say", async () => {
    const project = await makeProject();
    const [known, fresh] = [phone(), phone()];
    const e164 = (text: string): string => `+64${text.replaceAll(" ", "").slice(1)}`;
    await project.api("POST", "/api/entities", { project_id: project.id, entity_type: "lead", name: "Mere", primary_contact: e164(known), metadata: { phone: e164(known), status: "quoted", message: "Tap", place: "Epsom", last_contacted_at: "2026-06-01" } });
    const csv = `name,phone,email,message,place,status,last contact\nM. Ngata,${known},mere@example.nz,Drain,Ponsonby,lost,2025-01-01\nAroha,${fresh},,Boiler,,new,\nBad,5,,,,,\n`;
    const run = await imported(project, csv);
    expect(run).toMatchObject({ status: "succeeded", result: { rows: 3, created: 1, joined: 1, unchanged: 0, repeated: 0, error_count: 1 } });
    const [aroha, mere, ...others] = await leads(project);
    expect(others).toEqual([]);
    expect(mere).toMatchObject({ name: "Mere", metadata: { status: "quoted", message: "Tap\nDrain", place: "Epsom", email: "mere@example.nz", last_contacted_at: "2026-06-01" } });
    expect(aroha).toMatchObject({ name: "Aroha", primary_contact: e164(fresh), metadata: { status: "new", source: "import", message: "Boiler" } });
    expect(await (await project.api("GET", `/api/calls?project_id=${project.id}`)).json()).toMatchObject({ items: [] });
    expect([...twilio.dialsTo(project.owner), ...twilio.textsTo(project.owner), ...twilio.textsTo(e164(fresh))]).toEqual([]);
    const again = await imported(project, csv);
    expect(again).toMatchObject({ result: { created: 0, joined: 0, unchanged: 2 } });
    expect(await leads(project)).toHaveLength(2);
  });

  it("of several pages that died behind a page that it had not noted goes on, and counts each once", async () => {
    const project = await makeProject();
    const memory = memoryOf(project);
    const { run } = await memory.runs.create({ project_id: project.id, task: "lead_import", action: "import", params: { status: "completed" } }, 86_400_000);
    const csv = `phone\n${Array.from({ length: 250 }, phone).join("\n")}\n`;
    await createUpload(env.STORAGE, { tenant_id: project.tenant_id, run_id: run.id }).keep(csv);
    const { leads: all } = readFile(csv, { country: "NZ", status: "completed" });
    await memory.leadImports.put(project.id, run.id, { created: all.slice(0, 150).map((lead) => toImport(lead, run.id)), joined: [] });
    expect(await queued(project, run.id)).toMatchObject({ status: "succeeded", result: { rows: 250, created: 250, joined: 0, unchanged: 0 } });
    expect(await env.DB.prepare("SELECT count(*) AS n, count(DISTINCT phone) AS phones FROM entities WHERE project_id = ?").bind(project.id).first()).toEqual({ n: 250, phones: 250 });
    // The file has done its work.
    expect((await env.STORAGE.list({ prefix: `${project.tenant_id}/runs/${run.id}/` })).objects).toEqual([]);
  });

  it("whose file did not arrive is said to be lost", async () => {
    const project = await makeProject();
    const { run } = await memoryOf(project).runs.create({ project_id: project.id, task: "lead_import", action: "import", params: { status: "new" } }, 0);
    expect(await queued(project, run.id)).toMatchObject({ status: "failed", error: { code: "upload_lost" } });
  });

  it("is refused where it is none, too large, another type, or another tenant's project; and is taken once under one key", async () => {
    const project = await makeProject();
    expect((await post(project, "hello")).status).toBe(422);
    expect((await post(project, "phone\n5\n")).status).toBe(422);
    expect((await post(project, `phone\n${"x".repeat(4 * 1024 * 1024)}`)).status).toBe(413);
    expect((await project.api("POST", `/api/entities/import?project_id=${project.id}`, { a: 1 })).status).toBe(415);
    const stranger = await makeProject();
    expect((await stranger.api("POST", `/api/entities/import?project_id=${project.id}`, "phone\n021 555 1001\n", CSV)).status).toBe(404);
    const reader = asUser(z.object({ key: z.string() }).parse(await (await project.api("POST", "/api/api-keys", { name: "k", scopes: ["leads:read"] })).json()).key);
    expect((await reader("POST", `/api/entities/import?project_id=${project.id}`, "phone\n021 555 1001\n", CSV)).status).toBe(403);
    const once = `phone\n${phone()}\n`;
    const first = await (await post(project, once, "", { "Idempotency-Key": "one" })).json();
    expect(await (await post(project, once, "", { "Idempotency-Key": "one" })).json()).toEqual(first);
    // It cannot be started past its own door.
    expect((await project.api("POST", "/api/run", { task: "lead_import", action: "import", project_id: project.id, params: { status: "new" } })).status).toBe(404);
  });

  it("that no UTF-8 is in is read as Windows writes it", async () => {
    const project = await makeProject();
    const bytes = new Uint8Array([...new TextEncoder().encode("name,phone\nZo"), 0xeb, ...new TextEncoder().encode(`,${phone()}\n`)]);
    const answer = await request(`/api/entities/import?project_id=${project.id}`, { method: "POST", headers: { Authorization: `Bearer ${project.token}`, ...CSV }, body: bytes });
    await over(project, z.object({ run_id: z.string() }).parse(await answer.json()).run_id);
    expect((await leads(project)).map(({ name }) => name)).toEqual(["Zoë"]);
  });
});
