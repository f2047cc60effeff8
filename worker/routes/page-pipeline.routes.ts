import { createRoute, z } from "@hono/zod-openapi";
import { overviewOf } from "../../agents/pseo/manager/overview.ts";
import { phases } from "../../agents/pseo/manager/pipeline.schemas.ts";
import { targetNames } from "../../agents/pseo/publisher/target.ts";
import { targetsOf } from "../../agents/pseo/publisher/targets.ts";
import { isoOrNull } from "../../core/clock.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { bearer, createRouter, json, problems, projectParam } from "../router.ts";

const named = z.object({ slug: z.string(), name: z.string() });

const pipelineSchema = z
  .object({
    enabled: z.boolean().openapi({ description: "modules.local_seo.enabled of the DNA: without it the manager does not run" }),
    state: z.enum(["none", "running", "paused", "over", "stopped"]).openapi({ description: "`stopped`: the run that drives it failed; retry it to go on" }),
    run_id: z.string().nullable(),
    phase: z.enum(phases).nullable(),
    started_at: z.string().nullable(),
    total: z.number().int().nullable().openapi({ description: "Pages of this run; null: not chosen yet" }),
    taken: z.number().int(),
    active: z.number().int(),
    spent: z.boolean().openapi({ description: "The run's money is spent: no further page is begun" }),
    cost_micros: z.number().int().openapi({ description: "Of the run and its parts, in millionths of a US dollar" }),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    pages: z.record(z.string(), z.number().int()).openapi({ description: "Of the project, by status; a status without pages is left out" }),
    doubtful: z.object({ places: z.number().int(), anchors: z.number().int() }),
    estimate: z.object({ page_micros: z.number().int(), most_page_micros: z.number().int() }).openapi({ description: "Models, a page, by list prices: if its first draft passes, and if every draft that may be is needed" }),
    most_pages: z.number().int(),
    services: z.array(named),
    places: z.array(named),
    publishing: z.object({
      target: z.enum(["none", "wordpress", "hosted", "both"]),
      status: z.enum(["draft", "publish"]),
      per_day: z.number().int(),
      connections: z.array(z.object({ target: z.enum(targetNames), connected: z.boolean(), address: z.string().nullable() })).openapi({ description: "Of each target that the DNA names. Whether it answers, `publish`/`check` says" }),
      search_console: z.boolean(),
    }),
  })
  .openapi("PagePipeline");

const get = createRoute({
  method: "get",
  path: "/api/projects/{project_id}/pages/pipeline",
  summary: "Where a project's page pipeline stands, what pages there are by status, what a page costs, and where pages go",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: projectParam },
  responses: { 200: json(pipelineSchema), ...problems(401, 403, 404, 422) },
});

export const pagePipelineRoutes = createRouter().openapi(get, async (c) => {
  const memory = memoryOf(c);
  const { dna: loader, clock, hosting } = c.var.services;
  const project = await memory.projects.get(c.req.valid("param").project_id);
  const dna = await loader.load(project);
  const [overview, wordpress, searchConsole, host] = await Promise.all([
    overviewOf(memory, project, dna, clock.now()),
    memory.secrets.shown(project.id, "wordpress"),
    memory.secrets.shown(project.id, "search_console"),
    memory.pageHosts.primary(project.id),
  ]);
  const { target, status, per_day } = dna.modules.local_seo.publishing;
  const connections = targetsOf(dna).map((name) =>
    name === "wordpress"
      ? { target: name, connected: wordpress !== undefined, address: wordpress?.url ?? null }
      // A name below our own suffix is taken when the first page goes out.
      : { target: name, connected: hosting.suffix !== null, address: host === undefined ? null : hosting.originOf(host.host) },
  );
  return c.json({ ...overview, started_at: isoOrNull(overview.started_at), publishing: { target, status, per_day, connections, search_console: searchConsole !== undefined } }, 200);
});
