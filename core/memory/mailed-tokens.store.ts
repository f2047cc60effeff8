import { and, eq, sql } from "drizzle-orm";
import { newId } from "../ids.ts";
import { auditIfChanged, insertIf, type Scope } from "./database.ts";
import { attemptWithin } from "./directory.ts";
import type { MailedToken } from "./identity.directory.ts";
import { mailed_tokens } from "./schema.ts";

/** The attempt right behind the answer has this long before the sweep makes another. */
export const FIRST_TRY_MS = 60_000;
const LONGEST_PAUSE_MS = 3_600_000;

export const PURPOSES = { verify: { lifetimeMs: 7 * 86_400_000, action: "verification.requested" }, reset: { lifetimeMs: 3_600_000, action: "password_reset.requested" } } as const;

export interface MailedTokenRequest {
  id: string;
  purpose: keyof typeof PURPOSES;
  token_hash: string;
  email: string;
  user_id: string;
  /** What the throttle counts it as. */
  subject: string;
}

/** To one address, for whatever reason and from whatever tenant: an inbox is not ours to fill. */
export const MAILS_TO_AN_ADDRESS = { most: 5, windowMs: 3_600_000 };

/** Tokens that are mailed to people who have an account. */
export const createMailedTokensStore = (scope: Scope) => {
  const { db, clock, tenantId } = scope;
  const own = (id: string) => and(eq(mailed_tokens.id, id), eq(mailed_tokens.tenant_id, tenantId));

  return {
    /**
     * Takes the place of an earlier one of the same purpose, unless the address has had its share of mail. Does the same work
     * for somebody who does not exist, and leaves nothing but the throttle's note.
     * @returns the row whose mail is owed, if one is
     */
    async request({ id, purpose, token_hash, email, user_id, subject }: MailedTokenRequest): Promise<MailedToken | undefined> {
      const now = clock.now();
      const attempt = { id: newId("fail", now), subject, at: now };
      const isTaken = sql`EXISTS (SELECT 1 FROM login_failures WHERE login_failures.id = ${attempt.id})`;
      const row: MailedToken = { id, tenant_id: tenantId, purpose, user_id, email, role: null, invited_by: null, token_hash, created_at: now, expires_at: now + PURPOSES[purpose].lifetimeMs, mail_due_at: now + FIRST_TRY_MS, mail_attempts: 1 };
      await db.batch([
        attemptWithin(db, attempt, MAILS_TO_AN_ADDRESS),
        db.delete(mailed_tokens).where(and(eq(mailed_tokens.user_id, user_id), eq(mailed_tokens.purpose, purpose), eq(mailed_tokens.tenant_id, tenantId), isTaken)),
        insertIf(db, mailed_tokens, row, sql`${isTaken} AND EXISTS (SELECT 1 FROM users WHERE users.id = ${user_id} AND users.tenant_id = ${tenantId} AND users.email = ${email})`),
        auditIfChanged(scope, PURPOSES[purpose].action, `user:${user_id}`),
      ]);
      return db.select().from(mailed_tokens).where(own(id)).get();
    },

    /** The mail is on its way, or never will be. */
    async settled(id: string): Promise<void> {
      await db.update(mailed_tokens).set({ mail_due_at: null }).where(own(id));
    },

    /** Failed, and worth another attempt: after 1, 2, 4 … minutes, an hour at most, while the token is good. */
    async postponed({ id, mail_attempts }: MailedToken): Promise<void> {
      const pauseMs = Math.min(LONGEST_PAUSE_MS, 60_000 * 2 ** Math.min(mail_attempts - 1, 10));
      await db.update(mailed_tokens).set({ mail_due_at: clock.now() + pauseMs }).where(own(id));
    },
  };
};
