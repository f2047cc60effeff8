import { AppError } from "../errors.ts";
import { type Database, openDatabase } from "./database.ts";

/** A region's database as it is bound: `DB`, then `DB_2`, `DB_3` … as they were added (docs/growth.md). */
export interface NamedDatabase {
  name: string;
  d1: D1Database;
  db: Database;
}

export interface Databases {
  /** The first: what belongs to no tenant is there. */
  home: NamedDatabase;
  all: readonly NamedDatabase[];
  /** Where a tenant's rows are. @throws AppError 500 when that database is not bound */
  of(tenantId: string): NamedDatabase;
  others(than: NamedDatabase): Database[];
  /** A new tenant's id, in the newest database: those before are full, or are to stay as they are. */
  placed(tenantId: string): string;
}

/**
 * A tenant's id says where its rows are (`ten_…_2`: in `DB_2`; without a number: in `DB`), so that choosing costs no question, cannot change and
 * cannot be lost.
 */
const PLACED = /^ten_[0-9a-f]{32}_([1-9]\d{0,2})$/;
const bindingOf = (tenantId: string): string => {
  const number = PLACED.exec(tenantId)?.[1];
  return number === undefined ? "DB" : `DB_${number}`;
};

/** @param bound the region's databases in order; `DB` first */
export const openDatabases = (bound: readonly { name: string; d1: D1Database }[]): Databases => {
  const all = bound.map(({ name, d1 }) => ({ name, d1, db: openDatabase(d1) }));
  const [home] = all;
  if (home?.name !== "DB") throw new Error("Misconfigured: the first database must be bound as DB.");
  const newest = all.at(-1) ?? home;
  const byName = new Map(all.map((database) => [database.name, database]));
  return {
    home,
    all,
    of(tenantId) {
      const database = byName.get(bindingOf(tenantId));
      if (database === undefined) throw new AppError({ code: "database_not_bound", status: 500, message: `${bindingOf(tenantId)} of tenant ${tenantId} is not bound` });
      return database;
    },
    others: (than) => all.filter((database) => database !== than).map(({ db }) => db),
    placed: (tenantId) => (newest === home ? tenantId : `${tenantId}${newest.name.slice("DB".length)}`),
  };
};
