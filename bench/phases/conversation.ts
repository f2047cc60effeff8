import { setTimeout as sleep } from "node:timers/promises";
import type { Bench } from "../lib/bench.ts";
import { formsArrive } from "../lib/forms.ts";
import { slowOwnerPhone } from "../lib/people.ts";
import { percentile } from "../../core/stats/percentile.ts";
import type { StandIn } from "../lib/stand-in.ts";
import { type Account, api, type Business, createBusinesses, signUp } from "../lib/tenants.ts";

export interface ConversationFigures {
  leads: number;
  connected: number;
  twice: number;
  /** Form to two people talking, by the product's own timeline; ms. */
  formToConnected: { p50: number; p95: number };
}

interface CallView {
  end_reason: string | null;
  analysis: unknown;
  latency: { form_to_connected_ms: number | null };
}

const callOf = async (account: Account, leadId: string): Promise<CallView | undefined> => ((await api(account, "GET", `/api/calls?lead_id=${leadId}`)) as { items: CallView[] }).items[0];

/**
 * Leads whose owners answer after 5 s and press 1, until each conversation is over (and analysed, where that is asked for).
 */
export const runConversations = async (options: {
  standIn: StandIn;
  account: Account;
  businesses: readonly Business[];
  rate: number;
  firstLead: number;
  until: "ended" | "analysed";
  limitMs: number;
}): Promise<ConversationFigures> => {
  const { standIn, account, businesses, rate, firstLead, until, limitMs } = options;
  const arrivals = await formsArrive(account.url, businesses, { rate, firstLead });
  const leads = arrivals.flatMap((arrival) => arrival.leadId ?? []);
  const isDone = (call: CallView | undefined): boolean => (until === "ended" ? call?.end_reason != null : call?.analysis != null);
  let calls: (CallView | undefined)[] = [];
  for (const end = performance.now() + limitMs; performance.now() < end; ) {
    await sleep(500);
    calls = await Promise.all(leads.map((lead) => callOf(account, lead)));
    if (calls.every(isDone)) break;
  }
  const times = calls.flatMap((call) => call?.latency.form_to_connected_ms ?? []);
  return {
    leads: arrivals.length,
    connected: times.length,
    twice: leads.filter((lead) => (standIn.dials.get(lead)?.length ?? 0) > 1).length,
    formToConnected: { p50: percentile(times, 50), p95: percentile(times, 95) },
  };
};

/** Form to conversation at the pace of Twilio's default account. */
export const measureConversations = async ({ standIn, quick, start }: Bench): Promise<ConversationFigures> => {
  const { url } = await start({ kind: "product", state: "product", callsPerSecond: 1, cron: true });
  const account = await signUp(url);
  const businesses = await createBusinesses(account, "slow", quick ? 2 : 12, (index) => [slowOwnerPhone(index)]);
  standIn.acceptOnly(false);
  return runConversations({ standIn, account, businesses, rate: quick ? 1 : 0.5, firstLead: 0, until: "ended", limitMs: 60_000 });
};
