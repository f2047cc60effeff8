import type { StatsCall, StatsLead } from "../memory/stats.store.ts";
import { createLedger, type Latencies, type Ledger, type Targets } from "./latency.ts";

/** Ends that say nothing of whether people can be reached: nobody tried, or the two met another way. */
const NO_ATTEMPT: ReadonlySet<string> = new Set(["superseded", "canceled"]);
/** Statuses of leads that a business has won; a completed job was a booking before. */
const BOOKED: ReadonlySet<string> = new Set(["won", "completed"]);

const bandOf = (score: number | null): string => (score === null ? "unscored" : score < 40 ? "0-39" : score < 70 ? "40-69" : "70-100");

type Counts = Record<string, number>;

const count = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
/** Most frequent first. */
const asCounts = (counts: Map<string, number>): Counts => Object.fromEntries([...counts].sort(([a, x], [b, y]) => y - x || a.localeCompare(b)));

const ledgerOf = <Key>(ledgers: Map<Key, Ledger>, key: Key): Ledger => {
  const ledger = ledgers.get(key) ?? createLedger();
  ledgers.set(key, ledger);
  return ledger;
};

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
  };
}

/**
 * Adds leads and calls up to the figures of a dashboard. Spam, tests and canaries are not handed in.
 * @param hourOf the hour (0-23) that the clock on the wall of a project's place showed at an instant
 */
export const createFigures = ({ hourOf }: { hourOf: (projectId: string, ms: number) => number }) => {
  const [statuses, sources, scores, directions, ends] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>(), new Map<string, number>(), new Map<string, number>()];
  const overall = createLedger();
  const [bySource, byHour, byPerson, byProject] = [new Map<string, Ledger>(), new Map<number, Ledger>(), new Map<string, Ledger>(), new Map<string, Ledger>()];
  const inRange = new Set<string>();
  const [calledLeads, connectedLeads] = [new Set<string>(), new Set<string>()];
  let scored = 0;
  let [leads, calls, attempted, connected, missed, booked, cents] = [0, 0, 0, 0, 0, 0, 0];

  const addLatency = (call: StatsCall): void => {
    const ledgers = [overall, ledgerOf(bySource, call.source ?? "unknown"), ledgerOf(byHour, hourOf(call.project_id, call.received_at)), ledgerOf(byProject, call.project_id)];
    if (call.person !== null) ledgers.push(ledgerOf(byPerson, call.person));
    for (const ledger of ledgers) ledger.add(call.latency);
  };

  return {
    /** All leads before the first call. */
    addLead({ id, status, source, score, amount }: StatsLead): void {
      leads += 1;
      inRange.add(id);
      if (score !== null) scored += 1;
      count(statuses, status ?? "unknown");
      count(sources, source ?? "unknown");
      count(scores, bandOf(score));
      if (!BOOKED.has(status ?? "")) return;
      booked += 1;
      // In hundredths, so that many small sums add up to what they are.
      cents += Math.round((amount ?? 0) * 100);
    },

    addCall(call: StatsCall): void {
      calls += 1;
      if (inRange.has(call.lead_id)) {
        calledLeads.add(call.lead_id);
        if (call.end_reason === "connected") connectedLeads.add(call.lead_id);
      }
      count(directions, call.direction);
      count(ends, call.end_reason ?? "open");
      if (call.end_reason !== null && !NO_ATTEMPT.has(call.end_reason)) {
        attempted += 1;
        if (call.end_reason === "connected") connected += 1;
        else if (call.direction === "inbound") missed += 1;
      }
      // An incoming call has no form to count from.
      if (call.direction === "outbound") addLatency(call);
    },

    figures(targets: Targets): Figures {
      return {
        leads: { total: leads, by_status: asCounts(statuses), by_source: asCounts(sources), by_score: asCounts(scores) },
        calls: { total: calls, by_direction: asCounts(directions), by_end_reason: asCounts(ends), missed_inbound: missed, connect_rate: attempted === 0 ? null : connected / attempted },
        bookings: { count: booked, amount: cents / 100 },
        funnel: { leads, scored, called: calledLeads.size, connected: connectedLeads.size, booked },
        response_time: {
          overall: overall.figures(targets),
          by_source: busiestFirst(bySource).map(([source, ledger]) => ({ source, ...ledger.figures(targets) })),
          by_hour: [...byHour].sort(([a], [b]) => a - b).map(([hour, ledger]) => ({ hour, ...ledger.figures(targets) })),
          by_person: busiestFirst(byPerson).map(([person, ledger]) => ({ person, ...ledger.figures(targets) })),
        },
      };
    },

    ofProject: (projectId: string, targets: Targets): Latencies => (byProject.get(projectId) ?? createLedger()).figures(targets),
  };
};

const busiestFirst = (ledgers: Map<string, Ledger>): [string, Ledger][] => [...ledgers].sort(([a, x], [b, y]) => y.calls() - x.calls() || a.localeCompare(b));
