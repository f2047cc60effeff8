import { describe, expect, it } from "vitest";
import { parseRange } from "./range.ts";

describe("parseRange", () => {
  it("finds nothing to give in an empty file", () => {
    expect([parseRange("bytes=0-", 0), parseRange("bytes=-5", 0), parseRange(null, 0)]).toEqual([
      { kind: "unsatisfiable" },
      { kind: "unsatisfiable" },
      { kind: "full" },
    ]);
  });
});
