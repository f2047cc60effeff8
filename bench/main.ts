import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { type Shutdown, stopWithUs } from "../scripts/lib/shutdown.ts";
import { type RunningWorker, StartError } from "../scripts/lib/worker-process.ts";
import { ROOT } from "../scripts/lib/wrangler.ts";
import { type HouseOptions, startHouse, STATE_DIR } from "./lib/house.ts";
import { ownerPhone, slowOwnerPhone } from "./lib/people.ts";
import { describeFigures, type Figures, findFailures, findMissedAims, writeDocument } from "./lib/report.ts";
import { type StandIn, startStandIn } from "./lib/stand-in.ts";
import { createBusinesses, signUp } from "./lib/tenants.ts";
import { versions } from "./lib/versions.ts";
import { runBundle } from "./phases/bundle.ts";
import { runConversations } from "./phases/conversation.ts";
import { type LoadPlan, runLoad } from "./phases/load.ts";
import { runQueue } from "./phases/queue.ts";
import { runRows } from "./phases/rows.ts";

const USAGE = `npm run bench -- [--quick] [--write]

  --quick  about a minute: fewer rates, shorter runs
  --write  write the figures to docs/performance.md too`;

interface Sizes {
  load: LoadPlan;
  queue: number;
  conversations: { count: number; rate: number };
  rows: number;
}

const FULL: Sizes = {
  load: { rates: [{ rate: 5, seconds: 10 }, { rate: 20, seconds: 7 }, { rate: 50, seconds: 5 }, { rate: 100, seconds: 5 }], rounds: 2, warmUp: 100 },
  queue: 15,
  conversations: { count: 12, rate: 0.5 },
  rows: 5,
};
const QUICK: Sizes = {
  load: { rates: [{ rate: 20, seconds: 3 }], rounds: 1, warmUp: 30 },
  queue: 4,
  conversations: { count: 2, rate: 1 },
  rows: 1,
};

/** Leads' numbers, from which their phones are made: no two phases share one, or it would be taken for a repeat. */
const FIRST_LEAD = { load: 0, queue: 100_000, conversations: 101_000, rows: 102_000 } as const;
/** Owners' numbers: likewise. */
const FIRST_OWNER = { queue: 50_000, rows: 51_000 } as const;

interface Bench {
  standIn: StandIn;
  sizes: Sizes;
  start: (options: Omit<HouseOptions, "sandbox">) => Promise<RunningWorker>;
  say: (line: string) => void;
}

const measureLoad = async ({ standIn, sizes, start, say }: Bench): Promise<Figures["load"]> => {
  const product = await start({ kind: "product", state: "product", callsPerSecond: 1000, cron: true });
  const bare = await start({ kind: "bare", state: "bare", callsPerSecond: 1000, cron: false });
  const most = Math.max(sizes.load.warmUp, ...sizes.load.rates.map(({ rate, seconds }) => rate * seconds));
  const perBusiness = 2;
  // As many owners as leads in one go: an owner's phone is taken while it rings, and the wait for it is not what we measure.
  const businesses = await createBusinesses(await signUp(product.url), "load", Math.ceil(most / perBusiness), (index) =>
    Array.from({ length: perBusiness }, (_, owner) => ownerPhone(perBusiness * index + owner)),
  );
  say(`${businesses.length} businesses with ${perBusiness} owners each; forms come in`);
  const figures = await runLoad({ standIn, sides: { product: { name: "product", url: product.url }, bare: { name: "bare", url: bare.url } }, businesses, plan: sizes.load, say });
  await Promise.all([product.stop(), bare.stop()]);
  return figures;
};

const measurePace = async ({ standIn, sizes, start, say }: Bench): Promise<Pick<Figures, "queue" | "conversation">> => {
  const product = await start({ kind: "product", state: "pace", callsPerSecond: 1, cron: true });
  const account = await signUp(product.url);
  say("a burst at one call a second");
  const waiting = await createBusinesses(account, "queue", sizes.queue, (index) => [ownerPhone(FIRST_OWNER.queue + index)]);
  const queue = await runQueue({ standIn, url: product.url, businesses: waiting, firstLead: FIRST_LEAD.queue });
  say("owners who answer after 5 s");
  const answering = await createBusinesses(account, "slow", sizes.conversations.count, (index) => [slowOwnerPhone(index)]);
  standIn.acceptOnly(false);
  const conversation = await runConversations({ standIn, account, businesses: answering, rate: sizes.conversations.rate, firstLead: FIRST_LEAD.conversations, until: "ended", limitMs: 60_000 });
  standIn.acceptOnly(true);
  await product.stop();
  return { queue, conversation };
};

const measureRows = async ({ standIn, sizes, start, say }: Bench): Promise<Figures["rows"]> => {
  say("rows of D1");
  const counting = await start({ kind: "counting", state: "rows", callsPerSecond: 1000, cron: false });
  const account = await signUp(counting.url);
  const businesses = await createBusinesses(account, "rows", sizes.rows, (index) => [ownerPhone(FIRST_OWNER.rows + index)]);
  const figures = await runRows({ standIn, account, businesses, firstLead: FIRST_LEAD.rows });
  await counting.stop();
  return figures;
};

const openBench = async (shutdown: Shutdown, sizes: Sizes): Promise<Bench> => {
  rmSync(STATE_DIR, { recursive: true, force: true });
  const standIn = await startStandIn();
  shutdown.stopFirst(() => standIn.sandbox.close());
  standIn.acceptOnly(true);
  const begun = performance.now();
  return {
    standIn,
    sizes,
    say: (line) => console.log(`${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${line}`),
    start: async (options) => {
      const worker = await startHouse({ ...options, sandbox: standIn.sandbox });
      shutdown.stopFirst(() => worker.stop());
      return worker;
    },
  };
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options: { quick: { type: "boolean", default: false }, write: { type: "boolean", default: false }, help: { type: "boolean", default: false } } });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const bench = await openBench(stopWithUs(), values.quick ? QUICK : FULL);
  const load = await measureLoad(bench);
  const pace = await measurePace(bench);
  const rows = await measureRows(bench);
  bench.say("the bundle");
  const figures: Figures = { load, ...pace, rows, bundle: await runBundle() };
  await bench.standIn.sandbox.close();

  console.log(`\n${describeFigures(figures)}`);
  if (values.write) writeFileSync(path.join(ROOT, "docs/performance.md"), writeDocument(figures, versions(), new Date().toISOString().slice(0, 10)));
  for (const aim of findMissedAims(figures)) console.log(`Missed: ${aim}`);
  const failures = findFailures(figures);
  for (const failure of failures) console.error(`FAILED: ${failure}`);
  process.exitCode = failures.length === 0 ? 0 : 1;
};

main().catch((error: unknown) => {
  console.error(error instanceof StartError ? error.message : error);
  process.exit(1);
});
