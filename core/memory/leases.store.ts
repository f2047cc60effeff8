import { and, eq, lte, or } from "drizzle-orm";
import type { Scope } from "./database.ts";
import { leases } from "./schema.ts";

/**
 * Leases: who may do something outside of the database that two must not do at once. A lease is no lock: whoever holds it must be
 * done, or have it extended, before it ends. They leave no audit row, since they change nothing of the tenant's.
 */
export const createLeasesStore = ({ db, tenantId, clock }: Scope) => {
  const held = (name: string, holder: string) => and(eq(leases.tenant_id, tenantId), eq(leases.name, name), eq(leases.holder, holder));
  return {
    /** Takes a lease, or extends one's own. @returns false while somebody else has it */
    async take({ project_id, name, holder }: { project_id: string; name: string; holder: string }, forMs: number): Promise<boolean> {
      const now = clock.now();
      const taken = { project_id, holder, lease_until: now + forMs };
      const rows = await db
        .insert(leases)
        .values({ ...taken, tenant_id: tenantId, name })
        .onConflictDoUpdate({ target: [leases.tenant_id, leases.name], set: taken, setWhere: or(lte(leases.lease_until, now), eq(leases.holder, holder)) })
        .returning({ name: leases.name });
      return rows.length > 0;
    },

    async release(name: string, holder: string): Promise<void> {
      await db.delete(leases).where(held(name, holder));
    },
  };
};
