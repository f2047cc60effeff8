import { and, between, eq, gt, gte, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { firstId, type IdKind } from "../ids.ts";
import type { CountedCall, CountedLead } from "../stats/rollup.ts";
import type { TimeRange } from "../stats/range.ts";
import { matching, type Scope } from "./database.ts";
import { dayOf } from "../clock.ts";
import { calls, entities, projects, usage } from "./schema.ts";

/** Rows a request: a page of them is some hundred kilobytes, whatever the tenant has. */
const PAGE = 5000;
/** Not people who asked for something: in no figure. */
const LEFT_OUT = ["spam", "test"];

/** A project, or what a tenant has of no project. */
export type Place = string | null;

export interface StatsFilter extends TimeRange {
  /** All projects of the tenant when absent. */
  project_id?: string | undefined;
}

export interface Visitor {
  addLead: (lead: CountedLead & { project_id: Place }) => void;
  addCall: (call: CountedCall & { id: string; project_id: Place }) => void;
}

const metadata = (path: string) => sql<unknown>`json_extract(${entities.metadata}, ${path})`;
/** Metadata is anybody's: what is not of the kind that it should be is not known. */
const asText = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
const asNumber = (value: unknown): number | null => (typeof value === "number" ? value : null);
/** People write "250.00" as readily as 250. */
const amount = sql<number | null>`CASE WHEN ${metadata("$.amount")} IS NULL THEN NULL ELSE CAST(${metadata("$.amount")} AS REAL) END`;

/** The rows that figures are made of, read once each by the order of their ids: what a range costs is what lies in it. */
export const createStatsStore = ({ db, tenantId }: Pick<Scope, "db" | "tenantId">) => {
  /** Rows of the range by the index of the project or the tenant. `after` is the last id of the page before. */
  const within = (table: { tenant_id: SQLiteColumn; project_id: SQLiteColumn; id: SQLiteColumn }, kind: IdKind, { project_id, from, to }: StatsFilter, after: string | undefined): SQL | undefined =>
    and(
      matching(table.tenant_id, tenantId, project_id === undefined),
      matching(table.project_id, project_id, true),
      after === undefined ? gte(table.id, firstId(kind, from)) : gt(table.id, after),
      lt(table.id, firstId(kind, to)),
    );

  /** Visits all pages of a query. */
  const eachPage = async <Row extends { id: string }>(query: (after: string | undefined) => Promise<Row[]>, visit: (rows: Row[]) => void | Promise<void>): Promise<void> => {
    let after: string | undefined;
    do {
      const rows: Row[] = await query(after);
      await visit(rows);
      after = rows.length < PAGE ? undefined : rows.at(-1)?.id;
    } while (after !== undefined);
  };

  /** Which of these leads, older than the range, are in no figure. Two rows read for each: its name and itself. */
  const leftOutAmong = async (ids: string[]): Promise<string[]> => {
    if (ids.length === 0) return [];
    // As one parameter: D1 takes 100 a statement.
    const rows = await db
      .select({ id: entities.id })
      .from(sql`json_each(${JSON.stringify(ids)}) AS named`)
      .innerJoin(entities, sql`${entities.id} = named.value`)
      .where(and(matching(entities.tenant_id, tenantId, false), or(inArray(sql`+${entities.status}`, LEFT_OUT), eq(metadata("$.canary"), 1))))
      .all();
    return rows.map((row) => row.id);
  };

  /** How far a lead's calls have come: 2 spoken to, 1 called, null neither. */
  // Names in full: of a single table drizzle says the columns' alone, and within it they would be the calls'.
  const reach = sql<number | null>`(SELECT max(CASE WHEN calls.end_reason = 'connected' THEN 2 ELSE 1 END) FROM calls WHERE calls.lead_id = entities.id AND +calls.tenant_id = ${tenantId} AND NOT calls.canary)`;

  return {
    /** What the ledger has booked on the days (UTC) of the range, in micro-dollars, on telephony by the second and on all else: of one project, or of the tenant with all its projects. */
    async costMicros({ project_id, from, to }: StatsFilter): Promise<{ talk: number; rest: number }> {
      const places = project_id === undefined ? sql`(SELECT '' UNION ALL SELECT id FROM ${projects} WHERE ${eq(projects.tenant_id, tenantId)})` : sql`(${project_id})`;
      const isTalk = eq(usage.kind, "call_seconds");
      const sum = (condition: SQL) => sql<number | null>`sum(CASE WHEN ${condition} THEN ${usage.cost_micros} END)`;
      const row = await db
        .select({ talk: sum(isTalk).as("talk"), rest: sum(sql`NOT (${isTalk})`).as("rest") })
        .from(usage)
        .where(and(eq(usage.tenant_id, tenantId), sql`${usage.project_key} IN ${places}`, between(usage.day, dayOf(from), dayOf(to - 1))))
        .get();
      return { talk: row?.talk ?? 0, rest: row?.rest ?? 0 };
    },

    /**
     * Visits every lead and call of the range but spam, tests and canaries. Reads each row of the range once, with each lead its
     * calls, and two more for each lead from before it that was called in it (it may have become spam since).
     */
    async visit(filter: StatsFilter, visitor: Visitor): Promise<void> {
      /** By id: whether a lead counts. */
      const counts = new Map<string, boolean>();

      const leadsAfter = async (after: string | undefined) =>
        db
          .select({ id: entities.id, project_id: entities.project_id, status: entities.status, source: metadata("$.source").as("source"), score: entities.score, amount: amount.as("amount"), canary: metadata("$.canary").as("canary"), reach: reach.as("reach") })
          .from(entities)
          .where(and(within(entities, "ent", filter, after), eq(entities.entity_type, "lead")))
          .orderBy(entities.id)
          .limit(PAGE)
          .all();
      await eachPage(leadsAfter, (rows) => {
        for (const { id, project_id, ...row } of rows) {
          const lead = { id, project_id, status: asText(row.status), source: asText(row.source), score: asNumber(row.score), amount: row.amount, called: row.reach !== null, reached: row.reach === 2 };
          const isCounted = row.canary !== 1 && !LEFT_OUT.includes(lead.status ?? "");
          counts.set(id, isCounted);
          if (isCounted) visitor.addLead(lead);
        }
      });

      const callsAfter = async (after: string | undefined) =>
        db
          .select({
            id: calls.id, project_id: calls.project_id, lead_id: calls.lead_id, direction: calls.direction, end_reason: calls.end_reason, source: calls.source, person: calls.person,
            canary: calls.canary, received_at: calls.received_at, duration_s: calls.duration_s, latency: calls.latency,
          })
          .from(calls)
          .where(within(calls, "call", filter, after))
          .orderBy(calls.id)
          .limit(PAGE)
          .all();
      await eachPage(callsAfter, async (rows) => {
        const real = rows.filter((row) => !row.canary);
        const older = new Set(real.flatMap((row) => (counts.has(row.lead_id) ? [] : [row.lead_id])));
        for (const id of older) counts.set(id, true);
        for (const id of await leftOutAmong([...older])) counts.set(id, false);
        for (const { lead_id, canary: _, ...call } of real) if (counts.get(lead_id) === true) visitor.addCall(call);
      });
    },
  };
};

export type StatsStore = ReturnType<typeof createStatsStore>;
