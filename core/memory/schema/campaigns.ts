import { sql } from "drizzle-orm";
import { foreignKey, index, integer, sqliteTable, text, unique, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { CampaignPosition, CampaignReply, CampaignSettings, CampaignStatus, PauseReason, RecipientState } from "../../contact/campaign.types.ts";
import { projects } from "./projects.ts";

/** A text to many customers of old: who gets it is written down before anybody does (docs/design/0012-reactivation.md). */
export const campaigns = sqliteTable(
  "campaigns",
  {
    id: text().primaryKey(),
    tenant_id: text().notNull(),
    project_id: text().notNull(),
    /** The run that asked for it; asked again, it finds this campaign. */
    run_id: text().notNull(),
    status: text().$type<CampaignStatus>().notNull(),
    /** It is sent as soon as it is prepared: the schedule asked for it, or a person who wanted no preview. */
    starts_itself: integer({ mode: "boolean" }).notNull(),
    pause_reason: text().$type<PauseReason>(),
    /** As they were when it was prepared: a change of DNA changes no campaign. */
    settings: text({ mode: "json" }).$type<CampaignSettings>().notNull(),
    /** How far the selection has come: the last customer that was looked at. */
    position: text({ mode: "json" }).$type<CampaignPosition | null>(),
    /** Customers that were looked at and left out, by reason. */
    left_out: text({ mode: "json" }).$type<Record<string, number>>().notNull(),
    /** Grows with each start: names the run that sends, and tells an older one that it is not the one any more. */
    round: integer().notNull(),
    /** Since when opt-outs are counted against it, ms: its own beginning, or somebody's decision to go on; of the schedule's, thirty days before. */
    guard_from: integer().notNull(),
    /** Texts handed to Twilio. */
    sent: integer().notNull(),
    created_at: integer().notNull(),
    started_at: integer(),
    /** When it was completed or stopped. */
    ended_at: integer(),
  },
  (t) => [
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    unique("campaigns_id_tenant").on(t.id, t.tenant_id),
    uniqueIndex("campaigns_run").on(t.tenant_id, t.run_id),
    index("campaigns_tenant").on(t.tenant_id, t.id),
    index("campaigns_project").on(t.project_id, t.id),
    // Two at once would each keep to the limits that a project has as a whole.
    uniqueIndex("campaigns_running").on(t.project_id).where(sql`status = 'running'`),
  ],
);

/** One person in a campaign, the words that they get, and what came of it. Erasing the person empties the row; the figures stay. */
export const campaign_recipients = sqliteTable(
  "campaign_recipients",
  {
    id: text().primaryKey(),
    tenant_id: text().notNull(),
    project_id: text().notNull(),
    campaign_id: text().notNull(),
    /** Null once the person was erased; so is `phone`, and `body` is empty. */
    lead_id: text(),
    phone: text(),
    body: text().notNull(),
    /** Null while nobody has written the text yet. */
    written_by: text({ enum: ["template", "model"] }),
    segments: integer().notNull(),
    /** What the text costs by list prices, in micro-dollars. */
    cost_micros: integer().notNull(),
    state: text().$type<RecipientState>().notNull(),
    /** Why it was refused, skipped or failed. */
    reason: text(),
    /** While planned: not before this time. */
    not_before: integer().notNull(),
    /** Attempts that ended without an answer. */
    tries: integer().notNull(),
    message_id: text(),
    /** When it was handed over to Twilio; set before that is done, so that a text whose fate nobody knows counts for the pace too. */
    sent_at: integer(),
    /** What they answered; the latest counts, and a stop for good. */
    reply: text().$type<CampaignReply>(),
    replied_at: integer(),
  },
  (t) => [
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    foreignKey({ columns: [t.campaign_id, t.tenant_id], foreignColumns: [campaigns.id, campaigns.tenant_id] }),
    uniqueIndex("campaign_recipients_phone").on(t.campaign_id, t.phone).where(sql`phone IS NOT NULL`),
    index("campaign_recipients_list").on(t.campaign_id, t.id),
    index("campaign_recipients_state").on(t.campaign_id, t.state, t.not_before, t.id),
    index("campaign_recipients_unwritten").on(t.campaign_id, t.id).where(sql`written_by IS NULL`),
    index("campaign_recipients_replies").on(t.campaign_id, t.reply).where(sql`reply IS NOT NULL`),
    index("campaign_recipients_sent").on(t.project_id, t.sent_at).where(sql`sent_at IS NOT NULL`),
    index("campaign_recipients_lead").on(t.lead_id).where(sql`lead_id IS NOT NULL`),
  ],
);
