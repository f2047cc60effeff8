import { describe, expect, it } from "vitest";
import { hideSecrets, registerSecrets } from "./known-secrets.ts";

describe("a known secret", () => {
  registerSecrets(["first-known-secret, second known/secret", 'third "known" secret', "short", undefined, ""]);

  it.each([
    ["alone", "first-known-secret"],
    ["as one of a list", "x second known/secret y"],
    ["inside JSON", JSON.stringify({ a: 'third "known" secret' })],
    ["in an address", `https://x.example/?k=${encodeURIComponent("second known/secret")}`],
    ["with others", "first-known-secret second known/secret first-known-secret"],
  ])("is not shown %s", (_, text) => {
    expect(hideSecrets(text)).toContain("[redacted]");
    expect(hideSecrets(text)).not.toMatch(/known/);
  });

  it("of a few letters would take words along, and is none", () => {
    expect(hideSecrets("a short text")).toBe("a short text");
  });
});
