import { arrive, type Arrival } from "../lib/arrivals.ts";
import { endCalls } from "../lib/end-calls.ts";
import { formTo, inTurn } from "../lib/forms.ts";
import { ownerPhone } from "../lib/people.ts";
import { percentile } from "../../core/stats/percentile.ts";
import type { Bench } from "../lib/bench.ts";
import { ratio as shown } from "../lib/markdown.ts";
import type { StandIn } from "../lib/stand-in.ts";
import { type Business, createBusinesses, signUp } from "../lib/tenants.ts";

interface Side {
  name: "product" | "bare";
  url: string;
}

/** What became of the forms of one side at one rate. Times in ms. */
export interface SideFigures {
  sent: number;
  /** Answered other than 200 `accepted`, or not at all. */
  refused: number;
  /** Accepted, and dialled more than a minute after the form was due. */
  late: number;
  /** Accepted, and never dialled. */
  lost: number;
  /** Accepted, and dialled more than once. */
  twice: number;
  formToDial: { p50: number; p95: number; p99: number };
  answer: { p50: number; p99: number };
}

export interface RateFigures {
  rate: number;
  product: SideFigures;
  bare: SideFigures;
  ratio: { p50: number | null; p95: number | null; p99: number | null };
  /** The ratio of p50s in each round by itself: how far the machine can be trusted. Null where nothing was dialled. */
  roundRatios: (number | null)[];
}

interface LoadPlan {
  rates: readonly { rate: number; seconds: number }[];
  rounds: number;
  warmUp: number;
}

const FULL: LoadPlan = {
  rates: [{ rate: 5, seconds: 12 }, { rate: 20, seconds: 8 }, { rate: 50, seconds: 6 }, { rate: 100, seconds: 5 }, { rate: 200, seconds: 5 }],
  rounds: 2,
  warmUp: 200,
};
const QUICK: LoadPlan = { rates: [{ rate: 20, seconds: 3 }, { rate: 100, seconds: 2 }], rounds: 1, warmUp: 30 };

/** Far more than anybody is allowed: what is measured is the product's own pace, not that of an account. */
const CALLS_PER_SECOND = 1000;
const OWNERS_EACH = 2;

/** Longer than from one sweep to the next: a lead that is only late is not lost. */
const QUIET_MS = 15_000;
const DRAIN_LIMIT_MS = 240_000;
const LATE_MS = 60_000;

const figuresOf = (standIn: StandIn, arrivals: readonly Arrival[]): SideFigures => {
  const accepted = arrivals.filter((arrival) => arrival.leadId !== null);
  const dialsOf = (arrival: Arrival) => standIn.dials.get(arrival.leadId ?? "") ?? [];
  const toDial = accepted.flatMap((arrival) => dialsOf(arrival).slice(0, 1).map((dial) => dial.at - arrival.intendedAt));
  const toAnswer = arrivals.map((arrival) => arrival.answeredAt - arrival.intendedAt);
  return {
    sent: arrivals.length,
    refused: arrivals.length - accepted.length,
    late: toDial.filter((took) => took > LATE_MS).length,
    lost: accepted.filter((arrival) => dialsOf(arrival).length === 0).length,
    twice: accepted.filter((arrival) => dialsOf(arrival).length > 1).length,
    formToDial: { p50: percentile(toDial, 50), p95: percentile(toDial, 95), p99: percentile(toDial, 99) },
    answer: { p50: percentile(toAnswer, 50), p99: percentile(toAnswer, 99) },
  };
};

/**
 * Form to dial at fixed rates of arrival, product and bare Worker in turn and never at the same time, the order changed every
 * round, so that what the machine does meanwhile meets both.
 */
const runLoad = async ({ standIn, sides, businesses, plan, say }: { standIn: StandIn; sides: { product: Side; bare: Side }; businesses: readonly Business[]; plan: LoadPlan; say: (line: string) => void }): Promise<RateFigures[]> => {
  let nextLead = 0;
  const targetOf = (side: Side) => (index: number) => {
    const lead = nextLead++;
    const form = formTo(side.url, inTurn(businesses, lead), lead);
    return side.name === "bare" ? { ...form, url: `${form.url}&owner=${encodeURIComponent(ownerPhone(index))}` } : form;
  };
  const once = async (side: Side, rate: number, count: number): Promise<Arrival[]> => {
    const arrivals = await arrive({ rate, count, target: targetOf(side) });
    const leads = arrivals.flatMap((arrival) => (arrival.leadId === null ? [] : [arrival.leadId]));
    await standIn.drained(leads, QUIET_MS, DRAIN_LIMIT_MS);
    if (side.name === "product") await endCalls(standIn, leads);
    return arrivals;
  };

  for (const side of [sides.bare, sides.product]) await once(side, 20, plan.warmUp);
  const figures: RateFigures[] = [];
  for (const { rate, seconds } of plan.rates) {
    const arrivals: Record<Side["name"], Arrival[][]> = { product: [], bare: [] };
    for (let round = 0; round < plan.rounds; round += 1) {
      const order = round % 2 === 0 ? [sides.product, sides.bare] : [sides.bare, sides.product];
      for (const side of order) arrivals[side.name].push(await once(side, rate, Math.max(1, Math.round(rate * seconds))));
    }
    const product = figuresOf(standIn, arrivals.product.flat());
    const bare = figuresOf(standIn, arrivals.bare.flat());
    const share = (one: number, other: number): number | null => (Number.isFinite(one / other) ? one / other : null);
    const ratio = (of: (figures: SideFigures) => number): number | null => share(of(product), of(bare));
    const rounds = arrivals.product.map((round, index) => share(figuresOf(standIn, round).formToDial.p50, figuresOf(standIn, arrivals.bare[index] ?? []).formToDial.p50));
    const row = { rate, product, bare, ratio: { p50: ratio((side) => side.formToDial.p50), p95: ratio((side) => side.formToDial.p95), p99: ratio((side) => side.formToDial.p99) }, roundRatios: rounds };
    figures.push(row);
    say(`${rate}/s: form to dial p50 ${product.formToDial.p50.toFixed(1)} ms, bare ${bare.formToDial.p50.toFixed(1)} ms, ratio ${shown(row.ratio.p50)} (rounds ${rounds.map(shown).join(", ")})`);
  }
  return figures;
};

/** Product and bare Worker side by side, with as many owners as leads in one go: an owner's phone is taken while it rings, and the wait for it is not what is measured. */
export const measureLoad = async ({ standIn, quick, start, say }: Bench): Promise<RateFigures[]> => {
  const plan = quick ? QUICK : FULL;
  const product = await start({ kind: "product", state: "product", callsPerSecond: CALLS_PER_SECOND, cron: true });
  const bare = await start({ kind: "bare", state: "bare", callsPerSecond: CALLS_PER_SECOND, cron: false });
  const most = Math.max(plan.warmUp, ...plan.rates.map(({ rate, seconds }) => rate * seconds));
  const phonesOf = (index: number): string[] => Array.from({ length: OWNERS_EACH }, (_, owner) => ownerPhone(OWNERS_EACH * index + owner));
  const businesses = await createBusinesses(await signUp(product.url), "load", Math.ceil(most / OWNERS_EACH), phonesOf);
  say(`${businesses.length} businesses with ${OWNERS_EACH} owners each; forms come in`);
  return runLoad({ standIn, sides: { product: { name: "product", url: product.url }, bare: { name: "bare", url: bare.url } }, businesses, plan, say });
};
