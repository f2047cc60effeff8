import { sql } from "drizzle-orm";
import { foreignKey, index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { projects } from "./projects.ts";

/**
 * One bridge call, and the duty to make it: while `end_reason` is null the sweep wakes the call's object whenever
 * `next_due_at` has passed. The object is the authority while the call is open; this row is what lists read.
 */
export const calls = sqliteTable(
  "calls",
  {
    id: text().primaryKey(),
    tenant_id: text().notNull(),
    project_id: text().notNull(),
    lead_id: text().notNull(),
    direction: text({ enum: ["outbound", "inbound"] }).notNull(),
    /** Where the lead came from, as its metadata said when the call was opened. */
    source: text(),
    /** Who took it on the business's side, by name; else whom it was rung first. */
    person: text(),
    /** A synthetic call that proves the path; it is left out of all figures. */
    canary: integer({ mode: "boolean" }).notNull().default(false),
    status: text().notNull(),
    end_reason: text(),
    /** Set while the duty is open. */
    next_due_at: integer(),
    received_at: integer().notNull(),
    ended_at: integer(),
    duration_s: integer(),
    /** The Twilio account that it was made with; null: the service's own. */
    account_sid: text(),
    /** The page whose number was rung. */
    page_id: text(),
    /** The leg that Twilio files the recording under: the parent. */
    call_sid: text(),
    /** Who speaks on the recording's first channel: the parent leg's person. */
    parent_party: text({ enum: ["owner", "customer"] }),
    recording_sid: text(),
    /** Seconds of it, as Twilio says. Of several (a machine's greeting, then the conversation) the longest is the call's. */
    recording_s: integer(),
    /** Where the audio lies in R2; null until it does. */
    recording_key: text(),
    transcription: text({ mode: "json" }).$type<unknown>(),
    analysis: text({ mode: "json" }).$type<unknown>(),
    timeline: text({ mode: "json" }).$type<unknown[]>().notNull(),
    latency: text({ mode: "json" }).$type<Record<string, number | null>>().notNull(),
    /** Grows with each projection, so that a late write never overwrites a newer one. */
    revision: integer().notNull(),
    /** When it was booked in the ledger (schema/usage.ts); null: not yet. */
    metered_at: integer(),
    /** Of the request that brought it about, so that what the sweep makes good bears it too; null: nobody's. */
    request_id: text(),
    created_at: integer().notNull(),
    updated_at: integer().notNull(),
  },
  (t) => [
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    index("calls_unmetered").on(t.ended_at).where(sql`ended_at IS NOT NULL AND metered_at IS NULL`),
    index("calls_tenant").on(t.tenant_id, t.id),
    index("calls_project").on(t.project_id, t.id),
    index("calls_page").on(t.project_id, t.id).where(sql`page_id IS NOT NULL`),
    index("calls_lead").on(t.lead_id, t.id),
    // Twilio tells of an incoming call again when it got no answer: it is one call all the same.
    uniqueIndex("calls_incoming").on(t.call_sid).where(sql`direction = 'inbound'`),
    index("calls_due").on(t.next_due_at).where(sql`next_due_at IS NOT NULL`),
    index("calls_account").on(t.tenant_id, t.account_sid).where(sql`account_sid IS NOT NULL`),
  ],
);
