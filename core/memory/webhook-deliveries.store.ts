import { and, asc, desc, eq, gte, lt, lte, sql } from "drizzle-orm";
import { newId } from "../ids.ts";
import { notFound } from "../errors.ts";
import { FAILING_FOR_MS, SCHEDULE_MS } from "../webhooks/schedule.ts";
import { auditIfChanged, auditRow, insertIf, type Page, type PageRequest, type Scope, toPage } from "./database.ts";
import { newRun } from "./runs.store.ts";
import { audit, entities, runs, webhook_deliveries, webhook_endpoints } from "./schema.ts";
import type { DeliveryTry } from "./schema/webhooks.ts";
import type { WebhookEndpoint } from "./webhook-endpoints.store.ts";

export type WebhookDelivery = typeof webhook_deliveries.$inferSelect;

/** How an attempt has ended that did not reach the receiver, or not well. */
export interface FailedTry {
  tried: DeliveryTry;
  /** When it is tried again; null: it is given up on. */
  next_at: number | null;
  hold_until: number;
  /** The receiver wants no more of it. */
  gone: boolean;
}

/** Of a delivery's attempts these are remembered; a schedule has ten. */
const TRIES_KEPT = 20;
/** Runs that are replayed at once. */
const MOST_REPLAYED = 500;
const GIVEN_UP = { code: "webhook_failed", message: "No attempt to deliver it has succeeded." };

