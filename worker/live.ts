import type { Context } from "hono";
import type { Clock } from "../core/clock.ts";
import { iso } from "../core/clock.ts";
import { grouped } from "../core/grouped.ts";
import type { LiveChange } from "../core/memory/live.store.ts";
import type { TenantMemory } from "../core/memory/memory.ts";
import type { Run } from "../core/memory/runs.store.ts";
import type { LiveSource } from "../durable/live-feed/live-feed.object.ts";
import type { LiveEvent } from "../durable/live-feed/live-feed.types.ts";
import { shownCall } from "./routes/calls.routes.ts";
import { shownEntity } from "./routes/entities.routes.ts";
import { shownRun } from "./routes/runs.routes.ts";
import type { AppEnv } from "./services.ts";

const countsParts = ({ progress, status }: Run): boolean => progress.steps === "parts" && (status === "queued" || status === "running");

/** Runs as they are told, each with how far it is now; and those whose steps are parts that have moved, though no row of theirs has. */
const toldRuns = async ({ runs }: Pick<TenantMemory, "runs">, ids: string[]): Promise<{ rows: Run[]; moved: { run: Run; by: string }[] }> => {
  const rows = await runs.some(ids);
  const known = new Set(ids);
  const parts = new Map(rows.flatMap(({ id, parent_id }) => (parent_id === null || known.has(parent_id) ? [] : [[parent_id, id]])));
  const parents = parts.size === 0 ? [] : (await runs.some([...parts.keys()])).filter(countsParts);
  return { rows, moved: parents.map((run) => ({ run, by: parts.get(run.id) ?? "" })) };
};

/** Changes as they are told: each with its row as lists show it now. One that is another project's by now is gone from this one. */
export const liveEvents = async (memory: TenantMemory, projectId: string, changes: readonly LiveChange[], clock: Pick<Clock, "now">): Promise<LiveEvent[]> => {
  const idsOf = (kind: LiveChange["kind"]): string[] => changes.flatMap((change) => (change.kind === kind ? [change.id] : []));
  const some = async <Row extends { id: string; project_id: string | null }>(ids: string[], read: (ids: string[]) => Promise<Row[]>, show: (row: Row) => unknown): Promise<[string, unknown][]> =>
    ids.length === 0 ? [] : (await read(ids)).flatMap((row): [string, unknown][] => (row.project_id === projectId ? [[row.id, show(row)]] : []));
  const found = await Promise.all([
    some(idsOf("entity"), async (ids) => memory.entities.some(ids), shownEntity),
    some(idsOf("call"), async (ids) => memory.calls.some(ids), shownCall),
  ]);
  const runIds = idsOf("run");
  const { rows: runs, moved } = runIds.length === 0 ? { rows: [], moved: [] } : await toldRuns(memory, runIds);
  const counting = [...runs, ...moved.map(({ run }) => run)].filter(countsParts);
  const open = counting.length === 0 ? new Map<string, number>() : await memory.runs.openParts(counting.map(({ id }) => id));
  const shown = (run: Run) => shownRun(run, { children: [], open: open.get(run.id) ?? 0 });
  const rows = new Map<string, unknown>([...found.flat(), ...runs.flatMap((run): [string, unknown][] => (run.project_id === projectId ? [[run.id, shown(run)]] : []))]);
  const at = iso(clock.now());
  const movedBy = grouped(moved.filter(({ run }) => run.project_id === projectId), ({ by }) => by);
  const event = ({ seq, kind, id }: LiveChange, data: unknown): LiveEvent => ({ seq, at, kind, id, project_id: projectId, data });
  // A run that waits for its parts is told of right behind the part that moved, under that one's number.
  return changes.flatMap((change) => [event(change, rows.get(change.id) ?? null), ...(change.kind === "run" ? (movedBy.get(change.id) ?? []) : []).map(({ run }) => event({ ...change, id: run.id }, shown(run)))]);
};

/** What a project's feed tells from. */
export const liveSource = (memory: TenantMemory, projectId: string, clock: Pick<Clock, "now">): LiveSource => ({
  watch: async (forMs) => memory.live.watch(projectId, forMs),
  changes: async (since, limit) => memory.live.changes(projectId, since, limit),
  events: async (changes) => liveEvents(memory, projectId, changes, clock),
});

/** Tells a project's watchers and endpoints at once that something has changed, when there is time for it: nothing waits, and nothing depends on it. */
export const announce = (c: Context<AppEnv>, { tenant_id, project_id }: { tenant_id: string; project_id: string | null }): void => c.executionCtx.waitUntil(c.var.services.changed({ tenant_id, project_id }));
