import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { unstable_getVarsForDev } from "wrangler";
import { z } from "zod";
import { readEnvFile, writeEnvFile } from "./env-file.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "apex-env-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const file = path.join(scratch, "vars.env");

/** What a Worker would get from the file: Wrangler's own reading of it. */
const asWranglerReads = (): Record<string, string> => {
  const vars: unknown = unstable_getVarsForDev(path.join(scratch, "wrangler.toml"), [file], {}, undefined, true);
  const read = z.record(z.string(), z.object({ value: z.string() })).parse(vars);
  return Object.fromEntries(Object.entries(read).map(([name, { value }]) => [name, value]));
};

describe("an env file", () => {
  it("reaches the Worker exactly as it was meant", () => {
    const vars = {
      PLAIN: "value",
      EMPTY: "",
      SPACES: "  around  ",
      HASH: "a#b #c",
      APOSTROPHE: "it's",
      BOTH_QUOTES: `a "quoted" and 'quoted' word`,
      BACKTICK: "a`b",
      DOLLARS: "$HOME ${PLAIN} $$ \\$PLAIN",
      LINES: "one\ntwo",
      ESCAPES: '{"text":"a\\nb"}',
      UNICODE: "ключ 🔑",
    };
    writeEnvFile(file, vars);
    expect(asWranglerReads()).toEqual(vars);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("keeps .dev.vars out, even when it is empty", () => {
    writeFileSync(path.join(scratch, ".dev.vars"), "LEAKED=yes\n");
    writeEnvFile(file, {});
    expect(asWranglerReads()).toEqual({});
  });

  it("cannot hold a value with every kind of quote, and says whose", () => {
    expect(() => writeEnvFile(file, { NAME: "'\"`" })).toThrow("NAME");
  });

  it("is read literally", () => {
    writeFileSync(file, "# a comment\nA=one\nB='two # not a comment'\nC=$A${A}\nexport D=four # a comment\nE=\n");
    expect(readEnvFile(file)).toEqual({ A: "one", B: "two # not a comment", C: "$A${A}", D: "four", E: "" });
    expect(readEnvFile(path.join(scratch, "missing"))).toBeNull();
  });
});
