import { describe, expect, it } from "vitest";
import { sameSecret, sha256Hex } from "./constant-time.ts";

describe("sameSecret", () => {
  it.each([
    ["equal", "s3cret", "s3cret", true],
    ["of the same length but different", "s3cret", "s3creT", false],
    ["one a prefix of the other", "s3cret", "s3cret-", false],
    ["one of them empty", "", "s3cret", false],
    ["beyond ASCII", "ключ🔑", "ключ🔑", true],
  ])("compares secrets that are %s", async (_, a, b, same) => {
    expect(await sameSecret(a, b)).toBe(same);
  });
});

describe("sha256Hex", () => {
  it("gives the digest of FIPS 180-2's example, for text and for bytes", () => {
    const digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    expect(sha256Hex("abc")).toBe(digest);
    expect(sha256Hex(new TextEncoder().encode("abc"))).toBe(digest);
  });
});
