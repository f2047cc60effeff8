import { and, eq, gt, type SQL, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { iso } from "../clock.ts";
import type { CampaignReply } from "../contact/campaign.types.ts";
import { firstId, newId } from "../ids.ts";
import { isOpenFor, newCallIf } from "./calls.store.ts";
import { auditIfChanged, auditRow, insertIf, patched, type Scope } from "./database.ts";
import type { Message, NewMessage } from "./messages.store.ts";
import type { Channel } from "./opt-outs.store.ts";
import { newRun, type QueuedRun, queuedOf } from "./runs.store.ts";
import { audit, calls, campaign_recipients, entities, messages, opt_outs, runs } from "./schema.ts";

/*
 * What a text brings about, as data: decided by pure code, written in one batch with the text or report itself, and only if that
 * was news. So a vendor that repeats itself, or a Worker that dies, neither doubles nor loses any of it.
 */

export type Consequence =
  | { kind: "opt_out"; phone: string; channels: Channel[]; reason: string }
  /** Texts to this phone do not arrive: the gate sends it no more. */
  | { kind: "undeliverable"; phone: string; reason: string }
  | { kind: "opt_in"; phone: string }
  /** `lead_id` null: the lead of the message. */
  | { kind: "change_lead"; lead_id: string | null; action: string; change: Record<string, unknown>; details: Record<string, unknown> }
  /** The message's lead is `opted_out`; what it was before is remembered … */
  | { kind: "close_lead" }
  /** … for when it undoes that. */
  | { kind: "reopen_lead" }
  /** A text to be sent by the run `send_text`. */
  | { kind: "text"; message: Omit<NewMessage, "lead_id"> & { lead_id: string | null | { of: "message" } }; unless: "opted_out" | { per_hour: number } | null }
  /** A run of `sales_agent`; one about the message is given its `message_id`. The same key, the same run, and one audit row. */
  | { kind: "run"; project_id: string; action: string; params: Record<string, string | number>; about_message: boolean; key: string; after_ms: number; audit: { action: string; resource: string; details: Record<string, unknown> } | null }
  /** The duty to call the message's lead, unless there is one open. */
  | { kind: "call"; project_id: string; due_in_ms: number }
  /** What somebody answered to a campaign: the latest counts, and a stop for good. */
  | { kind: "campaign_reply"; campaign_id: string; phone: string; reply: CampaignReply }
  /** The message's lead, a customer of old, wants something again: it is new once more. What the last job brought is kept apart from what the next one will. */
  | { kind: "revive_lead"; reply: string }
  | { kind: "audit"; action: string; resource: string; details: Record<string, unknown> };

/** Runs that are to be queued once the batch is through. One that the batch did not write is nothing to its consumer. */
export interface Follower {
  run: QueuedRun;
  after_ms: number;
}

export interface Written {
  statements: BatchItem<"sqlite">[];
  followers: Follower[];
}

const HOUR_MS = 3_600_000;
/** The sweep looks for a run that no queue has brought by then. */
const PATIENCE_MS = 30_000;

/**
 * @param message the text that brings these about; it is stored before them in the batch, or long since
 * @param condition whether it was news, evaluated when each statement's turn comes
 */
export const writeConsequences = (scope: Scope, message: Pick<Message, "id">, consequences: readonly Consequence[], condition: SQL): Written => {
  const { db, tenantId, clock } = scope;
  const now = clock.now();
  const written: Written = { statements: [], followers: [] };
  const add = (...statements: BatchItem<"sqlite">[]): void => void written.statements.push(...statements);
  const note = (action: string, resource: string, details: Record<string, unknown>): void => add(insertIf(db, audit, auditRow(scope, action, resource, details), condition));
  const leadOfMessage = sql`(SELECT ${messages.lead_id} FROM ${messages} WHERE ${messages.id} = ${message.id})`;
  const lead = (id: string | null) => and(id === null ? sql`${entities.id} = ${leadOfMessage}` : eq(entities.id, id), eq(entities.tenant_id, tenantId), eq(entities.entity_type, "lead"));
  const isOptedOut = (phone: string): SQL => sql`EXISTS (SELECT 1 FROM ${opt_outs} WHERE ${and(eq(opt_outs.tenant_id, tenantId), eq(opt_outs.phone, phone), eq(opt_outs.channel, "sms"), eq(opt_outs.kind, "opt_out"))})`;
  const addRun = (project_id: string, action: string, params: Record<string, string | number>, key: string, after_ms: number, when: SQL): void => {
    const id = newId("run", now);
    const row = newRun(scope, id, { project_id, task: "sales_agent", action, params, idempotency_key: key }, after_ms + PATIENCE_MS);
    add(insertIf(db, runs, row, when).onConflictDoNothing());
    written.followers.push({ run: queuedOf(row), after_ms });
  };

  for (const one of consequences) {
    switch (one.kind) {
      case "opt_out":
        for (const channel of one.channels) {
          add(
            insertIf(db, opt_outs, { tenant_id: tenantId, phone: one.phone, channel, kind: "opt_out", reason: one.reason, created_at: now }, condition)
              // What a person said is stronger than what the network said, and the first time they said it stands.
              .onConflictDoUpdate({ target: [opt_outs.tenant_id, opt_outs.phone, opt_outs.channel], set: { kind: "opt_out", reason: one.reason, created_at: now }, setWhere: eq(opt_outs.kind, "undeliverable") }),
          );
          note("opt_out.added", `message:${message.id}`, { channel, reason: one.reason });
        }
        break;
      case "undeliverable":
        add(insertIf(db, opt_outs, { tenant_id: tenantId, phone: one.phone, channel: "sms", kind: "undeliverable", reason: one.reason, created_at: now }, condition).onConflictDoNothing());
        break;
      case "opt_in":
        add(db.delete(opt_outs).where(and(eq(opt_outs.tenant_id, tenantId), eq(opt_outs.phone, one.phone), eq(opt_outs.kind, "opt_out"), condition)));
        note("opt_out.removed", `message:${message.id}`, {});
        break;
      case "change_lead":
        add(db.update(entities).set({ metadata: patched(one.change), updated_at: now }).where(and(lead(one.lead_id), condition)));
        note(one.action, one.lead_id === null ? `message:${message.id}` : `entity:${one.lead_id}`, { fields: Object.keys(one.change), ...one.details });
        break;
      case "close_lead":
        add(
          db
            .update(entities)
            .set({ metadata: sql`json_set(${entities.metadata}, '$.status_before_opt_out', json_extract(${entities.metadata}, '$.status'), '$.status', 'opted_out')`, updated_at: now })
            .where(and(lead(null), sql`${entities.status} IS NOT 'opted_out'`, condition)),
        );
        break;
      case "reopen_lead":
        add(
          db
            .update(entities)
            .set({ metadata: sql`json_remove(json_set(${entities.metadata}, '$.status', coalesce(json_extract(${entities.metadata}, '$.status_before_opt_out'), 'new')), '$.status_before_opt_out')`, updated_at: now })
            .where(and(lead(null), eq(entities.status, "opted_out"), condition)),
        );
        break;
      case "text": {
        // An answer sorts after what it answers; within a millisecond ids are in no order.
        const at = now + 1;
        const id = newId("msg", at);
        const { unless } = one;
        const lead_id = typeof one.message.lead_id === "object" && one.message.lead_id !== null ? leadOfMessage : one.message.lead_id;
        const lately = firstId("msg", now - HOUR_MS);
        const sentLately = and(sql`${messages.direction} = 'out'`, eq(messages.project_id, one.message.project_id), eq(messages.phone_to, one.message.phone_to), eq(messages.purpose, one.message.purpose), sql`${messages.lead_id} IS ${lead_id}`, gt(messages.id, lately));
        const wanted = unless === null ? sql`1` : unless === "opted_out" ? sql`NOT ${isOptedOut(one.message.phone_to)}` : sql`(SELECT count(*) FROM ${messages} WHERE ${sentLately}) < ${unless.per_hour}`;
        add(insertIf(db, messages, { ...outgoing(tenantId, id, { ...one.message, lead_id: null }, at), lead_id }, sql`(${condition}) AND ${wanted}`).onConflictDoNothing());
        addRun(one.message.project_id, "send_text", { message_id: id }, `send_text:${id}`, 0, sql`EXISTS (SELECT 1 FROM ${messages} WHERE ${eq(messages.id, id)})`);
        break;
      }
      case "run":
        addRun(one.project_id, one.action, one.about_message ? { ...one.params, message_id: message.id } : one.params, one.key, one.after_ms, condition);
        if (one.audit) add(auditIfChanged(scope, one.audit.action, one.audit.resource, one.audit.details));
        break;
      case "call": {
        const id = newId("call", now);
        const isOpen = and(isOpenFor(leadOfMessage), eq(calls.tenant_id, tenantId));
        const wanted = sql`(${condition}) AND ${leadOfMessage} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${calls} WHERE ${isOpen})`;
        add(newCallIf(scope, { id, lead_id: leadOfMessage, project_id: one.project_id, now, dueInMs: one.due_in_ms }, wanted));
        note("call.requested", `message:${message.id}`, {});
        break;
      }
      case "campaign_reply": {
        const isTheirs = and(eq(campaign_recipients.campaign_id, one.campaign_id), eq(campaign_recipients.tenant_id, tenantId), eq(campaign_recipients.phone, one.phone), sql`${campaign_recipients.reply} IS NOT 'stop'`);
        add(db.update(campaign_recipients).set({ reply: one.reply, replied_at: sql`coalesce(${campaign_recipients.replied_at}, ${now})` }).where(and(isTheirs, condition)));
        note("campaign.reply", `campaign:${one.campaign_id}`, { message_id: message.id, reply: one.reply });
        break;
      }
      case "revive_lead": {
        const before = sql`json_set(${entities.metadata}, '$.earlier_amount', coalesce(json_extract(${entities.metadata}, '$.earlier_amount'), 0) + CAST(coalesce(json_extract(${entities.metadata}, '$.amount'), 0) AS REAL))`;
        const change = { status: "new", reactivated_at: iso(now), campaign_reply: one.reply, amount: null, booked_at: null, follow_up_at: null, no_campaigns: null };
        add(db.update(entities).set({ metadata: sql`json_patch(${before}, ${JSON.stringify(change)})`, updated_at: now }).where(and(lead(null), sql`${entities.status} IN ('won', 'completed')`, condition)));
        note("lead.revived", `message:${message.id}`, {});
        break;
      }
      case "audit":
        note(one.action, one.resource, one.details);
        break;
    }
  }
  return written;
};

/** The row of a text that has not been sent yet. */
export const outgoing = (tenantId: string, id: string, message: Omit<NewMessage, "lead_id"> & { lead_id: string | null }, now: number): Message => ({
  sid: null, error_code: null, ...message, id, tenant_id: tenantId, direction: "out", status: "pending", attempts: 0, metered_at: null, created_at: now, updated_at: now,
});
