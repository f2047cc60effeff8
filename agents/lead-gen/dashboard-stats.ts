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

export interface Stats extends Figures {
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

/**
 * The figures of one business, or of all that the tenant has, each with its own targets and by its own clock on the wall.
 * @param businesses all projects of the tenant where `only` is null
 */
export const readStats = async (memory: TenantMemory, businesses: Business[], only: Project | null, range: TimeRange): Promise<Stats> => {
  const known = new Map(businesses.map(({ project, dna }) => [project.id, { project, zone: zoneOf(dna), hourOf: hourReader(zoneOf(dna)), targets: targetsOf(dna) }]));
  const utc = hourReader("UTC");
  const figures = createFigures({ hourOf: (projectId, ms) => (known.get(projectId)?.hourOf ?? utc)(ms) });
  await memory.stats.visit({ ...range, ...(only === null ? {} : { project_id: only.id }) }, figures);
  const target = strictest([...known.values()].map(({ targets }) => targets));
  return {
    project_id: only?.id ?? null,
    from: iso(range.from),
    to: iso(range.to),
    target,
    ...figures.figures(target),
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
