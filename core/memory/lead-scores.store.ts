import { and, desc, eq, gt, gte, isNull, lt, type SQL, sql } from "drizzle-orm";
import { firstId, newId } from "../ids.ts";
import { newCallIf } from "./calls.store.ts";
import { auditIfChanged, listed, type Scope } from "./database.ts";
import type { Entity } from "./entities.store.ts";
import { IS_FOUND, IS_OPEN } from "./found-leads.store.ts";
import { calls, entities } from "./schema.ts";

/** What was done about a lead over the threshold; on it as `metadata.acted`, once and for good. */
export type Acted = { how: "call"; call_id: string; at: string } | { how: "card"; message_sid: string; at: string };

/** How often a model may leave a lead unscored before it is let be. */
const MOST_UNANSWERED = 3;

const read = { id: entities.id, project_id: entities.project_id, entity_type: entities.entity_type, name: entities.name, metadata: entities.metadata };
/** A lead as the scorer reads it. */
export type ScorableLead = Pick<Entity, "id" | "project_id" | "entity_type" | "name" | "metadata">;

export const createLeadScoresStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const ofProject = (projectId: string) => and(eq(entities.project_id, projectId), eq(sql`+${entities.tenant_id}`, tenantId));
  const own = (id: string) => and(eq(entities.id, id), eq(entities.tenant_id, tenantId));

  return {
    /** Found leads that nobody has looked at and that have no score, oldest first, after an id. */
    async unscored(projectId: string, after: string, limit: number): Promise<string[]> {
      const rows = await db
        .select({ id: entities.id })
        .from(entities)
        .where(and(ofProject(projectId), isNull(entities.score), gt(entities.id, after), IS_OPEN, sql`coalesce(json_extract(metadata, '$.scoring.unanswered'), 0) < ${MOST_UNANSWERED}`))
        .orderBy(entities.id)
        .limit(limit)
        .all();
      return rows.map(({ id }) => id);
    },

    /** All found leads, scored or not, newest first, before an id. */
    async found(projectId: string, before: string | undefined, limit: number): Promise<string[]> {
      const rows = await db
        .select({ id: entities.id })
        .from(entities)
        .where(and(ofProject(projectId), before === undefined ? undefined : lt(entities.id, before), IS_FOUND))
        .orderBy(desc(entities.id))
        .limit(limit)
        .all();
      return rows.map(({ id }) => id);
    },

    /** Those of these ids that are leads of the project. */
    async among(projectId: string, ids: readonly string[]): Promise<ScorableLead[]> {
      if (ids.length === 0) return [];
      return db
        .select(read)
        .from(entities)
        .where(and(sql`${entities.id} IN ${listed(ids)}`, eq(sql`+${entities.tenant_id}`, tenantId), eq(sql`+${entities.project_id}`, projectId), eq(sql`+${entities.entity_type}`, "lead")))
        .orderBy(entities.id)
        .all();
    },

    /** Writes what a lead scored, and why. `score` null: it could not be told; a score that it has stays. */
    async setScore(leadId: string, score: number | null, record: object, by: string): Promise<void> {
      const withRecord = sql`json_set(${entities.metadata}, '$.scoring', json(${JSON.stringify(record)}))`;
      await db.batch([
        db
          .update(entities)
          .set({ updated_at: clock.now(), metadata: score === null ? withRecord : sql`json_set(${withRecord}, '$.score', ${score})` })
          .where(own(leadId)),
        auditIfChanged(scope, score === null ? "lead.not_scored" : "lead.scored", `entity:${leadId}`, { ...(score === null ? {} : { score }), by }),
      ]);
    },

    /** Leads over a score that were found since, and that nothing was done about yet; the best first. */
    async overThreshold(projectId: string, threshold: number, sinceMs: number, limit: number): Promise<{ id: string; score: number | null }[]> {
      return db
        .select({ id: entities.id, score: entities.score })
        .from(entities)
        .where(and(ofProject(projectId), gt(entities.score, threshold), gte(entities.id, firstId("ent", sinceMs)), IS_OPEN))
        .orderBy(desc(entities.score), entities.id)
        .limit(limit)
        .all();
    },

    /**
     * Opens the call about a found lead, with the duty to make it, and says so on the lead: one batch, and the first decides. A lead that was
     * acted on, or called, or that somebody has looked at meanwhile, is left alone.
     * @returns the call's id; null when it was left alone
     */
    async openCall(lead: { id: string; project_id: string }, dueInMs: number): Promise<string | null> {
      const now = clock.now();
      const id = newId("call", now);
      const isFree = sql`EXISTS (SELECT 1 FROM ${entities} WHERE ${own(lead.id)} AND ${IS_OPEN}) AND NOT EXISTS (SELECT 1 FROM ${calls} WHERE ${eq(calls.lead_id, lead.id)})`;
      const [opened] = await db.batch([
        newCallIf(scope, { id, lead_id: lead.id, project_id: lead.project_id, source: "sniper", now, dueInMs }, isFree),
        auditIfChanged(scope, "call.requested", `call:${id}`, { because: "score" }),
        acting(lead.id, { how: "call", call_id: id, at: new Date(now).toISOString() }, sql`EXISTS (SELECT 1 FROM ${calls} WHERE ${eq(calls.id, id)})`),
      ]);
      return opened.meta.changes > 0 ? id : null;
    },

    /** Says that the owner was told of a found lead by a text. */
    async toldOwner(leadId: string, messageSid: string): Promise<void> {
      await db.batch([
        acting(leadId, { how: "card", message_sid: messageSid, at: new Date(clock.now()).toISOString() }, sql`json_extract(metadata, '$.acted') IS NULL`),
        auditIfChanged(scope, "lead.told", `entity:${leadId}`, { because: "score" }),
      ]);
    },

    /** Keeps the answer that was drafted for the owner: it is written once, whatever is tried again. @returns the one that is kept */
    async keepDraft(leadId: string, draft: string): Promise<string> {
      const [, , [row]] = await db.batch([
        db.update(entities).set({ updated_at: clock.now(), metadata: sql`json_set(${entities.metadata}, '$.draft_reply', ${draft})` }).where(and(own(leadId), sql`json_extract(metadata, '$.draft_reply') IS NULL`)),
        auditIfChanged(scope, "lead.reply_drafted", `entity:${leadId}`),
        db.select({ draft: sql<string | null>`json_extract(metadata, '$.draft_reply')`.as("draft") }).from(entities).where(own(leadId)),
      ]);
      return row?.draft ?? draft;
    },
  };

  function acting(leadId: string, acted: Acted, condition: SQL) {
    return db.update(entities).set({ updated_at: clock.now(), metadata: sql`json_set(${entities.metadata}, '$.acted', json(${JSON.stringify(acted)}))` }).where(and(own(leadId), condition));
  }
};
