import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../..");
const files = globSync("{core,durable,agents,worker}/**/*.ts", { cwd: ROOT }).filter((file) => !file.endsWith(".test.ts"));

const MOST_ROUNDS = 100_000;
/** `pbkdf2(…)`, `pbkdf2Sync(…)` and WebCrypto's `{ name: "PBKDF2", … iterations: 600_000 }`, each with what stands around it. */
const usesOf = (text: string): string[] => [...text.matchAll(/\bpbkdf2(?:Sync)?\s*\(|["'`]PBKDF2["'`]/gi)].map((use) => text.slice(Math.max(0, use.index - 300), use.index + 300));
const roundsIn = (text: string): number[] => [...text.matchAll(/\b\d[\d_]*(?:\.\d+)?(?:e\d+)?\b/gi)].map(([number]) => Number(number.replaceAll("_", "")));
const offends = (text: string): boolean => usesOf(text).some((around) => roundsIn(around).some((rounds) => rounds > MOST_ROUNDS));

describe("PBKDF2", () => {
  it("with more than 100,000 rounds is nowhere in the product: it works here and throws in production", () => {
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((file) => offends(readFileSync(path.join(ROOT, file), "utf8")))).toEqual([]);
  });

  it.each(['await subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: 600_000 }, key, 256)', "pbkdf2Sync(password, salt, 310000, 32, 'sha256')", "pbkdf2(password, salt, 6e5, 32, 'sha256', done)"])("is found in %s", (code) => {
    expect(offends(code)).toBe(true);
    expect(offends(code.replace(/600_000|310000|6e5/, "100_000"))).toBe(false);
  });
});
