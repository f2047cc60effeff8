import { and, desc, eq, lt, sql } from "drizzle-orm";
import { conflict } from "../errors.ts";
import { emailTaken } from "./directory.ts";
import { newId } from "../ids.ts";
import type { Role } from "../security/scopes.ts";
import { auditIfChanged, insertIf, type Page, type PageRequest, type Scope, toPage } from "./database.ts";
import { attemptWithin, type User } from "./directory.ts";
import type { MailedToken } from "./identity.directory.ts";
import { FIRST_TRY_MS, MAILS_TO_AN_ADDRESS } from "./mailed-tokens.store.ts";
import { mailed_tokens, users } from "./schema.ts";

const LIFETIME_MS = 7 * 86_400_000;

export interface NewInvitation {
  id: string;
  token_hash: string;
  email: string;
  role: Role;
  invited_by: string;
  /** What the throttle counts the mail as. */
  subject: string;
}

/** People who are asked to join a tenant. */
export const createInvitationsStore = (scope: Scope) => {
  const { db, clock, tenantId } = scope;
  const own = (id: string) => and(eq(mailed_tokens.id, id), eq(mailed_tokens.tenant_id, tenantId), eq(mailed_tokens.purpose, "invitation"));
  const isOpen = sql`${mailed_tokens.expires_at} > ${clock.now()}`;

  return {
    /**
     * In the place of an earlier one to the same address.
     * @returns the row whose mail is owed; undefined when the address has had its share of mail
     * @throws AppError 409 when the address has an account, here or elsewhere
     */
    async create({ id, token_hash, email, role, invited_by, subject }: NewInvitation): Promise<MailedToken | undefined> {
      const now = clock.now();
      const account = await db.select({ tenant_id: users.tenant_id }).from(users).where(eq(users.email, email)).get();
      if (account) throw account.tenant_id === tenantId ? conflict("already_member", "They are a member already.") : conflict("account_exists", "There is an account with that address, in another business; a person is of one.");
      const attempt = { id: newId("fail", now), subject, at: now };
      const isTaken = sql`EXISTS (SELECT 1 FROM login_failures WHERE login_failures.id = ${attempt.id})`;
      const row: MailedToken = { id, tenant_id: tenantId, purpose: "invitation", user_id: null, email, role, invited_by, token_hash, created_at: now, expires_at: now + LIFETIME_MS, mail_due_at: now + FIRST_TRY_MS, mail_attempts: 1 };
      await db.batch([
        attemptWithin(db, attempt, MAILS_TO_AN_ADDRESS),
        db.delete(mailed_tokens).where(and(eq(mailed_tokens.tenant_id, tenantId), eq(mailed_tokens.purpose, "invitation"), eq(mailed_tokens.email, email), isTaken)),
        insertIf(db, mailed_tokens, row, isTaken),
        auditIfChanged(scope, "invitation.created", `invitation:${id}`, { role }),
      ]);
      return db.select().from(mailed_tokens).where(own(id)).get();
    },

    /** The open ones, newest first. */
    async list(page: PageRequest): Promise<Page<MailedToken>> {
      const rows = await db
        .select()
        .from(mailed_tokens)
        .where(and(eq(mailed_tokens.tenant_id, tenantId), eq(mailed_tokens.purpose, "invitation"), isOpen, page.cursor === undefined ? undefined : lt(mailed_tokens.id, page.cursor)))
        .orderBy(desc(mailed_tokens.id))
        .limit(page.limit + 1)
        .all();
      return toPage(rows, page.limit);
    },

    /** @returns whether there was one */
    async revoke(id: string): Promise<boolean> {
      const [gone] = await db.batch([db.delete(mailed_tokens).where(own(id)).returning({ id: mailed_tokens.id }), auditIfChanged(scope, "invitation.revoked", `invitation:${id}`)]);
      return gone.length > 0;
    },

    /**
     * Makes the guest a member: whoever has the token reads mail at that address. Once, however many try.
     * @returns undefined when the invitation was used or taken back meanwhile, or the tenant is being removed
     * @throws AppError 409 when the address has got an account since
     */
    async accept(invitation: MailedToken, user: User): Promise<User | undefined> {
      const isThere = sql`EXISTS (SELECT 1 FROM mailed_tokens WHERE mailed_tokens.id = ${invitation.id} AND mailed_tokens.token_hash = ${invitation.token_hash} AND mailed_tokens.expires_at > ${clock.now()})
        AND EXISTS (SELECT 1 FROM tenants WHERE tenants.id = ${tenantId} AND tenants.deleted_at IS NULL)`;
      if (!(await scope.claims.take("email", user.email, tenantId))) throw emailTaken();
      try {
        await db.batch([
          insertIf(db, users, user, isThere),
          auditIfChanged(scope, "invitation.accepted", `invitation:${invitation.id}`, { user_id: user.id, role: user.role }),
          db.delete(mailed_tokens).where(own(invitation.id)),
        ]);
      } catch (error) {
        if (await db.select({ id: users.id }).from(users).where(eq(users.email, user.email)).get()) throw emailTaken();
        throw error;
      }
      return db.select().from(users).where(and(eq(users.id, user.id), eq(users.tenant_id, tenantId))).get();
    },
  };
};
