import { and, desc, eq, gt, isNotNull, lt, type SQL, sql } from "drizzle-orm";
import { newId } from "../ids.ts";
import { sameSecret } from "../security/constant-time.ts";
import type { Trust } from "../security/consent/trust.ts";
import { auditIfChanged, auditRow, insertIf, type Scope } from "./database.ts";
import { audit, destination_checks, tenants, users } from "./schema.ts";

export type DestinationCheck = typeof destination_checks.$inferSelect;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** How long a code is good for. */
const CODE_TTL_MS = 10 * MINUTE_MS;
/** Guesses at one code. With the daily limit: 25 in a million a day. */
const TRIES = 5;
/** For a tenant; and for a phone over all tenants, since it may be a victim's. */
const CODES_A_DAY = { tenant: 5, phone: 10 };

export type Confirmation = { ok: true } | { ok: false; because: "wrong_code" | "no_code" };

/** Phones of the business, and whether somebody has shown to hold them. */
export const createDestinationsStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const own = (id: string) => and(eq(destination_checks.id, id), eq(destination_checks.tenant_id, tenantId));
  const ofPhone = (projectId: string, phone: string) => and(eq(destination_checks.project_id, projectId), eq(destination_checks.phone, phone), eq(destination_checks.tenant_id, tenantId));
  const countSince = (whose: SQL, since: number): SQL => sql`(SELECT count(*) FROM destination_checks AS sent WHERE sent.created_at > ${since} AND sent.${whose})`;

  return {
    /**
     * Who is trusted, from what the database has: the one place that answers it. A tenant is once one of its phones is verified, and
     * the mail address of one of its people. With its plan, since whoever asks the one needs the other.
     * @param needsAddress false where the deployment cannot send mail, so that nobody could verify an address
     */
    async trust({ needsAddress }: { needsAddress: boolean }): Promise<Trust> {
      const hasAddress = (needsAddress ? sql<number>`EXISTS (SELECT 1 FROM ${users} WHERE ${users.tenant_id} = ${tenantId} AND ${users.email_verified_at} IS NOT NULL)` : sql<number>`1`).as("address");
      const isVerified = and(eq(destination_checks.tenant_id, tenantId), sql`${destination_checks.verified_at} IS NOT NULL`);
      const rows = await db.selectDistinct({ plan: tenants.plan, phone: destination_checks.phone, address: hasAddress }).from(tenants).leftJoin(destination_checks, isVerified).where(eq(tenants.id, tenantId)).all();
      const verified = new Set(rows.flatMap(({ phone }) => phone ?? []));
      return { plan: rows[0]?.plan ?? "", trusted: verified.size > 0 && rows[0]?.address === 1, verified };
    },

    /**
     * Writes a code down that is about to be sent, unless there were too many: one a minute, a few a day for the tenant, and for
     * the phone whoever asks. (That last count is all that is seen of other tenants.)
     * @returns null when there were
     */
    async open(check: Pick<DestinationCheck, "project_id" | "phone" | "channel" | "code_hash">): Promise<DestinationCheck | null> {
      const now = clock.now();
      const row: DestinationCheck = { ...check, id: newId("chk", now), tenant_id: tenantId, tries: 0, created_at: now, expires_at: now + CODE_TTL_MS, verified_at: null };
      const isFew = sql`${countSince(sql`tenant_id = ${tenantId}`, now - DAY_MS)} < ${CODES_A_DAY.tenant} AND ${countSince(sql`phone = ${check.phone}`, now - DAY_MS)} < ${CODES_A_DAY.phone}`;
      const isLater = sql`${countSince(sql`tenant_id = ${tenantId}`, now - MINUTE_MS)} = 0`;
      const isForgotten = and(eq(destination_checks.tenant_id, tenantId), lt(destination_checks.created_at, now - DAY_MS), sql`${destination_checks.verified_at} IS NULL`);
      const [, inserted] = await db.batch([
        db.delete(destination_checks).where(isForgotten),
        insertIf(db, destination_checks, row, sql`${isFew} AND ${isLater}`),
        auditIfChanged(scope, "destination.code_requested", `project:${check.project_id}`, { check_id: row.id, channel: check.channel }),
      ]);
      return inserted.meta.changes > 0 ? row : null;
    },

    /** It was not sent after all, and does not count. */
    async drop(id: string): Promise<void> {
      await db.delete(destination_checks).where(and(own(id), sql`${destination_checks.verified_at} IS NULL`));
    },

    /** A guess at the newest code of that phone. It is counted before it is looked at, so that many at once are no more than many. */
    async confirm(projectId: string, phone: string, codeHash: string): Promise<Confirmation> {
      const now = clock.now();
      const newest = db.select({ id: destination_checks.id }).from(destination_checks).where(ofPhone(projectId, phone)).orderBy(desc(destination_checks.created_at), desc(destination_checks.id)).limit(1);
      const [check] = await db
        .update(destination_checks)
        .set({ tries: sql`${destination_checks.tries} + 1` })
        .where(and(sql`${destination_checks.id} = (${newest})`, eq(destination_checks.tenant_id, tenantId), sql`${destination_checks.verified_at} IS NULL`, lt(destination_checks.tries, TRIES), gt(destination_checks.expires_at, now)))
        .returning({ id: destination_checks.id, code_hash: destination_checks.code_hash });
      if (!check) return { ok: false, because: "no_code" };
      if (!(await sameSecret(check.code_hash, codeHash))) {
        await db.insert(audit).values(auditRow(scope, "destination.code_wrong", `project:${projectId}`, { check_id: check.id }));
        return { ok: false, because: "wrong_code" };
      }
      await db.batch([
        db.update(destination_checks).set({ verified_at: now }).where(and(own(check.id), sql`${destination_checks.verified_at} IS NULL`)),
        auditIfChanged(scope, "destination.verified", `project:${projectId}`, { check_id: check.id }),
      ]);
      return { ok: true };
    },

    /** Since when the phones of a project are verified, ms. */
    async verifiedOf(projectId: string): Promise<Map<string, number>> {
      const rows = await db
        .select({ phone: destination_checks.phone, at: destination_checks.verified_at })
        .from(destination_checks)
        .where(and(eq(destination_checks.project_id, projectId), eq(destination_checks.tenant_id, tenantId), isNotNull(destination_checks.verified_at)))
        .orderBy(destination_checks.verified_at)
        .limit(200)
        .all();
      return new Map(rows.flatMap(({ phone, at }) => (at === null ? [] : [[phone, at] as const])));
    },
  };
};
