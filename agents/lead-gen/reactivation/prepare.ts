import { z } from "zod";
import { AppError, conflict, notFound } from "../../../core/errors.ts";
import { type AgentContext, action, later } from "../../../core/kernel/agent.ts";
import type { Campaign } from "../../../core/memory/campaigns.store.ts";
import type { AgentTools } from "../../tools.ts";
import { selectPage } from "./select.ts";
import { settingsOf } from "./settings.ts";
import { startCampaign } from "./start.ts";
import { writeTexts } from "./write-text.ts";
import { MICROS } from "../../../core/money.ts";

type Context = AgentContext<AgentTools>;

/** What one attempt does, so that it stays far from any limit of time: the next one goes on. */
const PAGES_AN_ATTEMPT = 10;
const GROUPS_AN_ATTEMPT = 20;
/** People whose texts are asked for at the same time. */
const GROUP = 5;
const MOST_RECIPIENTS = 2000;
/** The schedule's campaigns are small: opt-outs are counted over those of a month together. */
const GUARD_MS = 30 * 86_400_000;

const reactivationParams = z.object({
  /** Only prepare it, to be looked at. Default true; a run of the schedule sends. */
  dry_run: z.boolean().optional(),
  limit: z.number().int().min(1).max(MOST_RECIPIENTS).optional(),
  inactive_months: z.number().int().min(1).max(120).optional(),
  /** Starts this one, as it was prepared; nothing else may be said then. */
  campaign_id: z.string().min(1).max(80).optional(),
}).refine((params) => params.campaign_id === undefined || (params.dry_run !== true && params.limit === undefined && params.inactive_months === undefined), { path: ["campaign_id"], message: "is started as it was prepared: give it alone" });
type Params = z.infer<typeof reactivationParams>;

/** Only the house gives a run a key of its own: the schedule does. */
const isScheduled = async ({ memory, runId }: Context): Promise<boolean> => {
  const { idempotency_key, parent_id } = await memory.runs.get(runId);
  return parent_id === null && idempotency_key?.startsWith("schedule:") === true;
};

const summaryOf = async ({ memory }: Context, campaign: Campaign, more: Record<string, unknown> = {}) => {
  const { recipients, segments, cost_micros, written_by_model } = await memory.campaignResults.of(campaign.id);
  return { campaign_id: campaign.id, status: campaign.status, recipients, segments, cost_usd: cost_micros / MICROS, written_by_model, left_out: campaign.left_out, ...more };
};

/** Why the schedule sends nothing now; null when it may. */
const whyNot = async ({ memory, project, dna }: Context): Promise<Record<string, unknown> | null> => {
  if (!dna.modules.lead_gen.enabled || !dna.modules.lead_gen.live || !dna.modules.lead_gen.reactivation.enabled) return { campaign_id: null, status: "skipped", reason: "disabled" };
  const running = await memory.campaigns.running(project.id);
  if (running) return { campaign_id: running.id, status: "skipped", reason: "campaign_running" };
  // One that paused itself is for a person to look at: a new one each day would be the same again.
  const { items } = await memory.campaigns.list({ project_id: project.id, status: "paused" }, { limit: 1 });
  const [paused] = items;
  return paused && paused.pause_reason !== "by_hand" ? { campaign_id: paused.id, status: "skipped", reason: "campaign_paused" } : null;
};

/** Writes what the selection has left to write. @returns false when there is more to do than an attempt should */
const writeAll = async ({ memory, project, dna, tools, runId }: Context, campaign: Campaign): Promise<boolean> => {
  let { personalised } = campaign.settings;
  for (let group = 0; group < GROUPS_AN_ATTEMPT; group++) {
    const recipients = await memory.campaignRecipients.unwritten(campaign.id, GROUP);
    if (recipients.length === 0) return true;
    const people = await Promise.all(recipients.map(async (recipient) => ({ recipient, customer: await memory.oldCustomers.one(recipient.lead_id) })));
    const there = people.flatMap(({ recipient, customer }) => (customer === undefined ? [] : [{ recipient, customer }]));
    for (const { recipient, customer } of people) if (customer === undefined) await memory.campaignRecipients.end(recipient, "skipped", "erased");
    const { texts, asked } = await writeTexts({ dna, settings: { ...campaign.settings, personalised }, gateway: tools.gatewayOf(memory, project.id, runId) }, there);
    personalised = personalised && asked;
    await memory.campaignRecipients.write(texts);
  }
  return false;
};

/** Selects, writes, and leaves the campaign to be looked at, or starts it. */
const goOn = async (context: Context, campaign: Campaign): Promise<unknown> => {
  const { memory, dna, tools, report } = context;
  const { id, settings } = campaign;
  let current = campaign;
  for (let page = 0; await selectPage(context, current); page++) {
    if (page >= PAGES_AN_ATTEMPT) return later(0);
    current = await memory.campaigns.get(id);
    if (current.status !== "preparing") return summaryOf(context, current);
  }
  await report({ done: 0, total: settings.limit, label: "selected" });
  if (!(await writeAll(context, current))) return later(0);
  await memory.campaigns.prepared(id);
  current = await memory.campaigns.get(id);
  if (!campaign.starts_itself || current.status !== "preview") return summaryOf(context, current);
  try {
    return await summaryOf(context, await startCampaign({ memory, enqueue: tools.enqueue }, current, "preview", dna));
  } catch (error) {
    if (!(error instanceof AppError) || error.status !== 409) throw error;
    return summaryOf(context, await memory.campaigns.get(id), { not_started: error.code });
  }
};

const startOne = async (context: Context, id: string): Promise<unknown> => {
  const { memory, project, dna, tools } = context;
  const campaign = await memory.campaigns.get(id);
  if (campaign.project_id !== project.id) throw notFound("campaign");
  // The same run again, whose first attempt came so far.
  if (campaign.status === "running" && context.attempt > 1) return summaryOf(context, campaign);
  if (campaign.status === "paused") throw conflict("campaign_paused", "This campaign was paused; resume it.");
  return summaryOf(context, await startCampaign({ memory, enqueue: tools.enqueue }, campaign, "preview", dna));
};

/**
 * Prepares a campaign: who, what text, which cost. Nothing is sent before it is started, by a second request or because this one (or
 * the schedule) says so. Interrupted, it goes on where it was.
 */
export const reactivate = action<AgentTools, typeof reactivationParams>(reactivationParams, async (context, params: Params) => {
  const { memory, project, dna, runId, attempt } = context;
  if (params.campaign_id !== undefined) return startOne(context, params.campaign_id);
  const scheduled = await isScheduled(context);
  if (scheduled && attempt === 1) {
    const reason = await whyNot(context);
    if (reason !== null) return reason;
  }
  const campaign = await memory.campaigns.open({ project_id: project.id, run_id: runId, starts_itself: scheduled || params.dry_run === false, ...(scheduled ? { guardMs: GUARD_MS } : {}), settings: settingsOf(dna, params) });
  if (campaign.status === "preparing" || (campaign.status === "preview" && campaign.starts_itself)) return goOn(context, campaign);
  return summaryOf(context, campaign);
});
