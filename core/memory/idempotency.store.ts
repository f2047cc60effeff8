import { and, eq } from "drizzle-orm";
import type { Scope } from "./database.ts";
import { idempotency } from "./schema.ts";

export type KeptAnswer = typeof idempotency.$inferSelect;

export const createIdempotencyStore = ({ db, tenantId, clock }: Scope) => {
  const own = (key: string) => and(eq(idempotency.tenant_id, tenantId), eq(idempotency.key, key));
  return {
    /** Takes the key for one request. @returns what is there already, or null when the key is now ours */
    async take(key: string, requestHash: string): Promise<KeptAnswer | null> {
      const taken = await db
        .insert(idempotency)
        .values({ tenant_id: tenantId, key, request_hash: requestHash, created_at: clock.now() })
        .onConflictDoNothing()
        .returning({ key: idempotency.key });
      if (taken.length > 0) return null;
      return (await db.select().from(idempotency).where(own(key)).get()) ?? null;
    },

    async keep(key: string, status: number, body: string): Promise<void> {
      await db.update(idempotency).set({ status, body }).where(own(key));
    },

    /** The request failed without an answer worth keeping: it may be tried again under the same key. */
    async release(key: string): Promise<void> {
      await db.delete(idempotency).where(own(key));
    },
  };
};
