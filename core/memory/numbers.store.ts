import { and, desc, eq, isNull, type SQL, sql } from "drizzle-orm";
import { auditIfChanged, insertIf, type Page, type PageRequest, type Scope, toPage } from "./database.ts";
import { calls, messages, phone_numbers, projects, runs, twilio_accounts } from "./schema.ts";

export type PhoneNumber = typeof phone_numbers.$inferSelect;

/** A Twilio account that comes with a number. `token_sealed`: by the vault, for `twilioTokenPlace`. */
export interface BroughtAccount {
  account_sid: string;
  token_sealed: string;
}

/** A tenant's numbers, and the Twilio accounts that it has brought. Tokens come in and go out sealed only. */
export const createNumbersStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const own = (projectId: string, number: string) => and(eq(phone_numbers.number, number), eq(phone_numbers.project_id, projectId), eq(phone_numbers.tenant_id, tenantId));

  /** The project's line is its number that was added last and that no page shows; kept in its row, where whoever rings has it at hand. */
  const moveLine = (projectId: string) => {
    const newest = (column: typeof phone_numbers.number | typeof phone_numbers.account_sid): SQL =>
      sql`(SELECT ${column} FROM ${phone_numbers} WHERE ${and(eq(phone_numbers.project_id, projectId), eq(phone_numbers.tenant_id, tenantId), isNull(phone_numbers.page_id))} ORDER BY ${phone_numbers.created_at} DESC, ${phone_numbers.number} LIMIT 1)`;
    return db
      .update(projects)
      .set({ from_number: newest(phone_numbers.number), from_account: newest(phone_numbers.account_sid) })
      .where(and(eq(projects.id, projectId), eq(projects.tenant_id, tenantId)));
  };

  /** An account goes when neither a number nor anything that was made with it is left: recordings can be deleted at Twilio with its token only. */
  const dropUnused = (exceptRun: string) => {
    const has = (table: typeof phone_numbers | typeof calls | typeof messages): SQL =>
      sql`EXISTS (SELECT 1 FROM ${table} WHERE ${table.tenant_id} = ${tenantId} AND ${table.account_sid} = ${twilio_accounts.account_sid})`;
    const erasing = sql`EXISTS (SELECT 1 FROM ${runs} WHERE ${and(sql`${runs.next_due_at} IS NOT NULL`, eq(runs.tenant_id, tenantId), eq(runs.task, "privacy"), sql`${runs.id} <> ${exceptRun}`)})`;
    return db
      .delete(twilio_accounts)
      .where(and(eq(twilio_accounts.tenant_id, tenantId), sql`NOT ${has(phone_numbers)}`, sql`NOT ${has(calls)}`, sql`NOT ${has(messages)}`, sql`NOT ${erasing}`));
  };

  return {
    /**
     * Gives the number to the project, with the account that it is of; all of it, or nothing.
     * @param account null: the service's own
     * @param pageId the page that shows it, of the project; null: it is a line
     * @returns false when another project has the number, whoever's it is
     */
    async put(projectId: string, number: string, account: BroughtAccount | null, pageId: string | null): Promise<boolean> {
      if (!(await scope.claims.take("number", number, tenantId))) return false;
      const now = clock.now();
      const account_sid = account?.account_sid ?? null;
      const isOurs = sql`EXISTS (SELECT 1 FROM ${phone_numbers} WHERE ${own(projectId, number)})`;
      const isFree = sql`NOT EXISTS (SELECT 1 FROM ${phone_numbers} WHERE ${eq(phone_numbers.number, number)})`;
      const brought = { tenant_id: tenantId, account_sid: account_sid ?? "", token_sealed: account?.token_sealed ?? "", updated_at: now };
      await db.batch([
        insertIf(db, phone_numbers, { number, tenant_id: tenantId, project_id: projectId, account_sid, page_id: pageId, created_at: now }, sql`${isFree} OR ${isOurs}`).onConflictDoUpdate({
          target: phone_numbers.number,
          set: { account_sid, page_id: pageId },
        }),
        auditIfChanged(scope, "number.set", `project:${projectId}`, { account_sid, page_id: pageId }),
        insertIf(db, twilio_accounts, brought, account === null ? sql`0` : isOurs).onConflictDoUpdate({
          target: [twilio_accounts.tenant_id, twilio_accounts.account_sid],
          set: { token_sealed: brought.token_sealed, updated_at: now },
        }),
        moveLine(projectId),
        dropUnused(""),
      ]);
      return (await db.$count(phone_numbers, own(projectId, number))) > 0;
    },

    async list(projectId: string, page: PageRequest): Promise<Page<PhoneNumber>> {
      const [, at = "0", before = ""] = /^(\d+)\.(.*)$/.exec(page.cursor ?? "") ?? [];
      const rows = await db
        .select()
        .from(phone_numbers)
        .where(
          and(
            eq(phone_numbers.project_id, projectId), eq(phone_numbers.tenant_id, tenantId),
            page.cursor === undefined ? undefined : sql`(${phone_numbers.created_at}, ${phone_numbers.number}) < (${Number(at)}, ${before})`,
          ),
        )
        .orderBy(desc(phone_numbers.created_at), desc(phone_numbers.number))
        .limit(page.limit + 1)
        .all();
      const { items, next_cursor } = toPage(rows.map((row) => ({ ...row, id: row.number })), page.limit);
      const last = items.at(-1);
      return { items, next_cursor: next_cursor === null || !last ? null : `${last.created_at}.${last.number}` };
    },

    /** The number that a page shows in place of the business's own: the one that was added last. Null: none. */
    async ofPage(projectId: string, pageId: string): Promise<string | null> {
      const row = await db
        .select({ number: phone_numbers.number })
        .from(phone_numbers)
        .where(and(eq(phone_numbers.page_id, pageId), eq(phone_numbers.project_id, projectId), eq(phone_numbers.tenant_id, tenantId)))
        .orderBy(desc(phone_numbers.created_at), phone_numbers.number)
        .get();
      return row?.number ?? null;
    },

    /** @returns false when the project does not have it */
    async remove(projectId: string, number: string): Promise<boolean> {
      const [removed] = await db.batch([
        db.delete(phone_numbers).where(own(projectId, number)).returning({ number: phone_numbers.number }),
        auditIfChanged(scope, "number.removed", `project:${projectId}`),
        moveLine(projectId),
        dropUnused(""),
      ]);
      return removed.length > 0;
    },

    /** The sealed token of an account that this tenant has brought. */
    async sealedToken(accountSid: string): Promise<string | undefined> {
      const row = await db.select({ token: twilio_accounts.token_sealed }).from(twilio_accounts).where(and(eq(twilio_accounts.tenant_id, tenantId), eq(twilio_accounts.account_sid, accountSid))).get();
      return row?.token;
    },

    /** SIDs of the accounts that this tenant has brought. */
    async accounts(): Promise<string[]> {
      const rows = await db.select({ sid: twilio_accounts.account_sid }).from(twilio_accounts).where(eq(twilio_accounts.tenant_id, tenantId)).all();
      return rows.map(({ sid }) => sid);
    },

    /** Once an erasure is through. @param run its own run, which is still open */
    async dropUnusedAccounts(run: string): Promise<void> {
      await dropUnused(run);
    },
  };
};
