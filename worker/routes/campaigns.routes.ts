import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { startCampaign } from "../../agents/lead-gen/reactivation/start.ts";
import { campaignStatuses, recipientStates } from "../../core/contact/campaign.types.ts";
import { conflict } from "../../core/errors.ts";
import type { Campaign } from "../../core/memory/campaigns.store.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { idempotent } from "../middleware/idempotency.ts";
import { bearer, createRouter, idParam, json, pageOf, pageQuery, problems, projectIdSchema } from "../router.ts";
import type { AppEnv } from "../services.ts";
import { campaignSchema, campaignWithResultsSchema, recipientSchema, shown, shownRecipient, shownWithResults } from "./campaigns.schemas.ts";

const list = createRoute({
  method: "get",
  path: "/api/campaigns",
  summary: "Campaigns to customers of old, newest first",
  security: bearer,
  middleware: [requires()] as const,
  request: { query: pageQuery.extend({ project_id: projectIdSchema.optional(), status: z.enum(campaignStatuses).optional() }) },
  responses: { 200: json(pageOf(campaignSchema)), ...problems(401, 403, 422) },
});

const get = createRoute({
  method: "get",
  path: "/api/campaigns/{id}",
  summary: "One campaign and what came of it",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam },
  responses: { 200: json(campaignWithResultsSchema), ...problems(401, 403, 404) },
});

const recipients = createRoute({
  method: "get",
  path: "/api/campaigns/{id}/recipients",
  summary: "Who gets which text, newest first; of a preview, before anybody does",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam, query: pageQuery.extend({ state: z.enum(recipientStates).optional() }) },
  responses: { 200: json(pageOf(recipientSchema)), ...problems(401, 403, 404, 422) },
});

const command = <Path extends string>(path: Path, summary: string) =>
  createRoute({ method: "post", path, summary, security: bearer, middleware: [requires(), idempotent] as const, request: { params: idParam }, responses: { 200: json(campaignSchema), ...problems(401, 403, 404, 409, 422) } });

const start = command("/api/campaigns/{id}/start", "Send a campaign that was prepared: the texts of its preview, to the people of its preview");
const resume = command("/api/campaigns/{id}/resume", "Go on with a paused campaign");
const pause = command("/api/campaigns/{id}/pause", "Send nothing more for now");
const stop = command("/api/campaigns/{id}/stop", "Send nothing more, for good");

const begin = async (c: Context<AppEnv>, id: string, from: "preview" | "paused"): Promise<Campaign> => {
  const { dna, jobs } = c.var.services;
  const memory = memoryOf(c);
  const campaign = await memory.campaigns.get(id);
  const project = await memory.projects.get(campaign.project_id);
  return startCampaign({ memory, enqueue: async (run) => jobs.enqueue(run) }, campaign, from, await dna.load(project));
};

export const campaignsRoutes = createRouter()
  .openapi(list, async (c) => {
    const { limit, cursor, ...filter } = c.req.valid("query");
    const page = await memoryOf(c).campaigns.list(filter, { limit, cursor });
    return c.json({ items: page.items.map(shown), next_cursor: page.next_cursor }, 200);
  })
  .openapi(get, async (c) => {
    const { campaigns, campaignResults } = memoryOf(c);
    const campaign = await campaigns.get(c.req.valid("param").id);
    return c.json(shownWithResults(campaign, await campaignResults.of(campaign.id)), 200);
  })
  .openapi(recipients, async (c) => {
    const { campaigns, campaignRecipients } = memoryOf(c);
    const { id } = await campaigns.get(c.req.valid("param").id);
    const { limit, cursor, ...filter } = c.req.valid("query");
    const page = await campaignRecipients.list(id, filter, { limit, cursor });
    return c.json({ items: page.items.map(shownRecipient), next_cursor: page.next_cursor }, 200);
  })
  .openapi(start, async (c) => c.json(shown(await begin(c, c.req.valid("param").id, "preview")), 200))
  .openapi(resume, async (c) => c.json(shown(await begin(c, c.req.valid("param").id, "paused")), 200))
  .openapi(pause, async (c) => {
    const { campaigns } = memoryOf(c);
    const { id, status } = await campaigns.get(c.req.valid("param").id);
    if (!(await campaigns.pause(id, "by_hand"))) throw conflict("campaign_wrong_status", `This campaign is ${status}; only one that is running can be paused.`);
    return c.json(shown(await campaigns.get(id)), 200);
  })
  .openapi(stop, async (c) => {
    const { campaigns } = memoryOf(c);
    const { id, status } = await campaigns.get(c.req.valid("param").id);
    if (!(await campaigns.stop(id))) throw conflict("campaign_over", `This campaign is ${status} already.`);
    return c.json(shown(await campaigns.get(id)), 200);
  });
