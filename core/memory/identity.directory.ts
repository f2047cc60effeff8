import { and, eq, lte, sql } from "drizzle-orm";
import type { Clock } from "../clock.ts";
import type { Role } from "../security/scopes.ts";
import { isClosed } from "./closed-tenant.ts";
import type { Database } from "./database.ts";
import { api_keys, mailed_tokens, sessions, tenants, users } from "./schema.ts";

export type Session = typeof sessions.$inferSelect;
export type ApiKey = typeof api_keys.$inferSelect;
export type MailedToken = typeof mailed_tokens.$inferSelect;

/** Who a token speaks for, as things stand now. */
export interface Caller {
  user_id: string;
  tenant_id: string;
  /** As it is today, whatever it was when the token was made. */
  role: Role;
  /** The operator has suspended the tenant, or it is being removed. */
  suspended: boolean;
  /** The region that the tenant has moved to; null: it lives here. */
  region: string | null;
  /** What the operator sold the tenant (core/security/limits.ts). */
  plan: string;
}

const caller = { user_id: users.id, tenant_id: users.tenant_id, role: users.role, suspended: isClosed, region: tenants.region, plan: tenants.plan };

/** Who is this? Asked before the tenant is known, by what only the right person can show. Each answer is one read of three rows at most. */
export const createIdentityDirectory = ({ db, clock }: { db: Database; clock: Clock }) => ({
  /** Whose session it is, if it is still open. */
  async callerBySession(sessionId: string): Promise<Caller | undefined> {
    const row = await db
      .select({ ...caller, expires_at: sessions.expires_at })
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.user_id))
      .innerJoin(tenants, eq(tenants.id, users.tenant_id))
      .where(eq(sessions.id, sessionId))
      .get();
    if (!row || row.expires_at <= clock.now()) return undefined;
    const { expires_at: _, ...rest } = row;
    return { ...rest, suspended: rest.suspended === 1 };
  },

  /** Whose key it is, if it has not ended. */
  async callerByKey(keyHash: string): Promise<(Caller & { key: Pick<ApiKey, "id" | "scopes" | "last_used_at"> }) | undefined> {
    const row = await db
      .select({ ...caller, key_id: sql<string>`${api_keys.id}`.as("key_id"), scopes: api_keys.scopes, expires_at: api_keys.expires_at, last_used_at: api_keys.last_used_at })
      .from(api_keys)
      .innerJoin(users, eq(users.id, api_keys.user_id))
      .innerJoin(tenants, eq(tenants.id, users.tenant_id))
      .where(eq(api_keys.key_hash, keyHash))
      .get();
    if (!row || (row.expires_at !== null && row.expires_at <= clock.now())) return undefined;
    const { user_id, tenant_id, role, suspended, region, plan, key_id: id, scopes, last_used_at } = row;
    return { user_id, tenant_id, role, suspended: suspended === 1, region, plan, key: { id, scopes, last_used_at } };
  },

  /** The session that a refresh token is of, spent or not. */
  async sessionOfFamily(familyHash: string): Promise<Session | undefined> {
    const session = await db.select().from(sessions).where(eq(sessions.family_hash, familyHash)).get();
    return session && session.expires_at > clock.now() ? session : undefined;
  },

  async mailedToken(tokenHash: string, purpose: MailedToken["purpose"]): Promise<MailedToken | undefined> {
    const row = await db.select().from(mailed_tokens).where(and(eq(mailed_tokens.token_hash, tokenHash), eq(mailed_tokens.purpose, purpose))).get();
    return row && row.expires_at > clock.now() ? row : undefined;
  },

  /** Mails that are due, taken for one attempt each: put off before it is made, so that no other sweep makes it too. */
  async takeDueMails(limit: number, putOffMs: number): Promise<MailedToken[]> {
    const now = clock.now();
    return db
      .update(mailed_tokens)
      .set({ mail_due_at: now + putOffMs, mail_attempts: sql`${mailed_tokens.mail_attempts} + 1` })
      .where(sql`${mailed_tokens.id} IN (SELECT id FROM mailed_tokens WHERE mail_due_at <= ${now} ORDER BY mail_due_at LIMIT ${limit})`)
      .returning();
  },

  /** What has ended by itself is of no use to anybody. */
  async forgetExpired(): Promise<void> {
    const now = clock.now();
    await db.batch([db.delete(sessions).where(lte(sessions.expires_at, now)), db.delete(mailed_tokens).where(lte(mailed_tokens.expires_at, now))]);
  },
});
