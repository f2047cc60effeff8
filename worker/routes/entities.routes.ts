import { createRoute, z } from "@hono/zod-openapi";
import { iso } from "../../core/clock.ts";
import { withRingablePhone } from "../../core/intake/lead-phone.ts";
import type { Entity } from "../../core/memory/entities.store.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import { announce } from "../live.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { acceptsJson } from "../middleware/body.ts";
import { idempotent } from "../middleware/idempotency.ts";
import { bearer, createRouter, idParam, json, jsonBody, pageOf, pageQuery, problems, projectIdSchema } from "../router.ts";

const metadataSchema = z.record(z.string(), z.unknown());
const entitySchema = z
  .object({
    id: z.string(),
    project_id: z.string().nullable(),
    entity_type: z.string(),
    name: z.string(),
    primary_contact: z.string(),
    metadata: metadataSchema,
    created_at: z.string(),
    updated_at: z.string(),
  })
  .openapi("Entity");

export const shownEntity = (entity: Entity) => ({
  id: entity.id,
  project_id: entity.project_id,
  entity_type: entity.entity_type,
  name: entity.name,
  primary_contact: entity.primary_contact,
  metadata: entity.metadata,
  created_at: iso(entity.created_at),
  updated_at: iso(entity.updated_at),
});

const list = createRoute({
  method: "get",
  path: "/api/entities",
  summary: "Leads and other entities, newest first; without raw_payload and call_transcription",
  security: bearer,
  middleware: [requires()] as const,
  request: {
    query: pageQuery.extend({
      type: z.string().max(60).optional(),
      project_id: projectIdSchema.optional(),
      status: z.string().max(60).optional(),
      q: z.string().max(200).optional().openapi({ description: "Words, or beginnings of words, in name, contact or message" }),
    }),
  },
  responses: { 200: json(pageOf(entitySchema)), ...problems(401, 403, 422) },
});

const create = createRoute({
  method: "post",
  path: "/api/entities",
  summary: "Add an entity by hand",
  security: bearer,
  middleware: [requires(), acceptsJson, idempotent] as const,
  request: jsonBody(
    z.object({
      project_id: projectIdSchema.nullable().default(null),
      entity_type: z.string().regex(/^[a-z][a-z0-9_]{0,59}$/),
      name: z.string().max(200).default(""),
      primary_contact: z.string().max(254).default(""),
      metadata: metadataSchema.default({}),
    }),
  ),
  responses: { 201: json(entitySchema), ...problems(400, 401, 403, 404, 413, 415, 422) },
});

const get = createRoute({
  method: "get",
  path: "/api/entities/{id}",
  summary: "One entity, whole",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam },
  responses: { 200: json(entitySchema), ...problems(401, 403, 404) },
});

const patch = createRoute({
  method: "patch",
  path: "/api/entities/{id}",
  summary: "Change an entity; metadata is merged (RFC 7396: null removes a key)",
  security: bearer,
  middleware: [requires(), acceptsJson] as const,
  request: {
    params: idParam,
    ...jsonBody(z.object({ name: z.string().max(200).optional(), primary_contact: z.string().max(254).optional(), metadata: metadataSchema.optional() })),
  },
  responses: { 200: json(entitySchema), ...problems(400, 401, 403, 404, 413, 415, 422) },
});

/** Of a lead that is there, by its project's country. */
const ringable = async (memory: TenantMemory, id: string, metadata: Record<string, unknown>): Promise<Record<string, unknown>> => {
  const { entity_type, project_id } = await memory.entities.get(id);
  if (entity_type !== "lead") return metadata;
  return withRingablePhone(metadata, project_id === null ? null : (await memory.projects.get(project_id)).country);
};

export const entitiesRoutes = createRouter()
  .openapi(list, async (c) => {
    const { limit, cursor, ...filter } = c.req.valid("query");
    const page = await memoryOf(c).entities.list(filter, { limit, cursor });
    return c.json({ items: page.items.map(shownEntity), next_cursor: page.next_cursor }, 200);
  })
  .openapi(create, async (c) => {
    const memory = memoryOf(c);
    const input = c.req.valid("json");
    const country = input.project_id === null ? null : (await memory.projects.get(input.project_id)).country;
    const entity = await memory.entities.create(input.entity_type === "lead" ? { ...input, metadata: withRingablePhone(input.metadata, country) } : input);
    announce(c, entity);
    return c.json(shownEntity(entity), 201);
  })
  .openapi(get, async (c) => c.json(shownEntity(await memoryOf(c).entities.get(c.req.valid("param").id)), 200))
  .openapi(patch, async (c) => {
    const memory = memoryOf(c);
    const { id } = c.req.valid("param");
    const change = c.req.valid("json");
    const entity = await memory.entities.patch(id, change.metadata?.["phone"] === undefined ? change : { ...change, metadata: await ringable(memory, id, change.metadata) });
    announce(c, entity);
    return c.json(shownEntity(entity), 200);
  });
