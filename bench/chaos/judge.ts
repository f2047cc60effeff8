import { setTimeout as sleep } from "node:timers/promises";
import type { StandIn } from "../lib/stand-in.ts";
import { type Account, api, type Business } from "../lib/tenants.ts";
import type { Form } from "./forms.ts";
import { readTelephones } from "./telephones.ts";

/** What became of the forms of a scenario. */
export interface Verdict {
  sent: number;
  /** Taken at the second try or later. */
  again: number;
  /** Never taken, however often they were sent: the sender knows. */
  refused: number;
  /** Leads by the one end that each has. */
  ends: Record<string, number>;
  /** Taken, and without exactly one end, or `connected` though the customer's phone never rang. */
  lost: number;
  /** With more than one call, or with a phone that rang once more than it may have: telephones.ts. */
  twice: number;
  /** Owners' legs after a lead's first, where there was reason to. */
  ownersAgain: number;
  /** Conversations that were never transcribed, and of which no dead letter tells. */
  unheard: number;
  /** Runs that are over, and those that a person has to look at. */
  runs: { done: number; dead: number; open: number };
}

interface RunRow {
  id: string;
  task: string;
  status: string;
}
/** What a call teaches is learned an hour after it. */
const TASK_OF_LATER = "context_sync";

interface CallRow {
  lead_id: string;
  status: string;
  end_reason: string | null;
  /** What was said, once it is known. */
  analysis: unknown;
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

/** Whose businesses forms are sent to. */
export interface People {
  account: Account;
  businesses: readonly Business[];
}

/** All runs of these businesses, but for those that are due later. */
export const listRuns = async ({ account, businesses }: People): Promise<RunRow[]> => {
  const runs = await Promise.all(businesses.map(async ({ projectId }) => pages<RunRow>(account, `/api/runs?project_id=${projectId}`)));
  return runs.flat().filter(({ task }) => task !== TASK_OF_LATER);
};
const listCalls = async ({ account, businesses }: People): Promise<CallRow[]> => {
  const calls = await Promise.all(businesses.map(async ({ projectId }) => pages<CallRow>(account, `/api/calls?project_id=${projectId}`)));
  return calls.flat();
};

interface Trial extends People {
  forms: readonly Form[];
  standIn: StandIn;
  /** How long to wait for an end, ms. */
  limitMs: number;
  /** The place in the sandbox's log from which on telephones rang for these forms. */
  since: number;
  /** Ids of the runs that there were before. */
  before: ReadonlySet<string>;
}

const LOOK_EVERY_MS = 2_000;

interface Seen {
  /** Of the leads that were taken. */
  calls: CallRow[];
  runs: RunRow[];
}

const isOpen = ({ status }: RunRow): boolean => status === "queued" || status === "running";
const isDead = ({ status }: RunRow): boolean => status === "failed" || status === "dead";
const TASK_OF_RECORDINGS = "lead_gen_manager";

const countUnheard = ({ calls, runs }: Seen): number => {
  const open = calls.filter(({ end_reason, analysis }) => end_reason === "connected" && analysis === null).length;
  return Math.max(0, open - runs.filter((run) => run.task === TASK_OF_RECORDINGS && isDead(run)).length);
};

/** Looks until every lead that was taken has an end, every conversation has been heard and no job is open, or for so long. */
const whenSettled = async (trial: Trial, leads: ReadonlySet<string>): Promise<Seen> => {
  const deadline = performance.now() + trial.limitMs;
  for (;;) {
    const calls = (await listCalls(trial)).filter(({ lead_id }) => leads.has(lead_id));
    const runs = (await listRuns(trial)).filter(({ id }) => !trial.before.has(id));
    const ended = new Set(calls.filter(({ status }) => status === "ended").map(({ lead_id }) => lead_id));
    if ((ended.size === leads.size && !runs.some(isOpen) && countUnheard({ calls, runs }) === 0) || performance.now() > deadline) return { calls, runs };
    await sleep(LOOK_EVERY_MS);
  }
};

/** Waits until all is over, then counts, in the product and at its vendors. */
export const judge = async (trial: Trial): Promise<Verdict> => {
  const { forms, standIn, since } = trial;
  const leads = new Set(forms.flatMap(({ leadId }) => (leadId === null ? [] : [leadId])));
  const { calls, runs } = await whenSettled(trial, leads);
  await standIn.sandbox.idle();

  const ownCalls = new Map<string, CallRow[]>();
  for (const call of calls) ownCalls.set(call.lead_id, [...(ownCalls.get(call.lead_id) ?? []), call]);
  const telephones = readTelephones(standIn.sandbox, forms, since);
  const ends: Record<string, number> = {};
  let lost = 0;
  for (const { index, leadId } of forms) {
    if (leadId === null) continue;
    const own = ownCalls.get(leadId) ?? [];
    const end = own.length === 1 ? (own[0]?.end_reason ?? null) : null;
    if (end === null || (end === "connected" && !telephones.rang(index))) lost += 1;
    else ends[end] = (ends[end] ?? 0) + 1;
  }
  const withTwoCalls = [...ownCalls.values()].filter(({ length }) => length > 1).length;
  return {
    sent: forms.length, again: forms.filter(({ leadId, tries }) => leadId !== null && tries > 1).length, refused: forms.filter(({ leadId }) => leadId === null).length,
    ends, lost, twice: withTwoCalls + telephones.twice, ownersAgain: telephones.ownersAgain,
    unheard: countUnheard({ calls, runs }), runs: { done: runs.filter(({ status }) => status === "succeeded").length, dead: runs.filter(isDead).length, open: runs.filter(isOpen).length },
  };
};
