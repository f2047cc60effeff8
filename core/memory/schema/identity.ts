import { sql } from "drizzle-orm";
import { foreignKey, index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { tenants } from "./tenants.ts";

export const users = sqliteTable(
  "users",
  {
    id: text().primaryKey(),
    tenant_id: text().notNull().references(() => tenants.id),
    /** Lower-cased: one person, one account. */
    email: text().notNull().unique(),
    name: text().notNull(),
    role: text({ enum: ["owner", "admin", "agent", "viewer"] }).notNull(),
    password_hash: text().notNull(),
    created_at: integer().notNull(),
    /** When they first showed that mail to `email` reaches them; null: not yet. */
    email_verified_at: integer(),
  },
  (t) => [uniqueIndex("users_id_tenant").on(t.id, t.tenant_id), index("users_tenant").on(t.tenant_id, t.id)],
);

/** Failed logins and mails asked for, kept for the throttles' windows only. `subject` is a hash of the address, and of what it was about. */
export const login_failures = sqliteTable(
  "login_failures",
  { id: text().primaryKey(), subject: text().notNull(), at: integer().notNull() },
  (t) => [index("login_failures_subject").on(t.subject, t.at)],
);

/*
 * What people and programs sign in with. Nothing here can be used by whoever reads it: of every token there is its SHA-256
 * only. A row that has ended is removed; the audit log says that it was there.
 */

/** One sign-in of one person on one device: the family of all refresh tokens that follow from it. */
export const sessions = sqliteTable(
  "sessions",
  {
    id: text().primaryKey(),
    tenant_id: text().notNull(),
    user_id: text().notNull(),
    /** Of the part that all refresh tokens of the family share: a spent one is recognised by it, however old. */
    family_hash: text().notNull().unique(),
    /** Of the one refresh token that is in force. */
    token_hash: text().notNull(),
    created_at: integer().notNull(),
    refreshed_at: integer().notNull(),
    /** When the refresh token in force ends, and the session with it. */
    expires_at: integer().notNull(),
    ip: text(),
    user_agent: text(),
  },
  (t) => [
    foreignKey({ columns: [t.user_id, t.tenant_id], foreignColumns: [users.id, users.tenant_id] }),
    index("sessions_user").on(t.user_id, t.id),
    index("sessions_tenant").on(t.tenant_id),
    index("sessions_expiry").on(t.expires_at),
  ],
);

export const api_keys = sqliteTable(
  "api_keys",
  {
    id: text().primaryKey(),
    tenant_id: text().notNull(),
    /** Who made it: it can never do more than they can, and goes when they go. */
    user_id: text().notNull(),
    name: text().notNull(),
    /** The first characters, for a person to tell keys apart by. */
    prefix: text().notNull(),
    key_hash: text().notNull().unique(),
    scopes: text({ mode: "json" }).$type<string[]>().notNull(),
    created_at: integer().notNull(),
    expires_at: integer(),
    /** To the minute. */
    last_used_at: integer(),
  },
  (t) => [
    foreignKey({ columns: [t.user_id, t.tenant_id], foreignColumns: [users.id, users.tenant_id] }),
    index("api_keys_tenant").on(t.tenant_id, t.id),
    index("api_keys_user").on(t.user_id),
  ],
);

/** A token that was sent to an address, or is to be: the row is the duty to send the mail too, while `mail_due_at` is set. */
export const mailed_tokens = sqliteTable(
  "mailed_tokens",
  {
    id: text().primaryKey(),
    tenant_id: text().notNull().references(() => tenants.id),
    purpose: text({ enum: ["verify", "reset", "invitation"] }).notNull(),
    /** Whose it is; null for an invitation. */
    user_id: text(),
    /** Where it goes, lower-cased. Using the token proves this address and no other. */
    email: text().notNull(),
    /** What an invitation makes of its guest. */
    role: text({ enum: ["owner", "admin", "agent", "viewer"] }),
    /** Who invited. */
    invited_by: text(),
    token_hash: text().notNull().unique(),
    created_at: integer().notNull(),
    expires_at: integer().notNull(),
    /** When the next attempt to send it is due; null once the mail is sent or given up. */
    mail_due_at: integer(),
    mail_attempts: integer().notNull().default(0),
  },
  (t) => [
    foreignKey({ columns: [t.user_id, t.tenant_id], foreignColumns: [users.id, users.tenant_id] }),
    index("mailed_tokens_tenant").on(t.tenant_id, t.purpose, t.id),
    index("mailed_tokens_user").on(t.user_id).where(sql`user_id IS NOT NULL`),
    index("mailed_tokens_expiry").on(t.expires_at),
    index("mailed_tokens_due").on(t.mail_due_at).where(sql`mail_due_at IS NOT NULL`),
  ],
);
