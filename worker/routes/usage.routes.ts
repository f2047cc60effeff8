import { createRoute, z } from "@hono/zod-openapi";
import type { TenantMemory } from "../../core/memory/memory.ts";
import type { UsageRow } from "../../core/memory/usage.store.ts";
import type { Rollup } from "../../core/stats/rollup.ts";
import { monthOf } from "../../core/clock.ts";
import { usageKinds, type UsageKind } from "../../core/usage/usage.types.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { bearer, createRouter, json, problems, projectIdSchema } from "../router.ts";

const micros = z.number().int().openapi({ description: "Millionths of a US dollar; an estimate by list prices (Twilio's) or published ones (the models')" });
const costed = (quantity: string) => z.object({ quantity: z.number().openapi({ description: quantity }), cost_micros: micros });
const each = z.object({ count: z.number().int(), cost_micros: micros.nullable() }).openapi({ description: "How many there were, and what each cost of all that is in the answer; null when there were none" });
const period = z.object({ spent_micros: micros, cap_micros: micros.nullable() });

export const usageSchema = z
  .object({
    project_id: z.string().nullable(),
    month: z.string(),
    calls: costed("Calls, canaries included"),
    minutes: costed("Minutes on all legs that were answered"),
    sms: costed("Segments, in both directions"),
    model_tokens: z.object({ input: z.number().int(), output: z.number().int(), cost_micros: micros }),
    embedding_tokens: costed("Tokens"),
    browser: costed("Seconds of a browser that read pages or drew maps"),
    storage: z.object({ bytes: z.number().int().openapi({ description: "On the last day that was looked at, of the whole account" }), cost_micros: micros }),
    total_cost_micros: micros,
    per_lead: each,
    per_booking: each,
    budget: z.object({ models: z.object({ day: period, month: period }) }).openapi({ description: "Of the whole account, today and this month; `cap_micros` null: none" }),
    items: z.array(z.object({ day: z.string(), kind: z.enum(usageKinds), detail: z.string(), quantity: z.number().int(), cost_micros: micros })),
  })
  .openapi("Usage");

const get = createRoute({
  method: "get",
  path: "/api/usage",
  summary: "What a project, or all of them, used in a month and what it cost",
  security: bearer,
  middleware: [requires()] as const,
  request: {
    query: z.object({
      project_id: projectIdSchema.optional(),
      month: z.string().regex(/^20\d\d-(0[1-9]|1[0-2])$/, "must be a month, e.g. 2026-11").optional().openapi({ description: "UTC; this month when left out" }),
    }),
  },
  responses: { 200: json(usageSchema), ...problems(401, 403, 404, 422) },
});

const sumOf = (rows: readonly UsageRow[], kind: UsageKind) => {
  const those = rows.filter((row) => row.kind === kind);
  return { quantity: those.reduce((sum, row) => sum + row.quantity, 0), cost_micros: those.reduce((sum, row) => sum + row.cost_micros, 0) };
};

/** Leads and bookings among those that came in that month. */
const outcomesOf = async (memory: TenantMemory, month: string, projectId: string | undefined) => {
  const from = Date.parse(`${month}-01T00:00:00Z`);
  const pieces = await memory.figures.read({ from, to: new Date(from).setUTCMonth(new Date(from).getUTCMonth() + 1), project_id: projectId }, () => 0);
  const sum = (count: (rollup: Rollup) => number): number => pieces.reduce((total, { rollup }) => total + count(rollup), 0);
  return { leads: sum(({ leads }) => leads), bookings: sum(({ booked }) => booked) };
};

export const usageRoutes = createRouter().openapi(get, async (c) => {
  const { clock, spendCapsOf } = c.var.services;
  const memory = memoryOf(c);
  const { project_id, month = monthOf(clock.now()) } = c.req.valid("query");
  if (project_id !== undefined) await memory.projects.get(project_id);
  const [rows, spent, outcomes] = await Promise.all([memory.usage.ofMonth(month, project_id ?? null), memory.usage.spent("models"), outcomesOf(memory, month, project_id)]);
  const caps = spendCapsOf(spent.plan);
  const total = rows.reduce((sum, row) => sum + row.cost_micros, 0);
  const share = (count: number) => ({ count, cost_micros: count === 0 ? null : Math.round(total / count) });
  const [input, output, seconds] = [sumOf(rows, "model_input_tokens"), sumOf(rows, "model_output_tokens"), sumOf(rows, "call_seconds")];
  const stored = rows.filter(({ kind }) => kind === "storage_bytes");
  return c.json(
    {
      project_id: project_id ?? null,
      month,
      calls: sumOf(rows, "calls"),
      minutes: { quantity: Math.round(seconds.quantity / 6) / 10, cost_micros: seconds.cost_micros },
      sms: sumOf(rows, "sms_segments"),
      model_tokens: { input: input.quantity, output: output.quantity, cost_micros: input.cost_micros + output.cost_micros },
      embedding_tokens: sumOf(rows, "embedding_tokens"),
      browser: sumOf(rows, "browser_seconds"),
      storage: { bytes: stored.toSorted((one, other) => one.day.localeCompare(other.day)).at(-1)?.quantity ?? 0, cost_micros: sumOf(rows, "storage_bytes").cost_micros },
      total_cost_micros: total,
      per_lead: share(outcomes.leads),
      per_booking: share(outcomes.bookings),
      budget: { models: { day: { spent_micros: spent.day_micros, cap_micros: caps.money_per_day_micros }, month: { spent_micros: spent.month_micros, cap_micros: caps.money_per_month_micros } } },
      items: rows,
    },
    200,
  );
});
