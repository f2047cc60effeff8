import { and, eq, exists, sql } from "drizzle-orm";
import { auditIfChanged, auditRow, type Scope } from "./database.ts";
import type { MailedToken } from "./identity.directory.ts";
import { audit, mailed_tokens, sessions as sessionsTable, users } from "./schema.ts";
import { createSessionsStore } from "./sessions.store.ts";

/** What a person changes about their own account. */
export const createAccountsStore = (scope: Scope) => {
  const { db, clock, tenantId } = scope;
  const sessions = createSessionsStore(scope);
  const own = (userId: string) => and(eq(users.id, userId), eq(users.tenant_id, tenantId));
  /** Still there when the statement's turn comes: a token is used once, however many use it at the same moment. */
  const unused = (token: MailedToken) =>
    exists(db.select({ id: mailed_tokens.id }).from(mailed_tokens).where(and(eq(mailed_tokens.id, token.id), eq(mailed_tokens.token_hash, token.token_hash), sql`${mailed_tokens.expires_at} > ${clock.now()}`)));
  const proven = () => ({ email_verified_at: sql`coalesce(${users.email_verified_at}, ${clock.now()})` });
  const spend = (purpose: MailedToken["purpose"], userId: string) =>
    db.delete(mailed_tokens).where(and(eq(mailed_tokens.user_id, userId), eq(mailed_tokens.purpose, purpose), eq(mailed_tokens.tenant_id, tenantId)));

  return {
    /** Ends every session but the one that asks, and links to reset the old password. */
    async changePassword(userId: string, password_hash: string, currentSession: string): Promise<void> {
      await db.batch([
        db.update(users).set({ password_hash }).where(own(userId)),
        sessions.endAll(userId, currentSession),
        spend("reset", userId),
        db.insert(audit).values(auditRow(scope, "password.changed", `user:${userId}`)),
      ]);
    },

    /** Who can read the mail is who they say, so the address is verified too. Every session ends. @returns false when the token was used meanwhile */
    async resetPassword(token: MailedToken, userId: string, password_hash: string): Promise<boolean> {
      const [reset] = await db.batch([
        db.update(users).set({ password_hash, ...proven() }).where(and(own(userId), eq(users.email, token.email), unused(token))).returning({ id: users.id }),
        auditIfChanged(scope, "password.reset", `user:${userId}`),
        db.delete(sessionsTable).where(and(eq(sessionsTable.user_id, userId), eq(sessionsTable.tenant_id, tenantId), unused(token))),
        spend("reset", userId),
      ]);
      return reset.length > 0;
    },

    /** @returns false when the token was used meanwhile, or the address is no longer theirs */
    async verifyEmail(token: MailedToken, userId: string): Promise<boolean> {
      const [verified] = await db.batch([
        db.update(users).set(proven()).where(and(own(userId), eq(users.email, token.email), unused(token))).returning({ id: users.id }),
        auditIfChanged(scope, "email.verified", `user:${userId}`),
        spend("verify", userId),
      ]);
      return verified.length > 0;
    },
  };
};
