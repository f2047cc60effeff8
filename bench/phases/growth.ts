import { cpSync } from "node:fs";
import path from "node:path";
import { firstId } from "../../core/ids.ts";
import { HOUR_MS, hourAt } from "../../core/stats/calendar.ts";
import { percentile } from "../../core/stats/percentile.ts";
import { submit } from "../lib/arrivals.ts";
import type { Bench } from "../lib/bench.ts";
import { endCalls } from "../lib/end-calls.ts";
import { FILLED_DAYS, fillDatabase } from "../lib/fill.ts";
import { formTo } from "../lib/forms.ts";
import { ownerPhone } from "../lib/people.ts";
import { rollUp } from "../lib/roll-up.ts";
import { readTallies } from "../lib/tallies.ts";
import { type Account, api, type Business, createBusinesses, signUp } from "../lib/tenants.ts";

const SIZES = { full: [1_000, 100_000, 1_000_000], quick: [1_000, 10_000] } as const;
const ROUNDS = { full: 6, quick: 2 } as const;
const NEIGHBOURS = 1000;
/** In a row, of each operation, before another size has its turn. */
const AT_A_TIME = 10;
/** As many as a DNA names, so that no lead of a turn waits for a phone. */
const OWNERS = 20;

/** Whole hours that were over when the figures were rolled up: those of an hour that goes on are counted from its leads. */
const thirtyDays = (now: number): string => {
  const to = (hourAt(now) - 1) * HOUR_MS;
  return `from=${new Date(to - 30 * 24 * HOUR_MS).toISOString()}&to=${new Date(to).toISOString()}`;
};

/** What is asked of a project with that many leads; each answer has 20 rows, or one, whatever the size. */
const READS = {
  "list, first page": () => "/api/entities?type=lead&limit=20",
  "list, a page from the middle": (_, middle) => `/api/entities?type=lead&limit=20&cursor=${middle}`,
  "filter by status": () => "/api/entities?status=won&limit=20",
  "search, a word of all leads": () => "/api/entities?q=leaking&limit=20",
  "search, a beginning of it": () => "/api/entities?q=lea&limit=20",
  "search, many words' beginning": () => "/api/entities?q=6422000&limit=20",
  "search, a word of one lead": (size) => `/api/entities?q=job${size - 1}&limit=20`,
  "list of calls": () => "/api/calls?limit=20",
  "stats of 30 days": () => `/api/stats?${thirtyDays(Date.now())}`,
} as const satisfies Record<string, (size: number, middle: string) => string>;
const INTAKE = "intake";

export interface OperationFigures {
  /** Medians. */
  rowsRead: number;
  rowsWritten: number;
  p50: number;
  p95: number;
}

export interface SizeFigures {
  entities: number;
  operations: Record<string, OperationFigures>;
}

export interface GrowthFigures {
  neighbours: number;
  samples: number;
  sizes: SizeFigures[];
}

interface Sample {
  ms: number;
  read: number;
  written: number;
}

interface House {
  size: number;
  account: Account;
  business: Business;
  /** Where the list is half-way through: a cursor. */
  middle: string;
  samples: Map<string, Sample[]>;
}

/** Does one thing, and tells what it took and what it asked of D1. */
const sample = async (url: string, part: "api" | "intake", work: () => Promise<unknown>): Promise<Sample> => {
  const before = (await readTallies(url))[part];
  const begun = performance.now();
  await work();
  const ms = performance.now() - begun;
  const after = (await readTallies(url))[part];
  return { ms, read: (after?.rows_read ?? 0) - (before?.rows_read ?? 0), written: (after?.rows_written ?? 0) - (before?.rows_written ?? 0) };
};

const measureReads = async ({ size, account, business, middle, samples }: House): Promise<void> => {
  for (const [name, pathOf] of Object.entries(READS)) {
    const asked = `${pathOf(size, middle)}&project_id=${business.projectId}`;
    for (let turn = 0; turn < AT_A_TIME; turn += 1) samples.get(name)?.push(await sample(account.url, "api", async () => api(account, "GET", asked)));
  }
};

const measureIntake = async ({ standIn }: Bench, { account, business, samples }: House, firstLead: number): Promise<void> => {
  const leads: string[] = [];
  for (let lead = firstLead; lead < firstLead + AT_A_TIME; lead += 1) {
    samples.get(INTAKE)?.push(
      await sample(account.url, "intake", async () => {
        const { leadId } = await submit(formTo(account.url, business, lead), performance.now());
        if (leadId === null) throw new Error("A lead was not accepted.");
        leads.push(leadId);
      }),
    );
  }
  await standIn.drained(leads, 5_000, 30_000);
  await endCalls(standIn, leads);
};

const figuresOf = ({ size, samples }: House, warmUp: number): SizeFigures => ({
  entities: size,
  operations: Object.fromEntries(
    [...samples].map(([name, all]) => {
      const own = all.slice(warmUp);
      const of = (field: keyof Sample, p: number): number => percentile(own.map((one) => one[field]), p);
      return [name, { rowsRead: of("read", 50), rowsWritten: of("written", 50), p50: of("ms", 50), p95: of("ms", 95) }];
    }),
  ),
});

/** One tenant of each size in a database of its own, all Workers up at once and asked in turn, so that what the machine does meanwhile meets all. */
export const measureGrowth = async (bench: Bench): Promise<GrowthFigures> => {
  const { quick, stateDir, start, say } = bench;
  const [sizes, rounds] = quick ? [SIZES.quick, ROUNDS.quick] : [SIZES.full, ROUNDS.full];
  const options = { kind: "counting", callsPerSecond: 1000, cron: false } as const;
  const first = await start({ ...options, state: "empty" });
  const account = await signUp(first.url);
  const [business] = await createBusinesses(account, "growth", 1, () => Array.from({ length: OWNERS }, (_, index) => ownerPhone(index)));
  if (business === undefined) throw new Error("There is no business.");
  await first.stop();

  const dirOf = (size: number): string => path.join(stateDir, String(size));
  for (const size of sizes) {
    cpSync(path.join(stateDir, "empty"), dirOf(size), { recursive: true });
    const begun = performance.now();
    await fillDatabase(dirOf(size), { projectId: business.projectId, leads: size, neighbours: NEIGHBOURS, now: Date.now() });
    say(`${size} leads and ${NEIGHBOURS} other tenants written in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  }
  const houses: House[] = [];
  for (const size of sizes) {
    const { url } = await start({ ...options, state: String(size) });
    await rollUp(url, dirOf(size));
    say(`${size} leads: figures are rolled up`);
    houses.push({ size, account: { ...account, url }, business, middle: firstId("ent", Date.now() - (FILLED_DAYS / 2) * 86_400_000), samples: new Map([INTAKE, ...Object.keys(READS)].map((name) => [name, []])) });
  }
  say("questions and leads come in");
  // The first round warms caches and is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    for (const house of round % 2 === 0 ? houses : houses.toReversed()) {
      await measureIntake(bench, house, round * AT_A_TIME);
      await measureReads(house);
    }
  }
  return { neighbours: NEIGHBOURS, samples: rounds * AT_A_TIME, sizes: houses.map((house) => figuresOf(house, AT_A_TIME)) };
};
