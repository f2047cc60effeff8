import { z } from "zod";
import { action, type Agent, later } from "../../../core/kernel/agent.ts";
import type { AgentTools } from "../../tools.ts";
import { getPage } from "../page.ts";
import { stageParams } from "../stage.ts";
import { checkTargets } from "./check.ts";
import { takePlaces } from "./drip.ts";
import { isBusy } from "./leases.ts";
import { publishPage } from "./publish-page.ts";
import { publishPages } from "./publish-pages.ts";
import { restorePages, unpublishPages } from "./take-down.ts";

const BUSY_MS = 5_000;

const publishParams = stageParams.extend({
  overwrite: z.boolean().optional().describe("Replaces what somebody has changed on the target; default: such pages are held"),
  drip: z.iso.date().optional().describe("Begins in the morning of this day, on the business's clock"),
});
/** No parts: each is one or two requests, and a person waits for it. */
const namedParams = z.object({ ids: stageParams.shape.ids.unwrap().max(50) });

/** Brings pages that the critic has passed to where their readers are. */
export const publishAgent: Agent<AgentTools> = {
  task: "publish",
  actions: {
    publish: action(publishParams, async (context, params) => {
      const [id, ...others] = params.ids ?? [];
      if (id === undefined || others.length > 0 || params.drip !== undefined) return publishPages(context, params);
      const page = await getPage(context, id);
      if (!["passed", "published"].includes(page.metadata.status) || page.metadata.content === null) return { page_id: id, outcome: "not_due", status: page.metadata.status };
      try {
        // One that has no place today goes the way of many: it waits for tomorrow's run.
        if (!(await takePlaces(context, [page])).has(id)) return await publishPages(context, params);
        return await publishPage(context, page, { overwrite: params.overwrite === true });
      } catch (error) {
        if (isBusy(error)) return later(BUSY_MS);
        throw error;
      }
    }),
    unpublish: action(namedParams.extend({ how: z.enum(["draft", "trash"]).default("draft") }), async (context, params) => unpublishPages(context, params)),
    restore: action(namedParams, async (context, params) => restorePages(context, params)),
    check: action(z.object({}), async (context) => checkTargets(context)),
  },
  defaultAction: "publish",
};