/** Events on their way to a tenant's endpoints. Triggers write them (migrations/*_webhooks_guards.sql). */
export const createWebhookDeliveriesStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const own = (id: string) => and(eq(webhook_deliveries.id, id), eq(webhook_deliveries.tenant_id, tenantId));
  const of = (endpointId: string) => and(eq(webhook_deliveries.endpoint_id, endpointId), eq(webhook_deliveries.tenant_id, tenantId));
  const endpoint = (id: string) => and(eq(webhook_endpoints.id, id), eq(webhook_endpoints.tenant_id, tenantId));
  /** Only the attempt that was made of what it was: one that was taken for dead changes nothing any more. */
  const asSeen = ({ id, attempts }: Pick<WebhookDelivery, "id" | "attempts">) => and(own(id), eq(webhook_deliveries.attempts, attempts), eq(webhook_deliveries.status, "pending"));
  const withTry = (delivery: WebhookDelivery, tried: DeliveryTry): DeliveryTry[] => [...delivery.tries, tried].slice(-TRIES_KEPT);
  const find = async (id: string): Promise<WebhookDelivery | undefined> => db.select().from(webhook_deliveries).where(own(id)).get();
  const get = async (id: string): Promise<WebhookDelivery> => {
    const delivery = await find(id);
    if (!delivery) throw notFound("webhook_delivery");
    return delivery;
  };
  const reopened = () => ({ status: "pending" as const, attempts: 0, next_at: clock.now(), finished_at: null });
  /** A dead letter that somebody has taken up is dead no more. */
  const takenUp = () => ({ status: "succeeded" as const, result: { replayed: true }, error: null, finished_at: clock.now() });

  /** Somebody says that the receiver is well again. */
  const unheld = (endpointId: string) => db.update(webhook_endpoints).set({ hold_until: null }).where(endpoint(endpointId));

  return {
    find,
    get,

    async list(endpointId: string, status: WebhookDelivery["status"] | undefined, page: PageRequest): Promise<Page<WebhookDelivery>> {
      const rows = await db
        .select()
        .from(webhook_deliveries)
        .where(and(of(endpointId), status === undefined ? undefined : status === "failed" ? sql`status = 'failed'` : eq(webhook_deliveries.status, status), page.cursor === undefined ? undefined : lt(webhook_deliveries.id, page.cursor)))
        .orderBy(desc(webhook_deliveries.id))
        .limit(page.limit + 1)
        .all();
      return toPage(rows, page.limit);
    },

    /** An event that is told on request: that the endpoint is reached. */
    async test({ id, project_id }: Pick<WebhookEndpoint, "id" | "project_id">, type: string): Promise<WebhookDelivery> {
      const now = clock.now();
      const row: WebhookDelivery = { id: newId("whd", now), tenant_id: tenantId, endpoint_id: id, project_id, type, resource_id: id, change: null, at: now, status: "pending", attempts: 0, tries: [], next_at: now, finished_at: null, run_id: null };
      await db.batch([db.insert(webhook_deliveries).values(row), db.insert(audit).values(auditRow(scope, "webhook_endpoint.tested", `webhook_endpoint:${id}`)), unheld(id)]);
      return row;
    },

    /** What is due there, the longest waiting first. */
    async due(endpointId: string, limit: number): Promise<WebhookDelivery[]> {
      return db.select().from(webhook_deliveries).where(and(of(endpointId), sql`next_at IS NOT NULL`, lte(webhook_deliveries.next_at, clock.now()))).orderBy(asc(webhook_deliveries.next_at), asc(webhook_deliveries.id)).limit(limit).all();
    },

    async received(delivery: WebhookDelivery, tried: DeliveryTry): Promise<void> {
      await db.batch([
        db.update(webhook_deliveries).set({ status: "delivered", attempts: delivery.attempts + 1, tries: withTry(delivery, tried), next_at: null, finished_at: clock.now() }).where(asSeen(delivery)),
        db.update(webhook_endpoints).set({ failing_since: null, failures: 0, hold_until: null }).where(endpoint(delivery.endpoint_id)),
      ]);
    },

    /** Notes the failure with the delivery and with its endpoint, which is switched off once that has gone on for too long. */
    async failed(delivery: WebhookDelivery, seen: Pick<WebhookEndpoint, "failures">, { tried, next_at, hold_until, gone }: FailedTry): Promise<void> {
      const now = clock.now();
      const over = next_at === null;
      const letter = newRun(scope, newId("run", now), { project_id: delivery.project_id, task: "webhooks", action: "redeliver", params: { delivery_id: delivery.id } }, 0);
      const dead = { ...letter, status: "dead" as const, error: GIVEN_UP, attempts: delivery.attempts + 1, next_due_at: null, finished_at: now };
      // Failures without a beginning are those of a delivery that was given up on, and nothing has succeeded since: it goes on from there.
      const since = sql`coalesce(${webhook_endpoints.failing_since}, CASE WHEN ${webhook_endpoints.failures} > 0 THEN ${now - SCHEDULE_MS} ELSE ${now} END)`;
      await db.batch([
        db
          .update(webhook_deliveries)
          .set({ status: over ? "failed" : "pending", attempts: delivery.attempts + 1, tries: withTry(delivery, tried), next_at, finished_at: over ? now : null, run_id: over ? letter.id : null })
          .where(asSeen(delivery)),
        // Decided by the row that was just written, not by `changes()`: another attempt may have been first.
        insertIf(db, runs, dead, over ? sql`EXISTS (SELECT 1 FROM webhook_deliveries WHERE id = ${delivery.id} AND run_id = ${letter.id})` : sql`0`),
        db.update(webhook_endpoints).set({ failing_since: since, failures: seen.failures + 1, hold_until }).where(endpoint(delivery.endpoint_id)),
        db
          .update(webhook_endpoints)
          .set({ disabled_at: now, disabled_why: gone ? "gone" : "failing", updated_at: now })
          .where(and(endpoint(delivery.endpoint_id), sql`${webhook_endpoints.disabled_at} IS NULL`, gone ? undefined : lte(webhook_endpoints.failing_since, now - FAILING_FOR_MS))),
        auditIfChanged(scope, "webhook_endpoint.disabled", `webhook_endpoint:${delivery.endpoint_id}`, { why: gone ? "gone" : "failing" }),
        // Nothing waits there: until something does, nobody knows whether it still fails.
        db
          .update(webhook_endpoints)
          .set({ failing_since: null })
          .where(and(endpoint(delivery.endpoint_id), over ? sql`${webhook_endpoints.disabled_at} IS NULL AND NOT EXISTS (SELECT 1 FROM webhook_deliveries WHERE endpoint_id = ${delivery.endpoint_id} AND tenant_id = ${tenantId} AND next_at IS NOT NULL)` : sql`0`)),
      ]);
    },

    /**
     * Sends one again, whatever has become of it, with a schedule of its own.
     * @throws AppError 404
     */
    async replay(id: string): Promise<WebhookDelivery> {
      const { run_id, endpoint_id } = await get(id);
      const [rows] = await db.batch([
        db.update(webhook_deliveries).set({ ...reopened(), run_id: null }).where(own(id)).returning(),
        auditIfChanged(scope, "webhook_delivery.replayed", `webhook_delivery:${id}`),
        unheld(endpoint_id),
        db.update(runs).set(takenUp()).where(and(eq(runs.id, run_id ?? ""), eq(runs.tenant_id, tenantId), eq(runs.status, "dead"))),
      ]);
      const [row] = rows;
      if (!row) throw notFound("webhook_delivery");
      return row;
    },

    /** Sends those again that were given up on and happened from then on, the oldest first; a few hundred at once. @returns how many */
    async replayFailed(endpointId: string, since: number): Promise<number> {
      const failed = db.select({ id: webhook_deliveries.id }).from(webhook_deliveries).where(and(of(endpointId), sql`status = 'failed'`, gte(webhook_deliveries.at, since))).orderBy(asc(webhook_deliveries.id)).limit(MOST_REPLAYED);
      const [, rows] = await db.batch([
        db.update(runs).set(takenUp()).where(and(eq(runs.tenant_id, tenantId), eq(runs.status, "dead"), sql`${runs.id} IN (SELECT run_id FROM webhook_deliveries WHERE id IN ${failed})`)),
        db.update(webhook_deliveries).set({ ...reopened(), run_id: null }).where(sql`${webhook_deliveries.id} IN ${failed}`).returning({ id: webhook_deliveries.id }),
        auditIfChanged(scope, "webhook_delivery.failed_replayed", `webhook_endpoint:${endpointId}`),
        unheld(endpointId),
      ]);
      return rows.length;
    },
  };
};

