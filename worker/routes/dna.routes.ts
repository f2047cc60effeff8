import { createRoute, z } from "@hono/zod-openapi";
import { stringify } from "yaml";
import { nextCanaryAt } from "../../core/dna/canary.ts";
import { type DnaLayerName, dnaKey } from "../../core/dna/loader.ts";
import { AppError } from "../../core/errors.ts";
import { randomToken } from "../../core/ids.ts";
import type { Project } from "../../core/memory/projects.store.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { accepts, textOf } from "../middleware/body.ts";
import { bearer, createRouter, problems, projectParam } from "../router.ts";

const YAML_TYPES = ["application/yaml", "application/x-yaml", "text/yaml"];

/** Before anything was written the layer is an empty document, with an ETag of its own. */
const etagOf = (project: Project, layer: DnaLayerName): string => `"${(layer === "custom" ? project.dna_custom : project.dna_generated) ?? "empty"}"`;

const yamlContent = { "application/yaml": { schema: z.string() } };

const effective = createRoute({
  method: "get",
  path: "/api/projects/{project_id}/dna",
  summary: "The effective DNA: defaults, then generated, then custom",
  security: bearer,
  middleware: [requires("leads:read")] as const,
  request: { params: projectParam },
  responses: { 200: { description: "The DNA", content: { "application/json": { schema: z.looseObject({}) }, ...yamlContent } }, ...problems(401, 403, 404, 422) },
});

const readLayer = (layer: DnaLayerName) =>
  createRoute({
    method: "get",
    path: `/api/projects/{project_id}/dna/${layer}`,
    summary: `The ${layer} layer as it was written`,
    security: bearer,
    middleware: [requires("leads:read")] as const,
    request: { params: projectParam },
    responses: { 200: { description: "The layer", content: yamlContent }, ...problems(401, 403, 404, 422) },
  });

const writeCustom = createRoute({
  method: "put",
  path: "/api/projects/{project_id}/dna/custom",
  summary: "Replace the custom layer; nothing changes unless all of it is valid",
  security: bearer,
  middleware: [requires("dna:write"), accepts(...YAML_TYPES)] as const,
  request: { params: projectParam, headers: z.object({ "if-match": z.string().max(200).optional() }), body: { content: yamlContent } },
  responses: { 200: { description: "Written", content: yamlContent }, ...problems(401, 403, 404, 412, 413, 415, 422) },
});

const yaml = (text: string, etag: string): Response => new Response(text, { headers: { "Content-Type": "application/yaml; charset=utf-8", ETag: etag } });

/** Without an `If-Match` the last writer wins; this often somebody else may win meanwhile. */
const MAX_RACES = 5;

export const dnaRoutes = createRouter()
  .openapi(effective, async (c) => {
    const project = await memoryOf(c).projects.get(c.req.valid("param").project_id);
    const dna = await c.var.services.dna.load(project);
    const etag = `"${project.dna_generated ?? "empty"}.${project.dna_custom ?? "empty"}"`;
    if (/yaml/.test(c.req.header("Accept") ?? "")) return yaml(stringify(dna), etag);
    return c.json(dna, 200, { ETag: etag });
  })
  .openapi(readLayer("custom"), async (c) => {
    const project = await memoryOf(c).projects.get(c.req.valid("param").project_id);
    return yaml(await c.var.services.dna.readLayer(project, "custom"), etagOf(project, "custom"));
  })
  .openapi(readLayer("generated"), async (c) => {
    const project = await memoryOf(c).projects.get(c.req.valid("param").project_id);
    return yaml(await c.var.services.dna.readLayer(project, "generated"), etagOf(project, "generated"));
  })
  .openapi(writeCustom, async (c) => {
    const { dna, storage, clock } = c.var.services;
    const { projects } = memoryOf(c);
    const text = await textOf(c);
    const expected = c.req.valid("header")["if-match"];
    for (let race = 0; race < MAX_RACES; race++) {
      const project = await projects.get(c.req.valid("param").project_id);
      const stale = expected !== undefined && expected !== "*" && expected !== etagOf(project, "custom");
      if (stale) throw new AppError({ code: "dna_changed", status: 412, message: "The DNA was changed meanwhile. Read it again before you write." });
      const canaryAt = nextCanaryAt(await dna.preview(project, text), clock.now());
      const version = randomToken(12);
      // The version is stored before the row points at it: a crash in between leaves a file that nobody reads.
      await storage.put(dnaKey(project, "custom", version), text, { httpMetadata: { contentType: "application/yaml" } });
      if (await projects.moveDna(project.id, "custom", project.dna_custom, version, canaryAt)) return yaml(text, `"${version}"`);
    }
    throw new AppError({ code: "dna_contended", status: 503, message: "The DNA kept changing while it was written.", retryable: true });
  });
