import { submit } from "../lib/arrivals.ts";
import { endCalls } from "../lib/end-calls.ts";
import type { Bench } from "../lib/bench.ts";
import { formTo } from "../lib/forms.ts";
import { ownerPhone } from "../lib/people.ts";
import { percentile } from "../../core/stats/percentile.ts";
import { createBusinesses, signUp } from "../lib/tenants.ts";

export interface QueueFigures {
  leads: number;
  lost: number;
  twice: number;
  /** Form to dial, which at this pace is the wait for a turn, in ms. */
  wait: { p50: number; p95: number };
  /** Milliseconds between one dial and the next. */
  gap: { min: number; p50: number };
  /** Leads by number of arrival (1 came first), in the order in which they were dialled. */
  order: number[];
}

/** A burst of leads at one call a second: everybody gets a turn, and the one who came last is rung next. */
export const measureQueue = async ({ standIn, quick, start }: Bench): Promise<QueueFigures> => {
  const { url } = await start({ kind: "product", state: "product", callsPerSecond: 1, cron: true });
  const businesses = await createBusinesses(await signUp(url), "queue", quick ? 4 : 15, (index) => [ownerPhone(index)]);
  const arrivals = [];
  // One after the other, so that each has a time of arrival of its own.
  for (const [index, business] of businesses.entries()) {
    arrivals.push(await submit(formTo(url, business, index), performance.now()));
  }
  const leads = arrivals.flatMap((arrival) => arrival.leadId ?? []);
  await standIn.drained(leads, 15_000, 15_000 + leads.length * 2_000);
  const rung = arrivals.flatMap((arrival, index) => (standIn.dials.get(arrival.leadId ?? "") ?? []).slice(0, 1).map((dial) => ({ number: index + 1, at: dial.at, wait: dial.at - arrival.intendedAt })));
  const order = rung.toSorted((a, b) => a.at - b.at);
  const gaps = order.slice(1).map((dial, index) => dial.at - (order[index]?.at ?? 0));
  const waits = rung.map((dial) => dial.wait);
  await endCalls(standIn, leads);
  return {
    leads: arrivals.length,
    lost: arrivals.length - rung.length,
    twice: leads.filter((lead) => (standIn.dials.get(lead)?.length ?? 0) > 1).length,
    wait: { p50: percentile(waits, 50), p95: percentile(waits, 95) },
    gap: { min: Math.min(...gaps), p50: percentile(gaps, 50) },
    order: order.map((dial) => dial.number),
  };
};
