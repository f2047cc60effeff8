import { and, desc, eq, gte, inArray, ne, or, type SQL, sql } from "drizzle-orm";
import { firstId, newId } from "../ids.ts";
import { auditIfChanged, insertIf, listed, type Scope } from "./database.ts";
import { entities, lead_keys } from "./schema.ts";

/** By what a find is known: `url` is its canonical address, `words` are its very words, place and phone. Both are SHA-256. */
export interface FindKeys {
  url: string | null;
  words: string;
}

/** What somebody posted in public, about to be a lead. */
export interface Find {
  project_id: string;
  name: string;
  /** E.164. */
  phone: string | null;
  /** As it was read. */
  url: string | null;
  platform: string;
  message: string;
  keys: FindKeys;
  /** What a new lead begins with besides. */
  metadata: Record<string, unknown>;
}

/** What near duplicates are looked for among. */
export interface FoundLead {
  id: string;
  message: string;
  phone: string | null;
  place: string | null;
}

export type Kept = { outcome: "created" | "known"; lead_id: string } | { outcome: "erased" };

/** A phone or the very words seen again after so long are another job; an address is the same one for good. */
const SAME_JOB_MS = 90 * 86_400_000;
/** Characters over all that was posted about one job. */
const MAX_WORDS = 20_000;
const MAX_ADDRESSES = 20;

/** In the very words of the partial indexes, which SQLite takes for no others. */
export const IS_FOUND = sql`json_extract(metadata, '$.source') = 'sniper'`;
export const IS_OPEN = sql`json_extract(metadata, '$.source') = 'sniper' AND json_extract(metadata, '$.acted') IS NULL AND json_extract(metadata, '$.status') = 'new'`;
/** Adds to a list in the metadata what is not in it yet, up to a size. */
const added = (list: string, value: string): SQL => {
  const present = sql`coalesce(json_extract(${entities.metadata}, ${list}), '[]')`;
  return sql`json(CASE WHEN json_array_length(${present}) >= ${MAX_ADDRESSES} OR EXISTS (SELECT 1 FROM json_each(${present}) AS one WHERE one.value = ${value}) THEN ${present} ELSE json_insert(${present}, '$[#]', ${value}) END)`;
};

