import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { iso, isoOrNull } from "../../core/clock.ts";
import { conflict, forbidden } from "../../core/errors.ts";
import type { Scope } from "../../core/security/scopes.ts";
import { QUEUE_PATIENCE_MS } from "../../core/kernel/jobs.ts";
import type { Run } from "../../core/memory/runs.store.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { acceptsJson } from "../middleware/body.ts";
import type { AppEnv } from "../services.ts";
import { idempotent } from "../middleware/idempotency.ts";
import { bearer, createRouter, idParam, json, jsonBody, pageOf, pageQuery, problems, projectIdSchema } from "../router.ts";

const MAX_WAIT_S = 30;
const STATUSES = ["queued", "running", "succeeded", "failed", "dead"] as const satisfies Run["status"][];

const runSchema = z
  .object({
    id: z.string(),
    project_id: z.string().nullable(),
    task: z.string(),
    action: z.string().nullable(),
    status: z.enum(STATUSES),
    attempts: z.number(),
    progress: z.object({ done: z.number(), total: z.number(), label: z.string() }),
    result: z.unknown(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    created_at: z.string(),
    started_at: z.string().nullable(),
    finished_at: z.string().nullable(),
    parent_id: z.string().nullable(),
    children: z.array(z.string()),
    cost_micros: z.number().int().openapi({ description: "What its own attempts have spent on models, in millionths of a US dollar; its parts have theirs" }),
  })
  .openapi("Run");
const trySchema = z.object({ attempt: z.number().int(), at: z.string(), code: z.string(), message: z.string(), trace: z.string().nullable().openapi({ description: "Where in the service's code, innermost first" }) });
const runDetailSchema = runSchema.extend({ tries: z.array(trySchema).openapi({ description: "Attempts that failed, or whose Worker died, oldest first; the last ten" }), params: z.record(z.string(), z.unknown()), request_id: z.string().nullable().openapi({ description: "Of the request that it came from: finds in the log all that came of that" }) }).openapi("RunDetail");
const acceptedSchema = z.object({ run_id: z.string(), status: z.string() });
const MOST_RETRIED = 100;
const retriedSchema = z.object({ run_ids: z.array(z.string()), skipped: z.array(z.string()).openapi({ description: "Named, but unknown, not over, or of a task that needs a scope which the caller lacks" }) });

/** Steps that are parts are counted at the moment: the run itself wakes only once all of them are over. */
const progressNow = ({ progress: { done, total, label, steps }, status }: Run, open: number) => ({ done: steps === "parts" && (status === "queued" || status === "running") ? Math.max(done, total - open) : done, total, label });

export const shownRun = (run: Run, { children, open } = { children: [] as string[], open: run.progress.total }) => ({
  id: run.id,
  project_id: run.project_id,
  task: run.task,
  action: run.action,
  status: run.status,
  attempts: run.attempts,
  progress: progressNow(run, open),
  result: run.result,
  error: run.error ?? null,
  created_at: iso(run.created_at),
  started_at: isoOrNull(run.started_at),
  finished_at: isoOrNull(run.finished_at),
  parent_id: run.parent_id,
  children,
  cost_micros: run.cost_micros,
});

const start = createRoute({
  method: "post",
  path: "/api/run",
  summary: "Have an agent do something",
  security: bearer,
  middleware: [requires(), acceptsJson, idempotent] as const,
  request: {
    headers: z.object({ prefer: z.string().max(100).optional() }),
    ...jsonBody(z.object({ task: z.string().min(1).max(60), action: z.string().min(1).max(60).optional(), project_id: projectIdSchema, params: z.record(z.string(), z.unknown()).default({}) })),
  },
  responses: { 200: json(runSchema, "Finished within the time waited"), 202: json(acceptedSchema, "Queued"), ...problems(400, 401, 403, 404, 413, 415, 422) },
});

const list = createRoute({
  method: "get",
  path: "/api/runs",
  summary: "Runs, newest first",
  security: bearer,
  middleware: [requires()] as const,
  request: { query: pageQuery.extend({ project_id: projectIdSchema.optional(), task: z.string().optional(), status: z.enum(STATUSES).optional() }) },
  responses: { 200: json(pageOf(runSchema)), ...problems(401, 403, 422) },
});

const get = createRoute({
  method: "get",
  path: "/api/runs/{id}",
  summary: "One run",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam },
  responses: { 200: json(runDetailSchema), ...problems(401, 403, 404) },
});

const retry = createRoute({
  method: "post",
  path: "/api/runs/{id}/retry",
  summary: "Run a failed or dead run again, with its original input or another",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam, body: { required: false, content: { "application/json": { schema: z.object({ params: z.record(z.string(), z.unknown()).optional() }) } } } },
  responses: { 202: json(acceptedSchema), ...problems(400, 401, 403, 404, 409, 422) },
});

const retryMany = createRoute({
  method: "post",
  path: "/api/runs/retry",
  summary: "Run many again with their original inputs: those named, or dead letters of a task, project or error",
  security: bearer,
  middleware: [requires(), acceptsJson] as const,
  request: jsonBody(
    z.union([
      z.strictObject({ ids: z.array(z.string().min(1).max(80)).min(1).max(MOST_RETRIED) }),
      z.strictObject({ filter: z.strictObject({ project_id: projectIdSchema.optional(), task: z.string().max(60).optional(), code: z.string().max(80).optional() }) }),
    ]),
  ),
  responses: { 202: json(retriedSchema, "The first hundred at most; again for more"), ...problems(400, 401, 403, 415, 422) },
});

const cancel = createRoute({
  method: "post",
  path: "/api/runs/{id}/cancel",
  summary: "Call a run off, with its parts: what waits ends as `failed` with the code `canceled`; what is at work ends at its next step",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam },
  responses: { 202: json(z.object({ run_id: z.string(), canceled: z.number().int(), still_running: z.number().int() })), ...problems(401, 403, 404, 409) },
});

