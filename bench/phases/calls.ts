import { setTimeout as sleep } from "node:timers/promises";
import { percentile } from "../../core/stats/percentile.ts";
import type { Bench } from "../lib/bench.ts";
import { formsArrive } from "../lib/forms.ts";
import { workerdBytes } from "../lib/memory.ts";
import { customerPhone, ownerPhone } from "../lib/people.ts";
import type { StandIn } from "../lib/stand-in.ts";
import { createBusinesses, signUp } from "../lib/tenants.ts";

interface Plan {
  calls: number;
  /** Forms a second. */
  rate: number;
  warmUp: number;
  /** How long the last to come may take to be connected; nobody hangs up before. */
  patienceMs: number;
  /** Before memory is looked at: the collector has its turns. */
  settleMs: number;
}
/** What is measured is many calls at once, not how quickly they come: a call has a dozen callbacks, and one thread of a small machine has to answer them all. */
const FULL: Plan = { calls: 500, rate: 8, warmUp: 60, patienceMs: 30_000, settleMs: 10_000 };
const QUICK: Plan = { calls: 30, rate: 10, warmUp: 10, patienceMs: 15_000, settleMs: 2_000 };
/** All have been together for half of it when memory is looked at. */
const TOGETHER_MS = 10_000;
const WARM_UP_LIMIT_MS = 60_000;
const LOOK_MS = 500;
/** Recordings are others' measure: the audio of 500 conversations at once is no matter of calls in progress. */
const DNA = "      recording: { enabled: false }";

interface Spread {
  count: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

export interface CallsFigures {
  calls: number;
  rate: number;
  /** Conversations that were going on at the same moment, by the stand-in's own count. */
  together: number;
  /** Not joined with their customers in time. */
  unconnected: number;
  twice: number;
  /** Resident bytes of workerd; null where the system does not tell. */
  memory: { before: number | null; during: number | null; after: number | null };
  /** From the stand-in's request for a document to the whole answer, whole ms. */
  toTwiml: Spread;
  /** How many took so many milliseconds. */
  toTwimlMs: Record<number, number>;
  /** Of callbacks that only tell of something. */
  toAnswer: Spread;
  failedCallbacks: number;
  /** Second by second since the first form: callbacks begun, and conversations going on. */
  timeline: { second: number; callbacks: number; talking: number }[];
}

const spreadOf = (values: readonly number[]): Spread => ({ count: values.length, p50: percentile(values, 50), p95: percentile(values, 95), p99: percentile(values, 99), max: Math.max(0, ...values) });

const tallied = (values: readonly number[]): Record<number, number> => {
  const counts: Record<number, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
};

/** Conversations that have begun, and those that have ended since a moment (ms since the epoch), as the stand-in saw them. */
const talksSince = ({ sandbox }: StandIn, since: number): { begun: number[]; over: number[] } => {
  const events = sandbox.events({ kind: "call", since });
  const begun = events.filter((event) => event["bridged_to"] !== undefined);
  const owners = new Set(begun.map((event) => event["call_sid"]));
  return { begun: begun.map(({ at }) => at), over: events.filter((event) => event["status"] === "completed" && owners.has(event["call_sid"])).map(({ at }) => at) };
};

/** Until so many conversations have begun since then, or patience ends. @returns how many */
const untilBegun = async (standIn: StandIn, since: number, wanted: number, limitMs: number): Promise<number> => {
  const end = performance.now() + limitMs;
  for (;;) {
    const { begun } = talksSince(standIn, since);
    if (begun.length >= wanted || performance.now() > end) return begun.length;
    await sleep(LOOK_MS);
  }
};

/** Many conversations at once, each by its own business, owner and customer: one object of the product's for each call. */
export const measureCalls = async ({ standIn, quick, start, say }: Bench): Promise<CallsFigures> => {
  const { calls, rate, warmUp, patienceMs, settleMs } = quick ? QUICK : FULL;
  standIn.acceptOnly(false);
  const { url } = await start({ kind: "product", state: "product", callsPerSecond: 1000, cron: true });
  const account = await signUp(url);
  const businesses = await createBusinesses(account, "calls", calls, (index) => [ownerPhone(index)], DNA);
  say(`${calls} businesses; some calls to warm up`);
  // Short ones, so that the code is compiled and connections are open before memory is looked at.
  for (let index = 0; index < warmUp; index += 1) standIn.sandbox.setNumber(customerPhone(index), { talk_ms: 500 });
  const warmedAt = Date.now();
  await formsArrive(url, businesses.slice(0, warmUp), { rate, firstLead: 0 });
  await untilBegun(standIn, warmedAt, warmUp, WARM_UP_LIMIT_MS);
  await standIn.sandbox.idle();
  await sleep(settleMs);

  const talkMs = (calls / rate) * 1000 + patienceMs + TOGETHER_MS;
  for (let index = 0; index < calls; index += 1) {
    standIn.sandbox.setNumber(customerPhone(warmUp + index), { talk_ms: talkMs });
    standIn.sandbox.setNumber(ownerPhone(index), { talk_ms: 2 * talkMs });
  }
  const before = workerdBytes();
  const since = Date.now();
  const arrivals = await formsArrive(url, businesses, { rate, firstLead: warmUp });
  const begun = await untilBegun(standIn, since, calls, patienceMs);
  await sleep(TOGETHER_MS / 2);
  const during = workerdBytes();
  say(`${begun} of ${calls} connected; waiting for their ends`);
  await standIn.sandbox.idle();
  await sleep(settleMs);
  const after = workerdBytes();

  const { begun: starts, over } = talksSince(standIn, since);
  const talking = (at: number): number => starts.filter((start) => start <= at).length - over.filter((end) => end <= at).length;
  const callbacks = standIn.sandbox.events({ kind: "callback", since });
  const took = (documents: boolean): number[] => callbacks.filter((event) => (event["purpose"] === "document") === documents && typeof event["took_ms"] === "number").map((event) => Number(event["took_ms"]));
  const seconds = Math.ceil((Math.max(since, ...callbacks.map(({ at }) => at)) - since) / 1000);
  const leads = arrivals.flatMap(({ leadId }) => leadId ?? []);
  return {
    calls,
    rate,
    together: Math.max(0, ...starts.map(talking)),
    unconnected: calls - begun,
    twice: leads.filter((lead) => (standIn.dials.get(lead)?.length ?? 0) > 1).length,
    memory: { before, during, after },
    toTwiml: spreadOf(took(true)),
    toTwimlMs: tallied(took(true)),
    toAnswer: spreadOf(took(false)),
    failedCallbacks: callbacks.filter((event) => !(Number(event["status"]) >= 200 && Number(event["status"]) < 300)).length,
    timeline: Array.from({ length: seconds + 1 }, (_, second) => {
      const [from, to] = [since + second * 1000, since + (second + 1) * 1000];
      return { second, callbacks: callbacks.filter(({ at }) => at >= from && at < to).length, talking: talking(to) };
    }),
  };
};
