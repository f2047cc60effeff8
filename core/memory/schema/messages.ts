import { sql } from "drizzle-orm";
import { foreignKey, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { MessagePurpose, MessageStatus } from "../../contact/message.types.ts";
import { projects } from "./projects.ts";
import { tenants } from "./tenants.ts";

/** Every text, in both directions: what was said, and how far an outgoing one came. */
export const messages = sqliteTable(
  "messages",
  {
    id: text().primaryKey(),
    tenant_id: text().notNull(),
    project_id: text().notNull(),
    /** Null: of nobody that we know as a lead, e.g. an owner's own words. */
    lead_id: text(),
    /** The call that it is about; an owner's answer bears the one of the question. */
    call_id: text(),
    campaign_id: text(),
    direction: text({ enum: ["in", "out"] }).notNull(),
    /** Who is at the other end: one of the business's own people, or somebody else. */
    party: text({ enum: ["owner", "customer"] }).notNull(),
    purpose: text().$type<MessagePurpose>().notNull(),
    /** The Twilio account of our number in it; null: the service's own. */
    account_sid: text(),
    phone_from: text().notNull(),
    phone_to: text().notNull(),
    body: text().notNull(),
    /** The sender's own name for this text: the same key is the same text. */
    key: text(),
    /** Twilio's name for it; null until it is known. */
    sid: text(),
    status: text().$type<MessageStatus>().notNull(),
    /** Twilio's number for what went wrong. */
    error_code: integer(),
    /** How often Twilio was asked to send it; of an incoming one, how often a model has read it to its end. */
    attempts: integer().notNull(),
    /** When it was booked in the ledger (schema/usage.ts); null: not yet. */
    metered_at: integer(),
    created_at: integer().notNull(),
    updated_at: integer().notNull(),
  },
  (t) => [
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    index("messages_unmetered").on(t.created_at).where(sql`sid IS NOT NULL AND metered_at IS NULL`),
    uniqueIndex("messages_key").on(t.tenant_id, t.key).where(sql`key IS NOT NULL`),
    uniqueIndex("messages_sid").on(t.sid).where(sql`sid IS NOT NULL`),
    index("messages_account").on(t.tenant_id, t.account_sid).where(sql`account_sid IS NOT NULL`),
    index("messages_tenant").on(t.tenant_id, t.id),
    index("messages_project").on(t.project_id, t.id),
    index("messages_lead").on(t.lead_id, t.id).where(sql`lead_id IS NOT NULL`),
    index("messages_to").on(t.project_id, t.phone_to, t.id).where(sql`direction = 'out'`),
    index("messages_campaign").on(t.campaign_id, t.id).where(sql`campaign_id IS NOT NULL`),
    index("messages_from").on(t.project_id, t.phone_from, t.id).where(sql`direction = 'in'`),
  ],
);

/** Numbers whose texts a business does not want to see. */
export const blocklist = sqliteTable(
  "blocklist",
  {
    tenant_id: text().notNull(),
    project_id: text().notNull(),
    phone: text().notNull(),
    reason: text().notNull(),
    created_at: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.phone] }),
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
  ],
);

/** People who said stop, per channel, and phones that cannot be reached by it. The consent gate reads it before every contact. */
export const opt_outs = sqliteTable(
  "opt_outs",
  {
    tenant_id: text().notNull().references(() => tenants.id),
    phone: text().notNull(),
    channel: text({ enum: ["call", "sms"] }).notNull(),
    /** `undeliverable`: nobody said stop, but texts do not arrive there. An opt-out takes its place, never the other way round. */
    kind: text({ enum: ["opt_out", "undeliverable"] }).notNull().default("opt_out"),
    reason: text().notNull(),
    created_at: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant_id, t.phone, t.channel] })],
);
