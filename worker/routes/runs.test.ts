import { createMessageBatch, createExecutionContext, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { createClock } from "../../core/clock.ts";
import { systemActor } from "../../core/memory/actor.ts";
import type { NewRun } from "../../core/memory/runs.store.ts";
import { createMemory } from "../../core/memory/memory.ts";
import { makeProject, type TestProject } from "../../test/support/api.ts";
import worker from "../index.ts";

const HOUR = 3_600_000;
const storeOf = (project: TestProject) => createMemory({ d1: env.DB, clock: createClock() }).for(project.tenant_id, systemActor("test"));
const runSchema = z.looseObject({ id: z.string(), status: z.string(), params: z.unknown(), error: z.looseObject({ code: z.string() }).nullable() });
const shown = async (project: TestProject, id: string) => runSchema.parse(await (await project.api("GET", `/api/runs/${id}`)).json());

/** A run that waits for the sweep; with `over`, one that has ended so. */
const runOf = async (project: TestProject, over?: "dead" | "failed", input: Partial<NewRun> = {}): Promise<string> => {
  const { runs } = storeOf(project);
  const { run } = await runs.create({ project_id: project.id, task: "lead_gen_manager", action: "dashboard_stats", params: {}, ...input }, HOUR);
  const claimed = over === undefined ? null : await runs.claim(run.id, HOUR);
  if (claimed && over) await runs.finish(claimed, { status: over, error: { code: "gemini_blocked", message: "no" }, trace: "AppError" }, run.progress);
  return run.id;
};

describe("a run that failed", () => {
  it("shows each of its failed attempts, which lists leave out", async () => {
    const project = await makeProject();
    const id = await runOf(project, "dead");
    const tries = [{ attempt: 1, at: expect.stringMatching(/^20/) as string, code: "gemini_blocked", message: "no", trace: "AppError" }];
    expect(await shown(project, id)).toMatchObject({ tries });
    expect(await shown(project, await runOf(project))).toMatchObject({ tries: [] });
    const list = z.object({ items: z.array(runSchema.omit({ params: true })) }).parse(await (await project.api("GET", "/api/runs?status=dead")).json());
    expect(list.items.map((run) => [run.id, "tries" in run])).toEqual([[id, false]]);
  });
});

describe("Prefer: wait", () => {
  it("passes no limit: a batch's run is set aside while four of the tenant's are at work, what somebody waits for while sixteen are, and done when one has ended", async () => {
    const project = await makeProject();
    const { runs } = storeOf(project);
    const claim = async () => runs.claim(await runOf(project), HOUR);
    for (let n = 0; n < 4; n += 1) await claim();
    const ask = async (task: string, action: string) => {
      const answer = await project.api("POST", "/api/run", { task, action, project_id: project.id }, { Prefer: "wait=20" });
      return { status: answer.status, body: z.looseObject({ run_id: z.string().optional(), status: z.string() }).parse(await answer.json()) };
    };
    const expectSetAside = async ({ status, body }: Awaited<ReturnType<typeof ask>>): Promise<string> => {
      expect([status, body.status]).toEqual([202, "queued"]);
      const parked = await runs.get(body.run_id ?? "");
      expect([parked.attempts, parked.parked_at !== null]).toEqual([0, true]);
      return parked.id;
    };
    await expectSetAside(await ask("manager", "status"));
    const stats = async () => ask("lead_gen_manager", "dashboard_stats");
    for (let n = 0; n < 11; n += 1) await claim();
    expect(await stats()).toMatchObject({ status: 200, body: { status: "succeeded" } });
    const last = await claim();
    const waiting = await expectSetAside(await stats());
    if (last) await runs.finish(last, { status: "succeeded", result: null }, last.progress);
    // It ends, and lets the next go on.
    expect(await stats()).toMatchObject({ status: 200, body: { status: "succeeded" } });
    await vi.waitUntil(async () => (await shown(project, waiting)).status === "succeeded", { timeout: 20_000, interval: 20 });
  });
});

describe("a run that waits for its parts", () => {
  it("shows how many are over by now, and names them, alone and in lists", async () => {
    const project = await makeProject();
    const { runs } = storeOf(project);
    const id = await runOf(project);
    const claimed = await runs.claim(id, HOUR);
    if (claimed === null) throw new Error("nobody else has it");
    const part = { project_id: project.id, task: "lead_gen_manager", action: "dashboard_stats", params: {} };
    const parts = (await runs.createParts(id, ["a", "b", "c"].map((key) => ({ ...part, idempotency_key: `${id}:${key}` })), HOUR)).map((one) => one.id).toSorted();
    await runs.finish(claimed, { status: "queued", error: null, next_due_at: Date.now() + HOUR }, { done: 0, total: 3, label: "steps", steps: "parts" });
    const told = async () => {
      const list = z.object({ items: z.array(z.looseObject({ id: z.string() })) }).parse(await (await project.api("GET", "/api/runs")).json());
      const [alone, listed] = [await shown(project, id), list.items.find((run) => run.id === id)];
      expect([alone.progress, alone.children]).toEqual([listed?.progress, listed?.children]);
      return [alone.progress, alone.children];
    };
    const over = async (one: string | undefined): Promise<void> => {
      const run = await runs.claim(one ?? "", HOUR);
      if (run) await runs.finish(run, { status: "succeeded", result: null }, run.progress);
    };
    expect(await told()).toEqual([{ done: 0, total: 3, label: "steps" }, parts]);
    await over(parts[0]);
    await over(parts[1]);
    expect(await told()).toEqual([{ done: 2, total: 3, label: "steps" }, parts]);
    // Another tenant's run under the same name is none of them.
    expect(await storeOf(await makeProject()).runs.families([id])).toEqual(new Map());
    // One whose steps are its own says how far they are.
    await over(parts[2]);
    const again = await runs.claim(id, HOUR);
    if (again) await runs.finish(again, { status: "queued", error: null, next_due_at: Date.now() + HOUR }, { done: 1, total: 7, label: "pages" });
    expect(await told()).toEqual([{ done: 1, total: 7, label: "pages" }, parts]);
  });
});

describe("POST /api/runs/{id}/retry", () => {
  it("takes another input in place of the original one, if the task takes it; what it was is on record by its fields' names", async () => {
    const project = await makeProject();
    const id = await runOf(project, "dead", { params: { from: "nonsense" } });
    const bad = await project.api("POST", `/api/runs/${id}/retry`, { params: { from: "yesterday" } });
    expect([bad.status, (await shown(project, id)).status]).toEqual([422, "dead"]);
    expect((await project.api("POST", `/api/runs/${id}/retry`, { params: { from: "2026-11-01T00:00:00Z" } })).status).toBe(202);
    expect((await shown(project, id)).params).toEqual({ from: "2026-11-01T00:00:00Z" });
    expect((await storeOf(project).audit.list({ action: "run.retried" }, { limit: 5 })).items.map(({ details }) => details)).toEqual([{ edited: ["from"] }]);
  });

  it("does not take another input for what the house alone starts", async () => {
    const project = await makeProject();
    const id = await runOf(project, "dead", { task: "privacy", action: "retain", params: { day: "2026-11-01" } });
    expect((await project.api("POST", `/api/runs/${id}/retry`, { params: { day: "1999-01-01" } })).status).toBe(403);
  });
});

describe("POST /api/runs/retry", () => {
  it("puts back those that are named and over, and says which are not", async () => {
    const project = await makeProject();
    const [dead, failed, waiting] = [await runOf(project, "dead"), await runOf(project, "failed"), await runOf(project)];
    const answer = await project.api("POST", "/api/runs/retry", { ids: [dead, failed, waiting, "run_nobodys", dead] });
    expect([answer.status, await answer.json()]).toEqual([202, { run_ids: [dead, failed], skipped: [waiting, "run_nobodys"] }]);
  });

  it("puts back dead letters of a task and an error, and no others", async () => {
    const [project, other] = [await makeProject(), await makeProject()];
    const [one, two] = [await runOf(project, "dead"), await runOf(project, "dead")];
    const rest = [await runOf(project, "failed"), await runOf(project, "dead", { task: "sales_agent", action: "notify_sms" }), await runOf(other, "dead")];
    const answer = await project.api("POST", "/api/runs/retry", { filter: { task: "lead_gen_manager", code: "gemini_blocked" } });
    expect(await answer.json()).toEqual({ run_ids: [one, two], skipped: [] });
    expect(await (await project.api("POST", "/api/runs/retry", { filter: { code: "other" } })).json()).toEqual({ run_ids: [], skipped: [] });
    expect([(await shown(project, rest[0] ?? "")).status, (await shown(project, rest[1] ?? "")).status, (await shown(other, rest[2] ?? "")).status]).toEqual(["failed", "dead", "dead"]);
  });

  it("refuses to guess which are meant", async () => {
    const project = await makeProject();
    expect((await project.api("POST", "/api/runs/retry", {})).status).toBe(422);
  });
});

describe("POST /api/runs/{id}/cancel", () => {
  it("ends what waits, once, and is on record", async () => {
    const project = await makeProject();
    const id = await runOf(project);
    const answer = await project.api("POST", `/api/runs/${id}/cancel`);
    expect([answer.status, await answer.json()]).toEqual([202, { run_id: id, canceled: 1, still_running: 0 }]);
    expect(await shown(project, id)).toMatchObject({ status: "failed", error: { code: "canceled" } });
    expect((await project.api("POST", `/api/runs/${id}/cancel`)).status).toBe(409);
    expect((await storeOf(project).audit.list({ action: "run.canceled" }, { limit: 5 })).items.map(({ resource }) => resource)).toEqual([`run:${id}`]);
  });

  it("does not keep the house from erasing somebody", async () => {
    const project = await makeProject();
    expect((await project.api("POST", `/api/runs/${await runOf(project, undefined, { task: "privacy", action: "erase" })}/cancel`)).status).toBe(403);
  });
});

describe("a poisonous message", () => {
  it.each(["apex-jobs", "apex-bulk-jobs"])("does not hold up its batch in %s: each is acknowledged by itself", async (queue) => {
    const project = await makeProject();
    const [good, unknown] = [await runOf(project), await runOf(project, undefined, { task: "no_such_task" })];
    const bodies: unknown[] = ["nonsense", { tenant_id: 7 }, null, { tenant_id: project.tenant_id, run_id: unknown }, { tenant_id: project.tenant_id, run_id: "run_nobodys" }, { tenant_id: project.tenant_id, run_id: good }];
    const batch = createMessageBatch(queue, bodies.map((body, at) => ({ id: `m${at}`, timestamp: new Date(), attempts: 1, body })));
    const ctx = createExecutionContext();
    await worker.queue(batch, env);
    const answer: unknown = await getQueueResult(batch, ctx);
    const result = z.object({ explicitAcks: z.array(z.string()), retryMessages: z.array(z.unknown()) }).parse(answer);
    expect([result.explicitAcks.toSorted(), result.retryMessages]).toEqual([bodies.map((_, at) => `m${at}`), []]);
    expect((await shown(project, good)).status).toBe("succeeded");
    expect(await shown(project, unknown)).toMatchObject({ status: "failed", error: { code: "task_not_found" } });
  });
});
