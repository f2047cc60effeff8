import { distribution } from "./histogram.ts";
import { type Latencies, latenciesOf, type Targets } from "./latency.ts";
import type { Reach, Rollup } from "./rollup.ts";

type Counts = Record<string, number>;

/** Where the bars of the response times' distribution end, ms. */
const BARS_MS = [10_000, 20_000, 30_000, 45_000, 60_000, 120_000, 300_000, 900_000, 3_600_000];

export interface ReachFigures {
  attempted: number;
  connected: number;
  /** A share, 0-1; null when nothing was attempted. */
  connect_rate: number | null;
}

export interface SourceFigures {
  source: string;
  leads: number;
  bookings: number;
  amount: number;
}

export interface Figures {
  leads: { total: number; by_status: Counts; by_source: Counts; by_score: Counts };
  calls: { total: number; by_direction: Counts; by_end_reason: Counts; missed_inbound: number; connect_rate: number | null };
  bookings: { count: number; amount: number };
  /** How far the range's leads have come: how many have a score, were called, spoken to, booked. */
  funnel: { leads: number; scored: number; called: number; connected: number; booked: number };
  response_time: {
    overall: Latencies;
    by_source: (Latencies & { source: string })[];
    by_hour: (Latencies & { hour: number })[];
    by_person: (Latencies & { person: string })[];
    /** From the form to the conversation; the last bar has no end. */
    distribution: { up_to_ms: number | null; count: number }[];
  };
  connect: { by_hour: (ReachFigures & { hour: number })[]; by_person: (ReachFigures & { person: string })[] };
}

/** Most frequent first. */
const asCounts = (counts: Counts): Counts => Object.fromEntries(Object.entries(counts).sort(([a, x], [b, y]) => y - x || a.localeCompare(b)));

export const reachOf = ({ attempted, connected }: Reach): ReachFigures => ({ attempted, connected, connect_rate: attempted === 0 ? null : connected / attempted });

const busiestFirst = <T extends Reach>(parts: Record<string, T>, by: (part: T) => number): [string, T][] => Object.entries(parts).filter(([, part]) => by(part) > 0).sort(([a, x], [b, y]) => by(y) - by(x) || a.localeCompare(b));
const inOrder = <T extends Reach>(parts: Record<string, T>, by: (part: T) => number): [number, T][] => Object.entries(parts).filter(([, part]) => by(part) > 0).map(([hour, part]): [number, T] => [Number(hour), part]).sort(([a], [b]) => a - b);

const outbound = (part: Reach): number => part.outbound;
const attempted = (part: Reach): number => part.attempted;

/** Sources that leads came from, the one with the most first. */
export const sourcesOf = (rollup: Rollup): SourceFigures[] =>
  busiestFirst(rollup.by_source, (part) => part.leads).map(([source, { leads, booked, cents }]) => ({ source, leads, bookings: booked, amount: cents / 100 }));

/** What a dashboard shows of a roll-up. */
export const figuresOf = (rollup: Rollup, targets: Targets): Figures => {
  const { all, by_source, by_hour, by_person } = rollup;
  const bars = distribution(all.steps.form_to_connected_ms ?? {}, BARS_MS);
  return {
    leads: { total: rollup.leads, by_status: asCounts(rollup.by_status), by_source: Object.fromEntries(sourcesOf(rollup).map(({ source, leads }) => [source, leads])), by_score: asCounts(rollup.by_score) },
    calls: { total: rollup.calls, by_direction: asCounts(rollup.by_direction), by_end_reason: asCounts(rollup.by_end_reason), missed_inbound: rollup.missed, connect_rate: reachOf(all).connect_rate },
    bookings: { count: rollup.booked, amount: rollup.cents / 100 },
    funnel: { leads: rollup.leads, scored: rollup.scored, called: rollup.called, connected: rollup.reached, booked: rollup.booked },
    response_time: {
      overall: latenciesOf(all.steps, targets),
      by_source: busiestFirst(by_source, outbound).map(([source, { steps }]) => ({ source, ...latenciesOf(steps, targets) })),
      by_hour: inOrder(by_hour, outbound).map(([hour, { steps }]) => ({ hour, ...latenciesOf(steps, targets) })),
      by_person: busiestFirst(by_person, outbound).map(([person, { steps }]) => ({ person, ...latenciesOf(steps, targets) })),
      distribution: bars.map((count, i) => ({ up_to_ms: BARS_MS[i] ?? null, count })),
    },
    connect: {
      by_hour: inOrder(by_hour, attempted).map(([hour, part]) => ({ hour, ...reachOf(part) })),
      by_person: busiestFirst(by_person, attempted).map(([person, part]) => ({ person, ...reachOf(part) })),
    },
  };
};
