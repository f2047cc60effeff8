import { createRoute, z } from "@hono/zod-openapi";
import { contextTypes } from "../../core/memory/context/context.types.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { bearer, createRouter, json, problems, projectParam } from "../router.ts";

const hitSchema = z
  .object({
    id: z.string().openapi({ example: "ctx_0199…" }),
    text: z.string(),
    type: z.enum(contextTypes),
    source: z.string().openapi({ example: "dna:brand_brain.insider_tips", description: "Where in the DNA it is written, a page's address, or a call's id" }),
    score: z.number().openapi({ description: "Cosine similarity, -1 to 1; comparable within one answer only" }),
  })
  .openapi("ContextHit");

const search = createRoute({
  method: "get",
  path: "/api/projects/{project_id}/context",
  summary: "What agents would cite: the passages nearest in meaning to a question",
  description: "Best first. Passages follow the DNA within a minute or two of a change. Counts as a `run` for rate limits, since a model is asked.",
  security: bearer,
  middleware: [requires()] as const,
  request: {
    params: projectParam,
    query: z.object({
      q: z.string().trim().min(1).max(1000).openapi({ example: "what do I do when a pipe bursts" }),
      type: z.enum(contextTypes).optional(),
      limit: z.coerce.number().int().min(1).max(50).default(5),
    }),
  },
  responses: { 200: json(z.object({ items: z.array(hitSchema) })), ...problems(401, 403, 404, 422, 429, 502) },
});

export const contextRoutes = createRouter().openapi(search, async (c) => {
  const { q, type, limit } = c.req.valid("query");
  const memory = memoryOf(c);
  const project = await memory.projects.get(c.req.valid("param").project_id);
  const items = await c.var.services.contextOf(memory).query(q, { project_id: project.id, types: type === undefined ? [] : [type], limit });
  return c.json({ items }, 200);
});
