import { type Histogram, rangeNumber } from "./histogram.ts";
import { STEPS } from "./latency.ts";

/** Ends that say nothing of whether people can be reached: nobody tried, or the two met another way. */
const NO_ATTEMPT: ReadonlySet<string> = new Set(["superseded", "canceled"]);
/** Statuses of leads that a business has won; a completed job was a booking before. */
const BOOKED: ReadonlySet<string> = new Set(["won", "completed"]);
/** Names are anybody's (metadata is): how many of a kind are told apart, and how long one is. */
const MOST_NAMES = 100;
const MOST_CHARACTERS = 80;
const REST = "other";

type Counts = Record<string, number>;

// Types, not interfaces: what `addRollup` adds is a tree of numbers, whatever it is called.
/** Calls of some kind, by how far they came. */
export type Reach = {
  /** Ended, and told whether people can be reached. */
  attempted: number;
  connected: number;
  /** Outgoing ones: an incoming call has no form to count from. */
  outbound: number;
  /** How long outgoing ones took to each step. */
  steps: Record<string, Histogram>;
};

export type SourceReach = Reach & { leads: number; booked: number; cents: number; talk_s: number };

/** What leads and calls of some time add up to. Any two can be added. Spam, tests and canaries are in none. */
export type Rollup = {
  leads: number;
  scored: number;
  /** Of the leads: those that were called, and spoken to, whenever that was. */
  called: number;
  reached: number;
  booked: number;
  /** Of what was booked, in hundredths of the business's currency, so that many small sums add up to what they are. */
  cents: number;
  by_status: Counts;
  by_score: Counts;
  calls: number;
  missed: number;
  by_direction: Counts;
  by_end_reason: Counts;
  all: Reach;
  by_source: Record<string, SourceReach>;
  /** By the hour (0-23) that the wall clock of the business showed. */
  by_hour: Record<string, Reach>;
  by_person: Record<string, Reach>;
};

export interface CountedLead {
  id: string;
  status: string | null;
  source: string | null;
  score: number | null;
  /** In the currency of the business. */
  amount: number | null;
  called: boolean;
  reached: boolean;
}

export interface CountedCall {
  direction: "outbound" | "inbound";
  end_reason: string | null;
  source: string | null;
  person: string | null;
  received_at: number;
  /** Of the conversation. */
  duration_s: number | null;
  latency: Record<string, number | null>;
}

// Without a prototype: a name may be `__proto__`.
const record = <T>(): Record<string, T> => Object.create(null) as Record<string, T>;

const newReach = (): Reach => ({ attempted: 0, connected: 0, outbound: 0, steps: record() });
const newSource = (): SourceReach => ({ ...newReach(), leads: 0, booked: 0, cents: 0, talk_s: 0 });

export const newRollup = (): Rollup => ({
  leads: 0, scored: 0, called: 0, reached: 0, booked: 0, cents: 0, by_status: record(), by_score: record(),
  calls: 0, missed: 0, by_direction: record(), by_end_reason: record(), all: newReach(), by_source: record(), by_hour: record(), by_person: record(),
});

/** The name under which something is counted: its own, unless too many others have come before. */
const nameAmong = (known: Record<string, unknown>, name: string): string => {
  const short = name.slice(0, MOST_CHARACTERS);
  return short in known || Object.keys(known).length < MOST_NAMES ? short : REST;
};

const count = (counts: Counts, name: string): void => {
  const key = nameAmong(counts, name);
  counts[key] = (counts[key] ?? 0) + 1;
};

const within = <T>(parts: Record<string, T>, name: string, make: () => T): T => {
  const key = nameAmong(parts, name);
  return (parts[key] ??= make());
};

const bandOf = (score: number | null): string => (score === null ? "unscored" : score < 40 ? "0-39" : score < 70 ? "40-69" : "70-100");

export const addLead = (rollup: Rollup, { status, source, score, amount, called, reached }: CountedLead): void => {
  const ofSource = within(rollup.by_source, source ?? "unknown", newSource);
  for (const part of [rollup, ofSource]) part.leads += 1;
  if (score !== null) rollup.scored += 1;
  if (called) rollup.called += 1;
  if (reached) rollup.reached += 1;
  count(rollup.by_status, status ?? "unknown");
  count(rollup.by_score, bandOf(score));
  if (!BOOKED.has(status ?? "")) return;
  for (const part of [rollup, ofSource]) {
    part.booked += 1;
    part.cents += Math.round((amount ?? 0) * 100);
  }
};

/** @param hour that the business's wall clock showed when it was received */
export const addCall = (rollup: Rollup, call: CountedCall, hour: number): void => {
  const ofSource = within(rollup.by_source, call.source ?? "unknown", newSource);
  const parts = [rollup.all, ofSource, within(rollup.by_hour, String(hour), newReach), ...(call.person === null ? [] : [within(rollup.by_person, call.person, newReach)])];
  rollup.calls += 1;
  count(rollup.by_direction, call.direction);
  count(rollup.by_end_reason, call.end_reason ?? "open");
  ofSource.talk_s += call.duration_s ?? 0;
  const isConnected = call.end_reason === "connected";
  const isAttempt = call.end_reason !== null && !NO_ATTEMPT.has(call.end_reason);
  if (isAttempt && !isConnected && call.direction === "inbound") rollup.missed += 1;
  for (const part of parts) {
    if (isAttempt) part.attempted += 1;
    if (isConnected) part.connected += 1;
    if (call.direction !== "outbound") continue;
    part.outbound += 1;
    for (const step of STEPS) {
      const ms = call.latency[step];
      if (typeof ms !== "number" || !(ms >= 0)) continue;
      const histogram = (part.steps[step] ??= {});
      const range = rangeNumber(ms);
      histogram[range] = (histogram[range] ?? 0) + 1;
    }
  }
};

interface Tree {
  [name: string]: number | Tree;
}

const addTree = (sum: Tree, part: Tree): void => {
  for (const [name, value] of Object.entries(part)) {
    const before = sum[name];
    if (typeof value === "number") sum[name] = (typeof before === "number" ? before : 0) + value;
    else addTree(typeof before === "object" ? before : (sum[name] = record<number | Tree>()), value);
  }
};

/** Adds a roll-up to another. */
export const addRollup = (sum: Rollup, part: Rollup): void => addTree(sum, part);
