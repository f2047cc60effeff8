import { and, eq, sql } from "drizzle-orm";
import type { Scope } from "./database.ts";
import { isWatched } from "./live.store.ts";
import { CANCELED, CLAIMANT_DIED, queuedColumns, type QueuedRun, type Run, type RunOutcome } from "./runs.row.ts";
import { runs } from "./schema.ts";

/** Of a run that fails on and on, the last say what it fails of. */
const TRIES_KEPT = 10;

/** Who is at work on a tenant's runs: taking one, saying that one lives, ending, and standing aside. */
export const createRunAttempts = ({ db, tenantId, clock }: Pick<Scope, "db" | "tenantId" | "clock">) => {
  const own = (id: string) => and(eq(runs.id, id), eq(runs.tenant_id, tenantId));
  /** How many of the tenant's runs a live claimant has. */
  const atWork = (now: number) => sql`(SELECT count(*) FROM runs AS other WHERE other.tenant_id = ${tenantId} AND other.status = 'running' AND other.next_due_at > ${now})`;
  /** Nobody has it, or whoever has it is dead. */
  const isFree = (now: number) => sql`(${runs.status} = 'queued' OR (${runs.status} = 'running' AND ${runs.next_due_at} <= ${now}))`;
  /** The attempt of whoever has died at it is counted by who finds that out. */
  const withDeaths = (now: number) => ({
    failures: sql`${runs.failures} + (${runs.status} = 'running')`,
    tries: sql`CASE WHEN ${runs.status} = 'running' THEN json_insert(coalesce(${runs.tries}, '[]'), '$[#]', json_object('attempt', ${runs.attempts}, 'at', ${now}, 'code', ${CLAIMANT_DIED.code}, 'message', ${CLAIMANT_DIED.message}, 'trace', NULL)) ELSE ${runs.tries} END`,
  });

  return {
    /**
     * Takes the run for one attempt, if it is due and nobody else has it. `attempts` grows and fences the attempt:
     * a claimant that was thought dead cannot overwrite a newer one's outcome.
     * @param attempts of which the claimant has been told; with more than that, another one has been before
     * @param most how many of the tenant's runs may be at work, this one included; absent: any number
     * @returns null when it is running elsewhere, overtaken, over, or one too many
     */
    async claim(id: string, claimForMs: number, { attempts, most }: { attempts?: number | undefined; most?: number | undefined } = {}): Promise<Run | null> {
      const now = clock.now();
      const rows = await db
        .update(runs)
        .set({
          status: "running",
          attempts: sql`${runs.attempts} + 1`,
          ...withDeaths(now),
          started_at: sql`coalesce(${runs.started_at}, ${now})`,
          next_due_at: now + claimForMs,
          parked_at: null,
        })
        .where(and(own(id), attempts === undefined ? undefined : eq(runs.attempts, attempts), most === undefined ? undefined : sql`${atWork(now)} < ${most}`, isFree(now)))
        .returning();
      return rows[0] ?? null;
    },

    /**
     * Sets a run aside while `most` others of the tenant are at work, so that a tenant's many stand in nobody else's way. One whose claimant has
     * died waits with them, in its turn, and does not try its luck at each sweep.
     * @returns whether it was; else there is room, or nothing to set aside
     */
    async park(id: string, most: number, attempts?: number): Promise<boolean> {
      const now = clock.now();
      const rows = await db
        .update(runs)
        .set({ status: "queued", ...withDeaths(now), parked_at: now, parked_most: most, next_due_at: null })
        .where(and(own(id), isFree(now), attempts === undefined ? undefined : eq(runs.attempts, attempts), sql`${atWork(now)} >= ${most}`))
        .returning({ id: runs.id });
      return rows.length > 0;
    },

    /**
     * Lets those go on that were set aside, of the larger number first (`most` of `park`) and then the oldest: as many as `claim` would find
     * room for, one after the other, but no more than `limit`. Reads no more than that, however many wait.
     * @returns what is to be queued
     */
    async unpark(limit: number, dueInMs: number): Promise<QueuedRun[]> {
      const now = clock.now();
      const next = sql`SELECT id, parked_most FROM runs WHERE tenant_id = ${tenantId} AND parked_at IS NOT NULL ORDER BY parked_most DESC, id LIMIT ${limit}`;
      const inTurn = sql`SELECT id, parked_most, row_number() OVER (ORDER BY parked_most DESC, id) AS turn FROM (${next})`;
      return db
        .update(runs)
        .set({ parked_at: null, next_due_at: now + dueInMs })
        .where(sql`${runs.id} IN (SELECT id FROM (${inTurn}) WHERE ${atWork(now)} + turn <= parked_most)`)
        .returning(queuedColumns);
    },

    /** Says that the attempt is still at work; changes nothing once a newer one has taken over. @returns whether it was called off */
    async extendClaim(run: Pick<Run, "id" | "attempts">, claimForMs: number): Promise<boolean> {
      const [row] = await db
        .update(runs)
        .set({ next_due_at: clock.now() + claimForMs })
        .where(and(own(run.id), eq(runs.attempts, run.attempts), eq(runs.status, "running")))
        .returning({ canceled_at: runs.canceled_at });
      return (row?.canceled_at ?? null) !== null;
    },

    /**
     * Writes down how far an attempt is, if somebody watches its project: then it is a change like any other (schema/live.ts). While
     * nobody does, nothing is written. No audit: the work's own steps have theirs.
     * @returns whether it was
     */
    async noteProgress(run: Pick<Run, "id" | "attempts">, progress: Run["progress"]): Promise<boolean> {
      const rows = await db.update(runs).set({ progress }).where(and(own(run.id), eq(runs.attempts, run.attempts), eq(runs.status, "running"), isWatched(runs))).returning({ id: runs.id });
      return rows.length > 0;
    },

    /**
     * Ends the attempt. One that would be taken up again ends for good where the run was called off meanwhile.
     * @returns what has become of the run, and whether any of the tenant's were set aside and wait; null when a newer attempt has taken over
     */
    async finish(run: Pick<Run, "id" | "attempts" | "tries">, outcome: RunOutcome, progress: Run["progress"]): Promise<{ run: Run; othersWait: boolean } | null> {
      const now = clock.now();
      const isCanceled = sql`${runs.canceled_at} IS NOT NULL`;
      const again = outcome.status === "queued";
      const error = outcome.status === "succeeded" ? null : outcome.error;
      const counted = again && outcome.failed === false ? sql`${runs.failures}` : sql`${runs.failures} + 1`;
      const failures = error === null ? 0 : counted;
      // The claim has read what there were, and this is written only while it holds.
      const has = outcome.status === "succeeded" || outcome.error === null || (outcome.status === "queued" && outcome.failed === false) ? [] : [{ attempt: run.attempts, at: now, ...outcome.error, trace: outcome.trace ?? null }];
      const tries = has.length === 0 ? undefined : [...(run.tries ?? []), ...has].slice(-TRIES_KEPT);
      const end = { progress, failures, tries, result: outcome.status === "succeeded" ? outcome.result : null };
      const change = again
        ? {
            ...end,
            status: sql`CASE WHEN ${isCanceled} THEN 'failed' ELSE 'queued' END`,
            error: sql`CASE WHEN ${isCanceled} THEN ${JSON.stringify(CANCELED)} ELSE ${error === null ? null : JSON.stringify(error)} END`,
            next_due_at: sql`CASE WHEN ${isCanceled} THEN NULL ELSE ${outcome.next_due_at} END`,
            finished_at: sql`CASE WHEN ${isCanceled} THEN ${now} ELSE NULL END`,
          }
        : { ...end, status: outcome.status, error, next_due_at: null, finished_at: now };
      // In one request, since every job pays for it. A run is set aside only while this one still counts as at work, so none is missed.
      const [[ended], parked] = await db.batch([
        db.update(runs).set(change).where(and(own(run.id), eq(runs.attempts, run.attempts), eq(runs.status, "running"))).returning(),
        db.select({ id: runs.id }).from(runs).where(and(eq(runs.tenant_id, tenantId), sql`${runs.parked_at} IS NOT NULL`)).limit(1),
      ]);
      return ended === undefined ? null : { run: ended, othersWait: parked.length > 0 };
    },
  };
};
