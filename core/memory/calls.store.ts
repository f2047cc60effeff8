import { and, desc, eq, getTableColumns, isNull, lt, sql } from "drizzle-orm";
import { newId } from "../ids.ts";
import { notFound } from "../errors.ts";
import { auditRow, type Page, type PageRequest, type Scope, toPage } from "./database.ts";
import { audit, calls, entities } from "./schema.ts";

export type Call = typeof calls.$inferSelect;

/** What the call's object knows and lists should show. */
export interface CallProjection {
  revision: number;
  status: string;
  end_reason: string | null;
  next_due_at: number | null;
  ended_at: number | null;
  duration_s: number | null;
  call_sid: string | null;
  parent_party: "owner" | "customer" | null;
  timeline: unknown[];
  latency: Record<string, number | null>;
}

const { transcription: _t, ...listed } = getTableColumns(calls);

export const createCallsStore = (scope: Scope) => {
  const { db, d1, tenantId, clock } = scope;
  const own = (id: string) => and(eq(calls.id, id), eq(calls.tenant_id, tenantId));
  const find = async (id: string): Promise<Call | undefined> => db.select().from(calls).where(own(id)).get();
  const get = async (id: string): Promise<Call> => {
    const call = await find(id);
    if (!call) throw notFound("call");
    return call;
  };

  return {
    find,
    get,

    async list(filter: { project_id?: string | undefined; lead_id?: string | undefined }, page: PageRequest): Promise<Page<Omit<Call, "transcription">>> {
      const rows = await db
        .select(listed)
        .from(calls)
        .where(
          and(
            eq(calls.tenant_id, tenantId),
            filter.project_id === undefined ? undefined : eq(calls.project_id, filter.project_id),
            filter.lead_id === undefined ? undefined : eq(calls.lead_id, filter.lead_id),
            page.cursor === undefined ? undefined : lt(calls.id, page.cursor),
          ),
        )
        .orderBy(desc(calls.id))
        .limit(page.limit + 1)
        .all();
      return toPage(rows, page.limit);
    },

    /**
     * The lead's open call, or a new one with the duty to make it. One statement decides, so that two requests at the
     * same moment get the same call.
     */
    async openFor(lead: { id: string; project_id: string }, dueInMs: number): Promise<{ call: Call; created: boolean }> {
      const now = clock.now();
      const id = newId("call", now);
      const [inserted, , open] = await d1.batch<{ id: string }>([
        d1
          .prepare(
            `INSERT INTO calls (id, tenant_id, project_id, lead_id, direction, status, next_due_at, received_at, timeline, latency, revision, created_at, updated_at)
             SELECT ?1, ?2, ?3, ?4, 'outbound', 'queued', ?5, ?6, '[]', '{}', 0, ?6, ?6
             WHERE NOT EXISTS (SELECT 1 FROM calls WHERE lead_id = ?4 AND tenant_id = ?2 AND end_reason IS NULL)`,
          )
          .bind(id, tenantId, lead.project_id, lead.id, now + dueInMs, now),
        insertAuditIfExists(d1, scope, "call.requested", `call:${id}`, "calls", id),
        d1.prepare("SELECT id FROM calls WHERE lead_id = ?1 AND tenant_id = ?2 AND end_reason IS NULL ORDER BY id LIMIT 1").bind(lead.id, tenantId),
      ]);
      const openId = open?.results[0]?.id ?? id;
      return { call: await get(openId), created: (inserted?.meta.changes ?? 0) > 0 };
    },

    /** Writes what the object knows, unless a newer revision is there already; the lead follows in the same batch. */
    async project(id: string, leadId: string, next: CallProjection, leadChange: Record<string, unknown> | null): Promise<void> {
      const now = clock.now();
      const update = db
        .update(calls)
        .set({ ...next, updated_at: now })
        .where(and(own(id), lt(calls.revision, next.revision)));
      if (leadChange === null) {
        await update;
        return;
      }
      await db.batch([
        update,
        db
          .update(entities)
          .set({ metadata: sql`json_patch(${entities.metadata}, ${JSON.stringify(leadChange)})`, updated_at: now })
          .where(and(eq(entities.id, leadId), eq(entities.tenant_id, tenantId))),
        ...(next.end_reason === null ? [] : [db.insert(audit).values(auditRow(scope, "call.ended", `call:${id}`, { end_reason: next.end_reason }))]),
      ]);
    },

    /** Puts off the sweep's next look at an open duty. */
    async postpone(id: string, nextDueAt: number): Promise<void> {
      await db.update(calls).set({ next_due_at: nextDueAt }).where(and(own(id), isNull(calls.end_reason)));
    },

    /** Remembers which recording the call has; the first one stays. @returns whether this one is the call's recording */
    async setRecording(id: string, recordingSid: string): Promise<boolean> {
      const rows = await db
        .update(calls)
        .set({ recording_sid: recordingSid, updated_at: clock.now() })
        .where(and(own(id), sql`(${calls.recording_sid} IS NULL OR ${calls.recording_sid} = ${recordingSid})`))
        .returning({ id: calls.id });
      return rows.length > 0;
    },

    async setRecordingKey(id: string, leadId: string, recordingKey: string, recordingUrl: string): Promise<void> {
      const now = clock.now();
      await db.batch([
        db.update(calls).set({ recording_key: recordingKey, updated_at: now }).where(own(id)),
        db
          .update(entities)
          .set({ metadata: sql`json_set(${entities.metadata}, '$.recording_url', ${recordingUrl})`, updated_at: now })
          .where(and(eq(entities.id, leadId), eq(entities.tenant_id, tenantId))),
        db.insert(audit).values(auditRow(scope, "recording.stored", `call:${id}`)),
      ]);
    },

    /** Kept as soon as it is there: a later failure must not pay for the same minutes again. */
    async setTranscription(id: string, transcription: unknown): Promise<void> {
      await db.update(calls).set({ transcription, updated_at: clock.now() }).where(own(id));
    },

    /** The result of the conversation, on the call and on the lead, with both audit rows, in one batch. */
    async setAnalysis(id: string, leadId: string, analysis: unknown, leadChange: Record<string, unknown>): Promise<void> {
      const now = clock.now();
      await db.batch([
        db.update(calls).set({ analysis, updated_at: now }).where(own(id)),
        db
          .update(entities)
          .set({ metadata: sql`json_patch(${entities.metadata}, ${JSON.stringify(leadChange)})`, updated_at: now })
          .where(and(eq(entities.id, leadId), eq(entities.tenant_id, tenantId))),
        db.insert(audit).values([
          auditRow(scope, "call.analysed", `call:${id}`),
          auditRow(scope, "entity.changed", `entity:${leadId}`, { fields: Object.keys(leadChange) }),
        ]),
      ]);
    },
  };
};

/** An audit row that is written only when the row it speaks of is there, for batches whose first statement decides. */
export const insertAuditIfExists = (d1: D1Database, scope: Pick<Scope, "clock" | "tenantId" | "actor">, action: string, resource: string, table: "calls" | "entities", id: string, details: Record<string, unknown> = {}): D1PreparedStatement => {
  const row = auditRow(scope, action, resource, details);
  return d1
    .prepare(
      `INSERT INTO audit (id, tenant_id, at, actor, ip, action, resource, details, request_id)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE EXISTS (SELECT 1 FROM ${table} WHERE id = ?10)`,
    )
    .bind(row.id, row.tenant_id, row.at, row.actor, row.ip ?? null, row.action, row.resource, JSON.stringify(row.details), row.request_id ?? null, id);
};

export type CallsStore = ReturnType<typeof createCallsStore>;
