import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { readProfiles, runDna } from "./dna-cli.ts";
import { ROOT } from "./wrangler.ts";

const dir = mkdtempSync(path.join(tmpdir(), "dna-"));
afterAll(() => rmSync(dir, { recursive: true }));

const run = (...args: string[]) => {
  const [printed, complained]: [string[], string[]] = [[], []];
  const code = runDna(args, { root: ROOT, print: (line) => printed.push(line), complain: (line) => complained.push(line) });
  return { code, printed, complained };
};
const file = (text: string): string => {
  const name = path.join(dir, `${crypto.randomUUID()}.yaml`);
  writeFileSync(name, text);
  return name;
};

describe("npm run dna -- check", () => {
  it.each(["profiles/demo.yaml", "profiles/defaults.yaml", ...[...readProfiles(ROOT).verticals.keys()].map((niche) => `profiles/verticals/${niche}.yaml`)])("%s is valid and has no key without effect", (name) => {
    expect(run("check", path.join(ROOT, name))).toMatchObject({ code: 0, complained: [] });
  });

  it("names the vertical that the document would stand on", () => {
    expect(run("check", file("identity: {niche: roofer}")).printed[0]).toContain("over the vertical roofer");
  });

  it("ends with 1 and tells file, line, column, path and what was expected", () => {
    const name = file('services:\n  - name: Drains\nmodules:\n  lead_gen:\n    sales_bridge:\n      destination_phone: "021"\n      ring_timeout_s: soon\n');
    const { code, complained } = run("check", name);
    expect([code, complained]).toEqual([
      1,
      [`${name}:6:7: modules.lead_gen.sales_bridge.destination_phone: must be a phone number in E.164 form, e.g. +64211234567`, `${name}:7:7: modules.lead_gen.sales_bridge.ring_timeout_s: Invalid input: expected number, received string`],
    ]);
  });

  it("tells where YAML itself ends to make sense", () => {
    const name = file("a: 1\nb: [\n");
    expect(run("check", name)).toMatchObject({ code: 1, complained: [expect.stringMatching(/\.yaml:3:1: /)] });
  });

  it("warns of a slip of the pen, which is valid and has no effect", () => {
    const name = file("brand_brain:\n  voice_tune: dry\nmodules: {lead_gen: {scoring: {contact_basis: {my_board: its terms allow calls}}}}\n");
    expect(run("check", name)).toMatchObject({ code: 0, complained: [`${name}:2:3: brand_brain.voice_tune: warning: not a key that this release knows; it has no effect`] });
  });

  it.each([[["check", "/nowhere.yaml"]], [["check"]], [[]], [["mend", "x"]]])("%j ends with 2", (args) => {
    const { code, complained } = run(...args);
    expect([code, complained.length]).toEqual([2, 1]);
  });
});

it("npm run dna -- schema prints a JSON Schema", () => {
  const { code, printed } = run("schema");
  expect(code).toBe(0);
  expect(z.looseObject({ properties: z.looseObject({ services: z.unknown() }) }).safeParse(JSON.parse(printed.join("\n"))).success).toBe(true);
});
