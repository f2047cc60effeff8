import { and, desc, eq, gt, type SQL, sql } from "drizzle-orm";
import type { MessagePurpose } from "../contact/message.types.ts";
import { firstId, newId } from "../ids.ts";
import { type Consequence, type Follower, writeConsequences } from "./consequences.ts";
import { auditIfChanged, insertIf, type Scope, writeAll } from "./database.ts";
import type { Message } from "./messages.store.ts";
import type { Channel } from "./opt-outs.store.ts";
import { blocklist, calls, entities, messages, opt_outs } from "./schema.ts";

/** A text that came in. */
export interface IncomingMessage {
  sid: string;
  project_id: string;
  phone_from: string;
  phone_to: string;
  account_sid: string | null;
  body: string;
  party: "owner" | "customer";
  purpose: MessagePurpose;
  status: "received" | "blocked";
  call_id: string | null;
  campaign_id: string | null;
  /** Whose text it is: a lead that is known, the newest with this phone (made of `create` if there is none), or nobody's. */
  lead: { id: string } | { by_phone: string; create: { name: string; metadata: Record<string, unknown> } | null } | null;
}

/** What is known at the moment at which a text comes in. */
export interface Situation {
  /** This very text is stored already. */
  repeated: boolean;
  blocked: boolean;
  opted_out: Channel[];
  lead: { id: string; name: string; status: string | null } | null;
  /** The newest text to this phone. */
  latest_out: { campaign_id: string | null; purpose: MessagePurpose; created_at: number } | null;
  /** Questions for feedback that went to this phone lately, newest first, and what came back. */
  asked: { call_id: string | null; lead_id: string | null; created_at: number }[];
  answered: { call_id: string | null; body: string; created_at: number }[];
}

export interface Taken {
  message_id: string;
  lead_id: string | null;
  /** The lead's open call, where the text asked for one. */
  call_id: string | null;
  followers: Follower[];
}

/** An answer to the owner's question is looked for so far back. */
const FEEDBACK_WINDOW_MS = 7 * 86_400_000;
const FEW = 20;

