import { and, desc, eq, inArray, lt, sql } from "drizzle-orm";
import { statesBefore } from "../contact/delivery.ts";
import type { MessagePurpose, TwilioMessageStatus } from "../contact/message.types.ts";
import { notFound } from "../errors.ts";
import { newId } from "../ids.ts";
import { type Consequence, type Follower, outgoing, writeConsequences } from "./consequences.ts";
import { listed, matching, type Page, type PageRequest, type Scope, toPage, writeAll } from "./database.ts";
import { messages } from "./schema.ts";

export type Message = typeof messages.$inferSelect;

/** A text to be sent. */
export type NewMessage = Pick<Message, "project_id" | "lead_id" | "call_id" | "campaign_id" | "party" | "account_sid" | "phone_from" | "phone_to" | "body" | "key"> & { purpose: MessagePurpose };

const FEW = 20;

export const createMessagesStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const own = (id: string) => and(eq(messages.id, id), eq(messages.tenant_id, tenantId));
  // The words of the partial indexes, so that SQLite recognises them: a bound parameter it does not.
  const isOut = sql`${messages.direction} = 'out'`;
  const to = (projectId: string, phone: string) => and(eq(messages.project_id, projectId), eq(messages.phone_to, phone), isOut, eq(messages.tenant_id, tenantId));
  const find = async (id: string): Promise<Message | undefined> => db.select().from(messages).where(own(id)).get();

  return {
    find,

    /** @throws AppError 404 */
    async get(id: string): Promise<Message> {
      const message = await find(id);
      if (!message) throw notFound("message");
      return message;
    },

    async list(filter: { project_id?: string | undefined; lead_id?: string | undefined }, page: PageRequest): Promise<Page<Message>> {
      const rows = await db
        .select()
        .from(messages)
        .where(
          and(
            matching(messages.tenant_id, tenantId, filter.project_id === undefined && filter.lead_id === undefined),
            matching(messages.project_id, filter.project_id, filter.lead_id === undefined),
            matching(messages.lead_id, filter.lead_id, true),
            page.cursor === undefined ? undefined : lt(messages.id, page.cursor),
          ),
        )
        .orderBy(desc(messages.id))
        .limit(page.limit + 1)
        .all();
      return toPage(rows, page.limit);
    },

    /** Some of the texts to and from a person, for when they are erased. `customer`: their phone in it. */
    async ofLead(leadId: string): Promise<{ id: string; sid: string | null; account_sid: string | null; customer: string }[]> {
      return db
        .select({ id: messages.id, sid: messages.sid, account_sid: messages.account_sid, customer: sql<string>`CASE WHEN ${messages.direction} = 'in' THEN ${messages.phone_from} ELSE ${messages.phone_to} END` })
        .from(messages)
        .where(and(eq(messages.lead_id, leadId), eq(messages.tenant_id, tenantId)))
        .orderBy(messages.id)
        .limit(FEW * 2)
        .all();
    },

    async drop(ids: string[]): Promise<void> {
      await db.delete(messages).where(and(eq(messages.tenant_id, tenantId), sql`${messages.id} IN ${listed(ids)}`));
    },

    /** The text of that key, if it was written down. */
    withKey: async (key: string): Promise<Message | undefined> => db.select().from(messages).where(and(eq(messages.tenant_id, tenantId), eq(messages.key, key))).get(),

    /** The text of that key, written down now if it is new. Nothing is sent by it. */
    async open(message: NewMessage & { key: string }): Promise<Message> {
      const now = clock.now();
      const [, [row]] = await db.batch([
        db.insert(messages).values(outgoing(tenantId, newId("msg", now), message, now)).onConflictDoNothing(),
        db.select().from(messages).where(and(eq(messages.tenant_id, tenantId), eq(messages.key, message.key))),
      ]);
      if (!row) throw new Error("a text was neither stored nor found under its key");
      return row;
    },

    /**
     * Takes the text for one attempt. Fenced by `attempts`: of two lives that want to send it, one does.
     * @returns false when somebody else was faster
     */
    async begin(message: Pick<Message, "id" | "attempts">): Promise<boolean> {
      const rows = await db
        .update(messages)
        .set({ status: "asking", error_code: null, attempts: message.attempts + 1, updated_at: clock.now() })
        .where(and(own(message.id), eq(messages.attempts, message.attempts), sql`${messages.sid} IS NULL`))
        .returning({ id: messages.id });
      return rows.length > 0;
    },

    /** The attempt ended without a text: nothing was sent (`pending`), or nobody knows (`unclear`). */
    async leave(id: string, status: "pending" | "unclear"): Promise<void> {
      await db.update(messages).set({ status, updated_at: clock.now() }).where(and(own(id), eq(messages.status, "asking")));
    },

    /** Twilio has it. What a report said meanwhile stays. */
    async accepted(id: string, sid: string, status: TwilioMessageStatus): Promise<void> {
      const isEarlier = inArray(messages.status, statesBefore(status));
      await db
        .update(messages)
        .set({ sid, status: sql`CASE WHEN ${isEarlier} THEN ${status} ELSE ${messages.status} END`, updated_at: clock.now() })
        .where(and(own(id), sql`coalesce(${messages.sid}, ${sid}) = ${sid}`));
    },

    /** The gate or Twilio said no, and what that brings about. */
    async refused(message: Pick<Message, "id">, reason: { because: string; code: number | null }, consequences: Consequence[]): Promise<Follower[]> {
      const isOpen = sql`EXISTS (SELECT 1 FROM ${messages} WHERE ${and(own(message.id), sql`${messages.sid} IS NULL`, sql`${messages.status} <> 'refused'`)})`;
      const note: Consequence = { kind: "audit", action: "sms.refused", resource: `message:${message.id}`, details: { because: reason.because, code: reason.code } };
      const { statements, followers } = writeConsequences(scope, message, [note, ...consequences], isOpen);
      await writeAll(scope, [...statements, db.update(messages).set({ status: "refused", error_code: reason.code, updated_at: clock.now() }).where(and(own(message.id), isOpen))]);
      return followers;
    },

    /** Will not be sent after all. */
    async cancel(id: string): Promise<void> {
      await db.update(messages).set({ status: "canceled", updated_at: clock.now() }).where(and(own(id), sql`${messages.sid} IS NULL`));
    },

    /** A delivery report: moves the text forward, with what follows from that, or changes nothing at all. */
    async report(message: Pick<Message, "id">, report: { sid: string; status: TwilioMessageStatus; error_code: number | null }, consequences: Consequence[]): Promise<Follower[]> {
      const isNews = and(own(message.id), isOut, sql`coalesce(${messages.sid}, ${report.sid}) = ${report.sid}`, inArray(messages.status, statesBefore(report.status)));
      const { statements, followers } = writeConsequences(scope, message, consequences, sql`EXISTS (SELECT 1 FROM ${messages} WHERE ${isNews})`);
      // The text's own row is written last: until then it tells whether this is news.
      await writeAll(scope, [...statements, db.update(messages).set({ sid: report.sid, status: report.status, error_code: report.error_code, updated_at: clock.now() }).where(isNews)]);
      return followers;
    },

    /** Which of Twilio's names are those of texts that we know. */
    async known(sids: string[]): Promise<Set<string>> {
      if (sids.length === 0) return new Set();
      const rows = await db.select({ sid: messages.sid }).from(messages).where(inArray(messages.sid, sids.slice(0, FEW * 3))).all();
      return new Set(rows.flatMap(({ sid }) => (sid === null ? [] : [sid])));
    },

    /** How the newest texts to this phone fared, newest first. */
    async fateOf(projectId: string, phone: string): Promise<Pick<Message, "status" | "error_code">[]> {
      return db.select({ status: messages.status, error_code: messages.error_code }).from(messages).where(to(projectId, phone)).orderBy(desc(messages.id)).limit(FEW).all();
    },
  };
};