/** The event that a lead is erased, for the batch that removes it, before its row goes: SQL's triggers have no clock. */
export const leadErased = ({ db, tenantId, clock }: Pick<Scope, "db" | "tenantId" | "clock">, entityId: string) => {
  const now = clock.now();
  const wanted = sql`EXISTS (SELECT 1 FROM json_each(${webhook_endpoints.events}) WHERE value = 'lead.erased')`;
  const fields = {
    id: sql<string>`'whd_' || substr(printf('%012x', ${now}), 1, 12) || lower(hex(randomblob(10)))`.as("id"),
    tenant_id: webhook_endpoints.tenant_id,
    endpoint_id: sql<string>`${webhook_endpoints.id}`.as("endpoint_id"),
    project_id: sql<string | null>`${entities.project_id}`.as("lead_project_id"),
    type: sql<string>`'lead.erased'`.as("type"),
    resource_id: sql<string>`${entities.id}`.as("resource_id"),
    change: sql`NULL`.as("change"),
    at: sql<number>`${now}`.as("at"),
    status: sql<"pending">`'pending'`.as("status"),
    attempts: sql<number>`0`.as("attempts"),
    tries: sql`'[]'`.as("tries"),
    next_at: sql<number>`${now}`.as("next_at"),
    finished_at: sql`NULL`.as("finished_at"),
    run_id: sql`NULL`.as("run_id"),
  };
  return db.insert(webhook_deliveries).select(
    db
      .select(fields)
      .from(entities)
      .innerJoin(webhook_endpoints, and(eq(webhook_endpoints.tenant_id, tenantId), sql`${webhook_endpoints.disabled_at} IS NULL`, sql`(${webhook_endpoints.project_id} IS NULL OR ${webhook_endpoints.project_id} = ${entities.project_id})`, wanted))
      .where(and(eq(entities.id, entityId), eq(entities.tenant_id, tenantId), eq(entities.entity_type, "lead"))),
  );
};
