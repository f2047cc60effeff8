import { describe, expect, it } from "vitest";
import { readText } from "./yaml-text.ts";
import { OWNERS, phone } from "./yaml.testing.ts";

describe("a text that is read", () => {
  it("says where a mistake of its syntax is", () => {
    expect(readText("a: 1\nb: [\n").mistakes[0]).toMatchObject({ line: expect.any(Number) as unknown, column: expect.any(Number) as unknown });
    expect(readText("- a\n").mistakes).toEqual([{ path: "", message: "must be a map of keys and values", line: 1, column: 1 }]);
    expect(readText("a: &x [*x]\n").mistakes).toEqual([{ path: "", message: expect.stringContaining("levels deep") as unknown }]);
  });

  it("says the line of a value, or of the nearest map around it", () => {
    const { lineOf } = readText(OWNERS);
    expect([lineOf(phone), lineOf(["services", 1, "name"]), lineOf(["identity", "country"]), lineOf(["nothing"])]).toEqual([14, 9, 3, null]);
  });
});
