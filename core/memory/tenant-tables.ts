import { getTableColumns, getTableName, is } from "drizzle-orm";
import { getTableConfig, type SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import * as schema from "./schema.ts";

/*
 * Every table that holds a tenant's rows, found by its `tenant_id`, so that what is exported and what is removed is all there
 * is, tables of tomorrow included.
 */

export interface TenantTable {
  name: string;
  table: SQLiteTable;
  tenantId: SQLiteColumn;
}

/** Outlive the tenant: that something happened stays provable. They hold ids only. */
const KEPT = new Set(["audit", "audit_seals"]);

const all: TenantTable[] = Object.values(schema).flatMap((value) => {
  if (!is(value, SQLiteTable)) return [];
  const tenantId = (getTableColumns(value) as Record<string, SQLiteColumn>).tenant_id;
  return tenantId === undefined ? [] : [{ name: getTableName(value), table: value, tenantId }];
});

type Named = Pick<TenantTable, "name" | "table">;

const parentsOf = ({ table, name }: Named): string[] => getTableConfig(table).foreignKeys.map((key) => getTableName(key.reference().foreignTable)).filter((parent) => parent !== name);

/** Children before their parents, as foreign keys want it when rows go. */
export const childrenFirst = <Table extends Named>(tables: Table[]): Table[] => {
  const sorted: Table[] = [];
  const rest = new Set(tables);
  while (rest.size > 0) {
    const free = [...rest].filter((table) => ![...rest].some((other) => parentsOf(other).includes(table.name)));
    if (free.length === 0) throw new Error("foreign keys go round in a circle");
    for (const table of free) {
      sorted.push(table);
      rest.delete(table);
    }
  }
  return sorted;
};

/** What goes when a tenant goes, in the order in which it may. */
export const removableTables = (): TenantTable[] => childrenFirst(all.filter((table) => !KEPT.has(table.name)));

/** Not the tenant's data but ours about it: bookkeeping that tells them nothing. */
const NOT_EXPORTED = new Set(["idempotency", "exports", "audit_seals", "leases", "model_answers", "figure_marks"]);
/** Verifiers and sealed values: of no use to the tenant, and of some to a thief. */
const SECRET_COLUMN = /hash|sealed|token|secret|password|key$/;

export interface ExportedTable extends TenantTable {
  columns: string[];
}

export const exportedTables = (): ExportedTable[] =>
  all
    .filter((table) => !NOT_EXPORTED.has(table.name))
    .map((table) => ({
      ...table,
      columns: (Object.values(getTableColumns(table.table)) as SQLiteColumn[])
        .filter((column) => column.generated === undefined && (!SECRET_COLUMN.test(column.name) || column.name === "recording_key"))
        .map((column) => column.name),
    }));
