import { and, desc, eq, lt, type SQL, sql } from "drizzle-orm";
import { conflict, forbidden, notFound } from "../errors.ts";
import type { Role } from "../security/scopes.ts";
import { auditIfChanged, type Page, type PageRequest, type Scope, toPage } from "./database.ts";
import type { User } from "./directory.ts";
import { api_keys, mailed_tokens, sessions, users } from "./schema.ts";

/** A person as their colleagues see them. */
export type Member = Pick<User, "id" | "email" | "name" | "role" | "created_at" | "email_verified_at">;

const shown = { id: users.id, email: users.email, name: users.name, role: users.role, created_at: users.created_at, email_verified_at: users.email_verified_at };

/** The people of one tenant. */
export const createMembersStore = (scope: Scope) => {
  const { db, tenantId } = scope;
  const own = (id: string) => and(eq(users.id, id), eq(users.tenant_id, tenantId));
  /** Decided when the statement's turn comes, so that of two owners who demote each other at once one stays. */
  const notTheLastOwner: SQL = sql`(${users.role} <> 'owner' OR (SELECT count(*) FROM users AS others WHERE others.tenant_id = ${tenantId} AND others.role = 'owner') > 1)`;

  const find = async (id: string): Promise<Member> => {
    const member = await db.select(shown).from(users).where(own(id)).get();
    if (!member) throw notFound("member");
    return member;
  };
  const refuseBeyond = (by: Role, ...roles: Role[]): void => {
    if (by !== "owner" && roles.includes("owner")) throw forbidden("Only an owner can make, change or remove an owner.");
  };
  const lastOwner = () => conflict("last_owner", "An account keeps at least one owner.");

  return {
    /** Newest first. */
    async list(page: PageRequest): Promise<Page<Member>> {
      const rows = await db
        .select(shown)
        .from(users)
        .where(and(eq(users.tenant_id, tenantId), page.cursor === undefined ? undefined : lt(users.id, page.cursor)))
        .orderBy(desc(users.id))
        .limit(page.limit + 1)
        .all();
      return toPage(rows, page.limit);
    },

    /**
     * Counts from their next request on; keys that they made lose what the role does not have.
     * @param by the role of whoever asks
     * @throws AppError 404; 403 when an owner is concerned and none asks; 409 for the last owner
     */
    async setRole(id: string, role: Role, by: Role): Promise<Member> {
      const member = await find(id);
      refuseBeyond(by, member.role, role);
      if (member.role === role) return member;
      // What was read decides who may; the statement holds on to it.
      const allowed = role === "owner" ? undefined : notTheLastOwner;
      const [changed] = await db.batch([
        db.update(users).set({ role }).where(and(own(id), eq(users.role, member.role), allowed)).returning({ id: users.id }),
        auditIfChanged(scope, "member.role_changed", `user:${id}`, { from: member.role, to: role }),
      ]);
      if (changed.length === 0) throw (await find(id)).role === member.role ? lastOwner() : conflict("member_changed", "Somebody has changed this member meanwhile.");
      return { ...member, role };
    },

    /**
     * With all that lets them in: sessions, keys that they made, invitations that they sent.
     * @throws AppError as `setRole`
     */
    async remove(id: string, by: Role): Promise<void> {
      const member = await find(id);
      refuseBeyond(by, member.role);
      const removable = sql`EXISTS (SELECT 1 FROM users WHERE users.id = ${id} AND users.tenant_id = ${tenantId} AND users.role = ${member.role} AND ${notTheLastOwner})`;
      const of = (table: typeof sessions | typeof api_keys | typeof mailed_tokens) => and(eq(table.user_id, id), eq(table.tenant_id, tenantId), removable);
      const [, , , , removed] = await db.batch([
        db.delete(sessions).where(of(sessions)),
        db.delete(api_keys).where(of(api_keys)),
        db.delete(mailed_tokens).where(of(mailed_tokens)),
        db.delete(mailed_tokens).where(and(eq(mailed_tokens.invited_by, id), eq(mailed_tokens.tenant_id, tenantId), removable)),
        db.delete(users).where(and(own(id), removable)).returning({ id: users.id }),
        auditIfChanged(scope, "member.removed", `user:${id}`, { role: member.role }),
      ]);
      if (removed.length === 0) throw lastOwner();
    },
  };
};
