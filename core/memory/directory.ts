import { and, eq, getTableColumns, isNull, lte, or, sql } from "drizzle-orm";
import type { Clock } from "../clock.ts";
import { conflict } from "../errors.ts";
import { newId } from "../ids.ts";
import type { Actor } from "./actor.ts";
import type { Claims } from "./claims.ts";
import { isAway } from "./closed-tenant.ts";
import { auditRow, type Database, insertIf } from "./database.ts";
import { isVoidPutOff } from "./duties.store.ts";
import type { PhoneNumber } from "./numbers.store.ts";
import type { QueuedRun } from "./runs.store.ts";
import type { Project, WebhookSource } from "./projects.store.ts";
import { audit, calls, idempotency, login_failures, model_answers, phone_numbers, projects, runs, sweep_marks, tenants, users, webhook_keys } from "./schema.ts";
import { findDoor, type WebhookDoor } from "./webhook-door.ts";

/** 409: an address has one account in a region. */
export const emailTaken = () => conflict("email_taken", "There is an account with that address.");

export type User = typeof users.$inferSelect;

/** A row of the throttle, if there is room for one more. */
export const attemptWithin = (db: Database, row: typeof login_failures.$inferInsert, { most, windowMs }: { most: number; windowMs: number }) =>
  insertIf(db, login_failures, row, sql`(SELECT count(*) FROM login_failures WHERE subject = ${row.subject} AND at > ${row.at - windowMs}) < ${most}`);

/**
 * The few questions that must be asked before the tenant is known (who is this? whose form is this?), and the
 * sweep's, which answers with tenant and id and then works through `memory.for(tenant)`. Nothing here reads
 * a tenant's data beyond that.
 */
