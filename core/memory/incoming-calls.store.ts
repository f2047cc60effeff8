import { and, desc, eq, inArray, isNull, ne, notInArray, sql } from "drizzle-orm";
import { newId } from "../ids.ts";
import { type Call, isOpenOutbound } from "./calls.store.ts";
import { closedTenant } from "./closed-tenant.ts";
import { auditIfChanged, insertIf, type Scope } from "./database.ts";
import type { Entity } from "./entities.store.ts";
import { blocklist, calls, entities, messages } from "./schema.ts";

export interface IncomingCall {
  project_id: string;
  call_sid: string;
  /** The Twilio account that it came in by; null: the service's own. */
  account_sid: string | null;
  /** The page whose number was rung; null: no page's. */
  page_id: string | null;
  /** E.164; null: they hide their number. */
  phone: string | null;
  /** Business time in ms: since when a text-back counts as lately. */
  text_back_since: number;
  dueInMs: number;
}

export interface TakenCall {
  call: Call;
  lead: Pick<Entity, "id" | "name" | "metadata">;
  /** The number is on the blocklist, or its lead is spam. */
  blocked: boolean;
  /** Calls that are on their way to this very person. */
  chasing: string[];
  texted_back: boolean;
  /** The operator has closed the tenant: nobody is rung for it, and a message is taken. */
  suspended: boolean;
}

/** Leads with which the business is done, or which are none: nobody is offered them. */
const CLOSED = ["won", "completed", "lost", "spam", "opted_out", "test"];

