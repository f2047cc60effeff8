import type { Context } from "hono";
import type { Clock } from "../core/clock.ts";
import { iso } from "../core/clock.ts";
import type { LiveChange } from "../core/memory/live.store.ts";
import type { TenantMemory } from "../core/memory/memory.ts";
import type { LiveSource } from "../durable/live-feed/live-feed.object.ts";
import type { LiveEvent } from "../durable/live-feed/live-feed.types.ts";
import { shownCall } from "./routes/calls.routes.ts";
import { shownEntity } from "./routes/entities.routes.ts";
import { shownRun } from "./routes/runs.routes.ts";
import type { AppEnv } from "./services.ts";

/** Changes as they are told: each with its row as lists show it now. One that is another project's by now is gone from this one. */
export const liveEvents = async (memory: TenantMemory, projectId: string, changes: readonly LiveChange[], clock: Pick<Clock, "now">): Promise<LiveEvent[]> => {
  const idsOf = (kind: LiveChange["kind"]): string[] => changes.flatMap((change) => (change.kind === kind ? [change.id] : []));
  const some = async <Row extends { id: string; project_id: string | null }>(ids: string[], read: (ids: string[]) => Promise<Row[]>, show: (row: Row) => unknown): Promise<[string, unknown][]> =>
    ids.length === 0 ? [] : (await read(ids)).flatMap((row): [string, unknown][] => (row.project_id === projectId ? [[row.id, show(row)]] : []));
  const found = await Promise.all([
    some(idsOf("entity"), async (ids) => memory.entities.some(ids), shownEntity),
    some(idsOf("call"), async (ids) => memory.calls.some(ids), shownCall),
    some(idsOf("run"), async (ids) => memory.runs.some(ids), (run) => shownRun(run)),
  ]);
  const rows = new Map(found.flat());
  const at = iso(clock.now());
  return changes.map(({ seq, kind, id }) => ({ seq, at, kind, id, project_id: projectId, data: rows.get(id) ?? null }));
};

/** What a project's feed tells from. */
export const liveSource = (memory: TenantMemory, projectId: string, clock: Pick<Clock, "now">): LiveSource => ({
  watch: async (forMs) => memory.live.watch(projectId, forMs),
  changes: async (since, limit) => memory.live.changes(projectId, since, limit),
  events: async (changes) => liveEvents(memory, projectId, changes, clock),
});

/** Tells a project's watchers and endpoints at once that something has changed, when there is time for it: nothing waits, and nothing depends on it. */
export const announce = (c: Context<AppEnv>, { tenant_id, project_id }: { tenant_id: string; project_id: string | null }): void => c.executionCtx.waitUntil(c.var.services.changed({ tenant_id, project_id }));
