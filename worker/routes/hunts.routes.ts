import { createRoute } from "@hono/zod-openapi";
import { huntSetup } from "../../agents/lead-gen/hunt/hunt-setup.ts";
import { createProgressStore } from "../../agents/lead-gen/hunt/progress.ts";
import { iso } from "../../core/clock.ts";
import { notFound } from "../../core/errors.ts";
import { MICROS } from "../../core/money.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { bearer, createRouter, idParam, json, problems, projectParam } from "../router.ts";
import { huntSchema, huntSetupSchema, MOST_KEPT, shownKept, shownSources } from "./hunts.schemas.ts";

const setup = createRoute({
  method: "get",
  path: "/api/projects/{project_id}/hunt",
  summary: "Where hunts look and for what, and whether each source may be read",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: projectParam },
  responses: { 200: json(huntSetupSchema), ...problems(401, 403, 404, 422) },
});

const get = createRoute({
  method: "get",
  path: "/api/hunts/{id}",
  summary: "What a hunt (a run of sniper_agent) has found so far, what it kept and why it left the rest out",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam },
  responses: { 200: json(huntSchema), ...problems(401, 403, 404) },
});

export const huntsRoutes = createRouter()
  .openapi(setup, async (c) => {
    const memory = memoryOf(c);
    const { dna: loader, clock } = c.var.services;
    const project = await memory.projects.get(c.req.valid("param").project_id);
    const [dna, schedules] = await Promise.all([loader.load(project), memory.schedules.ofProject(project.id)]);
    const { sniper, scoring } = dna.modules.lead_gen;
    const next = schedules.find(({ job }) => job === "sniper")?.due_at;
    const { keywords, negative_keywords, geo_filter, max_pages, max_details, max_minutes, max_usd, enabled } = sniper;
    return c.json(
      {
        sources: huntSetup(dna, clock.now()).map((source) => ({ ...source, permits: source.permits && { ...source.permits, accepts: [...source.permits.accepts] } })),
        keywords, negative_keywords, enabled,
        places: geo_filter,
        score_threshold: scoring.score_threshold,
        limits: { max_pages, max_details, max_minutes, max_usd },
        next_at: next === undefined ? null : iso(next),
      },
      200,
    );
  })
  .openapi(get, async (c) => {
    const memory = memoryOf(c);
    const { dna: loader, storage } = c.var.services;
    const run = await memory.runs.get(c.req.valid("param").id);
    if (run.task !== "sniper_agent" || run.project_id === null) throw notFound("hunt");
    const project = await memory.projects.get(run.project_id);
    const [dna, progress, parent] = await Promise.all([
      loader.load(project),
      createProgressStore(storage, { tenant_id: memory.tenantId, run_id: run.id }).load(),
      run.parent_id === null ? undefined : memory.runs.find(run.parent_id),
    ]);
    const sources = progress?.sources ?? [];
    const created = new Set(sources.flatMap((source) => source.created));
    const ids = [...created, ...sources.flatMap((source) => source.joined).filter((id) => !created.has(id))].slice(0, MOST_KEPT);
    const leads = (await memory.entities.some(ids)).filter((lead) => lead.project_id === project.id);
    const kept = leads.map((lead) => shownKept(lead, created.has(lead.id) ? "created" : "joined", dna.modules.lead_gen.sniper.keywords));
    return c.json(
      {
        run_id: run.id,
        project_id: project.id,
        status: run.status,
        whole: parent === undefined ? null : { run_id: parent.id, status: parent.status, label: parent.progress.label },
        cost_usd: (progress?.spent_micros ?? 0) / MICROS,
        sources: shownSources({ sources }),
        kept: kept.toSorted((a, b) => (b.score ?? -1) - (a.score ?? -1) || (a.lead_id < b.lead_id ? 1 : -1)),
        left_out: sources.flatMap(({ name, left_out }) => left_out.map((post) => ({ source: name, ...post }))),
      },
      200,
    );
  });
