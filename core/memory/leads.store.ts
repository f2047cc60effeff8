import { newId } from "../ids.ts";
import { insertAuditIfExists } from "./calls.store.ts";
import { auditRow, type Scope } from "./database.ts";

export interface NewLead {
  project_id: string;
  name: string;
  primary_contact: string;
  /** Holds `status`, `source`, `dedupe_key` and everything that the form said. */
  metadata: Record<string, unknown> & { status: string; source: string };
  /** Same key in a project within the window: a duplicate. Null: never one (Google's test leads). */
  dedupe: { key: string; withinMs: number | null } | null;
  /** Whether the lead is to be rung: opens the duty in the same batch. */
  ring: boolean;
  /** Whether the owner is to be told by SMS instead: queues that job in the same batch. */
  tellOwner: boolean;
  /** When the duty's first look by the sweep is due, if nothing closes it before; ms from now. */
  dutyDueInMs: number;
}

export type Acceptance =
  | { outcome: "accepted"; lead_id: string; call_id: string | null; run_id: string | null; received_at: number }
  | { outcome: "duplicate"; lead_id: string };

/**
 * The one door by which a lead comes in: lead, audit row and the duty to call are written in one D1 batch, which is a
 * transaction, and its first statement decides about duplicates. So twenty copies at the same moment make one lead.
 */
export const createLeadsStore = (scope: Scope) => {
  const { d1, tenantId, clock } = scope;

  return {
    async accept(lead: NewLead): Promise<Acceptance> {
      const now = clock.now();
      const id = newId("ent", now);
      const callId = lead.ring ? newId("call", now) : null;
      const runId = lead.tellOwner ? newId("run", now) : null;
      const key = lead.dedupe?.key ?? null;
      const since = lead.dedupe?.withinMs == null ? 0 : now - lead.dedupe.withinMs;
      const metadata = { ...lead.metadata, project_id: lead.project_id, ...(key === null ? {} : { dedupe_key: key }) };

      const statements = [
        d1
          .prepare(
            `INSERT INTO entities (id, tenant_id, project_id, entity_type, name, primary_contact, metadata, created_at, updated_at)
             SELECT ?1, ?2, ?3, 'lead', ?4, ?5, ?6, ?7, ?7
             WHERE ?8 IS NULL OR NOT EXISTS (SELECT 1 FROM entities WHERE project_id = ?3 AND dedupe_key = ?8 AND created_at > ?9)`,
          )
          .bind(id, tenantId, lead.project_id, lead.name, lead.primary_contact, JSON.stringify(metadata), now, key, since),
        insertAuditIfExists(d1, scope, "lead.received", `entity:${id}`, "entities", id, { source: lead.metadata.source, call_id: callId }),
      ];
      if (callId !== null) {
        statements.push(
          d1
            .prepare(
              `INSERT INTO calls (id, tenant_id, project_id, lead_id, direction, status, next_due_at, received_at, timeline, latency, revision, created_at, updated_at)
               SELECT ?1, ?2, ?3, ?4, 'outbound', 'queued', ?5, ?6, '[]', '{}', 0, ?6, ?6 WHERE EXISTS (SELECT 1 FROM entities WHERE id = ?4)`,
            )
            .bind(callId, tenantId, lead.project_id, id, now + lead.dutyDueInMs, now),
        );
      }
      if (runId !== null) {
        statements.push(
          d1
            .prepare(
              `INSERT INTO runs (id, tenant_id, project_id, task, action, params, status, attempts, next_due_at, progress, created_at)
               SELECT ?1, ?2, ?3, 'sales_agent', 'notify_sms', ?4, 'queued', 0, ?5, '{"done":0,"total":0,"label":""}', ?5 WHERE EXISTS (SELECT 1 FROM entities WHERE id = ?6)`,
            )
            .bind(runId, tenantId, lead.project_id, JSON.stringify({ lead_id: id }), now, id),
        );
      }
      if (key !== null) {
        statements.push(
          d1
            .prepare(
              `SELECT id FROM entities WHERE project_id = ?1 AND tenant_id = ?2 AND dedupe_key = ?3 AND created_at > ?4 ORDER BY created_at, id LIMIT 1`,
            )
            .bind(lead.project_id, tenantId, key, since),
        );
      }
      const results = await d1.batch<{ id: string }>(statements);
      if ((results[0]?.meta.changes ?? 0) > 0) return { outcome: "accepted", lead_id: id, call_id: callId, run_id: runId, received_at: now };
      const first = results.at(-1)?.results[0]?.id;
      if (first === undefined) throw new Error("a lead was neither stored nor found as a duplicate");
      return { outcome: "duplicate", lead_id: first };
    },

    /** New words in a repeated submission are added to the lead that is already there; the same words change nothing. */
    async addWords(leadId: string, message: string): Promise<void> {
      const row = auditRow(scope, "lead.repeated", `entity:${leadId}`);
      await d1.batch([
        d1
          .prepare(
            `UPDATE entities SET updated_at = ?1, metadata = json_set(metadata, '$.message',
               CASE WHEN coalesce(json_extract(metadata, '$.message'), '') = '' THEN ?2
                    ELSE json_extract(metadata, '$.message') || char(10) || ?2 END)
             WHERE id = ?3 AND tenant_id = ?4 AND instr(coalesce(json_extract(metadata, '$.message'), ''), ?2) = 0
               AND length(coalesce(json_extract(metadata, '$.message'), '')) < 20000`,
          )
          .bind(clock.now(), message, leadId, tenantId),
        d1
          .prepare(`INSERT INTO audit (id, tenant_id, at, actor, ip, action, resource, details, request_id) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE changes() > 0`)
          .bind(row.id, row.tenant_id, row.at, row.actor, row.ip ?? null, row.action, row.resource, JSON.stringify(row.details), row.request_id ?? null),
      ]);
    },
  };
};

export type LeadsStore = ReturnType<typeof createLeadsStore>;
