import { and, between, eq, gt, isNull, or, sql } from "drizzle-orm";
import type { SpendCaps, UsageKind, UsageLine } from "../usage/usage.types.ts";
import { dayOf, monthOf } from "../clock.ts";
import { auditIfChanged, type Scope } from "./database.ts";
import { model_answers, projects, runs, spend, tenants, usage } from "./schema.ts";

export type Budget = (typeof spend.$inferSelect)["budget"];

export interface Spent {
  /** The tenant's plan, as the operator set it. */
  plan: string;
  day_micros: number;
  month_micros: number;
}

/** A sum of one kind and detail on one day. */
export interface UsageRow {
  day: string;
  kind: UsageKind;
  detail: string;
  quantity: number;
  cost_micros: number;
}

const NOTHING_SPENT: Spent = { plan: "", day_micros: 0, month_micros: 0 };
/** From which share of a cap on a tenant is warned. */
const WARN_AT = 0.8;

export const createUsageStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;

  /** Of a project that is not the tenant's (yet): of the tenant as a whole. */
  const ownProject = (projectId: string | null) => sql`(SELECT id FROM ${projects} WHERE ${and(eq(projects.id, projectId ?? ""), eq(projects.tenant_id, tenantId))})`;

  const addLines = (projectId: string | null, day: string, lines: readonly UsageLine[]) =>
    db
      .insert(usage)
      .select(
        sql`SELECT ${tenantId}, ${ownProject(projectId)}, ${day}, value ->> 'kind', value ->> 'detail', value ->> 'quantity', value ->> 'cost_micros' FROM json_each(${JSON.stringify(lines)}) WHERE true`,
      )
      .onConflictDoUpdate({
        target: [usage.tenant_id, usage.project_key, usage.day, usage.kind, usage.detail],
        set: { quantity: sql`${usage.quantity} + excluded.quantity`, cost_micros: sql`${usage.cost_micros} + excluded.cost_micros` },
      });

  const ofPeriod = (budget: Budget, period: string) => and(eq(spend.tenant_id, tenantId), eq(spend.budget, budget), eq(spend.period, period));

  const spentOn = (budget: Budget) => {
    const now = clock.now();
    const micros = (period: string) => sql<number>`coalesce((SELECT cost_micros FROM ${spend} WHERE ${ofPeriod(budget, period)}), 0)`;
    return db.select({ plan: tenants.plan, day_micros: micros(dayOf(now)).as("day_micros"), month_micros: micros(monthOf(now)).as("month_micros") }).from(tenants).where(eq(tenants.id, tenantId));
  };

  return {
    /**
     * Adds what was used to the day's ledger, to what the tenant has spent, and to the run that it was used for; marks the budget as
     * warned once a cap is near. Not idempotent: for what has no name of its own, like a try of a model.
     * @returns the periods that the tenant is to be warned of
     */
    async add({ project_id, run_id, budget, caps, lines }: { project_id: string | null; run_id: string | null; budget: Budget; caps: SpendCaps; lines: readonly UsageLine[] }): Promise<string[]> {
      const now = clock.now();
      const [day, month] = [dayOf(now), monthOf(now)];
      const cost_micros = lines.reduce((sum, line) => sum + line.cost_micros, 0);
      const near = (period: string, cap: number | null) => (cap === null ? undefined : and(eq(spend.period, period), sql`${spend.cost_micros} >= ${Math.floor(cap * WARN_AT)}`));
      const caution = or(near(day, caps.money_per_day_micros), near(month, caps.money_per_month_micros)) ?? sql`false`;
      const [, , warned] = await db.batch([
        addLines(project_id, day, lines),
        db
          .insert(spend)
          .values([day, month].map((period) => ({ tenant_id: tenantId, budget, period, cost_micros })))
          .onConflictDoUpdate({ target: [spend.tenant_id, spend.budget, spend.period], set: { cost_micros: sql`${spend.cost_micros} + excluded.cost_micros` } }),
        db
          .update(spend)
          .set({ warned_at: now })
          .where(and(eq(spend.tenant_id, tenantId), eq(spend.budget, budget), isNull(spend.warned_at), caution))
          .returning({ period: spend.period }),
        auditIfChanged(scope, "budget.warned", `budget:${budget}`, { day, month }),
        ...(run_id === null ? [] : [db.update(runs).set({ cost_micros: sql`${runs.cost_micros} + ${cost_micros}` }).where(and(eq(runs.id, run_id), eq(runs.tenant_id, tenantId)))]),
      ]);
      return warned.map(({ period }) => period);
    },

    /** Adds what is in no budget to the day's ledger. Not idempotent either. @param projectId null: the tenant's as a whole */
    async addUsed(projectId: string | null, lines: readonly UsageLine[]): Promise<void> {
      await addLines(projectId, dayOf(clock.now()), lines);
    },

    /** What there is on a day, of the tenant as a whole, in place of what was said of that day before. */
    async setOfDay(day: string, { kind, detail, quantity, cost_micros }: UsageLine): Promise<void> {
      await db
        .insert(usage)
        .values({ tenant_id: tenantId, project_id: null, day, kind, detail, quantity, cost_micros })
        .onConflictDoUpdate({ target: [usage.tenant_id, usage.project_key, usage.day, usage.kind, usage.detail], set: { quantity, cost_micros } });
    },

    /** What the tenant has spent this day and month, with its plan: three rows. */
    async spent(budget: Budget): Promise<Spent> {
      return (await spentOn(budget).get()) ?? NOTHING_SPENT;
    },

    /** The same, and the answer that was kept to a question, if it has not expired; in one request. */
    async spentAndAnswer(budget: Budget, question: string): Promise<{ spent: Spent; answer: unknown }> {
      const kept = and(eq(model_answers.tenant_id, tenantId), eq(model_answers.question, question), gt(model_answers.expires_at, clock.now()));
      const [[spent = NOTHING_SPENT], [row]] = await db.batch([spentOn(budget), db.select({ answer: model_answers.answer }).from(model_answers).where(kept)]);
      return { spent, answer: row?.answer };
    },

    /** What a run and all its parts, and theirs, have cost so far, in micro-dollars. */
    async costOfRun(runId: string): Promise<number> {
      const row = await db.get<{ cost: number | null }>(sql`
        WITH RECURSIVE work(id, cost) AS (
          SELECT id, cost_micros FROM runs WHERE id = ${runId} AND tenant_id = ${tenantId}
          UNION ALL SELECT part.id, part.cost_micros FROM runs AS part JOIN work ON part.parent_id = work.id AND part.tenant_id = ${tenantId}
        ) SELECT sum(cost) AS cost FROM work`);
      return row.cost ?? 0;
    },

    /** A month (`2026-11`), by day, kind and detail; of one project, or of the tenant with all its projects. */
    async ofMonth(month: string, projectId: string | null): Promise<UsageRow[]> {
      const days = between(usage.day, `${month}-01`, `${month}-31`);
      const places = projectId === null ? sql`(SELECT '' UNION ALL SELECT id FROM ${projects} WHERE ${eq(projects.tenant_id, tenantId)})` : sql`(${projectId})`;
      return db
        .select({ day: usage.day, kind: usage.kind, detail: usage.detail, quantity: sql<number>`sum(${usage.quantity})`.as("quantity"), cost_micros: sql<number>`sum(${usage.cost_micros})`.as("cost_micros") })
        .from(usage)
        .where(and(eq(usage.tenant_id, tenantId), sql`${usage.project_key} IN ${places}`, days))
        .groupBy(usage.day, usage.kind, usage.detail)
        .all();
    },

    async keepAnswer(question: string, answer: unknown, forMs: number): Promise<void> {
      const expires_at = clock.now() + forMs;
      await db.insert(model_answers).values({ tenant_id: tenantId, question, answer, expires_at }).onConflictDoUpdate({ target: [model_answers.tenant_id, model_answers.question], set: { answer, expires_at } });
    },

    /** For an erasure: which of the answers are about a person, nobody knows. */
    async forgetAnswers(): Promise<void> {
      await db.delete(model_answers).where(eq(model_answers.tenant_id, tenantId));
    },
  };
};

export type UsageStore = ReturnType<typeof createUsageStore>;
