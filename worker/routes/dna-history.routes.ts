import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { iso } from "../../core/clock.ts";
import { diffLayers } from "../../core/dna/diff.ts";
import { parseLayer } from "../../core/dna/layers.ts";
import type { DnaLayerName } from "../../core/dna/loader.ts";
import type { DnaVersion } from "../../core/memory/dna-versions.store.ts";
import type { Project } from "../../core/memory/projects.store.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { acceptsJson } from "../middleware/body.ts";
import { idempotent } from "../middleware/idempotency.ts";
import { bearer, createRouter, json, jsonBody, pageOf, pageQuery, problems, projectParam } from "../router.ts";
import type { AppEnv } from "../services.ts";
import { EMPTY, ifMatch, unlessChanged, versionOf, yaml, yamlContent } from "./dna.http.ts";

/* Every version of a DNA stays: who wrote it and when, what it changed, and the way back. */

const layerParam = projectParam.extend({ layer: z.enum(["custom", "generated"]) });
const version = z.string().min(1).max(80);

const versionSchema = z
  .object({
    version: z.string(),
    author: z.string().openapi({ example: "user:usr_0199…" }),
    created_at: z.string(),
    previous: z.string().nullable(),
    restored_from: z.string().nullable(),
    bytes: z.number(),
    current: z.boolean(),
  })
  .openapi("DnaVersion");

const changeSchema = z.object({ path: z.string(), change: z.enum(["added", "removed", "changed"]), from: z.unknown(), to: z.unknown() }).partial({ from: true, to: true });

const list = createRoute({
  method: "get",
  path: "/api/projects/{project_id}/dna/{layer}/versions",
  summary: "The versions of a layer, newest first",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: layerParam, query: pageQuery },
  responses: { 200: json(pageOf(versionSchema)), ...problems(401, 403, 404, 422) },
});

const read = createRoute({
  method: "get",
  path: "/api/projects/{project_id}/dna/{layer}/versions/{version}",
  summary: "A version as it was written",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: layerParam.extend({ version }) },
  responses: { 200: { description: "The version", content: yamlContent }, ...problems(401, 403, 404, 422) },
});

const diff = createRoute({
  method: "get",
  path: "/api/projects/{project_id}/dna/{layer}/diff",
  summary: "What differs between two versions, value by value",
  description: "`to` is the current version unless named, `from` the one before `to`; `empty` names the empty document before the first. `same_text` is false where only comments or spelling differ.",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: layerParam, query: z.object({ from: version.optional(), to: version.optional() }) },
  responses: { 200: json(z.object({ from: z.string(), to: z.string(), same_text: z.boolean(), changes: z.array(changeSchema) })), ...problems(401, 403, 404, 422) },
});

const restore = createRoute({
  method: "post",
  path: "/api/projects/{project_id}/dna/custom/restore",
  summary: "Go back to an earlier version of the custom layer, as a new version",
  security: bearer,
  middleware: [requires(), acceptsJson, idempotent] as const,
  request: { params: projectParam, headers: ifMatch, ...jsonBody(z.object({ version })) },
  responses: { 200: json(versionSchema, "The new version"), ...problems(400, 401, 403, 404, 409, 412, 415, 422) },
});

const shown = ({ version, author, created_at, previous, restored_from, bytes }: DnaVersion, current: string) => ({
  version, author, created_at: iso(created_at), previous, restored_from, bytes, current: version === current,
});

/** @throws AppError 404 for a version that this project's layer never had */
const textOfVersion = async (c: Context<AppEnv>, project: Project, layer: DnaLayerName, name: string): Promise<string> => {
  if (name === EMPTY) return "";
  await memoryOf(c).dnaVersions.get(project.id, layer, name);
  return c.var.services.dna.readVersion(project, layer, name);
};

export const dnaHistoryRoutes = createRouter()
  .openapi(list, async (c) => {
    const { project_id, layer } = c.req.valid("param");
    const { projects, dnaVersions } = memoryOf(c);
    const project = await projects.get(project_id);
    const page = await dnaVersions.list(project.id, layer, c.req.valid("query"));
    return c.json({ items: page.items.map((item) => shown(item, versionOf(project, layer))), next_cursor: page.next_cursor }, 200);
  })
  .openapi(read, async (c) => {
    const { project_id, layer, version: name } = c.req.valid("param");
    const project = await memoryOf(c).projects.get(project_id);
    return yaml(await textOfVersion(c, project, layer, name), { ETag: `"${name}"` });
  })
  .openapi(diff, async (c) => {
    const { project_id, layer } = c.req.valid("param");
    const query = c.req.valid("query");
    const { projects, dnaVersions } = memoryOf(c);
    const project = await projects.get(project_id);
    const to = query.to ?? versionOf(project, layer);
    const from = query.from ?? (to === EMPTY ? EMPTY : ((await dnaVersions.get(project.id, layer, to)).previous ?? EMPTY));
    const [before, after] = await Promise.all([textOfVersion(c, project, layer, from), textOfVersion(c, project, layer, to)]);
    return c.json({ from, to, same_text: before === after, changes: diffLayers(parseLayer(before), parseLayer(after)) }, 200);
  })
  .openapi(restore, async (c) => {
    const { version: name } = c.req.valid("json");
    const { project_id } = c.req.valid("param");
    const memory = memoryOf(c);
    const check = unlessChanged(c.req.valid("header")["if-match"]);
    const { version: written } = await c.var.services.dnaEditor.edit(memory, project_id, {
      layer: "custom",
      check,
      restored_from: name,
      text: async (_, project) => textOfVersion(c, project, "custom", name),
    });
    return c.json(shown(await memory.dnaVersions.get(project_id, "custom", written), written), 200, { ETag: `"${written}"` });
  });
