import { and, eq, gt, or, sql } from "drizzle-orm";
import { newId } from "../ids.ts";
import { isOpenFor, newCallIf } from "./calls.store.ts";
import { auditIfChanged, insertIf, type Scope } from "./database.ts";
import { isWatched } from "./live.store.ts";
import { readStanding, type Standing, standingRows } from "./opt-outs.store.ts";
import { newRun } from "./runs.store.ts";
import { calls, entities, runs } from "./schema.ts";
import { DoorUnsure, isUnchanged, type WebhookDoor } from "./webhook-door.ts";

/** Characters of what a person wrote, over all their submissions: beyond it, repeating oneself adds nothing. */
const MAX_WORDS = 20_000;
/** D1 takes 100 parameters a statement; a DNA names at most 20 people. */
const MOST_PHONES = 50;

export interface NewLead {
  project_id: string;
  name: string;
  primary_contact: string;
  /** Holds `status`, `source`, `dedupe_key` and everything that the form said. */
  metadata: Record<string, unknown> & { status: string; source: string; canary?: boolean };
  /** Same key in a project within the window, or while the earlier lead is still being called: a duplicate. Null: never one (Google's test leads). */
  dedupe: { key: string; withinMs: number | null } | null;
  /** The sender's own name for the submission: the same in a project at any time is a duplicate. */
  delivery?: string | null;
  /** Phones (E.164) of whom the consent gate will ask: what the opt-out list says of them comes back with the answer. */
  phones: string[];
  /** Where it came in, if that is only remembered: nothing is stored unless it is still so. */
  door?: WebhookDoor | null;
  /** When the duty's first look by the sweep is due, if nothing closes it before; ms from now. */
  dutyDueInMs: number;
}

/** Names given before anything is stored, so that what does not depend on the outcome can begin at the same time. */
export interface LeadTicket {
  lead_id: string;
  /** The call that the lead's arrival asks for; null when nobody is to be rung. Opens the duty in the lead's own batch. */
  call_id: string | null;
  /** The job that tells the owner by SMS instead; null when there is none. Queued in the same batch. */
  run_id: string | null;
  received_at: number;
}

/** What the owner is told by. */
export const TELL_OWNER = { task: "sales_agent", action: "notify_sms" } as const;

/** `watched`: somebody watches the project. */
export type Acceptance = ({ outcome: "accepted"; watched: boolean } & Standing) | { outcome: "duplicate"; lead_id: string };

/**
 * The one door by which a lead comes in: lead, audit row and the duty to call are written in one D1 batch, which is a
 * transaction, and its first statement decides about duplicates. So twenty copies at the same moment make one lead.
 */
export const createLeadsStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;

  return {
    ticket({ ring, tellOwner }: { ring: boolean; tellOwner: boolean }): LeadTicket {
      const now = clock.now();
      return { lead_id: newId("ent", now), call_id: ring ? newId("call", now) : null, run_id: tellOwner ? newId("run", now) : null, received_at: now };
    },

    /** @throws DoorUnsure where a remembered door is not as it was, or the lead is there already; nothing is stored */
    async accept({ lead_id: id, call_id: callId, run_id: runId, received_at: now }: LeadTicket, lead: NewLead): Promise<Acceptance> {
      const key = lead.dedupe?.key ?? null;
      const delivery = lead.delivery ?? null;
      const since = lead.dedupe?.withinMs == null ? 0 : now - lead.dedupe.withinMs;
      const metadata = { ...lead.metadata, project_id: lead.project_id, ...(key === null ? {} : { dedupe_key: key }), ...(delivery === null ? {} : { delivery_key: delivery }) };

      const row = {
        id,
        tenant_id: tenantId,
        project_id: lead.project_id,
        entity_type: "lead",
        name: lead.name,
        primary_contact: lead.primary_contact,
        metadata,
        created_at: now,
        updated_at: now,
      };
      const call = { project_id: lead.project_id, source: lead.metadata.source, canary: lead.metadata.canary === true };
      // Whoever asks again while we are about to call them is not called twice, whatever the clock says: it may have jumped.
      const isBeingCalled = sql`EXISTS (SELECT 1 FROM ${calls} WHERE ${isOpenFor(entities.id)})`;
      // Each by its own index; SQLite takes one for each side of an OR.
      const isRepeat = or(
        key === null ? undefined : and(eq(entities.project_id, lead.project_id), eq(entities.dedupe_key, key), or(gt(entities.created_at, since), isBeingCalled)),
        delivery === null ? undefined : and(eq(entities.project_id, lead.project_id), eq(entities.delivery_key, delivery)),
      );
      const isStored = sql`EXISTS (SELECT 1 FROM ${entities} WHERE ${eq(entities.id, id)})`;
      const isNew = isRepeat === undefined ? sql`1` : sql`NOT EXISTS (SELECT 1 FROM ${entities} WHERE ${isRepeat})`;
      const [standing, [inserted]] = await db.batch([
        standingRows(db, tenantId, lead.phones.slice(0, MOST_PHONES)),
        insertIf(db, entities, row, lead.door ? sql`${isNew} AND ${isUnchanged(db, lead.door)}` : isNew).returning({ watched: isWatched(entities) }),
        auditIfChanged(scope, "lead.received", `entity:${id}`, { source: lead.metadata.source, call_id: callId }),
        ...(callId === null ? [] : [newCallIf(scope, { ...call, id: callId, lead_id: id, now, dueInMs: lead.dutyDueInMs }, isStored)]),
        ...(runId === null ? [] : [insertIf(db, runs, newRun(scope, runId, { project_id: lead.project_id, ...TELL_OWNER, params: { lead_id: id } }, 0), isStored)]),
      ]);
      if (inserted) return { outcome: "accepted", watched: inserted.watched === 1, ...readStanding(standing) };
      if (lead.door) throw new DoorUnsure();
      const [original] = isRepeat === undefined ? [] : await db.select({ id: entities.id }).from(entities).where(isRepeat).orderBy(entities.created_at, entities.id).limit(1);
      if (!original) throw new Error("a lead was neither stored nor found as a duplicate");
      return { outcome: "duplicate", lead_id: original.id };
    },

    /** New words in a repeated submission are added to the lead that is already there; the same words change nothing. */
    async addWords(leadId: string, message: string): Promise<void> {
      const words = sql`coalesce(json_extract(${entities.metadata}, '$.message'), '')`;
      await db.batch([
        db
          .update(entities)
          .set({
            updated_at: clock.now(),
            metadata: sql`json_set(${entities.metadata}, '$.message', CASE WHEN ${words} = '' THEN ${message} ELSE ${words} || char(10) || ${message} END)`,
          })
          .where(and(eq(entities.id, leadId), eq(entities.tenant_id, tenantId), sql`instr(${words}, ${message}) = 0`, sql`length(${words}) < ${MAX_WORDS}`)),
        auditIfChanged(scope, "lead.repeated", `entity:${leadId}`),
      ]);
    },
  };
};
