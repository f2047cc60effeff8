import { describe, expect, it } from "vitest";
import { later } from "./agent.ts";
import { startParts } from "./parts.ts";
import { atWork } from "./jobs.testing.ts";

/** A run that waits, and its parts. */
const withParts = async (keys: string[], work: (attempt: number) => unknown) => {
  const house = await atWork(work);
  const whole = await house.submit({ action: "as_told" });
  await house.execute(whole);
  const tools = { enqueue: house.jobs.enqueue };
  const start = async (again: string[]) => startParts({ runId: whole.id, projectId: house.projectId, memory: house.store, tools }, again.map((key) => ({ task: "worker", action: "as_told", params: {}, key })));
  await start(keys);
  const parts = await Promise.all(keys.map(async (key) => house.store.runs.withKey(key)));
  return { ...house, whole, start, parts: parts.filter((part) => part !== undefined) };
};

describe("a run's parts", () => {
  it("are stored and queued once each, however often they are asked for, and name the run", async () => {
    const keys = Array.from({ length: 20 }, (_, n) => `part-${n}`);
    const house = await withParts(keys, () => later(3_600_000));
    expect(await house.start(keys)).toBe(0);
    expect(house.parts).toHaveLength(20);
    expect(new Set(house.parts.map((part) => part.parent_id))).toEqual(new Set([house.whole.id]));
    // The whole, its next attempt, and twenty parts.
    expect(house.queued).toHaveLength(22);
    expect(await house.store.runs.partsOf(house.whole.id)).toEqual({ queued: 20 });
  });

  it("wake it once the last of them is over, and not before", async () => {
    let asked = 0;
    const house = await withParts(["one", "two"], () => ((asked += 1) === 1 ? later(3_600_000) : "done"));
    const woken = () => house.queued.filter(({ message, delaySeconds }) => message.run_id === house.whole.id && message.attempts === 1 && delaySeconds === 0);
    const [one, two] = house.parts;
    if (!one || !two) throw new Error("two parts were asked for");
    await house.execute(one);
    expect(woken()).toEqual([]);
    await house.execute(two);
    expect(woken()).toHaveLength(1);
    expect(await house.execute(house.whole)).toMatchObject({ status: "succeeded", attempts: 2 });
  });

  it("that were over before it had begun to wait wake it all the same", async () => {
    const tools: { begin: () => Promise<void> } = { begin: async () => Promise.resolve() };
    let asked = 0;
    const house = await atWork(async () => {
      const isFirst = (asked += 1) === 1;
      if (isFirst) await tools.begin();
      return isFirst ? later(3_600_000) : "done";
    });
    const whole = await house.submit({ action: "as_told" });
    tools.begin = async () => {
      const part = { task: "worker", action: "as_told", params: {}, key: "quick" };
      await startParts({ runId: whole.id, projectId: house.projectId, memory: house.store, tools: { enqueue: house.jobs.enqueue } }, [part]);
      const run = await house.store.runs.withKey("quick");
      if (run) await house.execute(run);
    };
    expect(await house.execute(whole)).toMatchObject({ status: "queued", attempts: 1 });
    expect(house.queued.at(-1)).toMatchObject({ message: { run_id: whole.id, attempts: 1 }, delaySeconds: 0 });
    expect(await house.execute(whole)).toMatchObject({ status: "succeeded" });
  });
});
