import { z } from "zod";
import { iso } from "../../core/clock.ts";
import { grouped } from "../../core/grouped.ts";
import { isoTime } from "../../core/iso-time.schema.ts";
import type { Dna } from "../../core/dna/schema.ts";
import { hourReader, zoneOf } from "../../core/dna/time-zone.ts";
import { action } from "../../core/kernel/agent.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import type { Project } from "../../core/memory/projects.store.ts";
import type { HourOf, Piece } from "../../core/memory/figures.store.ts";
import type { StatsFilter } from "../../core/memory/stats.store.ts";
import { createCalendar, type Interval } from "../../core/stats/calendar.ts";
import { type Costs, costsOf, type SourceCosts, sourceCosts } from "../../core/stats/costs.ts";
import { type Figures, figuresOf } from "../../core/stats/figures.ts";
import { type Latencies, latenciesOf, strictest, type Targets, targetsOf } from "../../core/stats/latency.ts";
import { rangeOf, type TimeRange } from "../../core/stats/range.ts";
import { addRollup, newRollup, type Rollup } from "../../core/stats/rollup.ts";
import { intervalFor, type TrendPoint, trendOf } from "../../core/stats/trend.ts";
import type { AgentTools } from "../tools.ts";

export interface Business {
  project: Project;
  dna: Dna;
}

export interface CanaryResult {
  last_at: string;
  ok: boolean;
  detail: string;
}

/** The period before, as long as the range: what it is compared with. */
export interface Previous {
  from: string;
  to: string;
  leads: number;
  calls: number;
  connect_rate: number | null;
  bookings: { count: number; amount: number };
  cost_usd: number;
  p50: number | null;
  p95: number | null;
}

export interface Stats extends Figures {
  cost: Costs;
  by_source: SourceCosts[];
  interval: Interval;
  trend: TrendPoint[];
  previous: Previous | null;
  /** Null: all projects of the tenant. */
  project_id: string | null;
  from: string;
  to: string;
  /** Of several businesses the hardest. */
  target: Targets;
  by_project: { project_id: string; time_zone: string; response_time: Latencies; canary: CanaryResult | null }[];
  canary: CanaryResult | null;
}

export interface StatsQuestion extends TimeRange {
  /** Of the trend; the finest that a plot can show when absent. */
  interval?: Interval | undefined;
  /** Whether to tell of the period before, too. */
  compare?: boolean;
}

const canaryOf = (project: Project): CanaryResult | null =>
  project.canary_last_at === null ? null : { last_at: iso(project.canary_last_at), ok: project.canary_failed_at === null, detail: project.canary_detail ?? "" };

const sumOf = (pieces: readonly Piece[]): Rollup => {
  const sum = newRollup();
  for (const { rollup } of pieces) addRollup(sum, rollup);
  return sum;
};

const previousOf = async (memory: TenantMemory, range: StatsFilter, hourOf: HourOf): Promise<Previous> => {
  const before = { ...range, from: range.from - (range.to - range.from), to: range.from };
  const [pieces, spent] = await Promise.all([memory.figures.read(before, hourOf), memory.stats.costMicros(before)]);
  const sum = sumOf(pieces);
  const { leads, calls, bookings, response_time } = figuresOf(sum, {});
  const { p50, p95 } = response_time.overall.form_to_connected_ms;
  return { from: iso(before.from), to: iso(before.to), leads: leads.total, calls: calls.total, connect_rate: calls.connect_rate, bookings, cost_usd: costsOf(spent, sum).total_usd, p50, p95 };
};

/**
 * The figures of one business, or of all that the tenant has, each with its own targets and by its own clock on the wall. The trend of
 * several is on the calendar of the first.
 * @param businesses all projects of the tenant where `only` is null
 */
export const readStats = async (memory: TenantMemory, businesses: Business[], only: Project | null, { compare = false, interval, ...range }: StatsQuestion): Promise<Stats> => {
  const known = new Map(businesses.map(({ project, dna }) => [project.id, { project, zone: zoneOf(dna), hourOf: hourReader(zoneOf(dna)), targets: targetsOf(dna) }]));
  const utc = hourReader("UTC");
  const hourOf: HourOf = (place, ms) => (known.get(place ?? "")?.hourOf ?? utc)(ms);
  const filter = { ...range, ...(only === null ? {} : { project_id: only.id }) };
  const [pieces, spent, previous] = await Promise.all([memory.figures.read(filter, hourOf), memory.stats.costMicros(filter), compare ? previousOf(memory, filter, hourOf) : null]);
  const sum = sumOf(pieces);
  const target = strictest([...known.values()].map(({ targets }) => targets));
  const [first] = known.values();
  const shown = interval ?? intervalFor(range);
  const byProject = grouped(pieces, ({ place }) => place);
  return {
    project_id: only?.id ?? null,
    from: iso(range.from),
    to: iso(range.to),
    target,
    ...figuresOf(sum, target),
    cost: costsOf(spent, sum),
    by_source: sourceCosts(spent, sum),
    interval: shown,
    trend: trendOf(pieces, range, shown, createCalendar(first?.zone ?? "UTC")),
    previous,
    by_project: [...known.values()].map(({ project, zone, targets }) => ({
      project_id: project.id,
      time_zone: zone,
      response_time: latenciesOf(sumOf(byProject.get(project.id) ?? []).all.steps, targets),
      canary: canaryOf(project),
    })),
    canary: only && canaryOf(only),
  };
};

const params = z.object({ from: isoTime.optional(), to: isoTime.optional() });

/** What `GET /api/stats` answers for the project of the run. */
export const dashboardStats = action<AgentTools, typeof params>(params, async ({ memory, project, dna, tools }, asked) =>
  readStats(memory, [{ project, dna }], project, rangeOf(asked, tools.clock.now())),
);
