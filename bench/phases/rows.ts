import { setTimeout as sleep } from "node:timers/promises";
import type { Tally } from "../../test/support/counted-database.ts";
import { submit } from "../lib/arrivals.ts";
import { endCalls } from "../lib/end-calls.ts";
import { contactForm } from "../lib/people.ts";
import type { StandIn } from "../lib/stand-in.ts";
import type { Account, Business } from "../lib/tenants.ts";
import { runConversations } from "./conversation.ts";

type Tallies = Record<string, Tally>;
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

const read = async (url: string): Promise<Tallies> => (await (await fetch(`${url}/__bench/rows`)).json()) as Tallies;

const perLead = (before: Tallies, after: Tallies, parts: readonly string[], leads: number): Tally => {
  const sum = (field: keyof Tally): number => parts.reduce((total, part) => total + (after[part]?.[field] ?? 0) - (before[part]?.[field] ?? 0), 0) / leads;
  return { trips: sum("trips"), statements: sum("statements"), rows_read: sum("rows_read"), rows_written: sum("rows_written") };
};

/** Waits until nothing has been asked of D1 for a while. */
const settled = async (url: string): Promise<Tallies> => {
  for (let last = "", tries = 0; tries < 60; tries += 1) {
    const tallies = await read(url);
    const text = JSON.stringify(tallies);
    if (text === last) return tallies;
    last = text;
    await sleep(1_000);
  }
  throw new Error("The product never stops asking D1.");
};

/** Counts D1's rows by leads that come one at a time, on a Worker whose database binding counts (bench/counting). */
export const runRows = async ({ standIn, account, businesses, firstLead }: { standIn: StandIn; account: Account; businesses: readonly Business[]; firstLead: number }): Promise<RowFigures> => {
    standIn.acceptOnly(true);
  const empty = await settled(account.url);
  const leads: string[] = [];
  for (const [index, { projectId, wordpressKey }] of businesses.entries()) {
    const arrival = await submit({ url: `${account.url}/api/webhooks/wordpress?project_id=${projectId}`, body: contactForm(firstLead + index), headers: { "X-Apex-Key": wordpressKey } }, performance.now());
    if (arrival.leadId === null) throw new Error("A lead was not accepted.");
    leads.push(arrival.leadId);
  }
  await standIn.drained(leads, 5_000, 30_000);
  const dialled = await settled(account.url);
  await endCalls(standIn, leads);

  standIn.acceptOnly(false);
  const before = await settled(account.url);
  const conversations = await runConversations({ standIn, account, businesses, rate: 1, firstLead: firstLead + businesses.length, until: "analysed", limitMs: 120_000 });
  if (conversations.connected < conversations.leads) throw new Error(`Only ${conversations.connected} of ${conversations.leads} calls were connected.`);
  const after = await settled(account.url);
  standIn.acceptOnly(true);
  const count = businesses.length;
  return {
    leads: count,
    intake: perLead(empty, dialled, ["intake"], count),
    untilDialled: perLead(empty, dialled, PARTS, count),
    untilAnalysed: perLead(before, after, PARTS, count),
    parts: Object.fromEntries(PARTS.map((part) => [part, perLead(before, after, [part], count)])),
  };
};
