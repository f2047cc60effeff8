import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createProgressTeller } from "./progress-teller.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const at = (done: number) => ({ done, total: 9, label: `step ${done}` });
const setUp = () => {
  const told: number[] = [];
  const teller = createProgressTeller(async ({ done }) => Promise.resolve(void told.push(done)), 1000);
  return { told, teller };
};

describe("progress", () => {
  it("is told at once, and of what comes soon after only the last", async () => {
    const { told, teller } = setUp();
    for (const done of [1, 2, 3]) await teller.say(at(done));
    expect(told).toEqual([1]);
    await vi.advanceTimersByTimeAsync(999);
    expect(told).toEqual([1]);
    await vi.advanceTimersByTimeAsync(1);
    expect(told).toEqual([1, 3]);
    await teller.say(at(4));
    await vi.advanceTimersByTimeAsync(5000);
    expect(told).toEqual([1, 3, 4]);
    await teller.say(at(5));
    expect(told).toEqual([1, 3, 4, 5]);
  });

  it("is not told any more once the work has ended", async () => {
    const { told, teller } = setUp();
    await teller.say(at(1));
    await teller.say(at(2));
    teller.end();
    await vi.advanceTimersByTimeAsync(5000);
    expect(told).toEqual([1]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
