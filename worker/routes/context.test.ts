import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { says } from "../../core/providers/gemini/gemini.testing.ts";
import { asUser, fresh, makeProject, signUp, type TestProject } from "../../test/support/api.ts";
import { standInForEmbeddings } from "../../test/support/embeddings-wire.ts";
import { exportedTables } from "../../core/memory/tenant-tables.ts";
import worker from "../index.ts";
import { classOf } from "../middleware/rate-limit.ts";

let wire: ReturnType<typeof standInForEmbeddings>;
beforeAll(() => {
  wire = standInForEmbeddings();
});
afterAll(() => {
  vi.restoreAllMocks();
});

const DNA = `
brand_brain:
  insider_tips: [Turn off the main valve before anything else when a pipe bursts.]
  key_differentiators: [A plumber answers the phone at any hour.]
services: [{name: Hot water, primary_keywords: [no hot water]}]
modules: {lead_gen: {sales_bridge: {destination_phone: "+64211001234"}}}
`;

const hitsSchema = z.object({ items: z.array(z.object({ id: z.string(), text: z.string(), type: z.string(), source: z.string(), score: z.number() })) });
const search = async (project: TestProject, q: string, more = "") => hitsSchema.parse(await (await project.api("GET", `/api/projects/${project.id}/context?q=${encodeURIComponent(q)}${more}`)).json()).items;
const runSchema = z.object({ items: z.array(z.object({ id: z.string(), status: z.string(), action: z.string(), result: z.unknown() })) });
const runs = async (project: TestProject, task: string) => runSchema.parse(await (await project.api("GET", `/api/runs?task=${task}`)).json()).items;

/** Time passes, the sweep comes by, and the runs that it finds are done. */
const settle = async (project: TestProject, task: string): Promise<void> => {
  await env.DB.prepare("UPDATE runs SET next_due_at = 1 WHERE tenant_id = ? AND status = 'queued'").bind(project.tenant_id).run();
  await worker.scheduled(createScheduledController(), env);
  await vi.waitUntil(async () => (await runs(project, task)).every(({ status }) => status === "succeeded"), { timeout: 20_000, interval: 50 });
};
const knowing = async (): Promise<TestProject> => {
  const project = await makeProject(DNA);
  await settle(project, "context_sync");
  return project;
};
const count = async (sql: string, ...values: string[]): Promise<number> => (await env.DB.prepare(sql).bind(...values).first<{ n: number }>())?.n ?? -1;
const vectorsOf = async (project: TestProject): Promise<string[]> => (await env.VECTORIZE.query(new Array<number>(768).fill(1), { topK: 100, namespace: project.tenant_id })).matches.map(({ id }) => id);

/** A call with a transcript, as it is once it is over, and the person it was with. */
const callWith = async (project: TestProject, at = Date.now()): Promise<{ lead: string; call: string }> => {
  const lead = z.object({ id: z.string() }).parse(await (await project.api("POST", "/api/entities", { project_id: project.id, entity_type: "lead", name: "Aroha Williams", metadata: {} })).json()).id;
  const call = `call_${at.toString(16).padStart(12, "0")}${fresh("").replace("_", "").padStart(20, "0")}`;
  const segments = [
    { speaker: "customer", start_s: 0, end_s: 1, text: "Aroha Williams here. How much is it to fix a dripping tap?" },
    { speaker: "owner", start_s: 1, end_s: 2, text: "That is usually between 120 and 180 dollars." },
  ];
  await env.DB.prepare(
    `INSERT INTO calls (id, tenant_id, project_id, lead_id, direction, status, end_reason, received_at, transcription, timeline, latency, revision, created_at, updated_at)
     VALUES (?1, ?2, ?3, ?4, 'outbound', 'ended', 'connected', ?5, ?6, '[]', '{}', 1, ?5, ?5)`,
  ).bind(call, project.tenant_id, project.id, lead, at, JSON.stringify({ segments, text: "Customer: Aroha Williams here." })).run();
  return { lead, call };
};
const answerOfModel = { exchanges: [{ question: "How much is it to fix a dripping tap?", answer: "That is usually between 120 and 180 dollars." }], personal: ["Aroha"] };

