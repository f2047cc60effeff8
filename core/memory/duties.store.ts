import { and, eq, isNotNull, type SQL, sql } from "drizzle-orm";
import type { Scope } from "./database.ts";
import { calls, sweep_marks } from "./schema.ts";

const PUT_OFF = "put_off:";
/** The character after the colon: all marks of this kind are below it. */
const isPutOff = sql`name >= ${PUT_OFF} AND name < 'put_off;'`;
/** A mark is written anew by each look that fails; one that was not for so long is of a duty that has moved on. */
const KEPT_MS = 86_400_000;

/**
 * Duties that the sweep could not look after. Each is put off, so that it keeps no other from its turn, and a mark says since when it waits
 * (`since`) and until when it was put off (`until`). The mark holds for as long as `next_due_at` is what it says: whoever else writes that
 * (the call's object, which has looked, and waits with reason) has made it void, and need not know of it.
 */
export const createDutiesStore = ({ db, tenantId, clock }: Scope) => ({
  /** Puts off the sweep's next look at an open duty that it could not look after. A repeat leaves the time as it was since when it waits. */
  async putOff(callId: string, until: number): Promise<void> {
    const open = and(eq(calls.id, callId), eq(calls.tenant_id, tenantId), isNotNull(calls.next_due_at));
    const dueAt = sql`(SELECT ${calls.next_due_at} FROM ${calls} WHERE ${open})`;
    await db.batch([
      db
        .insert(sweep_marks)
        .select(sql`SELECT ${PUT_OFF + callId}, json_object('since', min(${calls.next_due_at}, ${clock.now()}), 'until', ${until}) FROM ${calls} WHERE ${open}`)
        .onConflictDoUpdate({
          target: sweep_marks.name,
          set: { position: sql`CASE WHEN ${sweep_marks.position} ->> 'until' = ${dueAt} THEN json_set(${sweep_marks.position}, '$.until', ${until}) ELSE excluded.position END` },
        }),
      db.update(calls).set({ next_due_at: until }).where(open),
    ]);
  },
});

/** How many duties of a database wait since before then, those among them that were put off. A row read for each of these, and for each that was put off within a day. */
export const countOverdue = (before: number): SQL => sql`(SELECT count(*) FROM calls WHERE next_due_at IS NOT NULL AND next_due_at < ${before})
  + (SELECT count(*) FROM sweep_marks AS mark CROSS JOIN calls ON calls.id = substr(mark.name, ${PUT_OFF.length + 1})
    WHERE ${isPutOff} AND mark.position ->> 'since' < ${before} AND calls.next_due_at >= ${before} AND calls.next_due_at = mark.position ->> 'until')`;

/** Which marks may be forgotten. */
export const isVoidPutOff = (now: number): SQL => sql`${isPutOff} AND position ->> 'until' < ${now - KEPT_MS}`;
