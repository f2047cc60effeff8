import { z } from "@hono/zod-openapi";
import { iso, isoOrNull } from "../../core/clock.ts";
import { campaignReplies, campaignStatuses, pauseReasons, recipientStates } from "../../core/contact/campaign.types.ts";
import type { CampaignResults } from "../../core/memory/campaign-results.store.ts";
import type { Recipient } from "../../core/memory/campaign-recipients.store.ts";
import type { Campaign } from "../../core/memory/campaigns.store.ts";
import { MICROS } from "../../core/money.ts";

const time = z.string().nullable();
const people = z.number().int();

export const campaignSchema = z
  .object({
    id: z.string(),
    project_id: z.string(),
    status: z.enum(campaignStatuses).openapi({ description: "preparing, then preview: nothing is sent before it is started" }),
    pause_reason: z.enum(pauseReasons).nullable(),
    starts_itself: z.boolean().openapi({ description: "Sent as soon as it is prepared, as the schedule's are" }),
    settings: z
      .object({
        inactive_months: z.number(), cooldown_months: z.number(), daily_limit: z.number(), per_minute: z.number(), limit: z.number(), message_template: z.string(), personalised: z.boolean(),
        max_opt_out_percent: z.number(), opt_out_after: z.number(),
      })
      .openapi({ description: "As they were when it was prepared" }),
    left_out: z.record(z.string(), z.number()).openapi({ description: "Customers that were looked at and are not written to, by reason" }),
    sent: people,
    created_at: z.string(),
    started_at: time,
    ended_at: time,
  })
  .openapi("Campaign");

export const campaignWithResultsSchema = campaignSchema
  .extend({
    results: z.object({
      recipients: people,
      planned: people,
      sent: people,
      delivered: people.openapi({ description: "Of those sent, those whose carrier says so" }),
      failed: people.openapi({ description: "Could not be sent, or are known not to have arrived" }),
      refused: people.openapi({ description: "By the consent gate or Twilio" }),
      skipped: people.openapi({ description: "Changed since the preview" }),
      canceled: people,
      replied: people,
      replies: z.record(z.enum(campaignReplies), people),
      interested: people,
      opted_out: people,
      booked: people.openapi({ description: "Booked within 90 days of the text" }),
      revenue: z.number().openapi({ description: "Of those, in the business's currency" }),
      segments: z.number().int().openapi({ description: "Of all that are planned or sent" }),
      cost_usd: z.number().openapi({ description: "Of the same, by list prices" }),
      sent_segments: z.number().int(),
      sent_cost_usd: z.number(),
      written_by_model: people,
    }),
  })
  .openapi("CampaignWithResults");

export const recipientSchema = z
  .object({
    id: z.string(),
    lead_id: z.string().nullable().openapi({ description: "Null once the person was erased" }),
    to: z.string().nullable(),
    body: z.string().openapi({ description: "The text that they get, or got" }),
    written_by: z.enum(["template", "model"]).nullable(),
    segments: z.number().int(),
    cost_usd: z.number(),
    state: z.enum(recipientStates),
    reason: z.string().nullable(),
    not_before: time,
    message_id: z.string().nullable(),
    sent_at: time,
    reply: z.enum(campaignReplies).nullable(),
    replied_at: time,
  })
  .openapi("CampaignRecipient");

export const shown = ({ id, project_id, status, pause_reason, starts_itself, settings, left_out, sent, created_at, started_at, ended_at }: Campaign) => ({
  id, project_id, status, pause_reason, starts_itself, settings, left_out, sent, created_at: iso(created_at), started_at: isoOrNull(started_at), ended_at: isoOrNull(ended_at),
});

export const shownWithResults = (campaign: Campaign, results: CampaignResults) => {
  const { states, replies, cost_micros, sent_cost_micros, undelivered, ...figures } = results;
  const { recipients, delivered, replied, booked, revenue, segments, sent_segments, written_by_model } = figures;
  return {
    ...shown(campaign),
    results: {
      recipients, delivered, replied, booked, revenue, segments, sent_segments, written_by_model, replies,
      planned: states.planned, sent: states.sent, refused: states.refused, skipped: states.skipped, canceled: states.canceled,
      failed: states.failed + undelivered,
      interested: replies.interested,
      opted_out: replies.stop,
      cost_usd: cost_micros / MICROS,
      sent_cost_usd: sent_cost_micros / MICROS,
    },
  };
};

export const shownRecipient = ({ id, lead_id, phone, body, written_by, segments, cost_micros, state, reason, not_before, message_id, sent_at, reply, replied_at }: Recipient) => ({
  id, lead_id, to: phone, body, written_by, segments, cost_usd: cost_micros / MICROS, state, reason, not_before: not_before === 0 ? null : iso(not_before), message_id, sent_at: isoOrNull(sent_at), reply, replied_at: isoOrNull(replied_at),
});
