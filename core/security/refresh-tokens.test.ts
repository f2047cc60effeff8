import { describe, expect, it } from "vitest";
import { newRefreshToken, readRefreshToken, refreshExpiry } from "./refresh-tokens.ts";

const DAY_MS = 86_400_000;

describe("a refresh token", () => {
  it("and all that follow it are of one family, each with a hash of its own", () => {
    const first = newRefreshToken();
    const second = readRefreshToken(first.token)?.next();
    const third = readRefreshToken(second?.token ?? "")?.next();
    expect(new Set([first.family_hash, second?.family_hash, third?.family_hash]).size).toBe(1);
    expect(new Set([first.token_hash, second?.token_hash, third?.token_hash]).size).toBe(3);
    expect(readRefreshToken(first.token)).toMatchObject(first);
    expect(newRefreshToken().family_hash).not.toBe(first.family_hash);
  });

  it("keeps neither itself nor its family in what is stored", () => {
    const { token, family_hash, token_hash } = newRefreshToken();
    for (const part of token.slice(3).split(".")) expect(`${family_hash}${token_hash}`).not.toContain(part);
  });

  it.each(["", "rt_", "rt_a.b", `rt_${"a".repeat(43)}`, `rt_${"a".repeat(43)}.${"b".repeat(32)} `, `xx_${"a".repeat(43)}.${"b".repeat(32)}`])("is told from %j by its form", (text) => {
    expect(readRefreshToken(text)).toBeNull();
  });

  it("lasts 30 days unused, and 90 days from the sign-in at most", () => {
    expect(refreshExpiry(10 * DAY_MS, 0)).toBe(40 * DAY_MS);
    expect(refreshExpiry(80 * DAY_MS, 0)).toBe(90 * DAY_MS);
  });
});