export const createDirectory = ({ db, clock, claims, placed }: { db: Database; clock: Clock; claims: Claims; placed: (tenantId: string) => string }) => ({
  /** Whether the database answers. */
  async ping(): Promise<void> {
    await db.run(sql`SELECT 1`);
  },

  async userByEmail(email: string): Promise<User | undefined> {
    return db.select().from(users).where(eq(users.email, email)).get();
  },

  async user(id: string): Promise<User | undefined> {
    return db.select().from(users).where(eq(users.id, id)).get();
  },

  /** The tenant directory: which region a tenant has moved to; null: it lives here. */
  async regionOf(tenantId: string): Promise<string | null> {
    return (await db.select({ region: tenants.region }).from(tenants).where(eq(tenants.id, tenantId)).get())?.region ?? null;
  },

  /** A new tenant with its first member. @throws AppError 409 when the address is taken */
  async signUp(input: { email: string; name: string; password_hash: string }, actor: Omit<Actor, "actor">): Promise<User> {
    const now = clock.now();
    const tenant_id = placed(newId("ten", now));
    if (!(await claims.take("email", input.email, tenant_id))) throw emailTaken();
    const user: User = { id: newId("usr", now), tenant_id, role: "owner", created_at: now, email_verified_at: null, ...input };
    const scope = { clock, tenantId: tenant_id, actor: { ...actor, actor: `user:${user.id}` } };
    try {
      await db.batch([
        db.insert(tenants).values({ id: tenant_id, name: input.name, created_at: now }),
        db.insert(users).values(user),
        db.insert(audit).values(auditRow(scope, "user.signed_up", `user:${user.id}`)),
      ]);
    } catch (error) {
      if (await db.select({ id: users.id }).from(users).where(eq(users.email, input.email)).get()) {
        throw emailTaken();
      }
      throw error;
    }
    return user;
  },

  async setPassword(userId: string, password_hash: string): Promise<void> {
    await db.update(users).set({ password_hash }).where(eq(users.id, userId));
  },

  /**
   * Counts one attempt at something against whoever it is aimed at, before it is made, so that any number at the same moment
   * are counted too. One that is refused is not counted: a stranger cannot keep somebody out for longer than the window.
   * @returns false when `most` were made within the window
   */
  async takeAttempt(subject: string, limit: { most: number; windowMs: number }): Promise<boolean> {
    const [taken] = await db.batch([attemptWithin(db, { id: newId("fail", clock.now()), subject, at: clock.now() }, limit).returning({ id: login_failures.id })]);
    return taken.length > 0;
  },

  async forgetAttempts(subject: string): Promise<void> {
    await db.delete(login_failures).where(eq(login_failures.subject, subject));
  },

  /** Whose number was called or texted: the project that the vendor's callback address names. */
  async project(id: string): Promise<Project | undefined> {
    return db.select().from(projects).where(eq(projects.id, id)).get();
  },

  /** Which project has a number, and by which account (null: the service's own). */
  async numberOwner(number: string): Promise<PhoneNumber | undefined> {
    return db.select().from(phone_numbers).where(eq(phone_numbers.number, number)).get();
  },

  /** The project that a webhook's address names, and what a request must show. */
  async webhook(projectId: string, source: WebhookSource): Promise<WebhookDoor | undefined> {
    return findDoor(db, projectId, source);
  },

  /** Whose address a mail was sent to, by the hash of the key in it. */
  async mailIntake(keyHash: string): Promise<Project | undefined> {
    // Spelled out, since a partial index is used only where its own condition stands in the query.
    const found = await db.select({ project: projects }).from(webhook_keys).innerJoin(projects, eq(projects.id, webhook_keys.project_id)).where(and(eq(webhook_keys.key_hash, keyHash), sql`${webhook_keys.source} = 'hunt_mail'`)).get();
    return found?.project;
  },

  /** Open duties whose time has come, oldest first. */
  async dueCalls(limit: number): Promise<{ id: string; tenant_id: string; project_id: string; lead_id: string }[]> {
    return db
      .select({ id: calls.id, tenant_id: calls.tenant_id, project_id: calls.project_id, lead_id: calls.lead_id })
      .from(calls)
      .where(lte(calls.next_due_at, clock.now()))
      .orderBy(calls.next_due_at)
      .limit(limit)
      .all();
  },

  /** Runs that a queue has lost, or whose claim has expired, or whose next attempt is due. Each is put off so that the next sweep does not see it again at once. */
  async takeDueRuns(limit: number, putOffMs: number): Promise<QueuedRun[]> {
    const now = clock.now();
    return db
      .update(runs)
      .set({ next_due_at: sql`CASE WHEN ${runs.status} = 'queued' THEN ${now + putOffMs} ELSE ${runs.next_due_at} END` })
      .where(sql`${runs.id} IN (SELECT id FROM runs WHERE next_due_at <= ${now} ORDER BY next_due_at LIMIT ${limit})`)
      .returning({ id: runs.id, tenant_id: runs.tenant_id, attempts: runs.attempts, task: runs.task, action: runs.action });
  },

  /** Tenants with runs that were set aside: a row or two read for each, however many runs they have. */
  async parkedTenants(): Promise<string[]> {
    const rows = await db.all<{ tenant_id: string | null }>(sql`
      WITH RECURSIVE parked(tenant_id) AS (
        SELECT min(tenant_id) FROM runs WHERE parked_at IS NOT NULL
        UNION ALL SELECT (SELECT min(tenant_id) FROM runs WHERE parked_at IS NOT NULL AND tenant_id > parked.tenant_id) FROM parked WHERE parked.tenant_id IS NOT NULL
      ) SELECT tenant_id FROM parked WHERE tenant_id IS NOT NULL`);
    return rows.flatMap(({ tenant_id }) => (tenant_id === null ? [] : [tenant_id]));
  },

  /** Projects whose daily canary is due, the longest waiting first. That of a suspended tenant waits until it is back; of one that has moved, the other region's rings. */
  async dueCanaries(limit: number): Promise<Project[]> {
    return db
      .select(getTableColumns(projects))
      .from(projects)
      .innerJoin(tenants, eq(tenants.id, projects.tenant_id))
      .where(and(lte(projects.canary_due_at, clock.now()), sql`NOT ${isAway}`))
      .orderBy(projects.canary_due_at)
      .limit(limit)
      .all();
  },

  /** What may be forgotten: answers kept for idempotency after a day, failed logins after their window, models' answers when they say so, marks of duties that were put off and have moved on since. */
  async forgetOld(olderThan: { idempotencyMs: number; loginFailureMs: number }): Promise<void> {
    const now = clock.now();
    await db.batch([
      db.delete(idempotency).where(or(lte(idempotency.created_at, now - olderThan.idempotencyMs), and(isNull(idempotency.status), lte(idempotency.created_at, now - 60_000)))),
      db.delete(login_failures).where(lte(login_failures.at, now - olderThan.loginFailureMs)),
      db.delete(model_answers).where(lte(model_answers.expires_at, now)),
      db.delete(sweep_marks).where(isVoidPutOff(now)),
    ]);
  },
});
