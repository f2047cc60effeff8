import { and, desc, eq, getTableColumns, isNotNull, isNull, lt, type SQL, sql, type SQLWrapper } from "drizzle-orm";
import { newId } from "../ids.ts";
import { notFound } from "../errors.ts";
import type { AuditNote } from "./audit.store.ts";
import { auditIfChanged, auditRow, auditRowsIfChanged, fieldNames, insertIf, listed, matching, type Page, type PageRequest, patched, type Scope, toPage } from "./database.ts";
import { isWatched } from "./live.store.ts";
import { newRun, type QueuedRun, queuedOf } from "./runs.store.ts";
import { audit, calls, entities, projects, runs } from "./schema.ts";

export type Call = typeof calls.$inferSelect;

/** A call as lists show it. @property lead null: the person is erased */
export type ListedCall = Omit<Call, "transcription"> & { lead: { name: string; phone: string | null } | null };

/** What the call's object knows and lists should show. */
export interface CallProjection {
  revision: number;
  status: string;
  end_reason: string | null;
  next_due_at: number | null;
  ended_at: number | null;
  duration_s: number | null;
  /** The Twilio account that the call is made with; null: the service's own. */
  account_sid: string | null;
  call_sid: string | null;
  parent_party: "owner" | "customer" | null;
  /** Who took it, else whom it was rung first; left as it is where absent. */
  person?: string | null;
  timeline: unknown[];
  latency: Record<string, number | null>;
}

/** A new call with the duty to make it, for batches in which an earlier statement decides whether there is to be one. */
export const newCallIf = (
  { db, tenantId, actor }: Pick<Scope, "db" | "tenantId" | "actor">,
  call: { id: string; lead_id: string | SQL; project_id: string; source?: string | null; canary?: boolean; now: number; dueInMs: number },
  condition: SQL,
) => {
  const { id, lead_id, project_id, source = null, canary = false, now, dueInMs } = call;
  // As the project's line is at this moment; what the call was really made with is projected.
  const account_sid = sql`(SELECT ${projects.from_account} FROM ${projects} WHERE ${projects.id} = ${project_id})`;
  const row = { id, tenant_id: tenantId, project_id, lead_id, account_sid, direction: "outbound" as const, source, canary, status: "queued", next_due_at: now + dueInMs, received_at: now, request_id: actor.request_id };
  return insertIf(db, calls, { ...row, timeline: [], latency: {}, revision: 0, created_at: now, updated_at: now }, condition);
};

/** Somebody is, or is to be, rung by us. */
export const isOpenOutbound = and(isNull(calls.end_reason), eq(calls.direction, "outbound"));

/** The lead's call that is not over: somebody is, or is to be, rung for them. */
export const isOpenFor = (leadId: string | SQLWrapper) => and(eq(calls.lead_id, leadId), isOpenOutbound);

/** What a person, or what the owner answered, has made of a lead is not undone by another call of it. */
const SETTLED = ["won", "quoted", "completed", "lost", "spam", "opted_out"];

const patchedUnlessSettled = (change: Record<string, unknown>): SQL => {
  const { status: _status, ...rest } = change;
  return sql`CASE WHEN ${entities.status} IN ${SETTLED} THEN ${patched(rest)} ELSE ${patched(change)} END`;
};

const { transcription: _t, ...lightColumns } = getTableColumns(calls);

