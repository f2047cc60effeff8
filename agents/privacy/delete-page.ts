import { z } from "zod";
import { AppError } from "../../core/errors.ts";
import { type AgentContext, later, type Later } from "../../core/kernel/agent.ts";
import { QUEUE_PATIENCE_MS } from "../../core/kernel/jobs.ts";
import { getPage } from "../pseo/page.ts";
import { isBusy, withLease } from "../pseo/publisher/leases.ts";
import { publishedSchema, type TargetName, targetNames } from "../pseo/publisher/target.ts";
import { changeOnEach } from "../pseo/publisher/take-down.ts";
import type { AgentTools } from "../tools.ts";

export const deletePageParams = z.object({
  page_id: z.string().regex(/^ent_[a-z0-9]{1,60}$/),
  /** Sites on which it is left as it is, since nobody can reach them any more. What we serve ourselves always goes. */
  leave: z.array(z.enum(["wordpress"])).default([]),
});

const BUSY_MS = 5_000;

/**
 * Takes a page down wherever it is, and erases it once it is nowhere. Interrupted anywhere, it does what is left; a target that refuses
 * keeps the page, with the reason, for a person to mend.
 * @throws AppError what the target says
 */
export const deletePage = async (context: AgentContext<AgentTools>, { page_id, leave }: z.infer<typeof deletePageParams>): Promise<Later | Record<string, unknown>> => {
  const { memory, tools, project, runId } = context;
  const isLeft = (name: TargetName): boolean => name === "wordpress" && leave.includes(name);
  try {
    return await withLease({ memory, project_id: project.id, holder: runId }, `page:${page_id}`, async () => {
      // Another run was here, or this one before it died.
      if ((await memory.entities.find(page_id)) === undefined) return { page_id, deleted: true };
      const page = await getPage(context, page_id);
      const published = await changeOnEach(context, page, async (target, state) => (state.placement === "taken_down" ? state : target.unpublish(state, "trash")), () => "retired", isLeft);
      const erasing = await memory.erasure.begin(page_id, QUEUE_PATIENCE_MS);
      if (erasing !== null) await tools.enqueue(erasing);
      return { page_id, deleted: true, taken_down: targetNames.filter((name) => published[name] !== undefined && !isLeft(name)), left: leave };
    });
  } catch (error) {
    if (isBusy(error)) return later(BUSY_MS);
    if (error instanceof AppError) {
      const published = publishedSchema.safeParse((await memory.entities.find(page_id))?.metadata["published"]).data ?? {};
      const target = targetNames.find((name) => published[name] !== undefined && published[name].placement !== "taken_down" && !isLeft(name));
      if (target !== undefined) await memory.keyed.change(page_id, { set: { publish_problem: { target, code: error.code, message: error.message.slice(0, 300), at: tools.clock.now() } } });
    }
    throw error;
  }
};
