import { and, asc, desc, eq, gt, sql } from "drizzle-orm";
import { type Break, chainOf, findBreak, genesis } from "../security/audit-chain.ts";
import type { Scope } from "./database.ts";
import { audit, audit_seals } from "./schema.ts";

/** Rows a seal: some 45 kB of it, read as a whole when it is verified. */
const SEAL_ROWS = 500;
/** Seals that one sealer writes at most before it lets others have a turn. */
const SEALS_A_TURN = 20;

export interface Verification {
  /** Rows that this page found to be as they were sealed. */
  checked: number;
  broken_at: Break | null;
  /** The last seal that was checked: pass it back to go on; null at the end of the chain. */
  next: number | null;
  /** When the last sealed row was written, ms; null while nothing is sealed. */
  sealed_until: number | null;
  /** Rows written since: not sealed yet. */
  unsealed: number;
}

const row = {
  id: audit.id,
  tenant_id: audit.tenant_id,
  at: audit.at,
  actor: audit.actor,
  ip: audit.ip,
  action: audit.action,
  resource: audit.resource,
  details: sql<string>`${audit.details}`,
  request_id: audit.request_id,
};
const rowid = sql`${audit}.rowid`;

export const createAuditChainStore = ({ db, tenantId, clock }: Pick<Scope, "db" | "tenantId" | "clock">, sealRows = SEAL_ROWS) => {
  const ofTenant = eq(audit.tenant_id, tenantId);
  /** By order of commit: a row whose clock was late is not before rows that are sealed already. */
  const after = (id: string | null) => (id === null ? ofTenant : and(ofTenant, sql`${rowid} > (SELECT rowid FROM audit WHERE id = ${id})`));
  const rowsAfter = async (id: string | null, limit: number) => db.select(row).from(audit).where(after(id)).orderBy(rowid).limit(limit).all();
  const head = async () =>
    db
      .select({ seq: audit_seals.seq, last_id: audit_seals.last_id, last_hash: audit_seals.last_hash, last_at: audit_seals.last_at })
      .from(audit_seals)
      .where(eq(audit_seals.tenant_id, tenantId))
      .orderBy(desc(audit_seals.seq))
      .limit(1)
      .get();
  const isThere = async (id: string): Promise<boolean> => (await db.$count(audit, and(ofTenant, eq(audit.id, id)))) > 0;
  const boundary = async (id: string | null): Promise<boolean> => id === null || isThere(id);

  /** One seal. @returns its rows; 0 when there is nothing to seal, or somebody else was faster */
  const sealOnce = async (): Promise<number> => {
    const last = await head();
    // Without the row that the last seal ends in, nobody can say what comes after it: verifying says so too.
    if (last && !(await isThere(last.last_id))) return 0;
    const rows = await rowsAfter(last?.last_id ?? null, sealRows);
    const end = rows.at(-1);
    if (!end) return 0;
    const prev_hash = last?.last_hash ?? genesis(tenantId);
    const entries = chainOf(prev_hash, rows);
    const written = await db
      .insert(audit_seals)
      .values({ tenant_id: tenantId, seq: (last?.seq ?? 0) + 1, prev_hash, entries, last_id: end.id, last_hash: entries.at(-1)?.[1] ?? prev_hash, last_at: end.at, sealed_at: clock.now() })
      .onConflictDoNothing()
      .returning({ seq: audit_seals.seq });
    return written.length > 0 ? rows.length : 0;
  };

  return {
    /** Seals what was written since the last seal. Safe to call from several places at once. @returns rows sealed, and the chain's head */
    async seal(): Promise<{ sealed: number; head: string | null }> {
      let sealed = 0;
      for (let turn = 0; turn < SEALS_A_TURN; turn++) {
        const rows = await sealOnce();
        sealed += rows;
        if (rows < sealRows) break;
      }
      return { sealed, head: sealed === 0 ? null : ((await head())?.last_hash ?? null) };
    },

    /**
     * Recomputes the chain, a page of seals at a time, and stops where it does not hold.
     * @param from the seal after which to begin: 0, or an earlier page's `next`
     */
    async verify(from: number, seals: number): Promise<Verification> {
      const last = await head();
      const about = { sealed_until: last?.last_at ?? null, unsealed: await db.$count(audit, after(last?.last_id ?? null)) };
      const stop = (checked: number, broken_at: Break): Verification => ({ checked, broken_at, next: null, ...about });
      const before = from === 0 ? undefined : await db.select().from(audit_seals).where(and(eq(audit_seals.tenant_id, tenantId), eq(audit_seals.seq, from))).get();
      if (from !== 0 && before === undefined) return stop(0, { id: null, reason: "seal_missing" });
      let previous = { seq: from, id: before?.last_id ?? null, hash: before?.last_hash ?? genesis(tenantId) };
      let checked = 0;
      // A few at a time: a seal is heavy.
      for (let page = 0; page < seals; page++) {
        const seal = await db
          .select()
          .from(audit_seals)
          .where(and(eq(audit_seals.tenant_id, tenantId), gt(audit_seals.seq, previous.seq)))
          .orderBy(asc(audit_seals.seq))
          .limit(1)
          .get();
        if (!seal) return { checked, broken_at: null, next: null, ...about };
        const first = seal.entries[0]?.[0] ?? null;
        if (seal.seq !== previous.seq + 1) return stop(checked, { id: (await rowsAfter(previous.id, 1))[0]?.id ?? first, reason: "seal_missing" });
        const end = seal.entries.at(-1);
        if (seal.prev_hash !== previous.hash || end?.[0] !== seal.last_id || end[1] !== seal.last_hash) return stop(checked, { id: first, reason: "seal_altered" });
        if (!(await boundary(previous.id))) return stop(checked, { id: previous.id, reason: "removed" });
        const rows = await rowsAfter(previous.id, seal.entries.length);
        const found = await findBreak(previous.hash, seal.entries, rows, isThere);
        if (found) return stop(checked, found);
        checked += seal.entries.length;
        previous = { seq: seal.seq, id: seal.last_id, hash: seal.last_hash };
      }
      return { checked, broken_at: null, next: previous.seq, ...about };
    },
  };
};
