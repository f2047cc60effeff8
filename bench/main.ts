import { parseArgs } from "node:util";
import { type Shutdown, stopWithUs } from "../scripts/lib/shutdown.ts";
import { runMain, UsageError } from "../scripts/lib/command-line.ts";
import { withBench } from "./lib/bench.ts";
import { describeResult, writeDocument } from "./lib/document.ts";
import type { Phase } from "./lib/phase.ts";
import { keepResult, keptResult, type Result, resultOf } from "./lib/results.ts";
import { PHASES } from "./phases/index.ts";

const NAMES = PHASES.map(({ name }) => name).join(",");
const USAGE = `npm run bench -- [--only NAME,…] [--quick] [--write]

  --only   of ${NAMES}
  --quick  the short form, some three minutes in all: fewer rates, smaller sizes
  --write  keep each phase's figures in docs/performance and make docs/performance.md of all that is kept there`;

/** A phase that takes longer has hung: the next one is to have its turn. */
const LIMIT_MS = 20 * 60_000;

interface Options {
  quick: boolean;
  write: boolean;
  shutdown: Shutdown;
}

const within = async <T>(work: Promise<T>, limitMs: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${limitMs / 60_000} minutes`)), limitMs);
  });
  try {
    return await Promise.race([work, overdue]);
  } finally {
    clearTimeout(timer);
  }
};

const runPhase = async (phase: Phase, { quick, write, shutdown }: Options): Promise<Result> => {
  const begun = performance.now();
  const say = (line: string): void => console.log(`${phase.name.padEnd(12)} ${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${line}`);
  say("begins");
  const figures = await withBench({ name: phase.name, quick, shutdown, say }, async (bench) => within(phase.measure(bench), LIMIT_MS));
  const result = resultOf(phase.name, { quick, figures, tookMs: performance.now() - begun });
  if (write) {
    keepResult(result);
    writeDocument(PHASES, keptResult);
  }
  return result;
};

/** @returns what went wrong, in words */
const runAll = async (phases: readonly Phase[], options: Options): Promise<string[]> => {
  const wrong: string[] = [];
  const done: [Phase, Result][] = [];
  for (const phase of phases) {
    if (options.shutdown.hasBegun()) break;
    try {
      const result = await runPhase(phase, options);
      done.push([phase, result]);
      wrong.push(...phase.report.failures(result.figures).map((text) => `${phase.name}: ${text}`));
    } catch (error) {
      // The other phases know nothing of this one.
      const text = error instanceof UsageError || !(error instanceof Error) ? String(error) : (error.stack ?? error.message);
      console.error(`${phase.name} could not be measured: ${text}`);
      wrong.push(`${phase.name}: could not be measured (again: npm run bench -- --only ${phase.name}${options.write ? " --write" : ""})`);
    }
  }
  for (const [phase, result] of done) console.log(`\n${describeResult(phase, result, null)}`);
  return wrong;
};

const main = async (): Promise<void> => {
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({ options: { only: { type: "string" }, quick: flag, write: flag, help: flag } });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const asked = values.only?.split(",");
  const unknown = asked?.filter((name) => !PHASES.some((phase) => phase.name === name)) ?? [];
  if (unknown.length > 0) throw new UsageError(`There is no phase ${unknown.join(", ")}; there are ${NAMES}.`);
  const wrong = await runAll(PHASES.filter(({ name }) => asked === undefined || asked.includes(name)), { quick: values.quick, write: values.write, shutdown: stopWithUs() });
  console.log("");
  for (const text of wrong) console.error(`FAILED: ${text}`);
  // A measurement that was given up on may still hold a socket or a timer.
  process.exit(wrong.length === 0 ? 0 : 1);
};

void runMain(main);
