import { and, desc, eq, ne, notInArray, sql } from "drizzle-orm";
import { newId } from "../ids.ts";
import { type RefreshToken, refreshExpiry } from "../security/refresh-tokens.ts";
import { auditIfChanged, auditRow, type Scope } from "./database.ts";
import type { Session } from "./identity.directory.ts";
import { audit, sessions } from "./schema.ts";

/** Why a session ended, for the audit log. */
export type SessionEnd = "signed_out" | "revoked" | "refresh_token_reused";

export interface Device {
  ip: string | null;
  user_agent: string | null;
}

/** Of one person. Whoever signs in more often than that (a script, most likely) signs the oldest out. */
const MOST_OPEN = 50;

/** The sessions of one tenant's people. */
export const createSessionsStore = (scope: Scope) => {
  const { db, clock, tenantId } = scope;
  const own = (id: string, userId: string) => and(eq(sessions.id, id), eq(sessions.user_id, userId), eq(sessions.tenant_id, tenantId));

  return {
    /** Signs a person in on a device. */
    async open(userId: string, { family_hash, token_hash }: RefreshToken, device: Device): Promise<Session> {
      const now = clock.now();
      const session: Session = { id: newId("ses", now), tenant_id: tenantId, user_id: userId, family_hash, token_hash, created_at: now, refreshed_at: now, expires_at: refreshExpiry(now, now), ...device };
      const newest = db.select({ id: sessions.id }).from(sessions).where(eq(sessions.user_id, userId)).orderBy(desc(sessions.id)).limit(MOST_OPEN);
      await db.batch([
        db.insert(sessions).values(session),
        db.delete(sessions).where(and(eq(sessions.user_id, userId), eq(sessions.tenant_id, tenantId), notInArray(sessions.id, newest))),
        db.insert(audit).values(auditRow(scope, "session.opened", `session:${session.id}`, { user_id: userId })),
      ]);
      return session;
    },

    /**
     * Puts `next` in the place of the token that was shown. Of two that show the same token at once one is served.
     * It changes nothing that anybody owns, so that it leaves no audit row; misuse does.
     * @returns when the next one ends, ms; null when the token shown is not the one in force
     */
    async rotate({ id, user_id, created_at }: Session, shown: RefreshToken, next: RefreshToken): Promise<number | null> {
      const now = clock.now();
      const expires_at = refreshExpiry(now, created_at);
      const rotated = await db
        .update(sessions)
        .set({ token_hash: next.token_hash, refreshed_at: now, expires_at })
        .where(and(own(id, user_id), eq(sessions.token_hash, shown.token_hash)))
        .returning({ id: sessions.id });
      return rotated.length > 0 ? expires_at : null;
    },

    /** The open ones, newest first. */
    async list(userId: string): Promise<Session[]> {
      return db
        .select()
        .from(sessions)
        .where(and(eq(sessions.user_id, userId), eq(sessions.tenant_id, tenantId), sql`${sessions.expires_at} > ${clock.now()}`))
        .orderBy(desc(sessions.id))
        .limit(MOST_OPEN)
        .all();
    },

    /** Its access tokens are refused from the next request on. @returns whether there was one */
    async end(id: string, userId: string, reason: SessionEnd): Promise<boolean> {
      const [ended] = await db.batch([db.delete(sessions).where(own(id, userId)).returning({ id: sessions.id }), auditIfChanged(scope, "session.ended", `session:${id}`, { user_id: userId, reason })]);
      return ended.length > 0;
    },

    /** For the batch of whatever makes it necessary, whose audit row tells of it. @param except the session that asked for it */
    endAll: (userId: string, except?: string) =>
      db.delete(sessions).where(and(eq(sessions.user_id, userId), eq(sessions.tenant_id, tenantId), except === undefined ? undefined : ne(sessions.id, except))),
  };
};
