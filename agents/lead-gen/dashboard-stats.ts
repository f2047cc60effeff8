import { z } from "zod";
import { iso } from "../../core/clock.ts";
import type { Dna } from "../../core/dna/schema.ts";
import { hourReader, zoneOf } from "../../core/dna/time-zone.ts";
import { action } from "../../core/kernel/agent.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import type { Project } from "../../core/memory/projects.store.ts";
import { createFigures, type Figures } from "../../core/stats/figures.ts";
import { type Latencies, strictest, type Targets, targetsOf } from "../../core/stats/latency.ts";
import { rangeOf, type TimeRange } from "../../core/stats/range.ts";
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

export interface Costs {
  /** US dollars that the ledger has booked on the days of the range (`GET /api/usage` says for what). */
  total_usd: number;
  /** Null where there is nothing to divide by. */
  per_lead_usd: number | null;
  per_booking_usd: number | null;
}

export interface Stats extends Figures {
  cost: Costs;
  /** Null: all projects of the tenant. */
  project_id: string | null;
  from: string;
  to: string;
  /** Of several businesses the hardest. */
  target: Targets;
  by_project: { project_id: string; time_zone: string; response_time: Latencies; canary: CanaryResult | null }[];
  canary: CanaryResult | null;
}

const canaryOf = (project: Project): CanaryResult | null =>
  project.canary_last_at === null ? null : { last_at: iso(project.canary_last_at), ok: project.canary_failed_at === null, detail: project.canary_detail ?? "" };

const costsOf = (micros: number, { leads, bookings }: Figures): Costs => {
  const usd = micros / 1_000_000;
  return { total_usd: usd, per_lead_usd: leads.total === 0 ? null : usd / leads.total, per_booking_usd: bookings.count === 0 ? null : usd / bookings.count };
};

/**
 * The figures of one business, or of all that the tenant has, each with its own targets and by its own clock on the wall.
 * @param businesses all projects of the tenant where `only` is null
 */
export const readStats = async (memory: TenantMemory, businesses: Business[], only: Project | null, range: TimeRange): Promise<Stats> => {
  const known = new Map(businesses.map(({ project, dna }) => [project.id, { project, zone: zoneOf(dna), hourOf: hourReader(zoneOf(dna)), targets: targetsOf(dna) }]));
  const utc = hourReader("UTC");
  const figures = createFigures({ hourOf: (projectId, ms) => (known.get(projectId)?.hourOf ?? utc)(ms) });
  const filter = { ...range, ...(only === null ? {} : { project_id: only.id }) };
  await memory.stats.visit(filter, figures);
  const target = strictest([...known.values()].map(({ targets }) => targets));
  const summed = figures.figures(target);
  return {
    project_id: only?.id ?? null,
    from: iso(range.from),
    to: iso(range.to),
    target,
    ...summed,
    cost: costsOf(await memory.stats.costMicros(filter), summed),
    by_project: [...known.values()].map(({ project, zone, targets }) => ({
      project_id: project.id,
      time_zone: zone,
      response_time: figures.ofProject(project.id, targets),
      canary: canaryOf(project),
    })),
    canary: only && canaryOf(only),
  };
};

const isoTime = z.iso.datetime({ offset: true }).transform((time) => Date.parse(time));
const params = z.object({ from: isoTime.optional(), to: isoTime.optional() });

/** What `GET /api/stats` answers for the project of the run. */
export const dashboardStats = action<AgentTools, typeof params>(params, async ({ memory, project, dna, tools }, asked) =>
  readStats(memory, [{ project, dna }], project, rangeOf(asked, tools.clock.now())),
);