/** What transcribe_call leaves behind for the sweep. */
const learn = async (project: TestProject, call: string): Promise<void> => {
  wire.answerWith((url) => (url.endsWith(":generateContent") ? Response.json(says(JSON.stringify(answerOfModel))) : undefined));
  await env.DB.prepare(
    `INSERT INTO runs (id, tenant_id, project_id, task, action, params, status, attempts, next_due_at, progress, created_at)
     VALUES (?1, ?2, ?3, 'context_sync', 'learn', json_object('call_id', ?4), 'queued', 0, 1, '{"done":0,"total":0,"label":""}', 1)`,
  ).bind(fresh("run_zz"), project.tenant_id, project.id, call).run();
  await settle(project, "context_sync");
};

describe("GET /api/projects/{id}/context", () => {
  it("shows what agents would cite of the DNA, once its run is done", async () => {
    const project = await makeProject(DNA);
    expect(await search(project, "what do I do when a pipe bursts")).toEqual([]);
    await settle(project, "context_sync");
    const [best] = await search(project, "what do I do when a pipe bursts");
    expect(best).toMatchObject({ type: "insider_tip", source: "dna:brand_brain.insider_tips", text: "Turn off the main valve before anything else when a pipe bursts." });
    expect((await search(project, "what do I do when a pipe bursts", "&type=service&limit=1")).map(({ source }) => source)).toEqual(["dna:services"]);
  });

  it("follows an edit, and of several only the last", async () => {
    const project = await knowing();
    for (const tip of ["A tip that nobody ever saw.", "Close the gas tap first."]) await project.api("PATCH", `/api/projects/${project.id}/dna/custom`, { brand_brain: { insider_tips: [tip] } });
    wire.texts.length = 0;
    await settle(project, "context_sync");
    expect(wire.texts.map(({ text }) => text)).toEqual(["Close the gas tap first."]);
    expect((await search(project, "tap valve tip", "&type=insider_tip")).map(({ text }) => text)).toEqual(["Close the gas tap first."]);
    expect((await runs(project, "context_sync")).map(({ result }) => result)).toEqual([expect.objectContaining({ added: 1, removed: 1, estimate: { passages: 1, usd: expect.closeTo(2e-6, 6) as unknown } }), { superseded: true }, expect.anything()]);
  });

  it("is for the tenant's own people", async () => {
    const project = await knowing();
    const stranger = asUser((await signUp()).token);
    const path = `/api/projects/${project.id}/context?q=valve`;
    expect((await stranger("GET", path)).status).toBe(404);
    expect((await asUser("nonsense")("GET", path)).status).toBe(401);
  });

  it("answers 422 to a question that is missing, empty or too long, and to unknown types and limits", async () => {
    const project = await makeProject();
    const queries = ["", "?q=", "?q=%20", `?q=${"x".repeat(1001)}`, "?q=x&type=secret", "?q=x&limit=0", "?q=x&limit=51"];
    const statuses = await Promise.all(queries.map(async (query) => (await project.api("GET", `/api/projects/${project.id}/context${query}`)).status));
    expect(statuses).toEqual(queries.map(() => 422));
  });

  it("says that something broke on our side while the model or the index is away", async () => {
    const project = await knowing();
    wire.answerWith(() => new Response("{}", { status: 400 }));
    expect((await project.api("GET", `/api/projects/${project.id}/context?q=valve`)).status).toBe(502);
    wire.answerNormally();
  });

  it("counts as work, since it asks a model", () => {
    expect(classOf("GET", "/api/projects/acme/context")).toBe("run");
    expect(classOf("GET", "/api/projects/acme/dna")).toBe("read");
  });
});

