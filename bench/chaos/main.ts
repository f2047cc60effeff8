import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { stopWithUs } from "../../scripts/lib/shutdown.ts";
import { StartError } from "../../scripts/lib/worker-process.ts";
import { ROOT } from "../../scripts/lib/wrangler.ts";
import { STATE_DIR } from "../lib/house.ts";
import { startStandIn } from "../lib/stand-in.ts";
import { describe, type Outcome, writeDocument } from "./report.ts";
import { findFailures, FULL, runScenario, settle, SHORT, SPEED } from "./run.ts";
import { SCENARIOS } from "./scenarios.ts";
import { openWorld } from "./world.ts";

const USAGE = `npm run chaos -- [--quick] [--only NAME]… [--write]

  --quick      fewer forms
  --only NAME  this scenario: ${SCENARIOS.map(({ name }) => name).join(", ")}
  --write      write what was counted to docs/reliability.md too`;

const FORMS_APART = 1_000;

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options: { quick: { type: "boolean", default: false }, only: { type: "string", multiple: true }, write: { type: "boolean", default: false }, help: { type: "boolean", default: false } } });
  const scenarios = SCENARIOS.filter(({ name }) => values.only === undefined || values.only.includes(name));
  if (values.help || scenarios.length === 0) {
    console.log(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const sizes = values.quick ? SHORT : FULL;
  const shutdown = stopWithUs();
  rmSync(path.join(STATE_DIR, "chaos"), { recursive: true, force: true });
  const standIn = await startStandIn({ speed: SPEED, logCapacity: 2_000_000 });
  shutdown.stopFirst(() => standIn.sandbox.close());
  const world = await openWorld(standIn, (worker) => shutdown.stopFirst(() => worker.stop()));
  const people = await settle(world, sizes);

  const outcomes: Outcome[] = [];
  for (const [place, scenario] of scenarios.entries()) {
    const verdict = await runScenario(world, scenario, people, sizes, place * FORMS_APART);
    outcomes.push({ scenario, verdict });
    const failures = findFailures(verdict);
    console.log(`${failures.length === 0 ? "ok    " : "FAILED"} ${scenario.name}: ${JSON.stringify(verdict)}${failures.length === 0 ? "" : ` (${failures.join(", ")})`}`);
    if (failures.length > 0) process.exitCode = 1;
  }
  await world.stop();
  await standIn.sandbox.close();
  console.log(`\n${describe(outcomes)}`);
  if (values.write) writeFileSync(path.join(ROOT, "docs/reliability.md"), writeDocument(outcomes, sizes.rate, sizes.ms / 1000, new Date().toISOString().slice(0, 10)));
};

main().catch((error: unknown) => {
  console.error(error instanceof StartError ? error.message : error);
  process.exit(1);
});
