import { and, desc, eq, isNull, lt, lte, or } from "drizzle-orm";
import { newId } from "../ids.ts";
import { auditIfChanged, auditRow, type Page, type PageRequest, type Scope, toPage } from "./database.ts";
import type { ApiKey } from "./identity.directory.ts";
import { api_keys, audit } from "./schema.ts";

/** How exact "last used" is: a busy key costs one write in this time. */
export const LAST_USE_STEP_MS = 60_000;

export interface NewApiKey {
  user_id: string;
  name: string;
  prefix: string;
  key_hash: string;
  scopes: string[];
  expires_at: number | null;
}

export const createApiKeysStore = (scope: Scope) => {
  const { db, clock, tenantId } = scope;
  const own = (id: string) => and(eq(api_keys.id, id), eq(api_keys.tenant_id, tenantId));

  return {
    async create(key: NewApiKey): Promise<ApiKey> {
      const now = clock.now();
      const row: ApiKey = { id: newId("key", now), tenant_id: tenantId, created_at: now, last_used_at: null, ...key };
      await db.batch([db.insert(api_keys).values(row), db.insert(audit).values(auditRow(scope, "api_key.created", `key:${row.id}`, { scopes: key.scopes }))]);
      return row;
    },

    async list(page: PageRequest): Promise<Page<ApiKey>> {
      const rows = await db
        .select()
        .from(api_keys)
        .where(and(eq(api_keys.tenant_id, tenantId), page.cursor === undefined ? undefined : lt(api_keys.id, page.cursor)))
        .orderBy(desc(api_keys.id))
        .limit(page.limit + 1)
        .all();
      return toPage(rows, page.limit);
    },

    /** Refused from the next request on. @returns whether there was one */
    async revoke(id: string): Promise<boolean> {
      const [gone] = await db.batch([db.delete(api_keys).where(own(id)).returning({ id: api_keys.id }), auditIfChanged(scope, "api_key.revoked", `key:${id}`)]);
      return gone.length > 0;
    },

    async used(id: string): Promise<void> {
      const now = clock.now();
      await db.update(api_keys).set({ last_used_at: now }).where(and(own(id), or(isNull(api_keys.last_used_at), lte(api_keys.last_used_at, now - LAST_USE_STEP_MS))));
    },
  };
};