describe("the day's look", () => {
  it("finds a brand brain that lags, and nothing to do where it does not or where a run is on its way", async () => {
    const project = await knowing();
    const look = async (): Promise<number> => {
      await env.DB.prepare("DELETE FROM sweep_marks WHERE name = 'context'").run();
      await env.DB.prepare("DELETE FROM runs WHERE tenant_id = ? AND status = 'succeeded'").bind(project.tenant_id).run();
      await worker.scheduled(createScheduledController(), env);
      return (await runs(project, "context_sync")).length;
    };
    expect(await look()).toBe(0);
    await project.api("PATCH", `/api/projects/${project.id}/dna/custom`, { brand_brain: { insider_tips: ["New."] } });
    expect(await look()).toBe(1);
    await settle(project, "context_sync");
    await env.DB.prepare("UPDATE context_projects SET followed = 'of an older release' WHERE project_id = ?").bind(project.id).run();
    expect(await look()).toBe(1);
    await settle(project, "context_sync");
    expect(await look()).toBe(0);
  });
});

describe("what a call teaches", () => {
  it("is found under the call's id, without the customer's name", async () => {
    const project = await knowing();
    const { call } = await callWith(project);
    await learn(project, call);
    const [hit] = await search(project, "how much for a dripping tap");
    expect(hit).toMatchObject({ type: "question_answer", source: call, text: "Q: How much is it to fix a dripping tap?\nA: That is usually between 120 and 180 dollars." });
    expect(await count("SELECT count(*) AS n FROM context_passages WHERE instr(text, 'Aroha') > 0")).toBe(0);
  });

  it("goes with the person, vector and all", async () => {
    const project = await knowing();
    const { lead, call } = await callWith(project);
    await learn(project, call);
    const before = await vectorsOf(project);
    const [hit] = await search(project, "dripping tap", "&type=question_answer");
    expect(before).toContain(hit?.id);
    expect((await project.api("DELETE", `/api/entities/${lead}`)).status).toBe(204);
    await settle(project, "privacy");
    expect(await search(project, "dripping tap", "&type=question_answer")).toEqual([]);
    expect((await vectorsOf(project)).sort()).toEqual(before.filter((id) => id !== hit?.id).sort());
    expect(await count("SELECT count(*) AS n FROM context_passages WHERE source = ?", call)).toBe(0);
  });

  it("goes with the transcript when its time is over, and newer calls' stay", async () => {
    const project = await knowing();
    const old = await callWith(project, Date.now() - 40 * 86_400_000);
    const recent = await callWith(project);
    for (const { call } of [old, recent]) await learn(project, call);
    expect((await search(project, "dripping tap", "&type=question_answer")).map(({ source }) => source).sort()).toEqual([old.call, recent.call].sort());
    await project.api("PATCH", `/api/projects/${project.id}/dna/custom`, { retention: { transcripts_days: 30 } });
    await env.DB.prepare("DELETE FROM sweep_marks WHERE name = 'retention'").run();
    await worker.scheduled(createScheduledController(), env);
    await settle(project, "privacy");
    expect((await runs(project, "privacy")).map(({ result }) => result)).toEqual([expect.objectContaining({ learned: 1, transcripts: 1 })]);
    expect((await search(project, "dripping tap", "&type=question_answer")).map(({ source }) => source)).toEqual([recent.call]);
  });
});

describe("a tenant", () => {
  it("takes its passages along, without what is ours about them, and leaves nothing in the index", async () => {
    const project = await knowing();
    expect((await vectorsOf(project)).length).toBe(3);
    const columns = exportedTables().find(({ name }) => name === "context_passages")?.columns;
    expect(columns).toEqual(expect.arrayContaining(["text", "type", "source"]));
    const name = z.object({ name: z.string() }).parse(await env.DB.prepare("SELECT name FROM tenants WHERE id = ?").bind(project.tenant_id).first()).name;
    expect((await project.api("DELETE", "/api/tenant", { confirm: name, name })).status).toBe(202);
    await vi.waitUntil(async () => (await count("SELECT count(*) AS n FROM context_passages WHERE tenant_id = ?", project.tenant_id)) === 0, { timeout: 20_000, interval: 50 });
    expect(await vectorsOf(project)).toEqual([]);
  });
});
