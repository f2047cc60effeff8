import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { CampaignPosition } from "../contact/campaign.types.ts";
import type { Scope } from "./database.ts";
import { entities } from "./schema.ts";

/** Another lead of the same project with the same phone or e-mail: the same person, as far as can be told. */
export interface Twin {
  id: string;
  status: string | null;
  /** Answered a campaign with a no. */
  declined: boolean;
  last_call_at: number | null;
}

/** A lead that is won or completed, with what decides whether a campaign may write to it. Times in ms. */
export interface OldCustomer {
  id: string;
  name: string;
  status: string | null;
  phone: string | null;
  metadata: Record<string, unknown>;
  created_at: number;
  seen_at: number;
  /** The newest text to this phone, and from it; refused ones aside. */
  last_out_at: number | null;
  last_in_at: number | null;
  last_campaign_at: number | null;
  last_call_at: number | null;
  blocked: boolean;
  /** The newest first, at most `MOST_TWINS` by phone and as many by e-mail. */
  twins: Twin[];
}

/** Of a number that so many leads share nobody knows whose it is. */
export const MOST_TWINS = 20;

const twinsSchema = z.array(z.object({ id: z.string(), status: z.string().nullable(), declined: z.number(), last_call_at: z.number().nullable() }));
const readTwins = (text: unknown): Twin[] => twinsSchema.parse(JSON.parse(typeof text === "string" ? text : "[]")).map((twin) => ({ ...twin, declined: twin.declined === 1 }));

/** Finds customers of old. Each question reads rows in proportion to the customers that it looks at, whatever the project has. */
export const createOldCustomersStore = ({ db, tenantId }: Pick<Scope, "db" | "tenantId">) => {
  // By names of our own: of one table alone drizzle spells a column without its table, which inside of a subquery would be another one's.
  const newestCallOf = (lead: string): string => `(SELECT call.received_at FROM calls AS call WHERE call.lead_id = ${lead} ORDER BY call.id DESC LIMIT 1)`;
  // What is refused, canceled or pending has not left the house.
  const newestText = (direction: "in" | "out", more = ""): string =>
    `(SELECT text.created_at FROM messages AS text WHERE text.project_id = entities.project_id AND text.${direction === "out" ? "phone_to" : "phone_from"} = entities.phone AND text.direction = '${direction}'
      AND text.status NOT IN ('refused', 'canceled', 'pending')${more} ORDER BY text.id DESC LIMIT 1)`;
  const twinsBy = (column: "phone" | "email"): string =>
    `(SELECT json_group_array(json_object('id', twin.id, 'status', twin.status, 'declined', json_extract(twin.metadata, '$.no_campaigns') IS NOT NULL, 'last_call_at', ${newestCallOf("twin.id")}))
      FROM (SELECT other.id, other.status, other.metadata FROM entities AS other WHERE other.project_id = entities.project_id AND other.${column} = entities.${column} AND other.${column} IS NOT NULL
        AND other.entity_type = 'lead' AND other.id <> entities.id ORDER BY other.id DESC LIMIT ${MOST_TWINS}) AS twin)`;
  const columns = {
    id: entities.id, name: entities.name, status: entities.status, phone: entities.phone, created_at: entities.created_at,
    metadata: sql<Record<string, unknown>>`json_remove(${entities.metadata}, '$.raw_payload', '$.call_transcription')`.mapWith(entities.metadata).as("slim"),
    seen_at: sql<number>`entities.campaign_order`.as("seen_at"),
    last_out_at: sql<number | null>`${sql.raw(newestText("out"))}`.as("last_out_at"),
    last_in_at: sql<number | null>`${sql.raw(newestText("in"))}`.as("last_in_at"),
    last_campaign_at: sql<number | null>`${sql.raw(newestText("out", " AND text.purpose = 'campaign'"))}`.as("last_campaign_at"),
    last_call_at: sql<number | null>`${sql.raw(newestCallOf("entities.id"))}`.as("last_call_at"),
    blocked: sql<number>`EXISTS (SELECT 1 FROM blocklist AS listed WHERE listed.project_id = entities.project_id AND listed.phone = entities.phone)`.as("blocked"),
    by_phone: sql<string>`${sql.raw(twinsBy("phone"))}`.as("by_phone"),
    by_email: sql<string>`${sql.raw(twinsBy("email"))}`.as("by_email"),
  };
  type Row = { [Column in keyof Omit<OldCustomer, "twins" | "blocked">]: OldCustomer[Column] } & { blocked: number; by_phone: string; by_email: string };
  const shown = ({ by_phone, by_email, blocked, ...row }: Row): OldCustomer => ({ ...row, blocked: blocked === 1, twins: [...new Map([...readTwins(by_phone), ...readTwins(by_email)].map((twin) => [twin.id, twin])).values()] });
  // The words of the partial index, so that SQLite recognises them.
  const isServed = sql`${entities.status} IN ('won', 'completed')`;

  return {
    /**
     * The next customers of a project of whom nothing newer than `seenBefore` is known, the longest unseen first.
     * @param after where the last page ended
     */
    async page({ project_id, seenBefore, after, limit }: { project_id: string; seenBefore: number; after: CampaignPosition | null; limit: number }): Promise<OldCustomer[]> {
      const rows = await db
        .select(columns)
        .from(entities)
        .where(
          and(
            eq(entities.project_id, project_id), isServed, sql`${entities.campaign_order} <= ${seenBefore}`,
            after === null ? undefined : sql`(${entities.campaign_order}, ${entities.id}) > (${after.seen_at}, ${after.id})`,
            sql`+${entities.entity_type} = 'lead'`, sql`+${entities.tenant_id} = ${tenantId}`,
          ),
        )
        .orderBy(entities.campaign_order, entities.id)
        .limit(limit)
        .all();
      return rows.map(shown);
    },

    /** One of them as they are now; undefined for none. */
    async one(leadId: string): Promise<OldCustomer | undefined> {
      const row = await db.select(columns).from(entities).where(and(eq(entities.id, leadId), eq(entities.tenant_id, tenantId))).get();
      return row && shown(row);
    },
  };
};
