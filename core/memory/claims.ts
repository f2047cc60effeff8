import { and, eq, sql } from "drizzle-orm";
import type { Clock } from "../clock.ts";
import { sha256Hex } from "../security/constant-time.ts";
import type { Database } from "./database.ts";
import type { Databases } from "./databases.ts";
import { type ClaimKind, name_claims, page_hosts, phone_numbers, projects, users } from "./schema.ts";

/** Whoever has claimed a name has so long to write the row that it is for; then it is free again. */
const PATIENCE_MS = 60_000;

const isUsed = async (db: Database, kind: ClaimKind, name: string): Promise<boolean> => {
  const count = {
    email: async () => db.$count(users, eq(users.email, name)),
    project: async () => db.$count(projects, eq(projects.id, name)),
    number: async () => db.$count(phone_numbers, eq(phone_numbers.number, name)),
    host: async () => db.$count(page_hosts, sql`${page_hosts.host} = ${name} AND verified_at IS NOT NULL`),
  };
  return (await count[kind]()) > 0;
};

export interface Claims {
  /**
   * Asks for a name that one tenant of the region may have, before the row that uses it is written. With one database its unique index
   * decides, and nothing is asked.
   * @returns false when somebody else has it
   */
  take(kind: ClaimKind, name: string, tenantId: string): Promise<boolean>;
}

/**
 * Names that are had once, over several databases. The first database decides, by its primary key; it holds no more than a claim, so a name whose
 * holder does not use it (any more, or because the Worker died in between) is free for the next, and nothing need be given back.
 */
export const createClaims = ({ databases, clock }: { databases: Databases; clock: Clock }): Claims => ({
  async take(kind, name, tenantId) {
    if (databases.all.length === 1) return true;
    const own = databases.of(tenantId);
    // In our own database the unique index decides; of the others one may have had the name before there were claims.
    const usedElsewhere = await Promise.all(databases.others(own).map(async (db) => isUsed(db, kind, name)));
    if (usedElsewhere.includes(true)) return false;
    const row = { kind, name_hash: sha256Hex(name), holder: tenantId, at: clock.now() };
    const isIt = and(eq(name_claims.kind, kind), eq(name_claims.name_hash, row.name_hash));
    const [, found] = await databases.home.db.batch([
      databases.home.db
        .insert(name_claims)
        .values(row)
        .onConflictDoUpdate({ target: [name_claims.kind, name_claims.name_hash], set: { holder: tenantId, at: row.at }, setWhere: sql`${name_claims.holder} = ${tenantId} OR ${name_claims.at} < ${row.at - PATIENCE_MS}` }),
      databases.home.db.select({ holder: name_claims.holder }).from(name_claims).where(isIt),
    ]);
    return found[0]?.holder === tenantId;
  },
});
