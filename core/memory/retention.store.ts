import { and, eq, gt, isNotNull, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import { sidsIn } from "../providers/twilio/sids.ts";
import { auditRow, listed, type Scope } from "./database.ts";
import type { CallTraces } from "./erasure.store.ts";
import { audit, calls, entities } from "./schema.ts";

const CALLS_A_PAGE = 50;
const LEADS_A_PAGE = 100;

/** What a project keeps no longer. Each page goes on after the last id of the one before; calls that are not over are left alone. */
export const createRetentionStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const oldCalls = (projectId: string, before: number, cursor: string) =>
    and(eq(calls.project_id, projectId), eq(calls.tenant_id, tenantId), gt(calls.id, cursor), lt(calls.created_at, before), isNotNull(calls.end_reason));
  /** The lead shows what its newest call has; it loses it with the last call that has any. */
  const leadsWithout = (column: typeof calls.transcription | typeof calls.recording_key, leadIds: string[]) =>
    and(eq(entities.tenant_id, tenantId), sql`${entities.id} IN ${listed(leadIds)}`, sql`NOT EXISTS (SELECT 1 FROM calls AS other WHERE other.lead_id = ${entities.id} AND other.${sql.identifier(column.name)} IS NOT NULL)`);

  const recordings = (where: SQL | undefined) =>
    db
      .select({ id: calls.id, lead_id: calls.lead_id, project_id: calls.project_id, account_sid: calls.account_sid, call_sid: calls.call_sid, recording_sid: calls.recording_sid })
      .from(calls)
      .where(and(where, or(isNotNull(calls.recording_key), isNotNull(calls.recording_sid))))
      .orderBy(calls.id)
      .limit(CALLS_A_PAGE)
      .all()
      .then((rows) => rows.map(({ id, lead_id, project_id, account_sid, ...sids }) => ({ call_id: id, lead_id, project_id, account_sid, sids: sidsIn(sids) })));

  return {
    /** Of one call that is over; empty where it has none (any more). */
    async recordingOf(callId: string): Promise<(CallTraces & { lead_id: string })[]> {
      return recordings(and(eq(calls.id, callId), eq(calls.tenant_id, tenantId), isNotNull(calls.end_reason)));
    },

    async oldRecordings(projectId: string, before: number, cursor: string): Promise<(CallTraces & { lead_id: string })[]> {
      return recordings(oldCalls(projectId, before, cursor));
    },

    /** Once the audio is gone everywhere. */
    async forgetRecordings(found: { call_id: string; lead_id: string }[], action: "recording.expired" | "recording.deleted" = "recording.expired"): Promise<void> {
      await db.batch([
        db.update(calls).set({ recording_key: null, recording_sid: null, updated_at: clock.now() }).where(and(eq(calls.tenant_id, tenantId), sql`${calls.id} IN ${listed(found.map((call) => call.call_id))}`)),
        db.update(entities).set({ metadata: sql`json_remove(${entities.metadata}, '$.recording_url')` }).where(leadsWithout(calls.recording_key, found.map((call) => call.lead_id))),
        db.insert(audit).values(found.map((call) => auditRow(scope, action, `call:${call.call_id}`))),
      ]);
    },

    /** @returns the last call of the page; null at the end */
    async forgetTranscripts(projectId: string, before: number, cursor: string): Promise<{ last: string; calls: number } | null> {
      const found = await db
        .select({ id: calls.id, lead_id: calls.lead_id })
        .from(calls)
        .where(and(oldCalls(projectId, before, cursor), isNotNull(calls.transcription)))
        .orderBy(calls.id)
        .limit(CALLS_A_PAGE)
        .all();
      const last = found.at(-1)?.id;
      if (last === undefined) return null;
      await db.batch([
        db.update(calls).set({ transcription: null, updated_at: clock.now() }).where(and(eq(calls.tenant_id, tenantId), sql`${calls.id} IN ${listed(found.map((call) => call.id))}`)),
        db.update(entities).set({ metadata: sql`json_remove(${entities.metadata}, '$.call_transcription')` }).where(leadsWithout(calls.transcription, found.map((call) => call.lead_id))),
        db.insert(audit).values(found.map((call) => auditRow(scope, "transcript.expired", `call:${call.id}`))),
      ]);
      return { last, calls: found.length };
    },

    /** Leads that nothing has happened to since: neither a change, nor a call that is still open. */
    async oldLeads(projectId: string, before: number, cursor: string): Promise<string[]> {
      const openCall = db.select({ id: calls.id }).from(calls).where(and(sql`${calls.lead_id} = ${entities.id}`, isNull(calls.end_reason)));
      const rows = await db
        .select({ id: entities.id })
        .from(entities)
        .where(
          and(
            eq(entities.project_id, projectId), eq(entities.tenant_id, tenantId), eq(entities.entity_type, "lead"), gt(entities.id, cursor),
            lt(entities.created_at, before), lt(entities.updated_at, before), sql`NOT EXISTS ${openCall}`,
          ),
        )
        .orderBy(entities.id)
        .limit(LEADS_A_PAGE)
        .all();
      return rows.map((row) => row.id);
    },
  };
};
