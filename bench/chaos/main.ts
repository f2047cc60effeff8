import { writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { runMain } from "../../scripts/lib/command-line.ts";
import { stopWithUs } from "../../scripts/lib/shutdown.ts";
import { ROOT } from "../../scripts/lib/wrangler.ts";
import { startStandIn } from "../lib/stand-in.ts";
import { describe, type Outcome, writeDocument } from "./report.ts";
import { findFailures, FULL, runScenario, settle, SHORT, type Sizes, SPEED } from "./run.ts";
import { SCENARIOS } from "./scenarios.ts";
import { openWorld } from "./world.ts";

const NAMES = SCENARIOS.map(({ name }) => name);
const USAGE = `npm run chaos -- [--quick] [--rate N] [--seconds N] [--only NAME]… [--write]

  --quick      fewer forms, shorter outages
  --rate N     forms a second (${FULL.rate}; with --quick ${SHORT.rate})
  --seconds N  for how long they come in (${FULL.formsMs / 1000}; with --quick ${SHORT.formsMs / 1000})
  --only NAME  this scenario: ${NAMES.join(", ")}
  --write      write what was counted to docs/reliability.md too; for all scenarios only`;

/** Numbers of forms between two scenarios', so that none is taken for a repeat of another's. */
const FORMS_APART = 2_000;

interface Order {
  sizes: Sizes;
  only: readonly string[];
  write: boolean;
}

/** Null: not understood, or only asked for help. */
const readOrder = (): Order | null => {
  const { values } = parseArgs({ options: { quick: { type: "boolean", default: false }, rate: { type: "string" }, seconds: { type: "string" }, only: { type: "string", multiple: true }, write: { type: "boolean", default: false }, help: { type: "boolean", default: false } } });
  const sizes = values.quick ? SHORT : FULL;
  const rate = values.rate === undefined ? sizes.rate : Number(values.rate);
  const formsMs = values.seconds === undefined ? sizes.formsMs : Number(values.seconds) * 1000;
  const count = (rate * formsMs) / 1000;
  const only = values.only ?? NAMES;
  const isUnderstood = Number.isInteger(rate) && rate > 0 && count >= 1 && count <= FORMS_APART && only.every((name) => NAMES.includes(name)) && !(values.write && values.only !== undefined);
  if (values.help || !isUnderstood) {
    console.log(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return null;
  }
  return { sizes: { ...sizes, rate, formsMs }, only, write: values.write };
};

const main = async (): Promise<void> => {
  const order = readOrder();
  if (order === null) return;
  const { sizes, only, write } = order;
  const shutdown = stopWithUs();
  const standIn = await startStandIn({ speed: SPEED, logCapacity: 2_000_000 });
  shutdown.stopFirst(() => standIn.sandbox.close());
  const world = await openWorld({ standIn, track: (worker) => shutdown.stopFirst(() => worker.stop()) });
  const people = await settle(world, sizes);

  const outcomes: Outcome[] = [];
  for (const [place, scenario] of SCENARIOS.filter(({ name }) => only.includes(name)).entries()) {
    const verdict = await runScenario(world, scenario, people, sizes, place * FORMS_APART);
    outcomes.push({ scenario, verdict });
    const failures = findFailures(verdict);
    console.log(`${failures.length === 0 ? "ok    " : "FAILED"} ${scenario.name}: ${JSON.stringify(verdict)}${failures.length === 0 ? "" : ` (${failures.join(", ")})`}`);
    if (failures.length > 0) process.exitCode = 1;
    // After each, so that a run that is interrupted has said what it saw.
    if (write) writeFileSync(path.join(ROOT, "docs/reliability.md"), writeDocument(outcomes, sizes, new Date().toISOString().slice(0, 10)));
  }
  await world.stop();
  await standIn.sandbox.close();
  console.log(`\n${describe(outcomes)}`);
};

void runMain(main);
