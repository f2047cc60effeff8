import { describe, expect, it } from "vitest";
import { monthOf } from "../clock.ts";
import { AppError, vendorError } from "../errors.ts";
import { inBrowser, nobodyWaits } from "../observe/activity.ts";
import { vendorBusy } from "../providers/pace.ts";
import { later } from "./agent.ts";
import { atWork } from "./jobs.testing.ts";

describe("an attempt that had a browser", () => {
  it("books it on its project by begun seconds, also when it has failed", async () => {
    const house = await atWork(async () => inBrowser(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      throw new AppError({ code: "no", status: 422, message: "no" });
    }));
    expect(await house.execute(await house.submit({ action: "as_told" }))).toMatchObject({ status: "failed" });
    const rows = await house.store.usage.ofMonth(monthOf(Date.now()), house.projectId);
    expect(rows.map(({ kind, detail, quantity, cost_micros }) => [kind, detail, quantity, cost_micros])).toEqual([["browser_seconds", "worker", 1, 25]]);
  });
});

describe("a run", () => {
  it("is stored, queued, run once and remembered with its result and progress", async () => {
    const house = await atWork(() => "done");
    const run = await house.submit();
    expect(house.queued).toEqual([{ queue: "urgent", message: { tenant_id: run.tenant_id, run_id: run.id, attempts: 0 }, delaySeconds: 0 }]);
    expect(await house.execute(run)).toMatchObject({ status: "succeeded", attempts: 1, result: { project: house.projectId, made: "done" }, progress: { done: 1, total: 1, label: "Acme" } });
    expect(await house.execute(run)).toBeNull();
    expect(house.performed).toEqual([1]);
  });

  it("knows whether it is a batch's, which gives way at vendors", async () => {
    const house = await atWork(() => nobodyWaits());
    const [urgent, bulk] = [await house.submit(), await house.submit({ action: "as_told" })];
    for (const { message } of house.queued) await house.jobs.execute(message);
    expect([(await house.store.runs.get(urgent.id)).result, (await house.store.runs.get(bulk.id)).result]).toEqual([{ project: house.projectId, made: false }, true]);
  });

  it("is not run by two consumers at the same time", async () => {
    const house = await atWork(() => null);
    const run = await house.submit();
    await Promise.all([house.execute(run), house.execute(run), house.execute(run)]);
    expect(house.performed).toEqual([1]);
  });

  it("is taken over when its consumer has died, and the dead one's late outcome counts for nothing", async () => {
    const house = await atWork(() => "new");
    const run = await house.submit();
    const dead = await house.store.runs.claim(run.id, 60_000);
    house.later(60_001);
    expect(await house.execute(run)).toMatchObject({ status: "succeeded", attempts: 2 });
    expect(dead && (await house.store.runs.finish(dead, { status: "succeeded", result: "old" }, run.progress))).toBeNull();
    expect((await house.store.runs.get(run.id)).result).toMatchObject({ made: "new" });
  });

  it("whose turn at a vendor has not come waits as often as it takes, which is no failure, and forgets none", async () => {
    const house = await atWork((attempt) => {
      if (attempt === 1) throw vendorError("model_busy", "The model is busy.", { retryable: true });
      if (attempt < 20) throw vendorBusy("gemini", 20_000);
      return "done";
    });
    const run = await house.submit();
    await house.execute(run);
    for (let attempt = 2; attempt < 20; attempt += 1) expect(await house.execute(run)).toMatchObject({ status: "queued", failures: 1, error: { code: "vendor_busy" } });
    expect(house.queued.at(-1)?.delaySeconds).toBe(20);
    expect(await house.execute(run)).toMatchObject({ status: "succeeded", failures: 0 });
  });

  it("that has more to do is taken up again as often as it likes, which is no failure", async () => {
    const house = await atWork((attempt) => (attempt < 20 ? later(60_000) : "all of it"));
    const run = await house.submit({ action: "as_told" });
    let last = await house.execute(run);
    expect(last).toMatchObject({ status: "queued", error: null, failures: 0 });
    expect(house.queued.at(-1)).toEqual({ queue: "bulk", message: { tenant_id: run.tenant_id, run_id: run.id, attempts: 1, bulk: true }, delaySeconds: 60 });
    while (last?.status === "queued") last = await house.execute(run);
    expect(last).toMatchObject({ status: "succeeded", attempts: 20, result: "all of it" });
  });

  it("is not taken up by a message that another attempt has overtaken", async () => {
    const house = await atWork((attempt) => (attempt === 1 ? later(60_000) : "done"));
    const run = await house.submit({ action: "as_told" });
    await house.execute(run);
    expect(await house.jobs.execute({ tenant_id: run.tenant_id, run_id: run.id, attempts: 0 })).toBeNull();
    expect(await house.jobs.execute({ tenant_id: run.tenant_id, run_id: run.id, attempts: 1 })).toMatchObject({ status: "succeeded" });
    expect(house.performed).toEqual([1, 2]);
  });

  it("can be put back when it is over, with its original input", async () => {
    let fixed = false;
    const house = await atWork(() => {
      if (!fixed) throw vendorError("blocked", "no", { retryable: false });
      return "ok";
    });
    const run = await house.submit();
    expect(await house.store.runs.requeue(run.id, 0)).toBe(false);
    await house.execute(run);
    fixed = true;
    expect(await house.store.runs.requeue(run.id, 0)).toBe(true);
    expect(await house.execute(run)).toMatchObject({ status: "succeeded", error: null });
  });

  it("under an idempotency key is the same run again", async () => {
    const house = await atWork(() => null);
    const [one, two] = [await house.submit({ idempotency_key: "k" }), await house.submit({ idempotency_key: "k" })];
    expect(two.id).toBe(one.id);
    expect(house.queued).toHaveLength(1);
  });

  it("survives a queue that is down: the sweep's table still has it", async () => {
    const house = await atWork(() => null);
    house.breakQueue();
    const run = await house.submit();
    house.later(60_000);
    expect(await house.memory.directory.takeDueRuns(100, 30_000)).toContainEqual({ id: run.id, tenant_id: run.tenant_id, attempts: 0, task: "worker", action: "work" });
    expect(await house.memory.directory.takeDueRuns(100, 30_000)).not.toContainEqual({ id: run.id, tenant_id: run.tenant_id, attempts: 0, task: "worker", action: "work" });
  });

  it("of a project that is another tenant's fails as if there were none", async () => {
    const [house, other] = [await atWork(() => null), await atWork(() => null)];
    expect(await house.execute(await house.submit({ project_id: other.projectId }))).toMatchObject({ status: "failed", error: { code: "project_not_found" } });
    expect(house.performed).toEqual([]);
  });

  it("of a system agent needs no DNA", async () => {
    const house = await atWork(() => null);
    expect(await house.execute(await house.submit({ action: "before_dna" }))).toMatchObject({ status: "succeeded", result: { named: house.projectId } });
  });
});
