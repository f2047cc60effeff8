import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { ModelTools } from "../../agents/lead-gen/hunt/extract/read.ts";
import { MICROS } from "../../core/money.ts";
import { modelMicros } from "../../core/usage/prices.ts";
import { createGeminiGateway } from "../../core/providers/gemini/gateway.ts";
import { startSandbox } from "../../sandbox/index.ts";
import { type Case, extract, loadCases, type Outcome } from "./extract.ts";
import { added, type Counts, fields, precision, recall, type Score, scoreCase } from "./score.ts";

const USAGE = `npm run bench:extraction -- [--misses] [--write]

  How much of what people posted is found on pages, mails and feeds, and how much of it is right, over bench/extraction/labels.yaml.
  What only a model can read is read by the sandbox's stand-in, which is a few rules about English (sandbox/gemini/posts.ts) and has
  seen no label: its figures are of the pipeline with a poor reader, not of Gemini.

  --misses  say what was missed, made up or wrong
  --write   put the tables into docs/hunting.md`;

const DOCUMENT = fileURLToPath(new URL("../../docs/hunting.md", import.meta.url));

interface Run {
  name: string;
  score: Score;
  outcomes: Outcome[];
  seconds: number;
}

const run = async (name: string, cases: readonly Case[], now: number, model: ModelTools | null, misses: boolean): Promise<Run> => {
  const began = performance.now();
  const outcomes: Outcome[] = [];
  for (const one of cases) outcomes.push(await extract(one, now, model));
  const seconds = (performance.now() - began) / 1000;
  const scores = cases.map((one, at) => scoreCase(outcomes[at]?.listings ?? [], one.posts));
  if (misses) {
    for (const [at, { file, posts }] of cases.entries()) {
      const score = scores[at];
      const wrong = fields.filter((field) => (score?.fields[field].wrong ?? 0) + (score?.fields[field].missed ?? 0) > 0);
      if (score === undefined || (score.posts.wrong + score.posts.missed === 0 && wrong.length === 0)) continue;
      console.log(`${name}: ${file}: ${score.posts.missed} of ${posts.length} missed, ${score.posts.wrong} made up; fields not right: ${wrong.join(", ") || "none"}`);
      for (const { title, description, ...rest } of outcomes[at]?.listings ?? []) console.log(`    ${JSON.stringify({ title, ...rest, description: description.slice(0, 60) })}`);
    }
  }
  return { name, score: added(scores), outcomes, seconds };
};

const percent = (share: number | null): string => (share === null ? "–" : share.toFixed(2));
const cell = (counts: Counts): string => `${percent(precision(counts))} / ${percent(recall(counts))}`;

const tableOf = (runs: readonly Run[]): string =>
  [
    `| precision / recall of | ${runs.map(({ name, score }) => `${name} (${score.posts.right + score.posts.missed})`).join(" | ")} |`,
    `|---|${"---|".repeat(runs.length)}`,
    `| **posts** | ${runs.map(({ score }) => `**${cell(score.posts)}**`).join(" | ")} |`,
    ...fields.map((field) => `| ${field} | ${runs.map(({ score }) => cell(score.fields[field])).join(" | ")} |`),
  ].join("\n");

const ROUNDS = 20;

/** Pages read again and again by code alone: parsing, layers, checks; no network, no model, no database. */
const speedOf = async (cases: readonly Case[], now: number): Promise<number> => {
  let found = 0;
  const began = performance.now();
  for (let round = 0; round < ROUNDS; round++) for (const one of cases) found += (await extract(one, now, null)).listings.length;
  return (found / (performance.now() - began)) * 60_000;
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options: { misses: { type: "boolean", default: false }, write: { type: "boolean", default: false }, help: { type: "boolean", default: false } } });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const { now, cases } = loadCases();
  const tidy = cases.filter(({ made }) => made === "tidy");
  const mess = cases.filter(({ made }) => made === "mess");
  const sandbox = await startSandbox({ speed: 0 });
  try {
    const model: ModelTools = { gateway: createGeminiGateway({ apiKey: "any", baseUrl: sandbox.url }), mayAsk: () => true };
    const runs = [
      await run("tidy, no model", tidy, now, null, values.misses),
      await run("mess, no model", mess, now, null, false),
      await run("mess, stand-in model", mess, now, model, values.misses),
      await run("all, stand-in model", cases, now, model, false),
    ];
    const [, , messy, all] = runs;
    if (messy === undefined || all === undefined) throw new Error("nothing was run");
    const byModel = messy.outcomes.flatMap(({ listings }) => listings.filter(({ extraction }) => extraction === "model")).length;
    const usages = messy.outcomes.flatMap((outcome) => outcome.usages);
    const tokens = usages.reduce((sum, { input_tokens, output_tokens }) => sum + input_tokens + output_tokens, 0);
    const usd = usages.reduce((sum, usage) => sum + modelMicros(usage, now), 0) / MICROS;
    const found = all.outcomes.reduce((sum, { listings }) => sum + listings.length, 0);
    const withoutModel = all.outcomes.reduce((sum, { listings }) => sum + listings.filter(({ extraction }) => extraction !== "model").length, 0);
    const speed = await speedOf(tidy, now);
    const text = `${tableOf(runs)}

Of the ${found} posts that were found, ${withoutModel} were read without a model, and ${found - withoutModel} by the stand-in, in ${usages.length} questions: ${byModel === 0 ? 0 : Math.round(tokens / byModel)} tokens a post
by the stand-in's count (four letters a token, the answer's schema left out), $${(byModel === 0 ? 0 : (usd / byModel) * 1000).toFixed(2)} for a thousand posts at list prices. Code alone reads ${Math.round(speed / 1000)},000 posts a minute on one core of the machine that
measured; a hunt is slower by what it leaves between two requests (2 s unless the DNA says otherwise).`;
    console.log(`\n${text}\n`);
    if (values.write) writeFileSync(DOCUMENT, readFileSync(DOCUMENT, "utf8").replace(/(?<=<!-- measured -->\n)[^]*?(?=<!-- \/measured -->)/, () => `${text}\n`));
  } finally {
    await sandbox.close();
  }
};

await main();
