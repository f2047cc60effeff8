import { and, eq, gt, ne, sql } from "drizzle-orm";
import { newId } from "../ids.ts";
import { notFound } from "../errors.ts";
import { sidsIn, type TwilioSids } from "../providers/twilio/sids.ts";
import { auditIfChanged, auditRow, insertIf, listed, type Scope } from "./database.ts";
import { newRun, type QueuedRun, queuedOf, type Run } from "./runs.store.ts";
import { leadErased } from "./webhook-deliveries.store.ts";
import { audit, calls, campaign_recipients, entities, idempotency, lead_keys, runs } from "./schema.ts";

/** What is left of a call once its row is gone: ids by which its traces are found elsewhere. */
export interface CallTraces {
  call_id: string;
  project_id: string;
  /** The Twilio account that it was made with, which alone can delete what is kept of it; null: the service's own. */
  account_sid: string | null;
  sids: TwilioSids;
}

const RUNS_A_PAGE = 500;
const CALLS_A_PAGE = 50;

/**
 * The database's part in erasing a person. Their rows go in one transaction; a run, written in the same transaction, then
 * cleans every other store, and its input is ids only.
 */
export const createErasureStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const own = (id: string) => and(eq(entities.id, id), eq(entities.tenant_id, tenantId));

  const traces = { id: calls.id, project_id: calls.project_id, account_sid: calls.account_sid, call_sid: calls.call_sid, recording_sid: calls.recording_sid, timeline: calls.timeline };
  const asTraces = ({ id, project_id, account_sid, ...rest }: Omit<CallTraces, "call_id" | "sids"> & { id: string }): CallTraces => ({ call_id: id, project_id, account_sid, sids: sidsIn(rest) });
  const tracesOf = async (entityId: string): Promise<CallTraces[]> =>
    (await db.select(traces).from(calls).where(and(eq(calls.lead_id, entityId), eq(calls.tenant_id, tenantId))).all()).map(asTraces);
  const ownKeys = (leadId: string) => and(eq(lead_keys.lead_id, leadId), eq(lead_keys.tenant_id, tenantId));
  const dropCalls = (ids: string[]) => db.delete(calls).where(and(eq(calls.tenant_id, tenantId), sql`${calls.id} IN ${listed(ids)}`));

  return {
    tracesOf,

    /**
     * Takes the person out of every list and opens the run that cleans up behind it.
     * @returns the run to queue; null when another request took the person out at the same moment
     * @throws AppError 404
     */
    async begin(entityId: string, dueInMs: number): Promise<QueuedRun | null> {
      if ((await db.$count(entities, own(entityId))) === 0) throw notFound("entity");
      const found = await tracesOf(entityId);
      const id = newId("run", clock.now());
      const run = newRun(scope, id, { project_id: null, task: "privacy", action: "erase", params: { entity_id: entityId, calls: found } }, dueInMs);
      const [, gone] = await db.batch([
        leadErased(scope, entityId),
        db.delete(entities).where(own(entityId)).returning({ id: entities.id }),
        insertIf(db, runs, run, sql`changes() > 0`),
        auditIfChanged(scope, "person.erased", `entity:${entityId}`, { run_id: id, calls: found.map((call) => call.call_id) }),
        dropCalls(found.map((call) => call.call_id)),
        // Where they were found stays known, without them: it is still public, and must not bring them back.
        db.delete(lead_keys).where(and(ownKeys(entityId), eq(lead_keys.kind, "words"))),
        db.update(lead_keys).set({ lead_id: null }).where(ownKeys(entityId)),
        // Campaigns keep their figures, and nothing of the person.
        db
          .update(campaign_recipients)
          .set({ lead_id: null, phone: null, body: "", state: sql`CASE WHEN ${campaign_recipients.state} = 'planned' THEN 'canceled' ELSE ${campaign_recipients.state} END`, reason: "erased" })
          .where(and(eq(campaign_recipients.lead_id, entityId), eq(campaign_recipients.tenant_id, tenantId))),
      ]);
      return gone.length > 0 ? queuedOf(run) : null;
    },

    /** Calls that came to be while the person was being erased. */
    async dropLateCalls(entityId: string): Promise<CallTraces[]> {
      const late = await tracesOf(entityId);
      if (late.length > 0) await dropCalls(late.map((call) => call.call_id));
      return late;
    },

    /** Some of the tenant's calls, for when all of them go. */
    async anyCalls(): Promise<CallTraces[]> {
      return (await db.select(traces).from(calls).where(eq(calls.tenant_id, tenantId)).orderBy(calls.id).limit(CALLS_A_PAGE).all()).map(asTraces);
    },
    /** On the calls' own rows, before the objects forget: an interrupted run finds them there. */
    async rememberSids(found: CallTraces[]): Promise<void> {
      for (const call of found) {
        const entry = JSON.stringify({ sids: call.sids });
        await db.update(calls).set({ timeline: sql`json_insert(${calls.timeline}, '$[#]', json(${entry}))` }).where(and(eq(calls.id, call.call_id), eq(calls.tenant_id, tenantId)));
      }
    },
    async removeCalls(ids: string[]): Promise<void> {
      await dropCalls(ids);
    },

    /** What the run found out on its way, for the case that it has to begin again. */
    async remember(runId: string, params: Record<string, unknown>): Promise<void> {
      await db.update(runs).set({ params }).where(and(eq(runs.id, runId), eq(runs.tenant_id, tenantId)));
    },

    /** A page of the tenant's runs since some time, oldest first; `since` and the cursor are runs' ids. */
    async runsAfter(cursor: string, except: string): Promise<Pick<Run, "id" | "status" | "params" | "result">[]> {
      return db
        .select({ id: runs.id, status: runs.status, params: runs.params, result: runs.result })
        .from(runs)
        .where(and(eq(runs.tenant_id, tenantId), gt(runs.id, cursor), ne(runs.id, except)))
        .orderBy(runs.id)
        .limit(RUNS_A_PAGE)
        .all();
    },

    /** Leaves the run's outline and forgets what it was given and gave; one that waits is not run any more. */
    async scrubRun(id: string): Promise<void> {
      const waits = sql`${runs.status} = 'queued'`;
      const erased = JSON.stringify({ code: "person_erased", message: "The person that this run was about was erased." });
      await db
        .update(runs)
        .set({
          params: {},
          result: null,
          tries: null,
          error: sql`CASE WHEN ${waits} THEN ${erased} ELSE NULL END`,
          status: sql`CASE WHEN ${waits} THEN 'failed' ELSE ${runs.status} END`,
          finished_at: sql`CASE WHEN ${waits} THEN ${clock.now()} ELSE ${runs.finished_at} END`,
          next_due_at: null,
        })
        .where(and(eq(runs.id, id), eq(runs.tenant_id, tenantId), ne(runs.status, "running")));
    },

    /** Answers kept for idempotency that show what was erased. */
    async forgetAnswersAbout(ids: string[]): Promise<void> {
      const names = sql`EXISTS (SELECT 1 FROM json_each(${JSON.stringify(ids)}) AS named WHERE instr(${idempotency.body}, named.value) > 0)`;
      await db.delete(idempotency).where(and(eq(idempotency.tenant_id, tenantId), names));
    },

    async finished(entityId: string, counts: Record<string, number>): Promise<void> {
      await db.insert(audit).values(auditRow(scope, "person.erasure_completed", `entity:${entityId}`, counts));
    },
  };
};
