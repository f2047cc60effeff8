import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { ROOT } from "../../scripts/lib/wrangler.ts";
import { describe, failures, figuresSchema, uniqueSchema } from "./report.ts";
import { mistakesIn } from "../../scripts/lib/pages/valid-html.ts";

const USAGE = `npm run bench:pages -- [--write] [--show]

  Writes and reviews 50 pages with the sandbox's model in place of Gemini, one for each thing that a model gets wrong, and checks 5,000
  pages for uniqueness. Ends with an error when a fact is traced to nothing, or what was wrong got through.

  --write  put the tables into docs/pages.md
  --show   print what the critic says of pages that did not pass`;

const DOCUMENT = path.join(ROOT, "docs/pages.md");
const pageSchema = z.object({ title: z.string(), h1: z.string(), body_html: z.string(), status: z.string(), findings: z.array(z.string()) });
type Page = z.infer<typeof pageSchema>;

/** Runs one of the measurements in workerd. @returns what it printed, by the first word of the line */
const measure = async (file: string): Promise<Map<string, unknown[]>> => {
  const child = spawn("npx", ["vitest", "run", "--config", "bench/pages/vitest.config.ts", file], { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  const printed = new Map<string, unknown[]>();
  for await (const line of createInterface({ input: child.stdout })) {
    const [, name, json] = /^(PAGE|FIGURES|UNIQUE) (\{.*\})$/.exec(line) ?? [];
    if (name !== undefined && json !== undefined) printed.set(name, [...(printed.get(name) ?? []), JSON.parse(json)]);
    else if (/✗|×|Error/.test(line)) console.error(line);
  }
  return printed;
};

const countInvalid = async (pages: readonly Page[]): Promise<number> => {
  let invalid = 0;
  for (const page of pages) {
    const mistakes = await mistakesIn(page);
    if (mistakes.length > 0) invalid += 1;
    for (const mistake of mistakes.slice(0, 3)) console.error(`${page.h1}: ${mistake}`);
  }
  return invalid;
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options: { write: { type: "boolean", default: false }, show: { type: "boolean", default: false }, help: { type: "boolean", default: false } } });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const [written, unique] = [await measure("bench/pages/written.workerd.ts"), await measure("bench/pages/unique.workerd.ts")];
  const figures = figuresSchema.parse(written.get("FIGURES")?.[0]);
  const uniqueness = uniqueSchema.parse(unique.get("UNIQUE")?.[0]);
  const pages = z.array(pageSchema).parse(written.get("PAGE") ?? []);
  const invalid = await countInvalid(pages);
  const report = describe(figures, uniqueness, invalid, new Date().toISOString().slice(0, 10));
  console.log(report);
  if (values.show) for (const { h1, status, findings } of pages) if (status !== "passed") console.log(`${h1}\n  ${findings.join("\n  ")}`);
  if (values.write) writeFileSync(DOCUMENT, readFileSync(DOCUMENT, "utf8").replace(/(?<=<!-- bench:pages -->\n)[^]*?(?=<!-- \/bench:pages -->)/, () => report));
  const wrong = failures(figures, uniqueness, invalid);
  for (const failure of wrong) console.error(failure);
  if (wrong.length > 0) process.exitCode = 1;
};

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
