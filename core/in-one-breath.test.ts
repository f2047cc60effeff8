import { describe, expect, it } from "vitest";
import { inOneBreath } from "./in-one-breath.ts";

describe("questions in one breath", () => {
  it("are asked together, and each has its own answer", async () => {
    const asked: number[][] = [];
    const double = inOneBreath(async (numbers: number[]) => {
      asked.push(numbers);
      return Promise.resolve(numbers.map((number) => number * 2));
    });
    expect(await Promise.all([double(1), double(2)])).toEqual([2, 4]);
    expect(await double(3)).toBe(6);
    expect(asked).toEqual([[1, 2], [3]]);
  });

  it("fail together, and the next is asked anew", async () => {
    let isAway = true;
    const same = inOneBreath(async (words: string[]) => (isAway ? Promise.reject(new Error("away")) : Promise.resolve(words)));
    expect((await Promise.allSettled([same("a"), same("b")])).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    isAway = false;
    expect(await same("c")).toBe("c");
  });

  it("are not answered by less than was asked", async () => {
    await expect(inOneBreath(async (): Promise<string[]> => Promise.resolve([]))("a")).rejects.toThrow("fewer answers");
  });
});
