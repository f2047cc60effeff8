import { createExecutionContext, createScheduledController, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { createClock } from "../core/clock.ts";
import { createMemory } from "../core/memory/memory.ts";
import { makeProject, type TestProject } from "../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../test/support/twilio-wire.ts";
import worker from "./index.ts";

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio();
});
afterAll(() => twilio.restore());

const sweepNow = async (): Promise<void> => {
  const ctx = createExecutionContext();
  await worker.scheduled(createScheduledController(), env);
  await waitOnExecutionContext(ctx);
};

const makeLead = async (project: TestProject): Promise<string> => {
  const lead = { project_id: project.id, entity_type: "lead", name: "Jane", metadata: { phone: "+64211234567", status: "new" } };
  return z.object({ id: z.string() }).parse(await (await project.api("POST", "/api/entities", lead)).json()).id;
};

/** What intake writes, without the hand-over that follows it. */
const leaveDuty = async (project: TestProject, leadId: string): Promise<string> => {
  const id = `call_${leadId}`;
  await env.DB.prepare(
    `INSERT INTO calls (id, tenant_id, project_id, lead_id, direction, status, next_due_at, received_at, timeline, latency, revision, created_at, updated_at)
     VALUES (?1, ?2, ?3, ?4, 'outbound', 'queued', 1, ?5, '[]', '{}', 0, ?5, ?5)`,
  )
    .bind(id, project.tenant_id, project.id, leadId, Date.now())
    .run();
  return id;
};

describe("the sweep", () => {
  it("says how long it took and what it cost, in one line", async () => {
    const lines: Record<string, unknown>[] = [];
    const spy = vi.spyOn(console, "log").mockImplementation((line: unknown) => void lines.push(JSON.parse(String(line)) as Record<string, unknown>));
    await sweepNow();
    spy.mockRestore();
    const ended = lines.filter(({ event }) => event === "sweep ended");
    expect(ended).toEqual([expect.objectContaining({ duration_ms: expect.any(Number) as unknown, d1_rows_read: expect.any(Number) as unknown })]);
    expect(Number(ended[0]?.["d1_trips"])).toBeGreaterThan(0);
  });

  it("makes the call whose Worker died before handing it over, and makes it once", async () => {
    const project = await makeProject();
    const call = await leaveDuty(project, await makeLead(project));
    await env.DB.prepare("UPDATE calls SET request_id = 'req-form' WHERE id = ?").bind(call).run();
    await sweepNow();
    const dial = await twilio.until(() => twilio.dialsTo(project.owner)[0]);
    expect(dial.form.get("StatusCallback")).toContain("req-form");
    await sweepNow();
    expect(twilio.dialsTo(project.owner)).toHaveLength(1);
  });

  it("puts off a duty that it cannot look after, and looks after the others", async () => {
    const broken = await makeProject();
    const lead = await makeLead(broken);
    const call = await leaveDuty(broken, lead);
    await env.DB.prepare("UPDATE entities SET metadata = json_remove(metadata, '$.phone') WHERE id = ?").bind(lead).run();
    const fine = await makeProject();
    await leaveDuty(fine, await makeLead(fine));
    await sweepNow();
    await twilio.until(() => twilio.dialsTo(fine.owner)[0]);
    const row = await env.DB.prepare("SELECT next_due_at FROM calls WHERE id = ?").bind(call).first<{ next_due_at: number }>();
    expect(row?.next_due_at).toBeGreaterThan(Date.now() + 30_000);
  });

  it("still says of a duty that it has put off how long that has waited", async () => {
    const { operations } = createMemory({ d1: env.DB, clock: createClock() });
    const overdue = async () => (await operations.troubles({ since: Date.now(), overdueSince: Date.now() - 300_000 })).overdue;
    const broken = await makeProject();
    const call = await leaveDuty(broken, await makeLead(broken));
    await env.DB.prepare("UPDATE calls SET next_due_at = NULL WHERE id <> ?").bind(call).run();
    expect(await overdue()).toBe(1);
    // Its DNA cannot be read.
    await env.DB.prepare("UPDATE projects SET dna_custom = 'gone' WHERE id = ?").bind(broken.id).run();
    await sweepNow();
    const row = await env.DB.prepare("SELECT next_due_at FROM calls WHERE id = ?").bind(call).first<{ next_due_at: number }>();
    expect([Number(row?.next_due_at) > Date.now(), await overdue()]).toEqual([true, 1]);
  });

  it("queues a run again that the queue has lost", async () => {
    const project = await makeProject();
    const lead = await makeLead(project);
    const run = `run_${lead}`;
    await env.DB.prepare(
      `INSERT INTO runs (id, tenant_id, project_id, task, action, params, status, attempts, next_due_at, progress, created_at)
       VALUES (?1, ?2, ?3, 'sales_agent', 'notify_sms', ?4, 'queued', 0, 1, '{"done":0,"total":0,"label":""}', 1)`,
    )
      .bind(run, project.tenant_id, project.id, JSON.stringify({ lead_id: lead }))
      .run();
    await sweepNow();
    await twilio.until(() => twilio.textsTo(project.owner)[0]);
    const succeeded = async (): Promise<boolean> => z.object({ status: z.string() }).parse(await (await project.api("GET", `/api/runs/${run}`)).json()).status === "succeeded";
    await vi.waitUntil(succeeded, { timeout: 20_000, interval: 20 });
    expect(twilio.textsTo(project.owner)).toHaveLength(1);
  });

  it.each([
    ["calls that are due", /from "calls" where "calls"."next_due_at" </],
    ["runs that are due", /^update "runs" set "next_due_at"/],
    ["runs that were set aside", /WITH RECURSIVE parked/],
    ["canaries", /"projects"."canary_due_at" </],
    ["schedules", /from "schedules"/],
    ["what may be forgotten", /^delete from "idempotency"/],
  ])("goes on where it cannot look at %s", async (_, broken) => {
    let refused = 0;
    const prepare = (query: string) => {
      if (!broken.test(query)) return env.DB.prepare(query);
      refused += 1;
      throw new Error("D1 is away");
    };
    const d1 = { prepare, batch: async (statements: D1PreparedStatement[]) => env.DB.batch(statements) };
    const project = await makeProject();
    const unsealed = async () => z.object({ unsealed: z.number() }).parse(await (await project.api("GET", "/api/audit/verify")).json()).unsealed;
    expect(await unsealed()).toBeGreaterThan(0);
    await worker.scheduled(createScheduledController(), { ...env, DB: d1 as unknown as D1Database });
    // The last steps had their turn.
    expect([refused, await unsealed()]).toEqual([1, 0]);
  });
});
