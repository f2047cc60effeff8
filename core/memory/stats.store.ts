import { and, between, eq, gt, gte, inArray, lt, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { firstId, type IdKind } from "../ids.ts";
import type { TimeRange } from "../stats/range.ts";
import { matching, type Scope } from "./database.ts";
import { dayOf } from "../clock.ts";
import { calls, entities, projects, usage } from "./schema.ts";

/** Rows a request: a page of them is some hundred kilobytes, whatever the tenant has. */
const PAGE = 5000;
/** Not people who asked for something: in no figure. */
const LEFT_OUT = ["spam", "test"];

export interface StatsFilter extends TimeRange {
  /** All projects of the tenant when absent. */
  project_id?: string | undefined;
}

export interface StatsLead {
  id: string;
  status: string | null;
  source: string | null;
  score: number | null;
  /** In the currency of the business. */
  amount: number | null;
}

export interface StatsCall {
  lead_id: string;
  project_id: string;
  direction: "outbound" | "inbound";
  end_reason: string | null;
  source: string | null;
  person: string | null;
  received_at: number;
  latency: Record<string, number | null>;
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
      .where(and(matching(entities.tenant_id, tenantId, false), inArray(sql`+${entities.status}`, LEFT_OUT)))
      .all();
    return rows.map((row) => row.id);
  };

  return {
    /** What the ledger has booked on the days (UTC) of the range, in micro-dollars: of one project, or of the tenant with all its projects. */
    async costMicros({ project_id, from, to }: StatsFilter): Promise<number> {
      const places = project_id === undefined ? sql`(SELECT '' UNION ALL SELECT id FROM ${projects} WHERE ${eq(projects.tenant_id, tenantId)})` : sql`(${project_id})`;
      const row = await db
        .select({ cost: sql<number | null>`sum(${usage.cost_micros})`.as("cost") })
        .from(usage)
        .where(and(eq(usage.tenant_id, tenantId), sql`${usage.project_key} IN ${places}`, between(usage.day, dayOf(from), dayOf(to - 1))))
        .get();
      return row?.cost ?? 0;
    },

    /**
     * Visits every lead and call of the range but spam, tests and canaries. Reads each row of the range once, and two
     * more for each lead from before it that was called in it (it may have become spam since).
     */
    async visit(filter: StatsFilter, visitor: { addLead: (lead: StatsLead) => void; addCall: (call: StatsCall) => void }): Promise<void> {
      /** By id: whether a lead counts. */
      const counts = new Map<string, boolean>();

      const leadsAfter = async (after: string | undefined) =>
        db
          .select({ id: entities.id, status: entities.status, source: metadata("$.source").as("source"), score: entities.score, amount: amount.as("amount"), canary: metadata("$.canary").as("canary") })
          .from(entities)
          .where(and(within(entities, "ent", filter, after), eq(entities.entity_type, "lead")))
          .orderBy(entities.id)
          .limit(PAGE)
          .all();
      await eachPage(leadsAfter, (rows) => {
        for (const { id, ...row } of rows) {
          const lead = { id, status: asText(row.status), source: asText(row.source), score: asNumber(row.score), amount: row.amount };
          const isCounted = row.canary !== 1 && !LEFT_OUT.includes(lead.status ?? "");
          counts.set(id, isCounted);
          if (isCounted) visitor.addLead(lead);
        }
      });

      const callsAfter = async (after: string | undefined) =>
        db
          .select({
            id: calls.id,
            lead_id: calls.lead_id,
            project_id: calls.project_id,
            direction: calls.direction,
            end_reason: calls.end_reason,
            source: calls.source,
            person: calls.person,
            canary: calls.canary,
            received_at: calls.received_at,
            latency: calls.latency,
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
        for (const { id: _, canary: _canary, ...call } of real) if (counts.get(call.lead_id) === true) visitor.addCall(call);
      });
    },
  };
};
