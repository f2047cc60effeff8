import { sha256Hex } from "./constant-time.ts";

/*
 * How audit rows are chained: each row's value is SHA-256 over the value before it and everything that the row says. A row
 * that was changed, taken out or put in gives another value there and everywhere after.
 */

/** What the row says, as stored: `details` is the column's own text, so that not even a space in it can change. */
export interface ChainedRow {
  id: string;
  tenant_id: string;
  at: number;
  actor: string;
  ip: string | null;
  action: string;
  resource: string;
  details: string;
  request_id: string | null;
}

/** What a tenant's first row follows: the tenant's own name, so that no chain passes for another tenant's. */
export const genesis = (tenantId: string): string => sha256Hex(`apex-audit:${tenantId}`);

/** The chain's value after a row. Anybody can recompute it: `sha256(previous + "\n" + JSON array of the row's fields in this order)`. */
const chained = (previous: string, row: ChainedRow): string =>
  sha256Hex(`${previous}\n${JSON.stringify([row.id, row.tenant_id, row.at, row.actor, row.ip, row.action, row.resource, row.details, row.request_id])}`);

/** The values of some rows, in order. */
export const chainOf = (previous: string, rows: readonly ChainedRow[]): [id: string, hash: string][] => {
  let last = previous;
  return rows.map((row) => [row.id, (last = chained(last, row))]);
};

export interface Break {
  /** The audit row where the chain no longer holds; null when a seal without rows to name is at fault. */
  id: string | null;
  reason: "changed" | "removed" | "inserted" | "seal_missing" | "seal_altered";
}

/**
 * Compares what was sealed with what is there now, both in order.
 * @param isThere whether a sealed row still exists, wherever it is: tells a row that was put in from one that was taken out
 */
export const findBreak = async (
  previous: string,
  sealed: readonly (readonly [id: string, hash: string])[],
  rows: readonly ChainedRow[],
  isThere: (id: string) => Promise<boolean>,
): Promise<Break | null> => {
  let last = previous;
  for (const [index, [id, hash]] of sealed.entries()) {
    const row = rows[index];
    if (row?.id !== id) {
      if (row === undefined || !(await isThere(id))) return { id, reason: "removed" };
      return { id: row.id, reason: "inserted" };
    }
    last = chained(last, row);
    if (last !== hash) return { id, reason: "changed" };
  }
  return null;
};
