import { describe, expect, it, vi } from "vitest";
import { AppError, vendorError } from "../errors.ts";
import type { Run } from "../memory/runs.store.ts";
import { later } from "./agent.ts";
import { atWork } from "./jobs.testing.ts";

describe("a failing run", () => {
  it("is queued again with growing delays while retrying can help, and is a dead letter in the end", async () => {
    const house = await atWork(() => {
      throw vendorError("model_busy", "The model is busy.", { retryable: true });
    });
    const run = await house.submit();
    const delays: number[] = [];
    for (let last = await house.execute(run); last?.status === "queued"; last = await house.execute(run)) delays.push(house.queued.at(-1)?.delaySeconds ?? 0);
    expect(delays).toEqual([4, 8, 16, 32, 64]);
    expect(await house.store.runs.get(run.id)).toMatchObject({ status: "dead", attempts: 6, error: { code: "model_busy" } });
  });

  it("waits as long as the vendor says", async () => {
    const house = await atWork(() => {
      throw vendorError("model_busy", "The model is busy.", { retryable: true, retryAfterMs: 21_000 });
    });
    await house.execute(await house.submit());
    expect(house.queued.at(-1)?.delaySeconds).toBe(21);
  });

  it("waits for what comes back by itself, and is left to the sweep where that is further off than a queue can hold", async () => {
    let hours = 5;
    const house = await atWork(() => {
      throw new AppError({ code: "budget_exhausted", status: 429, message: "no", retryable: true, retryAfterMs: hours * 3_600_000 });
    });
    const run = await house.submit();
    expect(await house.execute(run)).toMatchObject({ status: "queued", error: { code: "budget_exhausted" } });
    expect(house.queued.at(-1)?.delaySeconds).toBe(5 * 3600);
    hours = 20;
    await house.execute(run);
    expect(house.queued).toHaveLength(2);
    house.later(20 * 3_600_000);
    expect(await house.memory.directory.takeDueRuns(1000, 30_000)).toContainEqual({ id: run.id, tenant_id: run.tenant_id, attempts: 2, task: "worker", action: "work" });
  });

  it.each([
    ["dead at once when no retry can help", () => vendorError("blocked", "The model refused.", { retryable: false }), "dead"],
    ["failed when the caller got it wrong", () => new AppError({ code: "lead_not_found", status: 404, message: "no" }), "failed"],
    ["queued again after a bug or an outage, which look alike", () => new TypeError("oops"), "queued"],
  ])("is %s", async (_, error, status) => {
    const house = await atWork(() => {
      throw error();
    });
    const run = await house.execute(await house.submit());
    expect(run?.status).toBe(status);
    // What broke inside is for the log.
    if (status === "queued") expect(JSON.stringify(run?.error)).not.toContain("oops");
  });

  it("forgets its failures with each piece that it gets done", async () => {
    const house = await atWork((attempt) => {
      if (attempt % 5 !== 0) throw vendorError("model_busy", "The model is busy.", { retryable: true });
      return attempt < 20 ? later(0) : "done";
    });
    const run = await house.submit({ action: "as_told" });
    let last = await house.execute(run);
    while (last?.status === "queued") last = await house.execute(run);
    expect(last).toMatchObject({ status: "succeeded", attempts: 20, failures: 0 });
  });

  /** Claims the run, and dies. */
  const dieAt = async (house: Awaited<ReturnType<typeof atWork>>, run: Run): Promise<void> => {
    expect(await house.store.runs.claim(run.id, 60_000)).not.toBeNull();
    house.later(60_001);
  };

  it("is a dead letter too when its consumers die one after the other, and kills no further one", async () => {
    const house = await atWork(() => "done");
    const run = await house.submit();
    for (let died = 0; died < 6; died += 1) await dieAt(house, run);
    expect(await house.execute(run)).toMatchObject({ status: "dead", error: { code: "claimant_died" }, next_due_at: null });
    expect(house.performed).toEqual([]);
    expect(await house.execute(run)).toBeNull();
    // Whoever has mended it may have it run again.
    expect(await house.store.runs.requeue(run.id, 0)).toBe(true);
    expect(await house.execute(run)).toMatchObject({ status: "succeeded", failures: 0 });
  });

  it("has as many attempts where some of its consumers die and others tell why they failed", async () => {
    const house = await atWork(() => {
      throw vendorError("model_busy", "The model is busy.", { retryable: true });
    });
    const run = await house.submit();
    for (let turn = 0; turn < 2; turn += 1) {
      await dieAt(house, run);
      expect(await house.execute(run)).toMatchObject({ status: "queued", failures: 2 * (turn + 1) });
    }
    await dieAt(house, run);
    expect(await house.execute(run)).toMatchObject({ status: "dead", failures: 6, error: { code: "model_busy" } });
  });

  it("remembers how its attempts failed and where, in nobody's words, the last ten; an erasure forgets it", async () => {
    const house = await atWork((attempt) => {
      if (attempt === 1) throw new TypeError("oops, +64211234567", { cause: new RangeError("also oops") });
      throw vendorError("model_busy", "The model is busy.", { retryable: true });
    });
    const run = await house.submit();
    await house.execute(run);
    await dieAt(house, run);
    expect(await house.execute(run)).toMatchObject({
      tries: [
        { attempt: 1, code: "internal", trace: expect.stringMatching(/^TypeError\n {2}at .*\n(.*\n)*caused by RangeError\n {2}at /) as string },
        { attempt: 2, code: "claimant_died", trace: null },
        { attempt: 3, code: "model_busy", message: "The model is busy.", trace: expect.stringMatching(/^AppError\n {2}at /) as string },
      ],
    });
    expect(JSON.stringify((await house.store.runs.get(run.id)).tries)).not.toMatch(/oops|\+64/);
    for (let more = 0; more < 3; more += 1) {
      await house.store.runs.requeue(run.id, 0);
      for (let last = await house.execute(run); last?.status === "queued"; last = await house.execute(run));
    }
    expect((await house.store.runs.get(run.id)).tries?.map(({ attempt }) => attempt)).toEqual([9, 10, 11, 12, 13, 14, 15, 16, 17, 18]);
    await house.store.erasure.scrubRun(run.id);
    expect(await house.store.runs.get(run.id)).toMatchObject({ error: null, tries: null });
  });

  it("says so in the log with the request that it came from, and where", async () => {
    const house = await atWork(() => {
      throw new TypeError("oops");
    });
    const lines: Record<string, unknown>[] = [];
    vi.spyOn(console, "log").mockImplementation((line: unknown) => void lines.push(JSON.parse(String(line)) as Record<string, unknown>));
    const run = await house.submit();
    await house.execute(run);
    vi.restoreAllMocks();
    expect(lines.find(({ event }) => event === "run failed")).toMatchObject({ level: "error", request_id: run.id, run_id: run.id, error: "TypeError: oops", stack: expect.stringMatching(/^TypeError\n {2}at /) as string });
  });
});
