import { setTimeout as sleep } from "node:timers/promises";
import { readLog } from "../../test/system/support/sandbox-log.ts";
import { customerPhone } from "../lib/people.ts";
import type { StandIn } from "../lib/stand-in.ts";
import { type Account, api, type Business } from "../lib/tenants.ts";
import type { Form } from "./forms.ts";

/** What became of the forms of a scenario. */
export interface Verdict {
  sent: number;
  /** Taken at the second try or later. */
  again: number;
  /** Never taken, however often they were sent: the sender knows. */
  refused: number;
  /** Leads by the one end that each has. */
  ends: Record<string, number>;
  /** Taken, and without an end: lost. */
  lost: number;
  /** With more than one call, an owner's phone that was made to ring twice for it, or a customer's. */
  twice: number;
  /** Runs that are over, and those that a person has to look at. */
  runs: { done: number; dead: number; open: number };
  /** From the last form taken until nothing was open. */
  settledS: number;
}

interface RunRow {
  task: string;
  status: string;
}
/** What a call teaches is learned an hour after it. */
const TASK_OF_LATER = "context_sync";

interface CallRow {
  lead_id: string;
  status: string;
  end_reason: string | null;
}

const pages = async <Row>(account: Account, path: string): Promise<Row[]> => {
  const rows: Row[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page = (await api(account, "GET", `${path}&limit=200${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`)) as { items: Row[]; next_cursor: string | null };
    rows.push(...page.items);
    cursor = page.next_cursor;
  }
  return rows;
};

interface Trial {
  account: Account;
  businesses: readonly Business[];
  forms: readonly Form[];
  standIn: StandIn;
  /** How long to wait for an end, ms. */
  limitMs: number;
  /** The place in the sandbox's log from which on telephones rang for these forms. */
  since: number;
}

const LOOK_EVERY_MS = 2_000;

/** Waits until every lead that was taken has an end and no job is open, or for so long; then counts, in the product and at its vendors. */
export const judge = async ({ account, businesses, forms, standIn, limitMs, since }: Trial): Promise<Verdict> => {
  const began = performance.now();
  const leads = new Set(forms.flatMap(({ leadId }) => (leadId === null ? [] : [leadId])));
  let calls: CallRow[] = [];
  let runs: RunRow[] = [];
  const openOf = (): number => leads.size - new Set(calls.filter(({ status }) => status === "ended").map(({ lead_id }) => lead_id)).size + runs.filter(({ status }) => status === "queued" || status === "running").length;
  const look = async (): Promise<void> => {
    const seen = await Promise.all(businesses.map(async ({ projectId }) => ({ calls: await pages<CallRow>(account, `/api/calls?project_id=${projectId}`), runs: await pages<RunRow>(account, `/api/runs?project_id=${projectId}`) })));
    calls = seen.flatMap((one) => one.calls).filter(({ lead_id }) => leads.has(lead_id));
    runs = seen.flatMap((one) => one.runs).filter(({ task }) => task !== TASK_OF_LATER);
  };
  for (;;) {
    await look();
    if (openOf() === 0 || performance.now() - began > limitMs) break;
    await sleep(LOOK_EVERY_MS);
  }
  const settledS = (performance.now() - began) / 1000;
  await standIn.sandbox.idle();

  const ownCalls = new Map<string, CallRow[]>();
  for (const call of calls) ownCalls.set(call.lead_id, [...(ownCalls.get(call.lead_id) ?? []), call]);
  const legs = readLog(standIn.sandbox).legs().filter(({ began }) => began > since);
  const rung = new Map<string, number>();
  for (const { to } of legs) rung.set(to, (rung.get(to) ?? 0) + 1);
  const ends: Record<string, number> = {};
  let lost = 0;
  // Owners have one leg a lead at most; which lead an owner's leg was for, Twilio does not know.
  let twice = Math.max(0, legs.filter(({ parent }) => parent === null).length - leads.size);
  for (const { index, leadId } of forms) {
    if (leadId === null) continue;
    const own = ownCalls.get(leadId) ?? [];
    const end = own.length === 1 ? (own[0]?.end_reason ?? null) : null;
    if (end === null) lost += 1;
    else ends[end] = (ends[end] ?? 0) + 1;
    if (own.length > 1 || (rung.get(customerPhone(index)) ?? 0) > 1) twice += 1;
  }
  const counted = (...statuses: string[]): number => runs.filter(({ status }) => statuses.includes(status)).length;
  return {
    sent: forms.length, again: forms.filter(({ leadId, tries }) => leadId !== null && tries > 1).length, refused: forms.filter(({ leadId }) => leadId === null).length,
    ends, lost, twice, runs: { done: counted("succeeded"), dead: counted("failed", "dead"), open: counted("queued", "running") }, settledS,
  };
};
