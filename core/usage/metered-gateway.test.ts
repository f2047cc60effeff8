import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { countedDatabase, newTally } from "../../test/support/counted-database.ts";
import { systemActor } from "../memory/actor.ts";
import { createMemory, type TenantMemory } from "../memory/memory.ts";
import { createGeminiGateway } from "../providers/gemini/gateway.ts";
import { GOOD, says, wire } from "../providers/gemini/gemini.testing.ts";
import { MODELS } from "../providers/gemini/models.ts";
import { NO_SPEND_CAPS } from "./budget.ts";
import { createMeteredGateway } from "./metered-gateway.ts";
import { meterOf } from "./meter.ts";
import type { SpendCaps } from "./usage.types.ts";

afterEach(() => vi.restoreAllMocks());

const schema = z.object({ answer: z.string() });
const LITE = MODELS.analysis.id;
const MORNING = Date.parse("2026-11-26T09:00:00Z");
/** A thousand tokens in, a hundred out: 300 + 250 micro-dollars. */
const ANSWER = { ...says('{"answer":"42"}'), usageMetadata: { promptTokenCount: 1000, candidatesTokenCount: 100 }, modelVersion: LITE };
const COST = 550;

/** A tenant with a project, a run and a way to the models. */
const business = async (caps: Partial<SpendCaps> = {}, d1: D1Database = env.DB) => {
  let now = MORNING;
  const clock = { now: () => now, toRealTime: (ms: number) => ms };
  const memory = createMemory({ d1, clock });
  const user = await memory.directory.signUp({ email: `${crypto.randomUUID()}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
  const store: TenantMemory = memory.for(user.tenant_id, systemActor("test"));
  const project = await store.projects.create({ id: `p-${crypto.randomUUID()}`, name: "Acme", country: "NZ", keys: [{ source: "wordpress", key_hash: crypto.randomUUID(), key_sealed: "x" }] });
  const { run } = await store.runs.create({ project_id: project.id, task: "t", action: null, params: {} }, 0);
  const gatewayOf = (projectId: string | null = project.id, runId: string | null = run.id) =>
    createMeteredGateway({
      memory: store, projectId, runId, clock,
      connect: (onUsage) => createGeminiGateway({ apiKey: "k", baseUrl: "http://gemini.test", wait: async () => Promise.resolve(), random: () => 0, onUsage }),
      capsOf: () => ({ ...NO_SPEND_CAPS, ...caps }),
    });
  const ask = async (cacheKey?: string, gateway = gatewayOf()) => gateway.generate({ purpose: "analysis", system: "Be brief.", parts: [{ text: "?" }], schema, maxOutputTokens: 100, ...(cacheKey === undefined ? {} : { cacheKey }) });
  return { store, project, run, gatewayOf, ask, at: (iso: string) => void (now = Date.parse(iso)), month: async (projectId: string | null = project.id) => store.usage.ofMonth("2026-11", projectId) };
};

describe("the ledger", () => {
  it("has one row a day, kind, purpose and model, however often was asked", async () => {
    wire(ANSWER);
    const house = await business();
    await house.ask();
    await house.ask();
    expect(await house.month()).toEqual([
      { day: "2026-11-26", kind: "model_input_tokens", detail: `analysis:${LITE}`, quantity: 2000, cost_micros: 600 },
      { day: "2026-11-26", kind: "model_output_tokens", detail: `analysis:${LITE}`, quantity: 200, cost_micros: 500 },
    ]);
  });

  it("counts tries that came to nothing too, since they are paid for", async () => {
    wire({ ...ANSWER, ...says("no") }, ANSWER);
    const house = await business();
    await house.ask();
    expect((await house.month()).map(({ quantity }) => quantity)).toEqual([2000, 200]);
  });

  it("books on the tenant as a whole what is of no project, or of one that is another tenant's", async () => {
    wire(ANSWER);
    const [house, other] = [await business(), await business()];
    await house.ask(undefined, house.gatewayOf(null, null));
    await house.ask(undefined, house.gatewayOf(other.project.id, other.run.id));
    expect(await house.month()).toEqual([]);
    expect((await house.month(null)).map(({ quantity }) => quantity)).toEqual([2000, 200]);
    expect([await other.month(null), await other.store.usage.costOfRun(other.run.id)]).toEqual([[], 0]);
  });

  it("costs the same rows to add to and to ask of, whatever is in it already", async () => {
    const tally = newTally();
    wire(ANSWER);
    const house = await business({ money_per_day_micros: 1_000_000_000 }, countedDatabase(env.DB, tally));
    const costOf = async (work: () => Promise<unknown>) => {
      const before = { ...tally };
      await work();
      return [tally.rows_read - before.rows_read, tally.rows_written - before.rows_written];
    };
    await house.ask();
    const early = await costOf(async () => house.ask());
    for (const day of ["01", "02", "03", "04", "05", "25"]) {
      house.at(`2026-11-${day}T09:00:00Z`);
      await house.ask();
    }
    expect(await costOf(async () => house.ask())).toEqual(early);
    const [read = 0] = await costOf(async () => house.month());
    // Seven days, two kinds; each row once by the index and once in the table, and once more to be grouped.
    expect(read).toBeLessThanOrEqual(3 * 7 * 2);
  });
});

describe("a budget", () => {
  it("is asked before a call: what it holds is spent, and nothing after it until the day turns", async () => {
    const sent = wire(ANSWER);
    const house = await business({ money_per_day_micros: COST });
    await house.ask();
    await expect(house.ask()).rejects.toMatchObject({ code: "budget_exhausted", status: 429, retryable: true, retryAfterMs: 15 * 3_600_000, headers: { "Retry-After": "54000" } });
    await expect(house.gatewayOf().embed({ model: MODELS.embedding, task: "query", texts: ["x"] })).rejects.toMatchObject({ code: "budget_exhausted" });
    expect(sent).toHaveLength(1);
    house.at("2026-11-27T00:00:00Z");
    await house.ask();
    expect(sent).toHaveLength(2);
  });

  it("of a month holds until the month turns", async () => {
    wire(ANSWER);
    const house = await business({ money_per_month_micros: COST });
    await house.ask();
    house.at("2026-11-30T12:00:00Z");
    await expect(house.ask()).rejects.toMatchObject({ code: "budget_exhausted", retryAfterMs: 12 * 3_600_000 });
    house.at("2026-12-01T00:00:00Z");
    await house.ask();
  });

  it("is the tenant's, not the project's, and no other tenant's", async () => {
    wire(ANSWER);
    const [house, other] = [await business({ money_per_day_micros: COST }), await business({ money_per_day_micros: COST })];
    await house.ask(undefined, house.gatewayOf(null, null));
    await expect(house.ask()).rejects.toMatchObject({ code: "budget_exhausted" });
    await other.ask();
  });

  it("is warned of once, when four fifths of it are spent", async () => {
    wire(ANSWER);
    const house = await business({ money_per_day_micros: 3 * COST });
    const warnings = async () => (await house.store.audit.list({ action: "budget.warned" }, { limit: 9 })).items.map(({ resource, details }) => ({ resource, details }));
    await house.ask();
    await house.ask();
    expect(await warnings()).toEqual([]);
    await house.ask();
    expect(await warnings()).toEqual([{ resource: "budget:models", details: { day: "2026-11-26", month: "2026-11" } }]);
    house.at("2026-11-27T00:00:00Z");
    await house.ask();
    expect(await warnings()).toHaveLength(1);
  });
});

describe("a run", () => {
  it("knows what it has cost, its parts and theirs included, and whether more fits in", async () => {
    wire(ANSWER);
    const house = await business();
    const { runs } = house.store;
    await runs.createParts(house.run.id, [{ project_id: house.project.id, task: "t", action: null, params: {}, idempotency_key: `${house.run.id}/1` }], 0);
    const part = await runs.withKey(`${house.run.id}/1`);
    for (const id of [house.run.id, part?.id ?? null]) await house.ask(undefined, house.gatewayOf(house.project.id, id));
    const meter = meterOf(house.store, house.run.id);
    expect(await meter.spentMicros()).toBe(2 * COST);
    await meter.allow(3 * COST, COST);
    await expect(meter.allow(3 * COST, COST + 1)).rejects.toMatchObject({ code: "run_budget_exhausted", retryable: false });
  });
});

describe("an answer that is kept", () => {
  it("is given again for the same key, within a day, and is not paid for twice", async () => {
    const sent = wire(ANSWER);
    const house = await business();
    expect([(await house.ask("recording-1")).value, await house.ask("recording-1")]).toEqual([{ answer: "42" }, { value: { answer: "42" }, usage: { input_tokens: 0, output_tokens: 0, model: LITE } }]);
    expect(sent).toHaveLength(1);
    await house.ask("recording-2");
    await house.ask();
    house.at("2026-11-27T09:00:00Z");
    await house.ask("recording-1");
    expect(sent).toHaveLength(4);
  });

  it("is given although the budget is used up", async () => {
    wire(ANSWER);
    const house = await business({ money_per_day_micros: COST });
    await house.ask("k");
    expect((await house.ask("k")).value).toEqual({ answer: "42" });
  });

  it("is no other tenant's, and is gone with an erasure", async () => {
    const sent = wire(ANSWER);
    const [house, other] = [await business(), await business()];
    await house.ask("k");
    await other.ask("k");
    expect(sent).toHaveLength(2);
    await house.store.usage.forgetAnswers();
    await house.ask("k");
    await other.ask("k");
    expect(sent).toHaveLength(3);
  });

  it("is asked for anew where the schema wants something else by now", async () => {
    const sent = wire(GOOD, says('{"answers":["42"]}'));
    const house = await business();
    await house.ask("k");
    const { value } = await house.gatewayOf().generate({ purpose: "analysis", system: "s", parts: [{ text: "?" }], schema: z.object({ answers: z.array(z.string()) }), maxOutputTokens: 100, cacheKey: "k" });
    expect([value, sent.length]).toEqual([{ answers: ["42"] }, 2]);
  });
});
