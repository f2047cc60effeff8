import type { Tally } from "../../test/support/counted-database.ts";
import { submit } from "../lib/arrivals.ts";
import { endCalls } from "../lib/end-calls.ts";
import type { Bench } from "../lib/bench.ts";
import { formTo } from "../lib/forms.ts";
import { ownerPhone } from "../lib/people.ts";
import { settledTallies, type Tallies } from "../lib/tallies.ts";
import { createBusinesses, signUp } from "../lib/tenants.ts";
import { runConversations } from "./conversation.ts";

/** Not `api` (we ask how the calls are doing) and not `cron` (none runs here). */
const PARTS = ["intake", "callbacks", "bridge_call", "dialer", "run_progress", "queue"] as const;

/** What one lead costs in D1, on average. */
export interface RowFigures {
  leads: number;
  /** The webhook's own work, up to its answer. */
  intake: Tally;
  /** Intake, and what the call's object does until Twilio has taken the call. */
  untilDialled: Tally;
  /** All of it: through the conversation, the recording, the transcript and the analysis. */
  untilAnalysed: Tally;
  /** The last by part of the product. */
  parts: Tallies;
}

const perLead = (before: Tallies, after: Tallies, parts: readonly string[], leads: number): Tally => {
  const sum = (field: keyof Tally): number => parts.reduce((total, part) => total + (after[part]?.[field] ?? 0) - (before[part]?.[field] ?? 0), 0) / leads;
  return { trips: sum("trips"), statements: sum("statements"), rows_read: sum("rows_read"), rows_written: sum("rows_written") };
};

/** Counts D1's rows by leads that come one at a time, on a Worker whose database binding counts (bench/counting). */
export const measureRows = async ({ standIn, quick, start }: Bench): Promise<RowFigures> => {
  const { url } = await start({ kind: "counting", state: "counting", callsPerSecond: 1000, cron: false });
  const account = await signUp(url);
  const businesses = await createBusinesses(account, "rows", quick ? 1 : 5, (index) => [ownerPhone(index)]);
  const empty = await settledTallies(url);
  const leads: string[] = [];
  for (const [index, business] of businesses.entries()) {
    const arrival = await submit(formTo(url, business, index), performance.now());
    if (arrival.leadId === null) throw new Error("A lead was not accepted.");
    leads.push(arrival.leadId);
  }
  await standIn.drained(leads, 5_000, 30_000);
  const dialled = await settledTallies(url);
  await endCalls(standIn, leads);

  standIn.acceptOnly(false);
  const before = await settledTallies(url);
  const conversations = await runConversations({ standIn, account, businesses, rate: 1, firstLead: businesses.length, until: "analysed", limitMs: 120_000 });
  if (conversations.connected < conversations.leads) throw new Error(`Only ${conversations.connected} of ${conversations.leads} calls were connected.`);
  const after = await settledTallies(url);
  const count = businesses.length;
  return {
    leads: count,
    intake: perLead(empty, dialled, ["intake"], count),
    untilDialled: perLead(empty, dialled, PARTS, count),
    untilAnalysed: perLead(before, after, PARTS, count),
    parts: Object.fromEntries(PARTS.map((part) => [part, perLead(before, after, [part], count)])),
  };
};
