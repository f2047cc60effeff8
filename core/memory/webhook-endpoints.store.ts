import { and, asc, eq, isNull, type SQL, sql } from "drizzle-orm";
import { newId } from "../ids.ts";
import { conflict, notFound } from "../errors.ts";
import { BOTH_SIGN_MS } from "../webhooks/schedule.ts";
import { auditIfChanged, insertIf, type Scope } from "./database.ts";
import { newRun, type QueuedRun } from "./runs.store.ts";
import { runs, webhook_deliveries, webhook_endpoints } from "./schema.ts";

export type WebhookEndpoint = typeof webhook_endpoints.$inferSelect;
export type EndpointChange = Partial<Pick<WebhookEndpoint, "url" | "description" | "events">> & { enabled?: boolean | undefined };

/** More is a mistake: each is written to in the transaction of every event. */
const MOST_ENDPOINTS = 20;

/** Where the vault keeps an endpoint's secret. */
export const endpointSecretPlace = ({ id, tenant_id }: Pick<WebhookEndpoint, "id" | "tenant_id">) => ({ tenant_id, project_id: null, name: `webhook_out:${id}` });

/** Something waits there that may be sent now. */
export const isDue = (now: number): SQL => sql`(${webhook_endpoints.due_at} <= ${now} AND ${webhook_endpoints.disabled_at} IS NULL AND coalesce(${webhook_endpoints.hold_until}, 0) <= ${now})`;

