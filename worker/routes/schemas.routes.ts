import { createRoute, z } from "@hono/zod-openapi";
import { dnaLayerJsonSchema } from "../../core/dna/json-schema.ts";
import { sha256Hex } from "../../core/security/constant-time.ts";
import { createRouter } from "../router.ts";
import { names } from "./dna.http.ts";

const dna = createRoute({
  method: "get",
  path: "/api/schemas/dna.json",
  summary: "JSON Schema of a DNA document, for editors",
  description: "Public: an editor has no token. In a YAML file: `# yaml-language-server: $schema=…/api/schemas/dna.json`.",
  responses: { 200: { description: "JSON Schema, draft 2020-12", content: { "application/schema+json": { schema: z.looseObject({}) } } }, 304: { description: "As `If-None-Match` says" } },
});

/** It only changes with a release; made when first asked for, as it takes some milliseconds. */
const published = new Map<string, { body: string; etag: string }>();

export const schemasRoutes = createRouter().openapi(dna, (c) => {
  const id = `${c.var.services.settings.PUBLIC_API_URL}/api/schemas/dna.json`;
  const body = published.get(id)?.body ?? JSON.stringify(dnaLayerJsonSchema(id));
  const { etag } = published.get(id) ?? { etag: `"${sha256Hex(body).slice(0, 32)}"` };
  published.set(id, { body, etag });
  const headers = { ETag: etag, "Cache-Control": "public, max-age=3600" };
  if (names(c.req.header("If-None-Match"), etag)) return new Response(null, { status: 304, headers });
  return new Response(body, { headers: { ...headers, "Content-Type": "application/schema+json" } });
});
