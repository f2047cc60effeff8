import { z } from "zod";
import { zoneOf } from "../../../core/dna/time-zone.ts";
import { AppError, notFound } from "../../../core/errors.ts";
import { type AgentContext, action, later } from "../../../core/kernel/agent.ts";
import type { Campaign } from "../../../core/memory/campaigns.store.ts";
import type { PlannedRecipient } from "../../../core/memory/campaign-recipients.store.ts";
import { policyOf } from "../../../core/security/consent/policy.ts";
import { nextPermitted } from "../../../core/security/consent/quiet-hours.ts";
import type { AgentTools } from "../../tools.ts";
import { alertOwner } from "../alert-owner.ts";
import { isTooMany, paceOf } from "./pace.ts";
import { sendOne } from "./send-one.ts";
import { dayOf } from "./settings.ts";

type Context = AgentContext<AgentTools>;

const MINUTE_MS = 60_000;
/** People whose turn it is, looked at in one go. */
const A_PAGE = 50;
/** What one attempt puts off for quiet hours, so that a thousand at midnight take few attempts. */
const PAGES_AN_ATTEMPT = 20;
/** When Twilio could not be asked, nobody else is tried before. */
const DOWN_MS = MINUTE_MS;

const sendParams = z.object({ campaign_id: z.string().min(1).max(80), round: z.number().int().positive() });

const summaryOf = ({ id, status, pause_reason, sent }: Campaign) => ({ campaign_id: id, status, pause_reason, sent });

/** A campaign that paused itself says so to its owner, once: the text's key is the run's. */
const tellIfPaused = async (context: Context, campaign: Campaign) => {
  const name = context.dna.identity.business_name;
  const what = {
    opt_out_rate: `more than ${campaign.settings.max_opt_out_percent}% of the customers written to have opted out. Look at the text before you resume or stop it.`,
    account: "Twilio refuses your account or number. Nothing more is sent until you have it mended and resume the campaign.",
  };
  if (campaign.status !== "paused" || campaign.pause_reason === null || campaign.pause_reason === "by_hand") return summaryOf(campaign);
  const told = await alertOwner(context, `${name}: your campaign to old customers has paused itself: ${what[campaign.pause_reason]}`);
  return { ...summaryOf(campaign), told };
};

/** How the campaign stands; pauses it when too many have opted out since somebody last decided that it goes on. */
const standing = async ({ memory }: Context, id: string): Promise<Campaign> => {
  const campaign = await memory.campaigns.get(id);
  if (campaign.status !== "running") return campaign;
  const { sent, stops } = await memory.campaignRecipients.stopsSince(campaign.project_id, campaign.guard_from);
  if (!isTooMany(stops, sent, campaign.settings)) return campaign;
  await memory.campaigns.pause(id, "opt_out_rate");
  return memory.campaigns.get(id);
};

/** Those who may be written to at this hour; the others are put off to theirs. By number alone: what an address says, the gate knows. */
const inTheirDay = async ({ memory, dna, tools }: Context, due: PlannedRecipient[]): Promise<PlannedRecipient[]> => {
  const now = tools.clock.now();
  const policy = policyOf(dna);
  const times = due.map((recipient) => ({ recipient, at: nextPermitted({ phone: recipient.phone, place: null, policy }, now) }));
  await memory.campaignRecipients.putOff(times.flatMap(({ recipient, at }) => (at > now ? [{ id: recipient.id, until: at }] : [])));
  return times.flatMap(({ recipient, at }) => (at > now ? [] : [recipient]));
};

/** The next people whose turn it is and whose hour it is. */
const nextPeople = async (context: Context, campaign: Campaign, most: number): Promise<PlannedRecipient[]> => {
  for (let page = 0; page < PAGES_AN_ATTEMPT; page++) {
    const due = await context.memory.campaignRecipients.due(campaign.id, A_PAGE);
    const ready = await inTheirDay(context, due);
    if (ready.length > 0 || due.length < A_PAGE) return ready.slice(0, most);
  }
  return [];
};

/** @returns when to go on, ms; or the campaign, when nothing is left to do, or it is not being sent any more */
const sendSome = async (context: Context, campaign: Campaign): Promise<number | Campaign> => {
  const { memory, project, dna, tools } = context;
  const now = tools.clock.now();
  const day = dayOf(now, zoneOf(dna));
  const sentAt = await memory.campaignRecipients.sentSince(project.id, Math.min(day.start, now - MINUTE_MS));
  const pace = paceOf(sentAt, campaign.settings, now, day);
  if (pace.now === 0) return pace.next;
  let current = campaign;
  for (const recipient of await nextPeople(context, campaign, pace.now)) {
    // Somebody may have stopped it since the last one.
    current = await memory.campaigns.get(campaign.id);
    if (current.status !== "running" || current.round !== campaign.round) return current;
    const outcome = await sendOne(context, current, recipient);
    if (outcome === "down") return tools.clock.now() + DOWN_MS;
    if (outcome === "account") {
      await memory.campaigns.pause(campaign.id, "account");
      return memory.campaigns.get(campaign.id);
    }
  }
  const next = await memory.campaignRecipients.nextTurn(campaign.id);
  if (next !== null) return next;
  await memory.campaigns.complete(campaign.id);
  return memory.campaigns.get(campaign.id);
};

/**
 * Sends a campaign, a few texts an attempt: what the pace allows. All that it knows is stored, so that it may die at any point, and be
 * paused or stopped between any two texts.
 */
export const send = action<AgentTools, typeof sendParams>(sendParams, async (context, { campaign_id, round }) => {
  const { memory, project, runId, tools, report } = context;
  const { idempotency_key: key } = await memory.runs.get(runId);
  if (key !== `campaign:${campaign_id}:${round}`) throw new AppError({ code: "campaign_not_started", status: 422, message: "A campaign is sent by the run that started it. Start or resume the campaign." });
  const campaign = await standing(context, campaign_id);
  if (campaign.project_id !== project.id) throw notFound("campaign");
  if (campaign.round !== round) return summaryOf(campaign);
  if (campaign.status !== "running") return tellIfPaused(context, campaign);
  const next = await sendSome(context, campaign);
  if (typeof next !== "number") return next.status === "running" ? later(MINUTE_MS) : tellIfPaused(context, next);
  const { recipients, states } = await memory.campaignResults.of(campaign_id);
  await report({ done: recipients - states.planned, total: recipients, label: "people" });
  return later(Math.max(0, next - tools.clock.now()));
});
