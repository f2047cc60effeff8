import { describe, expect, it } from "vitest";
import { percentile } from "./percentile.ts";

describe("percentile", () => {
  it.each([
    { samples: [15, 20, 35, 40, 50], p: 5, want: 15 },
    { samples: [15, 20, 35, 40, 50], p: 30, want: 20 },
    { samples: [15, 20, 35, 40, 50], p: 40, want: 20 },
    { samples: [15, 20, 35, 40, 50], p: 50, want: 35 },
    { samples: [15, 20, 35, 40, 50], p: 100, want: 50 },
    { samples: [7], p: 1, want: 7 },
    { samples: [7], p: 99, want: 7 },
  ])("takes rank $p of $samples as $want", ({ samples, p, want }) => {
    expect(percentile(samples, p)).toBe(want);
  });

  it("does not mind the order, nor change it", () => {
    const samples = [3, 100, 1, 20];
    expect(percentile(samples, 50)).toBe(3);
    expect(samples).toEqual([3, 100, 1, 20]);
  });

  it("sorts numbers as numbers", () => {
    expect(percentile([9, 10, 100], 100)).toBe(100);
  });

  it("knows nothing of an empty list", () => {
    expect(percentile([], 50)).toBeNaN();
  });

  it.each([0, -1, 101, Number.NaN])("refuses %s percent", (p) => {
    expect(() => percentile([1], p)).toThrow(RangeError);
  });
});
