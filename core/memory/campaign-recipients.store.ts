import { and, desc, eq, gte, inArray, isNull, lt, lte, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { type CampaignPosition, type RecipientState } from "../contact/campaign.types.ts";
import { newId } from "../ids.ts";
import type { Campaign } from "./campaigns.store.ts";
import { auditIfChanged, insertRowsIf, patched, type Page, type PageRequest, type Scope, toPage } from "./database.ts";
import { campaign_recipients, campaigns, entities } from "./schema.ts";

export type Recipient = typeof campaign_recipients.$inferSelect;
/** With what a text must have: a person who is not erased. */
export type PlannedRecipient = Recipient & { lead_id: string; phone: string };

export interface NewRecipient {
  lead_id: string;
  phone: string;
}

/** What was found of the customers of one page of the selection. */
export interface SelectedPage {
  chosen: NewRecipient[];
  /** Left out, and as of when nothing is to be done about them. */
  left_out: { id: string; reason: string; seen_at: number }[];
  position: CampaignPosition;
}

export interface WrittenText {
  id: string;
  body: string;
  written_by: "template" | "model";
  segments: number;
  cost_micros: number;
}

/** Opt-outs are weighed against so many texts at most: what was long ago tells nothing of today's. */
const MOST_WEIGHED = 500;

const isPlanned = (row: Recipient): row is PlannedRecipient => row.lead_id !== null && row.phone !== null;

export const createCampaignRecipientsStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const of = (campaignId: string) => and(eq(campaign_recipients.campaign_id, campaignId), eq(campaign_recipients.tenant_id, tenantId));
  const own = (id: string) => and(eq(campaign_recipients.id, id), eq(campaign_recipients.tenant_id, tenantId));
  const planned = (id: string) => and(own(id), eq(campaign_recipients.state, "planned"));

  return {
    /** Stores a page of the selection; nothing, when another life of the run has stored it before. */
    async addPage(campaign: Campaign, { chosen, left_out, position }: SelectedPage): Promise<void> {
      const now = clock.now();
      const counts = { ...campaign.left_out };
      for (const { reason } of left_out) counts[reason] = (counts[reason] ?? 0) + 1;
      const was = JSON.stringify(campaign.position);
      const isNext = sql`EXISTS (SELECT 1 FROM ${campaigns} WHERE ${campaigns.id} = ${campaign.id} AND ${campaigns.tenant_id} = ${tenantId} AND ${campaigns.status} = 'preparing' AND coalesce(${campaigns.position}, 'null') = ${was})`;
      const rows = chosen.map(({ lead_id, phone }) => ({
        id: newId("rcp", now), tenant_id: tenantId, project_id: campaign.project_id, campaign_id: campaign.id, lead_id, phone, body: "", segments: 0, cost_micros: 0, state: "planned", not_before: 0, tries: 0,
      }));
      const seen = sql`(SELECT value FROM json_each(${JSON.stringify(Object.fromEntries(left_out.map(({ id, seen_at }) => [id, seen_at])))}) WHERE key = entities.id)`;
      await db.batch([
        // Whoever was erased meanwhile is not written down again.
        insertRowsIf(db, campaign_recipients, rows, sql`${isNext} AND EXISTS (SELECT 1 FROM entities WHERE entities.id = json_extract(value, '$.lead_id'))`).onConflictDoNothing(),
        db
          .update(entities)
          .set({ campaign_seen_at: seen })
          .where(and(sql`${entities.id} IN (SELECT value FROM json_each(${JSON.stringify(left_out.map(({ id }) => id))}))`, eq(entities.tenant_id, tenantId), isNext)),
        db.update(campaigns).set({ position, left_out: counts }).where(and(eq(campaigns.id, campaign.id), eq(campaigns.tenant_id, tenantId), isNext)),
      ]);
    },

    count: async (campaignId: string): Promise<number> => db.$count(campaign_recipients, of(campaignId)),

    async unwritten(campaignId: string, limit: number): Promise<PlannedRecipient[]> {
      const rows = await db.select().from(campaign_recipients).where(and(of(campaignId), isNull(campaign_recipients.written_by), sql`+${campaign_recipients.state} = 'planned'`)).orderBy(campaign_recipients.id).limit(limit).all();
      return rows.filter(isPlanned);
    },

    /** The words that they will get. Written once. */
    async write(texts: WrittenText[]): Promise<void> {
      const [first, ...rest] = texts.map(({ id, ...text }) => db.update(campaign_recipients).set(text).where(and(planned(id), isNull(campaign_recipients.written_by))));
      if (first) await db.batch([first, ...rest]);
    },

    async list(campaignId: string, filter: { state?: RecipientState | undefined }, page: PageRequest): Promise<Page<Recipient>> {
      const rows = await db
        .select()
        .from(campaign_recipients)
        .where(and(of(campaignId), filter.state === undefined ? undefined : sql`+${campaign_recipients.state} = ${filter.state}`, page.cursor === undefined ? undefined : lt(campaign_recipients.id, page.cursor)))
        .orderBy(desc(campaign_recipients.id))
        .limit(page.limit + 1)
        .all();
      return toPage(rows, page.limit);
    },

    /** Whose turn it is, the longest waiting first. */
    async due(campaignId: string, limit: number): Promise<PlannedRecipient[]> {
      const rows = await db
        .select()
        .from(campaign_recipients)
        .where(and(of(campaignId), eq(campaign_recipients.state, "planned"), lte(campaign_recipients.not_before, clock.now())))
        .orderBy(campaign_recipients.not_before, campaign_recipients.id)
        .limit(limit)
        .all();
      return rows.filter(isPlanned);
    },

    /** When the next turn is, ms; null when nobody is left. */
    async nextTurn(campaignId: string): Promise<number | null> {
      const row = await db.select({ at: campaign_recipients.not_before }).from(campaign_recipients).where(and(of(campaignId), eq(campaign_recipients.state, "planned"))).orderBy(campaign_recipients.not_before).limit(1).get();
      return row?.at ?? null;
    },

    /** When the project's texts of campaigns were handed over since then, the newest first, ms. */
    async sentSince(projectId: string, since: number): Promise<number[]> {
      const rows = await db
        .select({ at: campaign_recipients.sent_at })
        .from(campaign_recipients)
        .where(and(eq(campaign_recipients.project_id, projectId), sql`${campaign_recipients.sent_at} IS NOT NULL`, gte(campaign_recipients.sent_at, since), sql`+${campaign_recipients.tenant_id} = ${tenantId}`))
        .all();
      return rows.flatMap(({ at }) => (at === null ? [] : [at])).toSorted((a, b) => b - a);
    },

    /** Is about to be written to: counts for the pace from now on, whatever becomes of whoever does it. */
    async handOver(id: string): Promise<void> {
      await db.update(campaign_recipients).set({ sent_at: clock.now() }).where(planned(id));
    },

    /** Twilio has the text: on the recipient, the campaign and the lead, at once. */
    async sent(recipient: Pick<PlannedRecipient, "id" | "campaign_id" | "lead_id">, messageId: string, contactedAt: string): Promise<void> {
      const now = clock.now();
      const statements: [BatchItem<"sqlite">, ...BatchItem<"sqlite">[]] = [
        // Stopped while it was on its way, it is sent all the same.
        db.update(campaign_recipients).set({ state: "sent", message_id: messageId, sent_at: now, reason: null }).where(and(own(recipient.id), inArray(campaign_recipients.state, ["planned", "canceled"]))),
        auditIfChanged(scope, "campaign.text_sent", `campaign:${recipient.campaign_id}`, { recipient_id: recipient.id, message_id: messageId }),
        // The audit row was written, so the one before it was changed.
        db.update(campaigns).set({ sent: sql`${campaigns.sent} + 1` }).where(and(eq(campaigns.id, recipient.campaign_id), eq(campaigns.tenant_id, tenantId), sql`changes() > 0`)),
        db
          .update(entities)
          .set({ metadata: patched({ last_contacted_at: contactedAt, last_campaign_id: recipient.campaign_id }), campaign_seen_at: now, updated_at: now })
          .where(and(eq(entities.id, recipient.lead_id), eq(entities.tenant_id, tenantId), sql`changes() > 0`)),
      ];
      await db.batch(statements);
    },

    /** Is not written to after all. */
    async end(recipient: Pick<Recipient, "id" | "campaign_id">, state: "refused" | "skipped" | "failed", reason: string): Promise<void> {
      await db.batch([
        db.update(campaign_recipients).set({ state, reason, sent_at: null }).where(planned(recipient.id)),
        auditIfChanged(scope, `campaign.text_${state}`, `campaign:${recipient.campaign_id}`, { recipient_id: recipient.id, reason }),
      ]);
    },

    /** Must wait, and was surely not written to. */
    async putOff(ids: { id: string; until: number }[]): Promise<void> {
      const [first, ...rest] = ids.map(({ id, until }) => db.update(campaign_recipients).set({ not_before: until, sent_at: null }).where(planned(id)));
      if (first) await db.batch([first, ...rest]);
    },

    /** An attempt ended without an answer: for all that is known it counts for the pace. `counted` false: somebody else's attempt is under way. */
    async tryAgain(id: string, until: number, { counted }: { counted: boolean }): Promise<void> {
      await db.update(campaign_recipients).set({ not_before: until, ...(counted ? { tries: sql`${campaign_recipients.tries} + 1` } : {}) }).where(planned(id));
    },

    /** Of a project's last texts of campaigns since then: how many there were, and how many of their people said stop. */
    async stopsSince(projectId: string, since: number): Promise<{ sent: number; stops: number }> {
      const last = db
        .select({ stopped: sql<number>`coalesce(${campaign_recipients.reply} = 'stop', 0)`.as("stopped") })
        .from(campaign_recipients)
        .where(and(eq(campaign_recipients.project_id, projectId), sql`${campaign_recipients.sent_at} IS NOT NULL`, gte(campaign_recipients.sent_at, since), sql`+${campaign_recipients.tenant_id} = ${tenantId}`, sql`+${campaign_recipients.state} = 'sent'`))
        .orderBy(desc(campaign_recipients.sent_at))
        .limit(MOST_WEIGHED)
        .as("last_texts");
      const row = await db.select({ sent: sql<number>`count(*)`.as("texts"), stops: sql<number | null>`sum(${last.stopped})`.as("stops") }).from(last).get();
      return { sent: row?.sent ?? 0, stops: row?.stops ?? 0 };
    },

    /** What a campaign wrote to a phone; null when it wrote nothing there. */
    async textTo(campaignId: string, phone: string): Promise<string | null> {
      const row = await db.select({ body: campaign_recipients.body }).from(campaign_recipients).where(and(of(campaignId), eq(campaign_recipients.phone, phone))).get();
      return row?.body ?? null;
    },
  };
};