/** `Prefer: wait=N` (RFC 7240), in ms; 0 when the caller does not want to wait. */
const waitMs = (prefer: string | undefined): number => {
  const seconds = Number(/(?:^|[,;\s])wait=(\d{1,4})/.exec(prefer ?? "")?.[1] ?? 0);
  return Math.min(seconds, MAX_WAIT_S) * 1000;
};

/** Some tasks do what other routes ask more than `runs:write` for. */
const lackedScope = (c: Context<AppEnv>, scopes: readonly Scope[]): Scope | undefined => scopes.find((scope) => !c.var.principal.scopes.includes(scope));
const requireScopes = (c: Context<AppEnv>, scopes: readonly Scope[]): void => {
  const lacking = lackedScope(c, scopes);
  if (lacking !== undefined) throw forbidden(`This task needs the scope ${lacking}.`);
};

export const runsRoutes = createRouter()
  .openapi(start, async (c) => {
    const { dispatcher, jobs } = c.var.services;
    const input = c.req.valid("json");
    const memory = memoryOf(c);
    const { actionName, action, scopes } = dispatcher.resolve(input.task, input.action ?? null, input.params);
    requireScopes(c, scopes);
    if (action.needsDna) await memory.projects.get(input.project_id);
    const row = { project_id: input.project_id, task: input.task, action: actionName, params: input.params };
    const wait = waitMs(c.req.valid("header").prefer);
    if (wait === 0) {
      const run = await jobs.submit(memory, row);
      return c.json({ run_id: run.id, status: run.status }, 202);
    }
    // Whoever waits is served here and now, within what a tenant may have at work; if this Worker dies meanwhile, the claim expires and the sweep takes over.
    const { run } = await memory.runs.create(row, QUEUE_PATIENCE_MS);
    const executed = jobs.attemptNow(run);
    c.executionCtx.waitUntil(executed);
    const finished = await Promise.race([executed, new Promise<"at work">((resolve) => setTimeout(() => resolve("at work"), wait))]);
    if (finished === "at work") return c.json({ run_id: run.id, status: "running" }, 202);
    if (finished && finished.status !== "queued" && finished.status !== "running") return c.json(shownRun(finished), 200, { "Preference-Applied": `wait=${wait / 1000}` });
    return c.json({ run_id: run.id, status: finished?.status ?? "queued" }, 202);
  })
  .openapi(list, async (c) => {
    const { limit, cursor, ...filter } = c.req.valid("query");
    const page = await memoryOf(c).runs.list(filter, { limit, cursor });
    const families = await memoryOf(c).runs.families(page.items.map(({ id }) => id));
    return c.json({ items: page.items.map((run) => shownRun(run, families.get(run.id))), next_cursor: page.next_cursor }, 200);
  })
  .openapi(get, async (c) => {
    const { runs } = memoryOf(c);
    const run = await runs.get(c.req.valid("param").id);
    const live = run.status === "running" ? await c.var.services.runProgress.read(run).catch(() => null) : null;
    return c.json({ ...shownRun(live ? { ...run, progress: live } : run, (await runs.families([run.id])).get(run.id)), tries: (run.tries ?? []).map((one) => ({ ...one, at: iso(one.at) })), params: run.params, request_id: run.request_id }, 200);
  })
  .openapi(retryMany, async (c) => {
    const { jobs, dispatcher } = c.var.services;
    const { runs } = memoryOf(c);
    const asked = c.req.valid("json");
    const found = "ids" in asked ? await Promise.all([...new Set(asked.ids)].map(async (id) => (await runs.find(id)) ?? { id, task: "" })) : await runs.deadOf(asked.filter, MOST_RETRIED);
    const [run_ids, skipped]: [string[], string[]] = [[], []];
    for (const run of found) {
      const mayRun = lackedScope(c, dispatcher.scopesOf(run.task)) === undefined && (await runs.requeue(run.id, QUEUE_PATIENCE_MS));
      (mayRun ? run_ids : skipped).push(run.id);
      if (mayRun && "tenant_id" in run) await jobs.enqueue({ id: run.id, tenant_id: run.tenant_id, task: run.task, action: run.action });
    }
    return c.json({ run_ids, skipped }, 202);
  })
  .openapi(retry, async (c) => {
    const { jobs, dispatcher } = c.var.services;
    const { runs } = memoryOf(c);
    const run = await runs.get(c.req.valid("param").id);
    requireScopes(c, dispatcher.scopesOf(run.task));
    const { params } = c.req.valid("json");
    if (params !== undefined && dispatcher.isInternal(run.task)) throw forbidden("This task's input is the house's own.");
    if (params !== undefined) dispatcher.check(run, params);
    if (!(await runs.requeue(run.id, QUEUE_PATIENCE_MS, params))) throw conflict("run_not_over", "Only a failed or dead run can be retried.");
    await jobs.enqueue({ id: run.id, tenant_id: run.tenant_id, task: run.task, action: run.action });
    return c.json({ run_id: run.id, status: "queued" }, 202);
  })
  .openapi(cancel, async (c) => {
    const { jobs, dispatcher } = c.var.services;
    const memory = memoryOf(c);
    const run = await memory.runs.get(c.req.valid("param").id);
    requireScopes(c, dispatcher.scopesOf(run.task));
    if (dispatcher.isInternal(run.task)) throw forbidden("What the house does by its own rules is not called off.");
    if (run.status !== "queued" && run.status !== "running") throw conflict("run_over", "The run is over.");
    const { ended, told } = await jobs.cancel(memory, run);
    return c.json({ run_id: run.id, canceled: ended, still_running: told }, 202);
  });
