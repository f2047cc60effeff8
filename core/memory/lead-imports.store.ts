import { and, eq, sql } from "drizzle-orm";
import { newId } from "../ids.ts";
import { auditIfChanged, insertRowsIf, listed, type Scope } from "./database.ts";
import { entities } from "./schema.ts";

/** A lead that is there, as far as a file can add to it. */
export interface KnownLead {
  id: string;
  phone: string | null;
  email: string | null;
  name: string;
  message: string | null;
  service: string | null;
  place: string | null;
  last_contacted_at: string | null;
}

/** A lead of a file, about to be stored. */
export interface LeadToImport {
  /** The import's own name for it: stored under it already, it is not stored again. */
  delivery_key: string;
  name: string;
  phone: string | null;
  email: string | null;
  metadata: Record<string, unknown>;
}

/** What a file adds to a lead that is there. Null: nothing. */
export type Addition = Pick<LeadToImport, "name" | "phone" | "email"> & { id: string; message: string | null; service: string | null; place: string | null; amount: number | null; last_contacted_at: string | null };

const MAX_WORDS = 20_000;
const field = (name: string) => sql<string | null>`json_extract(${entities.metadata}, ${sql.raw(`'$.${name}'`)})`;
const known = { id: entities.id, phone: entities.phone, email: entities.email, name: entities.name, message: field("message").as("message"), service: field("service").as("service"), place: field("place").as("place"), last_contacted_at: field("last_contacted_at").as("last_contacted_at") };

/** Leads that come by the thousand, from a file. Nobody is rung for them: they get no duty and no call. */
export const createLeadImportsStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const leadsOf = (projectId: string) => and(eq(entities.project_id, projectId), eq(sql`+${entities.tenant_id}`, tenantId), eq(sql`+${entities.entity_type}`, "lead"), sql`coalesce(+${entities.status}, '') <> 'test'`);

  return {
    /** Leads of a project with one of these phones (E.164) or e-mail addresses (lower case), the oldest first. */
    async known(projectId: string, { phones, emails }: { phones: readonly string[]; emails: readonly string[] }): Promise<KnownLead[]> {
      const [byPhone, byEmail] = await db.batch([
        db.select(known).from(entities).where(and(leadsOf(projectId), sql`${entities.phone} IN ${listed(phones)}`)),
        db.select(known).from(entities).where(and(leadsOf(projectId), sql`${entities.email} IN ${listed(emails)}`)),
      ]);
      const all = new Map([...byPhone, ...byEmail].map((lead) => [lead.id, lead]));
      return [...all.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    },

    /** Which of these keys are stored. */
    async delivered(projectId: string, keys: readonly string[]): Promise<Set<string>> {
      const rows = await db.select({ delivery_key: entities.delivery_key }).from(entities).where(and(leadsOf(projectId), sql`${entities.delivery_key} IN ${listed(keys)}`)).all();
      return new Set(rows.flatMap(({ delivery_key }) => delivery_key ?? []));
    },

    /**
     * Stores leads and adds to others, with their audit rows, in one batch. One whose key or phone is stored meanwhile is not stored again; what
     * a lead says already stays.
     */
    async put(projectId: string, runId: string, { created, joined }: { created: readonly LeadToImport[]; joined: readonly Addition[] }): Promise<void> {
      const now = clock.now();
      const rows = created.map(({ delivery_key, name, phone, email, metadata }) => ({
        id: newId("ent", now), tenant_id: tenantId, project_id: projectId, entity_type: "lead", name, phone, delivery_key,
        primary_contact: phone ?? email ?? "",
        metadata: JSON.stringify({ ...metadata, project_id: projectId, phone, email, delivery_key }),
        created_at: now, updated_at: now,
      }));
      const of = (column: "phone" | "delivery_key") => sql`EXISTS (SELECT 1 FROM entities AS other WHERE other.project_id = ${projectId} AND other.${sql.identifier(column)} = json_extract(value, ${sql.raw(`'$.${column}'`)}) AND +other.entity_type = 'lead' AND coalesce(+other.status, '') <> 'test')`;
      await db.batch([
        insertRowsIf(db, entities, rows, sql`NOT ${of("delivery_key")} AND NOT ${of("phone")}`),
        auditIfChanged(scope, "leads.imported", `run:${runId}`, { leads: rows.length, from: rows[0]?.id ?? null }),
        ...joined.flatMap((lead) => [addTo(projectId, lead, now), auditIfChanged(scope, "lead.imported_again", `entity:${lead.id}`, { run_id: runId })]),
      ]);
    },
  };

  function addTo(projectId: string, { id, name, phone, email, message, service, place, amount, last_contacted_at }: Addition, now: number) {
    const words = sql`coalesce(${field("message")}, '')`;
    const added = sql`CASE WHEN ${message} IS NULL OR instr(${words}, ${message}) > 0 OR length(${words}) >= ${MAX_WORDS} THEN ${field("message")} WHEN ${words} = '' THEN ${message} ELSE ${words} || char(10) || ${message} END`;
    const missing = (column: string, value: string | number | null) => sql`, ${sql.raw(`'$.${column}'`)}, coalesce(${field(column)}, ${value})`;
    return db
      .update(entities)
      .set({
        updated_at: now,
        name: sql`CASE WHEN ${entities.name} = '' THEN ${name} ELSE ${entities.name} END`,
        primary_contact: sql`CASE WHEN ${field("phone")} IS NULL AND ${phone} IS NOT NULL THEN ${phone} WHEN ${entities.primary_contact} = '' THEN ${email ?? ""} ELSE ${entities.primary_contact} END`,
        metadata: sql`json_set(${entities.metadata}, '$.message', ${added}, '$.last_contacted_at', nullif(max(coalesce(${field("last_contacted_at")}, ''), ${last_contacted_at ?? ""}), '')${missing("phone", phone)}${missing("email", email)}${missing("service", service)}${missing("place", place)}${missing("amount", amount)})`,
      })
      .where(and(eq(entities.id, id), eq(entities.tenant_id, tenantId), eq(entities.project_id, projectId)));
  }
};

export type LeadImportsStore = ReturnType<typeof createLeadImportsStore>;