/** Leads that nobody sent us: found in public, known by their keys, and never two of one job. */
export const createFoundLeadsStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;

  const keyRows = (projectId: string, { url, words }: FindKeys) =>
    and(
      eq(lead_keys.project_id, projectId),
      eq(lead_keys.tenant_id, tenantId),
      or(
        url === null ? undefined : and(eq(lead_keys.kind, "url"), eq(lead_keys.hash, url)),
        and(eq(lead_keys.kind, "words"), eq(lead_keys.hash, words), gte(lead_keys.created_at, clock.now() - SAME_JOB_MS)),
      ),
    );
  /** A lead of the last months with that phone, whoever brought it: the same person is not rung as somebody else. */
  const withPhone = (projectId: string, phone: string) =>
    and(
      eq(entities.project_id, projectId), eq(entities.phone, phone), gte(entities.id, firstId("ent", clock.now() - SAME_JOB_MS)),
      eq(sql`+${entities.tenant_id}`, tenantId), eq(sql`+${entities.entity_type}`, "lead"), ne(sql`coalesce(${entities.status}, '')`, "test"),
    );
  const exists = (table: typeof entities | typeof lead_keys, condition: SQL | undefined): SQL => sql`EXISTS (SELECT 1 FROM ${table} WHERE ${condition})`;

  const known = async (projectId: string, keys: FindKeys, phone: string | null): Promise<Kept | null> => {
    const [byKey, byPhone] = await db.batch([
      db.select({ kind: lead_keys.kind, lead_id: lead_keys.lead_id }).from(lead_keys).where(keyRows(projectId, keys)),
      db.select({ id: entities.id }).from(entities).where(phone === null ? sql`0` : withPhone(projectId, phone)).orderBy(entities.id).limit(1),
    ]);
    const address = byKey.find(({ kind }) => kind === "url");
    if (address?.lead_id === null) return { outcome: "erased" };
    const lead_id = address?.lead_id ?? byPhone[0]?.id ?? byKey.find((key) => key.lead_id !== null)?.lead_id ?? null;
    return lead_id === null ? null : { outcome: "known", lead_id };
  };

  /** Names the lead by these keys from now on. One that another lead has, it keeps, unless that is too old to be the same job. */
  const nameIt = (projectId: string, leadId: string, { url, words }: FindKeys) => {
    const now = clock.now();
    const rows = JSON.stringify([...(url === null ? [] : [{ kind: "url", hash: url }]), { kind: "words", hash: words }]);
    return db
      .insert(lead_keys)
      .select(
        sql`SELECT ${projectId}, ${tenantId}, json_extract(value, '$.kind'), json_extract(value, '$.hash'), ${leadId}, ${now} FROM json_each(${rows}) WHERE ${exists(entities, and(eq(entities.id, leadId), eq(entities.tenant_id, tenantId)))}`,
      )
      .onConflictDoUpdate({
        target: [lead_keys.project_id, lead_keys.kind, lead_keys.hash],
        set: { lead_id: leadId, created_at: now },
        setWhere: sql`${lead_keys.kind} = 'words' AND ${lead_keys.created_at} < ${now - SAME_JOB_MS}`,
      });
  };

  return {
    known,

    /**
     * Saves a find as a lead, unless a lead is known by one of its keys or has its phone. Lead, keys and audit row are one
     * batch, and its first statement decides: of two runs with the same find at the same moment one creates the lead.
     */
    async create(find: Find): Promise<Kept> {
      const now = clock.now();
      const id = newId("ent", now);
      const { project_id, phone } = find;
      const metadata = {
        ...find.metadata,
        project_id,
        status: "new",
        source: "sniper",
        platform: find.platform,
        source_url: find.url,
        message: find.message,
        phone,
        urls: find.url === null ? [] : [find.url],
        platforms: [find.platform],
        last_seen: new Date(now).toISOString(),
      };
      const row = { id, tenant_id: tenantId, project_id, entity_type: "lead", name: find.name, primary_contact: phone ?? "", metadata, created_at: now, updated_at: now };
      const isNew = and(sql`NOT ${exists(lead_keys, keyRows(project_id, find.keys))}`, phone === null ? undefined : sql`NOT ${exists(entities, withPhone(project_id, phone))}`) ?? sql`1`;
      const [inserted] = await db.batch([
        insertIf(db, entities, row, isNew),
        auditIfChanged(scope, "lead.found", `entity:${id}`, { source: "sniper", platform: find.platform }),
        nameIt(project_id, id, find.keys),
      ]);
      if (inserted.meta.changes > 0) return { outcome: "created", lead_id: id };
      const first = await known(project_id, find.keys, phone);
      if (first === null) throw new Error("a find was neither saved nor known");
      return first;
    },

    /** A find that is a lead already: what is new in it is added, and the lead is known by its keys too. The same once more changes the time only. */
    async join(leadId: string, find: Pick<Find, "project_id" | "phone" | "url" | "platform" | "message" | "keys">): Promise<void> {
      const now = clock.now();
      const words = sql`coalesce(json_extract(${entities.metadata}, '$.message'), '')`;
      const message = sql`CASE WHEN instr(${words}, ${find.message}) > 0 OR length(${words}) >= ${MAX_WORDS} THEN ${words} WHEN ${words} = '' THEN ${find.message} ELSE ${words} || char(10) || ${find.message} END`;
      const ownPhone = sql`coalesce(json_extract(${entities.metadata}, '$.phone'), ${find.phone})`;
      await db.batch([
        db
          .update(entities)
          .set({
            updated_at: now,
            primary_contact: sql`CASE WHEN ${entities.primary_contact} = '' THEN coalesce(${find.phone}, '') ELSE ${entities.primary_contact} END`,
            metadata: sql`json_set(${entities.metadata}, '$.message', ${message}, '$.phone', ${ownPhone}, '$.last_seen', ${new Date(now).toISOString()}, '$.platforms', ${added("$.platforms", find.platform)}${find.url === null ? sql`` : sql`, '$.urls', ${added("$.urls", find.url)}`})`,
          })
          .where(and(eq(entities.id, leadId), eq(entities.tenant_id, tenantId), eq(entities.project_id, find.project_id))),
        auditIfChanged(scope, "lead.seen_again", `entity:${leadId}`, { platform: find.platform }),
        nameIt(find.project_id, leadId, find.keys),
      ]);
    },

    /** Leads found of late, newest first. */
    async recent(projectId: string, limit: number): Promise<FoundLead[]> {
      return db
        .select(foundLead)
        .from(entities)
        .where(and(eq(entities.project_id, projectId), gte(entities.id, firstId("ent", clock.now() - SAME_JOB_MS)), eq(sql`+${entities.tenant_id}`, tenantId), IS_FOUND))
        .orderBy(desc(entities.id))
        .limit(limit)
        .all();
    },

    /** Those of these ids that are leads of the project, found in public and no older than a job lasts. */
    async among(projectId: string, ids: string[]): Promise<FoundLead[]> {
      if (ids.length === 0) return [];
      return db
        .select(foundLead)
        .from(entities)
        .where(and(inArray(entities.id, listed(ids)), gte(entities.id, firstId("ent", clock.now() - SAME_JOB_MS)), eq(sql`+${entities.tenant_id}`, tenantId), eq(sql`+${entities.project_id}`, projectId), IS_FOUND))
        .all();
    },
  };
};

const foundLead = {
  id: entities.id,
  message: sql<string>`coalesce(json_extract(${entities.metadata}, '$.message'), '')`.as("message"),
  phone: entities.phone,
  place: sql<string | null>`json_extract(${entities.metadata}, '$.place')`.as("place"),
};
