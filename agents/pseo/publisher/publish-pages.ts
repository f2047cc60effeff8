import { z } from "zod";
import { type AgentContext, type Later, later } from "../../../core/kernel/agent.ts";
import { startParts } from "../../../core/kernel/parts.ts";
import type { Entity } from "../../../core/memory/entities.store.ts";
import { sha256Hex } from "../../../core/security/constant-time.ts";
import { createCheckpoints } from "../../onboarding/checkpoints.ts";
import type { AgentTools } from "../../tools.ts";
import { type PageStatus, pageMetadataSchema } from "../page.schemas.ts";
import { dayAfter, morningOf, takePlaces, todayOf } from "./drip.ts";
import { demandTargets } from "./targets.ts";

export interface PublishParams {
  ids?: string[] | undefined;
  limit?: number | undefined;
  overwrite?: boolean | undefined;
  /** A day (`2026-11-26`) before whose morning nothing is done. */
  drip?: string | undefined;
}

type Context = AgentContext<AgentTools>;

/** Parts wake their parent when the last of them ends; this is for when that got lost. */
const LOOK_AGAIN_MS = 60_000;
const DUE: readonly PageStatus[] = ["passed", "published"];
const listSchema = z.object({ go: z.array(z.string()), wait: z.array(z.string()) });
const idsSchema = z.array(z.string());

const valueOf = ({ metadata }: Entity): number => (typeof metadata.expected_value === "number" ? metadata.expected_value : 0);

/** Pages that wait to go out, those worth most first. Those that are out are looked at again when named. */
const pagesFor = async ({ memory, project }: Context, { ids, limit }: PublishParams): Promise<Entity[]> => {
  const found: Entity[] = [];
  const take = (entity: Entity): void => {
    const metadata = pageMetadataSchema.safeParse(entity.metadata).data;
    if (entity.entity_type === "page" && entity.project_id === project.id && metadata && DUE.includes(metadata.status) && metadata.content !== null) found.push(entity);
  };
  if (ids !== undefined) for (const entity of await memory.keyed.withIds(ids)) take(entity);
  else for await (const rows of memory.keyed.each(project.id, "page", { status: "passed" })) for (const entity of rows) take(entity);
  return found.toSorted((a, b) => valueOf(b) - valueOf(a) || (a.id < b.id ? -1 : 1)).slice(0, limit);
};

/** What is left goes on by itself in the morning, as a run of its own: this one is over today. One a day, however many ask. */
const goOnTomorrow = async ({ memory, project, dna, tools }: Context, { ids, overwrite }: PublishParams, wait: readonly string[]): Promise<string> => {
  const day = dayAfter(todayOf(dna, tools.clock.now()));
  const dueInMs = morningOf(dna, day) - tools.clock.now();
  const named = ids === undefined ? {} : { ids: [...wait] };
  const key = `publish:${project.id}:drip:${day}${ids === undefined ? "" : `:${sha256Hex(JSON.stringify(wait)).slice(0, 16)}`}`;
  const { run, created } = await memory.runs.create({ project_id: project.id, task: "publish", action: "publish", params: { ...named, drip: day, ...(overwrite === true ? { overwrite } : {}) }, idempotency_key: key }, dueInMs);
  if (created) await tools.enqueue(run, dueInMs);
  return day;
};

/** Pages that are out and link to one that has just got an address. */
const linkingTo = async ({ memory, project }: Context, ids: ReadonlySet<string>): Promise<string[]> => {
  const from = new Set((await memory.pageLinks.all(project.id)).filter((link) => ids.has(link.to)).map((link) => link.from));
  return (await memory.keyed.withIds([...from])).filter(({ metadata }) => metadata.status === "published").map(({ id }) => id);
};

/** Runs a part for each page. @returns how many are open, and how many have failed */
const partsFor = async (context: Context, ids: readonly string[], round: string, overwrite: boolean): Promise<void> => {
  const extra = overwrite ? { overwrite } : {};
  await startParts(context, ids.map((id) => ({ task: "publish", action: "publish", params: { ids: [id], ...extra }, key: `publish:${context.runId}:${round}:${id}` })));
};

/**
 * Publishes many pages, each as a part. Two rounds: in the second, pages are brought up to date that link to pages which got their address
 * in the first.
 */
export const publishPages = async (context: Context, params: PublishParams): Promise<Later | Record<string, unknown>> => {
  const { memory, tools, runId, dna, report } = context;
  demandTargets(dna);
  if (params.drip !== undefined && tools.clock.now() < morningOf(dna, params.drip)) return later(morningOf(dna, params.drip) - tools.clock.now());
  const kept = createCheckpoints(tools.storage, { tenant_id: memory.tenantId, run_id: runId });
  const { go, wait } = await kept.step("pages", listSchema, async () => {
    const pages = await pagesFor(context, params);
    const mayGo = await takePlaces(context, pages);
    const inOrder = pages.map(({ id }) => id);
    return { go: inOrder.filter((id) => mayGo.has(id)), wait: inOrder.filter((id) => !mayGo.has(id)) };
  });
  await partsFor(context, go, "out", params.overwrite === true);
  const open = async (label: string, total: number): Promise<boolean> => {
    const parts = await memory.runs.partsOf(runId);
    const left = (parts.queued ?? 0) + (parts.running ?? 0);
    await report({ done: total - left, total, label, steps: "parts" });
    return left > 0;
  };
  if (await open("publish", go.length)) return later(LOOK_AGAIN_MS);
  const relink = await kept.step("links", idsSchema, async () => linkingTo(context, new Set(go)));
  await partsFor(context, relink, "links", false);
  if (await open("links", go.length + relink.length)) return later(LOOK_AGAIN_MS);

  const next_on = wait.length === 0 ? null : await goOnTomorrow(context, params, wait);
  const parts = await memory.runs.partsOf(runId);
  const statuses: Record<string, number> = {};
  for (const { metadata } of await memory.keyed.withIds(go)) statuses[String(metadata.status)] = (statuses[String(metadata.status)] ?? 0) + 1;
  await kept.clear();
  return { pages: go.length, failed: (parts.failed ?? 0) + (parts.dead ?? 0), statuses, waiting: wait.length, next_on };
};