/** Where texts come in: what is known when one does, and the batch that stores it with all that it brings about. */
export const createInboxStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const own = (id: string) => and(eq(messages.id, id), eq(messages.tenant_id, tenantId));
  // The words of the partial indexes, so that SQLite recognises them: a bound parameter it does not.
  const isIn = sql`${messages.direction} = 'in'`;
  const sentTo = (projectId: string, phone: string) => and(eq(messages.project_id, projectId), eq(messages.phone_to, phone), sql`${messages.direction} = 'out'`, eq(messages.tenant_id, tenantId));
  const from = (projectId: string, phone: string) => and(eq(messages.project_id, projectId), eq(messages.phone_from, phone), isIn, eq(messages.tenant_id, tenantId));
  const leadsWith = (projectId: string, phone: string) => and(eq(entities.project_id, projectId), eq(entities.phone, phone), eq(entities.tenant_id, tenantId), eq(entities.entity_type, "lead"));
  const newestWith = (projectId: string, phone: string): SQL => sql`(SELECT ${entities.id} FROM ${entities} WHERE ${leadsWith(projectId, phone)} ORDER BY ${entities.id} DESC LIMIT 1)`;

  return {
    /** All that decides about an incoming text, in one trip. */
    async situation(incoming: { project_id: string; sid: string; phone: string }): Promise<Situation> {
      const { project_id, sid, phone } = incoming;
      const since = firstId("msg", clock.now() - FEEDBACK_WINDOW_MS);
      const [[known], [blocked], optedOut, [lead], [latest], asked, answered] = await db.batch([
        db.select({ id: messages.id }).from(messages).where(eq(messages.sid, sid)),
        db.select({ phone: blocklist.phone }).from(blocklist).where(and(eq(blocklist.project_id, project_id), eq(blocklist.phone, phone), eq(blocklist.tenant_id, tenantId))),
        db.select({ channel: opt_outs.channel }).from(opt_outs).where(and(eq(opt_outs.tenant_id, tenantId), eq(opt_outs.phone, phone), eq(opt_outs.kind, "opt_out"))),
        db.select({ id: entities.id, name: entities.name, status: entities.status }).from(entities).where(leadsWith(project_id, phone)).orderBy(desc(entities.id)).limit(1),
        db.select({ campaign_id: messages.campaign_id, purpose: messages.purpose, created_at: messages.created_at }).from(messages).where(sentTo(project_id, phone)).orderBy(desc(messages.id)).limit(1),
        db
          .select({ call_id: messages.call_id, lead_id: messages.lead_id, created_at: messages.created_at })
          .from(messages)
          .where(and(sentTo(project_id, phone), eq(messages.purpose, "feedback"), gt(messages.id, since)))
          .orderBy(desc(messages.id))
          .limit(FEW),
        db
          .select({ call_id: messages.call_id, body: messages.body, created_at: messages.created_at })
          .from(messages)
          .where(and(from(project_id, phone), eq(messages.purpose, "feedback"), gt(messages.id, since)))
          .orderBy(desc(messages.id))
          .limit(FEW * 2),
      ]);
      return { repeated: known !== undefined, blocked: blocked !== undefined, opted_out: optedOut.map(({ channel }) => channel), lead: lead ?? null, latest_out: latest ?? null, asked, answered };
    },

    /**
     * Stores an incoming text, its lead where it makes one, and all that it brings about, in one batch.
     * @returns null when the text is there already
     */
    async take(text: IncomingMessage, consequences: Consequence[]): Promise<Taken | null> {
      const now = clock.now();
      const [id, leadId] = [newId("msg", now), newId("ent", now)];
      const { lead } = text;
      const isNew = sql`NOT EXISTS (SELECT 1 FROM ${messages} WHERE ${eq(messages.sid, text.sid)})`;
      const create = lead !== null && "create" in lead ? lead.create : null;
      const phone = lead !== null && "by_phone" in lead ? lead.by_phone : text.phone_from;
      const newLead = {
        id: leadId, tenant_id: tenantId, project_id: text.project_id, entity_type: "lead", name: create?.name ?? "", primary_contact: phone,
        metadata: { ...create?.metadata, phone, project_id: text.project_id }, created_at: now, updated_at: now,
      };
      const row = {
        id, tenant_id: tenantId, project_id: text.project_id, call_id: text.call_id, campaign_id: text.campaign_id, direction: "in" as const, party: text.party, purpose: text.purpose,
        account_sid: text.account_sid, phone_from: text.phone_from, phone_to: text.phone_to, body: text.body, key: null, sid: text.sid, status: text.status, error_code: null, attempts: 0, created_at: now, updated_at: now,
        lead_id: lead === null ? null : "id" in lead ? lead.id : newestWith(text.project_id, phone),
      };
      const isMine = sql`EXISTS (SELECT 1 FROM ${messages} WHERE ${eq(messages.id, id)})`;
      const { statements, followers } = writeConsequences(scope, { id }, consequences, isMine);
      const isFirst = sql`${isNew} AND NOT EXISTS (SELECT 1 FROM ${entities} WHERE ${leadsWith(text.project_id, phone)})`;
      await db.batch([
        insertIf(db, entities, newLead, create === null ? sql`0` : isFirst),
        auditIfChanged(scope, "lead.received", `entity:${leadId}`, { source: "sms", call_id: null }),
        insertIf(db, messages, row, isNew),
        auditIfChanged(scope, "sms.received", `message:${id}`, { status: text.status }),
        ...statements,
      ]);
      const stored = await db.select({ lead_id: messages.lead_id }).from(messages).where(own(id)).get();
      if (!stored) return null;
      const wantsCall = consequences.some(({ kind }) => kind === "call") && stored.lead_id !== null;
      const open = wantsCall ? await db.select({ id: calls.id }).from(calls).where(and(eq(calls.lead_id, stored.lead_id ?? ""), eq(calls.tenant_id, tenantId), eq(calls.direction, "outbound"), sql`${calls.end_reason} IS NULL`)).get() : undefined;
      return { message_id: id, lead_id: stored.lead_id, call_id: open?.id ?? null, followers };
    },

    /** What an incoming text brings about that was understood only later; a second reading of it brings nothing. */
    async wasRead(message: Pick<Message, "id">, consequences: Consequence[]): Promise<Follower[]> {
      const isUnread = and(own(message.id), isIn, eq(messages.attempts, 0));
      const { statements, followers } = writeConsequences(scope, message, consequences, sql`EXISTS (SELECT 1 FROM ${messages} WHERE ${isUnread})`);
      await writeAll(scope, [...statements, db.update(messages).set({ attempts: 1, updated_at: clock.now() }).where(isUnread)]);
      return followers;
    },
  };
};
