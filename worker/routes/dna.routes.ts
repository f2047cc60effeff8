import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { stringify } from "yaml";
import type { DnaLayerName, LoadedDna } from "../../core/dna/loader.ts";
import { patchYaml } from "../../core/dna/patch.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { accepts, textOf } from "../middleware/body.ts";
import { bearer, createRouter, json, jsonBody, problems, projectParam } from "../router.ts";
import type { AppEnv } from "../services.ts";
import { etagOf, ifMatch, names, unlessChanged, yaml, yamlContent } from "./dna.http.ts";

const YAML_TYPES = ["application/yaml", "application/x-yaml", "text/yaml"];
const PATCH_TYPE = "application/merge-patch+json";

const effective = createRoute({
  method: "get",
  path: "/api/projects/{project_id}/dna",
  summary: "The effective DNA: defaults, then the niche's vertical, then generated, then custom",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: projectParam },
  responses: { 200: { description: "The DNA", content: { "application/json": { schema: z.looseObject({}) }, ...yamlContent } }, 304: { description: "As `If-None-Match` says" }, ...problems(401, 403, 404, 422) },
});

const origins = createRoute({
  method: "get",
  path: "/api/projects/{project_id}/dna/origins",
  summary: "For each value of the effective DNA, by its path, the layer it comes from",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: projectParam },
  responses: {
    200: json(z.object({ vertical: z.string().nullable(), origins: z.record(z.string(), z.string()).openapi({ example: { "identity.country": "project", services: "vertical:plumber", "modules.lead_gen.sales_bridge.ring_timeout_s": "custom" } }) })),
    304: { description: "As `If-None-Match` says" },
    ...problems(401, 403, 404, 422),
  },
});

const readLayer = (layer: DnaLayerName) =>
  createRoute({
    method: "get",
    path: `/api/projects/{project_id}/dna/${layer}`,
    summary: `The ${layer} layer as it was written`,
    security: bearer,
    middleware: [requires()] as const,
    request: { params: projectParam },
    responses: { 200: { description: "The layer", content: yamlContent }, ...problems(401, 403, 404, 422) },
  });

const writeCustom = createRoute({
  method: "put",
  path: "/api/projects/{project_id}/dna/custom",
  summary: "Replace the custom layer; nothing changes unless all of it is valid",
  security: bearer,
  middleware: [requires(), accepts(...YAML_TYPES)] as const,
  request: { params: projectParam, headers: ifMatch, body: { content: yamlContent } },
  responses: { 200: { description: "Written", content: yamlContent }, ...problems(401, 403, 404, 412, 413, 415, 422) },
});

const mistakeSchema = z.object({ path: z.string(), message: z.string(), line: z.number(), column: z.number() }).partial({ line: true, column: true });

const checkCustom = createRoute({
  method: "post",
  path: "/api/projects/{project_id}/dna/custom/check",
  summary: "What a text would do as the custom layer; nothing is stored",
  description: "`errors` are what a PUT would refuse it for; none: it would be stored. `warnings` are keys that nobody knows. `beneath` is what holds where the text says nothing.",
  security: bearer,
  middleware: [requires(), accepts(...YAML_TYPES)] as const,
  request: { params: projectParam, body: { content: yamlContent } },
  responses: {
    200: json(z.object({ errors: z.array(mistakeSchema), warnings: z.array(mistakeSchema), vertical: z.string().nullable(), beneath: z.object({ dna: z.looseObject({}), origins: z.record(z.string(), z.string()) }) }).openapi("DnaCheck")),
    ...problems(401, 403, 404, 413, 415, 422),
  },
});

const patchSchema = z.record(z.string(), z.unknown()).openapi({ example: { modules: { lead_gen: { sales_bridge: { ring_timeout_s: 40 } } } } });

const patchCustom = createRoute({
  method: "patch",
  path: "/api/projects/{project_id}/dna/custom",
  summary: "Change values of the custom layer (RFC 7396); comments and everything else stay as they were written",
  description: "A `null` takes a key out of the custom layer, so that the layers below speak again. To hide what a layer below says, write `null` in the YAML (PUT).",
  security: bearer,
  middleware: [requires(), accepts(PATCH_TYPE, "application/json")] as const,
  request: { params: projectParam, headers: ifMatch, body: { required: true, content: { ...jsonBody(patchSchema).body.content, [PATCH_TYPE]: { schema: patchSchema } } } },
  responses: { 200: { description: "The layer, as it now is", content: yamlContent }, ...problems(400, 401, 403, 404, 412, 413, 415, 422) },
});

const fresh = (c: Context<AppEnv>, etag: string): Response | null => (names(c.req.header("If-None-Match"), etag) ? new Response(null, { status: 304, headers: { ETag: etag } }) : null);

const resolved = async (c: Context<AppEnv>, projectId: string): Promise<LoadedDna> => c.var.services.dna.resolve(await memoryOf(c).projects.get(projectId));

export const dnaRoutes = createRouter()
  .openapi(effective, async (c) => {
    const { dna, fingerprint } = await resolved(c, c.req.valid("param").project_id);
    const asYaml = /yaml/.test(c.req.header("Accept") ?? "");
    const etag = `"${fingerprint}${asYaml ? ".yaml" : ""}"`;
    const headers = { ETag: etag, Vary: "Accept" };
    return fresh(c, etag) ?? (asYaml ? yaml(stringify(dna), headers) : c.json(dna, 200, headers));
  })
  .openapi(origins, async (c) => {
    const loaded = await resolved(c, c.req.valid("param").project_id);
    const etag = `"${loaded.fingerprint}.origins"`;
    return fresh(c, etag) ?? c.json({ vertical: loaded.vertical, origins: loaded.origins() }, 200, { ETag: etag });
  })
  .openapi(readLayer("custom"), async (c) => {
    const project = await memoryOf(c).projects.get(c.req.valid("param").project_id);
    return yaml(await c.var.services.dna.readLayer(project, "custom"), { ETag: etagOf(project, "custom") });
  })
  .openapi(readLayer("generated"), async (c) => {
    const project = await memoryOf(c).projects.get(c.req.valid("param").project_id);
    return yaml(await c.var.services.dna.readLayer(project, "generated"), { ETag: etagOf(project, "generated") });
  })
  .openapi(writeCustom, async (c) => {
    const written = await textOf(c);
    const check = unlessChanged(c.req.valid("header")["if-match"]);
    const { text, version } = await c.var.services.dnaEditor.edit(memoryOf(c), c.req.valid("param").project_id, { layer: "custom", check, text: () => written });
    return yaml(text, { ETag: `"${version}"` });
  })
  .openapi(checkCustom, async (c) => {
    const project = await memoryOf(c).projects.get(c.req.valid("param").project_id);
    return c.json(await c.var.services.dna.check(project, await textOf(c)), 200);
  })
  .openapi(patchCustom, async (c) => {
    const patch = c.req.valid("json");
    const check = unlessChanged(c.req.valid("header")["if-match"]);
    // Whoever wins a race, the patch is laid over what is there then: two patches of different values both hold.
    const { text, version } = await c.var.services.dnaEditor.edit(memoryOf(c), c.req.valid("param").project_id, { layer: "custom", check, text: async (current) => patchYaml(await current(), patch) });
    return yaml(text, { ETag: `"${version}"` });
  });
