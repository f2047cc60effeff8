import { and, eq, sql } from "drizzle-orm";
import { campaignReplies, type CampaignReply, recipientStates, type RecipientState } from "../contact/campaign.types.ts";
import type { Scope } from "./database.ts";
import { campaign_recipients, entities, messages } from "./schema.ts";

/** What came of a campaign; people, unless it says otherwise. */
export interface CampaignResults {
  recipients: number;
  states: Record<RecipientState, number>;
  /** Of those sent: known to have arrived, and known not to. The others are on their way, or nobody knows. */
  delivered: number;
  undelivered: number;
  replied: number;
  replies: Record<CampaignReply, number>;
  /** Booked since, within `ATTRIBUTED_DAYS`, and what they paid, in the currency of the business. */
  booked: number;
  revenue: number;
  /** Texts' segments and their estimated cost in micro-dollars, of all that are planned or sent, and of those sent. */
  segments: number;
  cost_micros: number;
  sent_segments: number;
  sent_cost_micros: number;
  written_by_model: number;
}

/** A job that is booked so long after the text is the text's. */
const ATTRIBUTED_DAYS = 90;

const zeros = <Name extends string>(names: readonly Name[]): Record<Name, number> => Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
const numberOf = (value: number | null | undefined): number => value ?? 0;

/** Counted when somebody asks, from what is known of each person: two or three rows read for each. */
export const createCampaignResultsStore = ({ db, tenantId }: Pick<Scope, "db" | "tenantId">) => ({
  async of(campaignId: string): Promise<CampaignResults> {
    const mine = and(eq(campaign_recipients.campaign_id, campaignId), eq(campaign_recipients.tenant_id, tenantId));
    const isSent = sql`${campaign_recipients.state} = 'sent'`;
    const arrived = sql`max(${messages.status} IN ('delivered', 'read', 'partially_delivered'))`;
    const lost = sql`min(${messages.status} IN ('failed', 'undelivered', 'canceled'))`;
    // One row a phone, however often a text was sent again.
    const fates = db
      .select({ phone: messages.phone_to, arrived: sql<number>`${arrived}`.as("arrived"), lost: sql<number>`${lost}`.as("lost") })
      .from(messages)
      .where(and(eq(messages.campaign_id, campaignId), eq(messages.tenant_id, tenantId), sql`+${messages.direction} = 'out'`, sql`+${messages.purpose} = 'campaign'`))
      .groupBy(messages.phone_to)
      .as("fates");
    const field = (path: string) => sql`json_extract(${entities.metadata}, ${path})`;
    const days = (time: ReturnType<typeof sql>) => sql`(julianday(${time}) - julianday(${campaign_recipients.sent_at} / 1000.0, 'unixepoch'))`;
    const isBooked = sql`${entities.status} IN ('won', 'completed') AND ${days(sql`coalesce(${field("$.booked_at")}, ${field("$.reactivated_at")})`)} BETWEEN 0 AND ${ATTRIBUTED_DAYS}`;
    const [states, replies, [fate], [booking]] = await db.batch([
      db
        .select({
          state: campaign_recipients.state, people: sql<number>`count(*)`.as("people"), segments: sql<number>`sum(${campaign_recipients.segments})`.as("all_segments"), cost: sql<number>`sum(${campaign_recipients.cost_micros})`.as("all_cost"),
          by_model: sql<number>`sum(${campaign_recipients.written_by} = 'model')`.as("by_model"),
        })
        .from(campaign_recipients)
        .where(mine)
        .groupBy(campaign_recipients.state),
      db.select({ reply: campaign_recipients.reply, people: sql<number>`count(*)`.as("people") }).from(campaign_recipients).where(and(mine, sql`${campaign_recipients.reply} IS NOT NULL`)).groupBy(campaign_recipients.reply),
      db.select({ delivered: sql<number | null>`sum(${fates.arrived})`.as("delivered"), undelivered: sql<number | null>`sum(${fates.lost})`.as("undelivered") }).from(fates),
      db
        .select({ booked: sql<number>`count(*)`.as("booked"), revenue: sql<number | null>`sum(CAST(coalesce(${field("$.amount")}, 0) AS REAL))`.as("revenue") })
        .from(campaign_recipients)
        .innerJoin(entities, eq(entities.id, campaign_recipients.lead_id))
        .where(and(mine, isSent, isBooked)),
    ]);
    const results: CampaignResults = {
      recipients: 0, states: zeros(recipientStates), delivered: numberOf(fate?.delivered), undelivered: numberOf(fate?.undelivered), replied: 0, replies: zeros(campaignReplies),
      booked: numberOf(booking?.booked), revenue: numberOf(booking?.revenue), segments: 0, cost_micros: 0, sent_segments: 0, sent_cost_micros: 0, written_by_model: 0,
    };
    for (const { state, people, segments, cost, by_model } of states) {
      results.recipients += people;
      results.states[state] = people;
      results.written_by_model += numberOf(by_model);
      if (state === "planned" || state === "sent") {
        results.segments += segments;
        results.cost_micros += cost;
      }
      if (state === "sent") {
        results.sent_segments = segments;
        results.sent_cost_micros = cost;
      }
    }
    for (const { reply, people } of replies) {
      if (reply === null) continue;
      results.replies[reply] = people;
      results.replied += people;
    }
    return results;
  },
});