export const createCallsStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const ownLead = (id: string) => and(eq(entities.id, id), eq(entities.tenant_id, tenantId));
  /** A canary's lead stays the test that it is, whatever becomes of its call. */
  const isPerson = sql`json_extract(${entities.metadata}, '$.canary') IS NOT 1`;
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

    async list(filter: { project_id?: string | undefined; lead_id?: string | undefined }, page: PageRequest): Promise<Page<ListedCall>> {
      const rows = await db
        .select({ ...lightColumns, lead: { name: entities.name, phone: entities.phone } })
        .from(calls)
        .leftJoin(entities, and(eq(entities.id, calls.lead_id), eq(entities.tenant_id, tenantId)))
        .where(
          and(
            matching(calls.tenant_id, tenantId, filter.project_id === undefined && filter.lead_id === undefined),
            matching(calls.project_id, filter.project_id, filter.lead_id === undefined),
            matching(calls.lead_id, filter.lead_id, true),
            page.cursor === undefined ? undefined : lt(calls.id, page.cursor),
          ),
        )
        .orderBy(desc(calls.id))
        .limit(page.limit + 1)
        .all();
      return toPage(rows, page.limit);
    },

    /** Those of these ids that are there, without their transcripts; in no order. */
    async some(ids: readonly string[]): Promise<Omit<Call, "transcription">[]> {
      return db.select(lightColumns).from(calls).where(and(eq(calls.tenant_id, tenantId), sql`${calls.id} IN ${listed(ids)}`)).all();
    },

    /**
     * The lead's open call, or a new one with the duty to make it. One statement decides, so that two requests at the
     * same moment get the same call.
     */
    async openFor(lead: { id: string; project_id: string; source?: string | null; canary?: boolean }, dueInMs: number): Promise<Call> {
      const now = clock.now();
      const id = newId("call", now);
      const isOpen = and(isOpenFor(lead.id), eq(calls.tenant_id, tenantId));
      const [, , [call]] = await db.batch([
        newCallIf(scope, { ...lead, id, lead_id: lead.id, now, dueInMs }, sql`NOT EXISTS (SELECT 1 FROM ${calls} WHERE ${isOpen})`),
        auditIfChanged(scope, "call.requested", `call:${id}`),
        db.select().from(calls).where(isOpen).orderBy(calls.id).limit(1),
      ]);
      return call ?? get(id);
    },

    /** The calls of a lead that are not over; in the ordinary way there is one at most. */
    async openOf(lead: { id: string; project_id: string }): Promise<string[]> {
      const isOpen = and(eq(calls.lead_id, lead.id), eq(calls.project_id, lead.project_id), eq(calls.tenant_id, tenantId), isNull(calls.end_reason));
      const rows = await db.select({ id: calls.id }).from(calls).where(isOpen).limit(20).all();
      return rows.map(({ id }) => id);
    },

    /**
     * Writes what the object knows, unless that revision or a newer one is there already; the lead, what the object has to say for the
     * audit and, the first time that the call is over, that it is, are in the same batch, and come only with it.
     * @returns whether that was news, and somebody watches the project
     */
    async project(id: string, leadId: string, next: CallProjection, leadChange: Record<string, unknown> | null, notes: readonly AuditNote[] = []): Promise<boolean> {
      const now = clock.now();
      const isNews = and(own(id), lt(calls.revision, next.revision));
      const update = db.update(calls).set({ ...next, updated_at: now }).where(isNews).returning({ watched: isWatched(calls) });
      const rest = [
        ...(notes.length === 0 ? [] : [auditRowsIfChanged(scope, notes)]),
        ...(leadChange === null ? [] : [db.update(entities).set({ metadata: patchedUnlessSettled(leadChange), updated_at: now }).where(and(ownLead(leadId), isPerson, sql`changes() > 0`))]),
      ];
      const isWatchedNews = (written: { watched: number }[]): boolean => written.some(({ watched }) => watched === 1);
      if (next.end_reason === null) return isWatchedNews((await db.batch([update, ...rest]))[0]);
      const isItsEnd = sql`EXISTS (SELECT 1 FROM ${calls} WHERE ${and(isNews, isNull(calls.end_reason))})`;
      const ended = insertIf(db, audit, auditRow(scope, "call.ended", `call:${id}`, { end_reason: next.end_reason }), isItsEnd);
      return isWatchedNews((await db.batch([ended, update, ...rest]))[1]);
    },

    /** Puts off the sweep's next look at an open duty, which waits with reason. */
    async postpone(id: string, nextDueAt: number): Promise<void> {
      await db.update(calls).set({ next_due_at: nextDueAt }).where(and(own(id), isNull(calls.end_reason)));
    },

    /**
     * Remembers which recording the call has (of several the longest) and opens the run that fetches it, in one batch: there is
     * never a recording that nobody fetches. The same recording again opens nothing.
     * @returns the run to queue, or null when there is none to open
     */
    async openRecordingRun(call: Pick<Call, "id" | "project_id">, recording: { sid: string; duration_s: number }, dueInMs: number): Promise<QueuedRun | null> {
      const runId = newId("run", clock.now());
      const run = newRun(scope, runId, { project_id: call.project_id, task: "lead_gen_manager", action: "transcribe_call", params: { call_id: call.id } }, dueInMs);
      const [, opened] = await db.batch([
        db
          .update(calls)
          .set({ recording_sid: recording.sid, recording_s: recording.duration_s, recording_key: null, transcription: null, analysis: null, updated_at: clock.now() })
          .where(and(own(call.id), sql`(${calls.recording_sid} IS NULL OR (${calls.recording_sid} <> ${recording.sid} AND coalesce(${calls.recording_s}, 0) < ${recording.duration_s}))`)),
        insertIf(db, runs, run, sql`changes() > 0`),
        auditIfChanged(scope, "run.queued", `run:${runId}`, { task: run.task, action: run.action }),
      ]);
      return opened.meta.changes > 0 ? queuedOf(run) : null;
    },

    /** Of these calls, those with somebody's words and no recording that was ever told of. */
    async withoutRecording(ids: readonly string[]): Promise<Pick<Call, "id" | "project_id" | "request_id">[]> {
      return db
        .select({ id: calls.id, project_id: calls.project_id, request_id: calls.request_id })
        .from(calls)
        .where(and(eq(calls.tenant_id, tenantId), sql`${calls.id} IN ${listed(ids)}`, sql`${calls.end_reason} IN ('connected', 'voicemail_left')`, isNotNull(calls.call_sid), isNull(calls.recording_sid), isNull(calls.recording_s)))
        .all();
    },

    /** Remembers a recording that was asked for rather than told of. Nothing, where the call has one meanwhile. @returns the call as it is then */
    async setRecording(id: string, recording: { sid: string; duration_s: number }): Promise<Call> {
      await db.update(calls).set({ recording_sid: recording.sid, recording_s: recording.duration_s, updated_at: clock.now() }).where(and(own(id), isNull(calls.recording_sid)));
      return get(id);
    },

    /** Nothing, if a longer recording has become the call's meanwhile; so for its transcription. */
    async setRecordingKey({ id, lead_id, recording_sid }: Pick<Call, "id" | "lead_id" | "recording_sid">, recordingKey: string, recordingUrl: string): Promise<void> {
      const now = clock.now();
      await db.batch([
        db.update(calls).set({ recording_key: recordingKey, updated_at: now }).where(and(own(id), sql`${calls.recording_sid} IS ${recording_sid}`)),
        db
          .update(entities)
          .set({ metadata: patched({ recording_url: recordingUrl }), updated_at: now })
          .where(ownLead(lead_id)),
        db.insert(audit).values(auditRow(scope, "recording.stored", `call:${id}`)),
      ]);
    },

    /** Kept as soon as it is there: a later failure must not pay for the same minutes again. */
    async setTranscription({ id, recording_sid }: Pick<Call, "id" | "recording_sid">, transcription: unknown): Promise<void> {
      await db.update(calls).set({ transcription, updated_at: clock.now() }).where(and(own(id), sql`${calls.recording_sid} IS ${recording_sid}`));
    },

    /** The result of the conversation, on the call and on the lead, with both audit rows, in one batch. */
    async setAnalysis(id: string, leadId: string, analysis: unknown, leadChange: Record<string, unknown>): Promise<void> {
      const now = clock.now();
      await db.batch([
        db.update(calls).set({ analysis, updated_at: now }).where(own(id)),
        db
          .update(entities)
          .set({ metadata: patched(leadChange), updated_at: now })
          .where(ownLead(leadId)),
        db.insert(audit).values([
          auditRow(scope, "call.analysed", `call:${id}`),
          auditRow(scope, "entity.changed", `entity:${leadId}`, { fields: fieldNames(leadChange) }),
        ]),
      ]);
    },
  };
};
