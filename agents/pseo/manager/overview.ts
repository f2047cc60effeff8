import type { Dna } from "../../../core/dna/schema.ts";
import type { TenantMemory } from "../../../core/memory/memory.ts";
import type { Project } from "../../../core/memory/projects.store.ts";
import { slugOf } from "../../../core/slug.ts";
import { pageStatuses } from "../page.schemas.ts";
import { estimateRun } from "./budget.ts";
import { isOver } from "./part.ts";
import type { Phase } from "./pipeline.schemas.ts";
import { findPipeline } from "./pipeline.store.ts";

/** `stopped`: the run that drives it failed; it goes on when that is tried again. `none`: there never was one. */
export type PipelineState = "none" | "running" | "paused" | "over" | "stopped";

export interface PipelineOverview {
  /** Whether the DNA lets the manager run at all. */
  enabled: boolean;
  state: PipelineState;
  /** The run that drives it. */
  run_id: string | null;
  phase: Phase | null;
  started_at: number | null;
  /** Of this run: chosen, taken up, on their way now. Null: not chosen yet. */
  total: number | null;
  taken: number;
  active: number;
  /** Whether no more are taken up, since the money for them is spent. */
  spent: boolean;
  /** What the run and its parts have cost, in millionths of a US dollar. */
  cost_micros: number;
  error: { code: string; message: string } | null;
  /** Of the project, by status. */
  pages: Record<string, number>;
  /** What the map is not sure about, and waits for a person. */
  doubtful: { places: number; anchors: number };
  /** Of one page in models: when its first draft passes, and when each draft that may be is needed. */
  estimate: { page_micros: number; most_page_micros: number };
  most_pages: number;
  /** What a run can be narrowed to. */
  services: { slug: string; name: string }[];
  places: { slug: string; name: string }[];
}

const namesOf = (names: readonly string[]): { slug: string; name: string }[] => names.map((name) => ({ slug: slugOf(name), name }));

/** Where a project's page pipeline stands. Counts index entries, reads the pipeline and its run, and changes nothing. */
export const overviewOf = async (memory: TenantMemory, project: Pick<Project, "id">, dna: Dna, now: number): Promise<PipelineOverview> => {
  const { enabled, pages, scout_settings } = dna.modules.local_seo;
  const pipeline = await findPipeline(memory, project.id);
  const [driver, cost_micros, counts, places, anchors] = await Promise.all([
    pipeline === null ? undefined : memory.runs.find(pipeline.run_id),
    pipeline === null ? 0 : memory.usage.costOfRun(pipeline.run_id),
    memory.keyed.countByStatus(project.id, "page", pageStatuses),
    memory.keyed.countByStatus(project.id, "place", ["doubtful"]),
    memory.keyed.countByStatus(project.id, "anchor", ["doubtful"]),
  ]);
  const hasStopped = pipeline !== null && pipeline.status !== "over" && (driver === undefined || isOver(driver));
  const { page_micros, most_micros } = estimateRun(dna, 1, now);
  return {
    enabled,
    state: pipeline === null ? "none" : hasStopped ? "stopped" : pipeline.status,
    run_id: driver?.id ?? null,
    phase: pipeline?.phase ?? null,
    started_at: pipeline?.started_at ?? null,
    total: pipeline?.total ?? null,
    taken: pipeline?.taken ?? 0,
    active: pipeline?.active.length ?? 0,
    spent: pipeline?.spent ?? false,
    cost_micros,
    error: hasStopped ? (driver?.error ?? null) : null,
    pages: counts,
    doubtful: { places: places.doubtful ?? 0, anchors: anchors.doubtful ?? 0 },
    estimate: { page_micros, most_page_micros: most_micros },
    most_pages: pages.max_pages,
    services: dna.services.map(({ name, slug }) => ({ name, slug: slug ?? slugOf(name) })),
    places: namesOf(scout_settings.geo_scope.suburbs.map((suburb) => suburb.split(",")[0] ?? suburb)),
  };
};