export const createIncomingCallsStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const ownLead = and(eq(entities.tenant_id, tenantId), eq(entities.entity_type, "lead"));
  const ownCall = eq(calls.tenant_id, tenantId);

  return {
    /**
     * Stores a call that came in, in one batch: a known number joins its newest lead, a new one makes one, whoever hides
     * theirs makes one each time. The same call again changes nothing and gives the same answer.
     */
    async take(incoming: IncomingCall): Promise<TakenCall> {
      const { project_id, call_sid, phone } = incoming;
      const now = clock.now();
      const [callId, leadId] = [newId("call", now), newId("ent", now)];
      const bySid = and(ownCall, eq(calls.call_sid, call_sid), eq(calls.direction, "inbound"));
      const isNew = sql`NOT EXISTS (SELECT 1 FROM ${calls} WHERE ${bySid})`;
      const sameNumber = and(ownLead, eq(entities.project_id, project_id), eq(entities.phone, phone ?? ""));
      const isStranger = phone === null ? sql`1` : sql`NOT EXISTS (SELECT 1 FROM ${entities} WHERE ${sameNumber})`;
      const theLead = sql`(SELECT ${calls.lead_id} FROM ${calls} WHERE ${bySid})`;
      // Their other leads, say of another form, are about to ring the same phone.
      const isTheirs = phone === null ? sql`${calls.lead_id} = ${theLead}` : inArray(calls.lead_id, db.select({ id: entities.id }).from(entities).where(sameNumber));
      const newest = phone === null ? leadId : sql`(SELECT ${entities.id} FROM ${entities} WHERE ${sameNumber} ORDER BY ${entities.id} DESC LIMIT 1)`;
      const metadata = { status: "new", source: "phone", project_id, ...(phone === null ? { anonymous: true } : { phone }), ...(incoming.page_id === null ? {} : { page_id: incoming.page_id }) };
      const lead = { id: leadId, tenant_id: tenantId, project_id, entity_type: "lead", name: "", primary_contact: phone ?? "", metadata, created_at: now, updated_at: now };
      const call = {
        id: callId, tenant_id: tenantId, project_id, lead_id: newest, direction: "inbound" as const, source: "phone", canary: false, status: "ringing_owner", call_sid, account_sid: incoming.account_sid, page_id: incoming.page_id,
        parent_party: "customer" as const, next_due_at: now + incoming.dueInMs, received_at: now, request_id: scope.actor.request_id, timeline: [], latency: {}, revision: 0, created_at: now, updated_at: now,
      };
      const [, , , , [stored], [person], [blocked], chasing, [texted], closed] = await db.batch([
        insertIf(db, entities, lead, sql`${isNew} AND ${isStranger}`),
        auditIfChanged(scope, "lead.received", `entity:${leadId}`, { source: "phone", call_id: callId }),
        insertIf(db, calls, call, isNew),
        auditIfChanged(scope, "call.received", `call:${callId}`),
        db.select().from(calls).where(bySid),
        db.select({ id: entities.id, name: entities.name, metadata: entities.metadata }).from(entities).where(and(ownLead, sql`${entities.id} = ${theLead}`)),
        db.select({ phone: blocklist.phone }).from(blocklist).where(and(eq(blocklist.tenant_id, tenantId), eq(blocklist.project_id, project_id), eq(blocklist.phone, phone ?? ""))),
        db.select({ id: calls.id }).from(calls).where(and(ownCall, isTheirs, isOpenOutbound)),
        db
          .select({ id: messages.id })
          .from(messages)
          .where(and(eq(messages.tenant_id, tenantId), eq(messages.project_id, project_id), eq(messages.phone_to, phone ?? ""), sql`${messages.direction} = 'out'`, eq(messages.purpose, "text_back"), sql`${messages.created_at} > ${incoming.text_back_since}`))
          .orderBy(desc(messages.id))
          .limit(1),
        closedTenant(db, tenantId),
      ]);
      if (!stored || !person) throw new Error("a call that came in was neither stored nor found");
      return { call: stored, lead: person, blocked: blocked !== undefined || person.metadata.status === "spam", chasing: chasing.map(({ id }) => id), texted_back: texted !== undefined, suspended: closed.length > 0 };
    },

    /** A call that is not wanted: kept, ended, and its caller marked so that no figures count them. */
    async refuse(callId: string): Promise<void> {
      const now = clock.now();
      const lead = sql`(SELECT ${calls.lead_id} FROM ${calls} WHERE ${and(ownCall, eq(calls.id, callId))})`;
      await db.batch([
        db.update(calls).set({ status: "ended", end_reason: "blocked", next_due_at: null, ended_at: now, updated_at: now }).where(and(ownCall, eq(calls.id, callId), isNull(calls.end_reason))),
        auditIfChanged(scope, "call.ended", `call:${callId}`, { end_reason: "blocked" }),
        // Somebody who was more than a caller stays what they are.
        db.update(entities).set({ metadata: sql`json_set(${entities.metadata}, '$.status', 'spam')`, updated_at: now }).where(and(ownLead, sql`${entities.id} = ${lead}`, eq(entities.status, "new"))),
      ]);
    },

    /** A call whose caller we have lost: it was stored, and nobody could be told of it. */
    async lost(callId: string): Promise<void> {
      const now = clock.now();
      await db.batch([
        db.update(calls).set({ status: "ended", end_reason: "abandoned", next_due_at: null, ended_at: now, updated_at: now }).where(and(ownCall, eq(calls.id, callId), isNull(calls.end_reason))),
        auditIfChanged(scope, "call.ended", `call:${callId}`, { end_reason: "abandoned", because: "not_answered" }),
      ]);
    },

    /** The newest lead with a phone that the business is not done with, for an owner who calls in; null when there is none. */
    async latestLead(projectId: string, notPhones: string[]): Promise<string | null> {
      const rows = await db
        .select({ id: entities.id, phone: entities.phone })
        .from(entities)
        .where(and(ownLead, eq(entities.project_id, projectId), ne(entities.primary_contact, ""), sql`${entities.phone} IS NOT NULL`, notInArray(sql`coalesce(${entities.status}, '')`, CLOSED)))
        .orderBy(desc(entities.id))
        .limit(20)
        .all();
      return rows.find(({ phone }) => phone !== null && !notPhones.includes(phone))?.id ?? null;
    },

    /** The open call that came in under this SID. */
    async bySid(callSid: string): Promise<Pick<Call, "id" | "project_id" | "account_sid"> | undefined> {
      return db.select({ id: calls.id, project_id: calls.project_id, account_sid: calls.account_sid }).from(calls).where(and(ownCall, eq(calls.call_sid, callSid), inArray(calls.direction, ["inbound"]))).get();
    },
  };
};

export type IncomingCallsStore = ReturnType<typeof createIncomingCallsStore>;
