import { createRoute, z } from "@hono/zod-openapi";
import { type Business, readStats } from "../../agents/lead-gen/dashboard-stats.ts";
import type { DnaLoader } from "../../core/dna/loader.ts";
import { isoTime } from "../../core/iso-time.schema.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import type { Project } from "../../core/memory/projects.store.ts";
import { intervals } from "../../core/stats/calendar.ts";
import { ofEachStep } from "../../core/stats/latency.ts";
import { rangeOf } from "../../core/stats/range.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { bearer, createRouter, json, problems, projectIdSchema } from "../router.ts";

const ms = z.number().nullable();
const step = z.object({ count: z.number().int(), p50: ms, p95: ms, target: ms }).openapi("StepFigures", { description: "Milliseconds from the form: how many calls got so far, nearest-rank percentiles within 2 %, what the business aims at" });
const steps = z.object(ofEachStep(() => step)).openapi("Latencies");
const target = z.object(ofEachStep(() => z.number())).partial();
const counts = z.record(z.string(), z.number().int());
const canary = z.object({ last_at: z.string(), ok: z.boolean(), detail: z.string() }).nullable().openapi("CanaryResult", { description: "The last daily test lead; null while there was none" });

const usd = z.number().nullable();
const rate = z.number().nullable().openapi({ description: "A share, 0-1, of those attempted; null when there were none" });
const reach = z.object({ attempted: z.number().int(), connected: z.number().int(), connect_rate: rate });
const source = z
  .object({ source: z.string(), leads: z.number().int(), bookings: z.number().int(), amount: z.number(), cost_usd: z.number(), cost_per_lead_usd: usd, cost_per_booking_usd: usd })
  .openapi("SourceFigures", { description: "The ledger's cost shared out: seconds on the telephone by how long each source's leads were spoken to, all else by their number. Advertisements are not in it" });
const trendPoint = z
  .object({
    date: z.string().openapi({ description: "The first date of the day, week (from Monday) or month, on the business's calendar; of several businesses, the first one's" }),
    leads: z.number().int(), calls: z.number().int(), connected: z.number().int(), connect_rate: rate, bookings: z.number().int(), amount: z.number(), p50: ms, p95: ms,
  })
  .openapi("TrendPoint", { description: "`p50` and `p95`: ms from the form to the conversation" });
const previous = z
  .object({
    from: z.string(), to: z.string(), leads: z.number().int(), calls: z.number().int(), connect_rate: rate,
    bookings: z.object({ count: z.number().int(), amount: z.number() }), cost_usd: z.number(), p50: ms, p95: ms,
  })
  .openapi("PreviousPeriod", { description: "The period before, of the same length; null unless asked for" });

export const statsSchema = z
  .object({
    project_id: z.string().nullable(),
    from: z.string(),
    to: z.string(),
    leads: z.object({ total: z.number().int(), by_status: counts, by_source: counts, by_score: counts }),
    calls: z.object({
      total: z.number().int(),
      by_direction: counts,
      by_end_reason: counts.openapi({ description: "`open`: not ended yet" }),
      missed_inbound: z.number().int(),
      connect_rate: z.number().nullable().openapi({ description: "Conversations, as a share (0-1) of the calls that ended, `superseded` and `canceled` ones aside; null when there are none" }),
    }),
    bookings: z.object({ count: z.number().int(), amount: z.number() }).openapi({ description: "Leads won (or completed since), and their metadata.amount added up" }),
    funnel: z
      .object({ leads: z.number().int(), scored: z.number().int(), called: z.number().int(), connected: z.number().int(), booked: z.number().int() })
      .openapi({ description: "How far the leads of the range have come" }),
    cost: z
      .object({ total_usd: z.number(), per_lead_usd: z.number().nullable(), per_booking_usd: z.number().nullable() })
      .openapi({ description: "What the usage ledger has booked on the days (UTC) of the range; null where there is no lead, or no booking" }),
    by_source: z.array(source),
    interval: z.enum(intervals),
    trend: z.array(trendPoint),
    previous: previous.nullable(),
    connect: z.object({
      by_hour: z.array(reach.extend({ hour: z.number().int().openapi({ description: "0-23, on the clock of the project's time zone, when the call began" }) })),
      by_person: z.array(reach.extend({ person: z.string() })),
    }),
    target,
    response_time: z.object({
      overall: steps,
      by_source: z.array(steps.extend({ source: z.string() })),
      by_hour: z.array(steps.extend({ hour: z.number().int().openapi({ description: "0-23, on the clock of the project's time zone, when the form came in" }) })),
      by_person: z.array(steps.extend({ person: z.string() })),
      distribution: z.array(z.object({ up_to_ms: ms, count: z.number().int() })).openapi({ description: "From the form to the conversation; each bar begins where the one before ends, the last has no end" }),
    }),
    by_project: z.array(z.object({ project_id: z.string(), time_zone: z.string(), response_time: steps, canary })),
    canary,
  })
  .openapi("Stats");

const get = createRoute({
  method: "get",
  path: "/api/stats",
  summary: "Leads, calls, bookings and response times of a project, or of all; spam, tests and canaries left out",
  security: bearer,
  middleware: [requires()] as const,
  request: {
    query: z.object({
      project_id: projectIdSchema.optional(),
      from: isoTime.optional().openapi({ description: "Inclusive; 30 days before `to` when left out" }),
      to: isoTime.optional().openapi({ description: "Exclusive; now when left out. At most 366 days after `from`" }),
      interval: z.enum(intervals).optional().openapi({ description: "Of the trend; the finest that a plot can show when left out" }),
      compare: z.literal("previous").optional().openapi({ description: "Tells of the period before, too" }),
    }),
  },
  responses: { 200: json(statsSchema), ...problems(401, 403, 404, 422) },
});

const allProjects = async (memory: TenantMemory): Promise<Project[]> => {
  const projects: Project[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await memory.projects.list({ limit: 200, cursor });
    projects.push(...page.items);
    cursor = page.next_cursor;
  }
  return projects;
};

const businessesOf = async (dna: DnaLoader, projects: Project[]): Promise<Business[]> => Promise.all(projects.map(async (project) => ({ project, dna: await dna.load(project) })));

export const statsRoutes = createRouter().openapi(get, async (c) => {
  const { dna, clock } = c.var.services;
  const memory = memoryOf(c);
  const { project_id, from, to, interval, compare } = c.req.valid("query");
  const range = rangeOf({ from, to }, clock.now());
  const only = project_id === undefined ? null : await memory.projects.get(project_id);
  const businesses = await businessesOf(dna, only === null ? await allProjects(memory) : [only]);
  return c.json(await readStats(memory, businesses, only, { ...range, interval, compare: compare !== undefined }), 200);
});
