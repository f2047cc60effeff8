import { sql } from "drizzle-orm";
import { type Clock, iso } from "../../clock.ts";
import type { Actor } from "../actor.ts";
import { auditRow, type Database, insertRowsIf } from "../database.ts";
import { audit, campaigns, calls, entities, projects, runs, schedules, webhook_deliveries, webhook_endpoints } from "../schema.ts";

/** What repeats itself rests for so long, so that a person can look first. */
const REST_MS = 86_400_000;
const WHY = "restored from a backup";

export const isOpenCall = sql`${calls.end_reason} IS NULL`;

/**
 * Takes what is due out of rows that came from a backup, so that nobody is rung, texted or worked for a second time. What was open is shown to a
 * person: the lead needs contact, the run is a dead letter, the campaign is paused, the webhook has failed and may be replayed. Statements of one batch, so that there is no moment in between.
 * `worker/restore.test.ts` walks the schema: a column that says when something is due must be dealt with here.
 */
export const disarming = ({ db, clock }: { db: Database; clock: Clock }) => {
  const now = clock.now();
  const ended = JSON.stringify({ at: iso(now), event: "ended", detail: WHY });
  const untold = JSON.stringify({ at: iso(now), status: null, error: "restored", duration_ms: 0 });
  return [
    // First, since what follows is news, and is told.
    db
      .update(webhook_deliveries)
      .set({ status: "failed", next_at: null, finished_at: now, tries: sql`json_insert(${webhook_deliveries.tries}, '$[#]', json(${untold}))` })
      .where(sql`${webhook_deliveries.status} = 'pending'`),
    db.update(webhook_endpoints).set({ due_at: null, hold_until: null, failing_since: null, failures: 0 }),
    db
      .update(entities)
      .set({ metadata: sql`json_patch(${entities.metadata}, '{"status":"needs_contact"}')`, updated_at: now })
      .where(sql`${entities.id} IN (SELECT lead_id FROM calls WHERE end_reason IS NULL AND NOT canary) AND ${entities.status} IN ('new', 'held', 'calling')`),
    db
      .update(calls)
      .set({ status: "ended", end_reason: "expired", next_due_at: null, ended_at: now, timeline: sql`json_insert(${calls.timeline}, '$[#]', json(${ended}))`, updated_at: now })
      .where(isOpenCall),
    db
      .update(runs)
      .set({ status: "dead", next_due_at: null, parked_at: null, finished_at: now, error: { code: "restored", message: `This was ${WHY}, and may have been done since. Run it again if it was not.` } })
      // Erasing goes on: it reaches nobody, may be repeated, and somebody was promised it. Couriers of webhooks find only what is due, which is news.
      .where(sql`${runs.status} IN ('queued', 'running') AND ${runs.task} NOT IN ('privacy', 'webhooks')`),
    db.update(campaigns).set({ status: "paused", pause_reason: "by_hand" }).where(sql`${campaigns.status} IN ('preparing', 'running')`),
    db.update(projects).set({ canary_due_at: now + REST_MS }).where(sql`${projects.canary_due_at} < ${now + REST_MS}`),
    db.update(schedules).set({ due_at: now + REST_MS }).where(sql`${schedules.due_at} < ${now + REST_MS}`),
  ] as const;
};

/** One audit row for each of these tenants. */
export const restoredAudit = ({ db, clock, actor, day }: { db: Database; clock: Clock; actor: Actor; day: string }, tenantIds: readonly string[]) =>
  insertRowsIf(
    db,
    audit,
    tenantIds.map((tenantId) => ({ ...auditRow({ clock, tenantId, actor }, "backup.restored", `tenant:${tenantId}`), details: JSON.stringify({ day }), ip: actor.ip, request_id: actor.request_id })),
    sql`true`,
  );
