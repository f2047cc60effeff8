import { later, type Later } from "../../../core/kernel/agent.ts";
import { conflict } from "../../../core/errors.ts";
import { getPage, type Page } from "../page.ts";
import { isBusy, withLease } from "./leases.ts";
import { openTarget, type PublishContext } from "./targets.ts";
import { isOut, type Published, type PublishTarget, type StateOf, type TargetName, targetNames } from "./target.ts";

const BUSY_MS = 5_000;

type ChangeTarget = <Name extends TargetName>(target: PublishTarget<Name>, state: StateOf<Name>) => Promise<StateOf<Name>>;

/**
 * Changes how a page stands on each target that it ever went to, and writes it down after each: a crash in between does the rest. The
 * caller has the page's lease.
 */
export const changeOnEach = async (context: PublishContext, page: Page, change: ChangeTarget, statusOf: (published: Published) => string | null, isLeft: (name: TargetName) => boolean = () => false): Promise<Published> => {
  let published: Published = page.metadata.published ?? {};
  for (const name of targetNames) {
    const state = published[name];
    if (state === undefined || isLeft(name)) continue;
    const target = await openTarget(name, context);
    published = { ...published, [name]: await change(target, state as StateOf<typeof name>) };
    const status = statusOf(published);
    await context.memory.keyed.change(page.id, { set: { published, ...(status === null ? {} : { status }) } });
  }
  return published;
};

const onEach = async (context: PublishContext, id: string, change: ChangeTarget, statusOf: (published: Published) => string | null): Promise<Record<string, unknown>> => {
  const { memory, project, runId } = context;
  return withLease({ memory, project_id: project.id, holder: runId }, `page:${id}`, async () => {
    const published = await changeOnEach(context, await getPage(context, id), change, statusOf);
    return { page_id: id, targets: Object.fromEntries(Object.entries(published).map(([name, { placement, url, notes }]) => [name, { placement, url, notes }])) };
  });
};

const eachOf = async (ids: readonly string[], work: (id: string) => Promise<Record<string, unknown>>): Promise<Later | { pages: Record<string, unknown>[] }> => {
  const pages: Record<string, unknown>[] = [];
  try {
    for (const id of ids) pages.push(await work(id));
  } catch (error) {
    // Doing it again does what is left, since what is down is left down.
    if (isBusy(error)) return later(BUSY_MS);
    throw error;
  }
  return { pages };
};

/** Takes pages from the world, on every target that they are on. They are `retired` then: no stage touches them until they are restored. */
export const unpublishPages = async (context: PublishContext, { ids, how }: { ids: readonly string[]; how: "draft" | "trash" }): Promise<unknown> =>
  eachOf(ids, async (id) => onEach(context, id, async (target, state) => (state.placement === "taken_down" ? state : target.unpublish(state, how)), () => "retired"));

/** Brings back what `unpublish` took, as it was. */
export const restorePages = async (context: PublishContext, { ids }: { ids: readonly string[] }): Promise<unknown> =>
  eachOf(ids, async (id) => {
    const page = await getPage(context, id);
    if (page.metadata.published === undefined) throw conflict("page_never_published", `The page ${id} was never out: there is nothing to restore.`);
    return onEach(
      context,
      id,
      async (target, state) => (state.placement === "taken_down" ? target.restore(state) : state),
      (published) => (isOut(published) ? "published" : null),
    );
  });