/** Where a tenant wants to be told of what happens. */
export const createWebhookEndpointsStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const own = (id: string) => and(eq(webhook_endpoints.id, id), eq(webhook_endpoints.tenant_id, tenantId));
  const find = async (id: string): Promise<WebhookEndpoint | undefined> => db.select().from(webhook_endpoints).where(own(id)).get();
  const get = async (id: string): Promise<WebhookEndpoint> => {
    const endpoint = await find(id);
    if (!endpoint) throw notFound("webhook_endpoint");
    return endpoint;
  };
  const resource = (id: string): string => `webhook_endpoint:${id}`;
  /** Has had its chance, and another begins. */
  const forgiven = { failures: 0, failing_since: null, hold_until: null };

  return {
    find,
    get,
    newId: (): string => newId("whe", clock.now()),

    async list(): Promise<WebhookEndpoint[]> {
      return db.select().from(webhook_endpoints).where(eq(webhook_endpoints.tenant_id, tenantId)).orderBy(asc(webhook_endpoints.id)).all();
    },

    /** Whether events of the tenant are told to anybody. */
    async any(): Promise<boolean> {
      return (await db.select({ id: webhook_endpoints.id }).from(webhook_endpoints).where(and(eq(webhook_endpoints.tenant_id, tenantId), isNull(webhook_endpoints.disabled_at))).limit(1).get()) !== undefined;
    },

    /** @throws AppError 409 when there are too many */
    async create(input: Pick<WebhookEndpoint, "id" | "project_id" | "url" | "description" | "events" | "secret_sealed">): Promise<WebhookEndpoint> {
      const now = clock.now();
      const row: WebhookEndpoint = { ...input, ...forgiven, tenant_id: tenantId, old_secret_sealed: null, old_secret_until: null, disabled_at: null, disabled_why: null, told_at: null, due_at: null, courier_run_id: null, created_at: now, updated_at: now };
      // Lists go in as the column would write them: insertIf binds by column.
      const [inserted] = await db.batch([
        insertIf(db, webhook_endpoints, row, sql`(SELECT count(*) FROM webhook_endpoints WHERE tenant_id = ${tenantId}) < ${MOST_ENDPOINTS}`),
        auditIfChanged(scope, "webhook_endpoint.created", resource(row.id), { events: row.events, project_id: row.project_id }),
      ]);
      if (inserted.meta.changes === 0) throw conflict("too_many_webhook_endpoints", `An account has ${MOST_ENDPOINTS} endpoints at most; remove one first.`);
      return row;
    },

    /** Switched on again, it begins anew, and what waited for it goes out. @throws AppError 404 */
    async change(id: string, { enabled, ...change }: EndpointChange): Promise<WebhookEndpoint> {
      const before = await get(id);
      const now = clock.now();
      const switched = enabled === undefined || enabled === (before.disabled_at === null) ? {} : enabled ? { ...forgiven, disabled_at: null, disabled_why: null, told_at: null } : { disabled_at: now, disabled_why: "asked" as const };
      const [[row]] = await db.batch([
        db.update(webhook_endpoints).set({ ...change, ...switched, updated_at: now }).where(own(id)).returning(),
        auditIfChanged(scope, "webhook_endpoint.changed", resource(id), { fields: Object.keys({ ...change, ...(enabled === undefined ? {} : { enabled }) }) }),
      ]);
      if (!row) throw notFound("webhook_endpoint");
      return row;
    },

    /** The one that it takes the place of signs too for a day. @returns until when, ms. @throws AppError 404 */
    async replaceSecret(id: string, sealed: string): Promise<number> {
      const now = clock.now();
      const until = now + BOTH_SIGN_MS;
      const [rows] = await db.batch([
        db.update(webhook_endpoints).set({ old_secret_sealed: sql`${webhook_endpoints.secret_sealed}`, old_secret_until: until, secret_sealed: sealed, updated_at: now }).where(own(id)).returning({ id: webhook_endpoints.id }),
        auditIfChanged(scope, "webhook_endpoint.secret_replaced", resource(id)),
      ]);
      if (rows.length === 0) throw notFound("webhook_endpoint");
      return until;
    },

    /** With all that waits for it. @returns false when there is none */
    async remove(id: string): Promise<boolean> {
      const theirs = and(eq(webhook_deliveries.endpoint_id, id), eq(webhook_deliveries.tenant_id, tenantId));
      const [, gone] = await db.batch([db.delete(webhook_deliveries).where(theirs), db.delete(webhook_endpoints).where(own(id)).returning({ id: webhook_endpoints.id }), auditIfChanged(scope, "webhook_endpoint.removed", resource(id))]);
      return gone.length > 0;
    },

    /** Opens a courier for each endpoint of the tenant that has something due and none at work. @returns the runs to queue */
    async openCouriers(dueInMs: number): Promise<QueuedRun[]> {
      const now = clock.now();
      const isAtWork = sql`EXISTS (SELECT 1 FROM runs WHERE runs.id = ${webhook_endpoints.courier_run_id} AND runs.status IN ('queued', 'running'))`;
      const due = await db.select({ id: webhook_endpoints.id, project_id: webhook_endpoints.project_id }).from(webhook_endpoints).where(and(eq(webhook_endpoints.tenant_id, tenantId), isDue(now), sql`NOT ${isAtWork}`)).all();
      const opened: QueuedRun[] = [];
      for (const { id, project_id } of due) {
        const run = { task: "webhooks", action: "send", params: { endpoint_id: id } };
        const row = newRun(scope, newId("run", now), { project_id, ...run }, dueInMs);
        const [taken] = await db.batch([
          db.update(webhook_endpoints).set({ courier_run_id: row.id }).where(and(own(id), isDue(now), sql`NOT ${isAtWork}`)).returning({ id: webhook_endpoints.id }),
          insertIf(db, runs, row, sql`EXISTS (SELECT 1 FROM webhook_endpoints WHERE id = ${id} AND courier_run_id = ${row.id})`),
        ]);
        if (taken.length > 0) opened.push({ id: row.id, tenant_id: tenantId, attempts: 0, task: run.task, action: run.action });
      }
      return opened;
    },

    /** Notes when its next delivery is to be looked at. @returns that, or null when none waits */
    async settle(id: string): Promise<number | null> {
      const next = sql`(SELECT max(min(next_at), coalesce(${webhook_endpoints.hold_until}, 0)) FROM webhook_deliveries WHERE endpoint_id = ${webhook_endpoints.id} AND next_at IS NOT NULL)`;
      const [row] = await db.update(webhook_endpoints).set({ due_at: next }).where(own(id)).returning({ due_at: webhook_endpoints.due_at });
      return row?.due_at ?? null;
    },

    /** Its owners know that it was switched off. */
    async told(id: string): Promise<void> {
      await db.update(webhook_endpoints).set({ told_at: clock.now() }).where(own(id));
    },
  };
};
