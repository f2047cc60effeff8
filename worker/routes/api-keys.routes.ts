import { createRoute, z } from "@hono/zod-openapi";
import { iso, isoOrNull } from "../../core/clock.ts";
import { isoTime } from "../../core/iso-time.schema.ts";
import { forbidden, invalid, notFound } from "../../core/errors.ts";
import type { ApiKey } from "../../core/memory/identity.directory.ts";
import { newApiKey } from "../../core/security/api-keys.ts";
import { SCOPES } from "../../core/security/scopes.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { acceptsJson } from "../middleware/body.ts";
import { idempotentBut } from "../middleware/idempotency.ts";
import { bearer, createRouter, idParam, json, jsonBody, pageOf, pageQuery, problems } from "../router.ts";

const listedSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string().openapi({ description: "How the key begins" }),
    scopes: z.array(z.string()),
    user_id: z.string().openapi({ description: "Who made it" }),
    created_at: z.string(),
    expires_at: z.string().nullable(),
    last_used_at: z.string().nullable().openapi({ description: "To the minute" }),
  })
  .openapi("ApiKey");
const createdSchema = listedSchema.extend({ key: z.string().optional().openapi({ description: "Shown this once: only its hash is kept" }) }).openapi("NewApiKey");

const shown = ({ id, name, prefix, scopes, user_id, created_at, expires_at, last_used_at }: ApiKey) => ({ id, name, prefix, scopes, user_id, created_at: iso(created_at), expires_at: isoOrNull(expires_at), last_used_at: isoOrNull(last_used_at) });

const create = createRoute({
  method: "post",
  path: "/api/api-keys",
  summary: "Make an API key with some of my scopes; a repetition under the same Idempotency-Key answers without `key`",
  security: bearer,
  middleware: [requires(), acceptsJson, idempotentBut("key")] as const,
  request: jsonBody(z.object({ name: z.string().trim().min(1).max(120), scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length), expires_at: isoTime.optional() })),
  responses: { 201: json(createdSchema, "The key, shown this once"), ...problems(400, 401, 403, 409, 413, 415, 422) },
});

const list = createRoute({
  method: "get",
  path: "/api/api-keys",
  summary: "API keys, newest first, without the keys themselves",
  security: bearer,
  middleware: [requires()] as const,
  request: { query: pageQuery },
  responses: { 200: json(pageOf(listedSchema)), ...problems(401, 403, 422) },
});

const revoke = createRoute({
  method: "delete",
  path: "/api/api-keys/{id}",
  summary: "Revoke an API key: refused from then on",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam },
  responses: { 204: { description: "Revoked" }, ...problems(401, 403, 404) },
});

export const apiKeysRoutes = createRouter()
  .openapi(create, async (c) => {
    const { principal, services } = c.var;
    const { name, scopes, expires_at = null } = c.req.valid("json");
    const beyond = scopes.filter((scope) => !principal.scopes.includes(scope));
    if (beyond.length > 0) throw forbidden(`You do not have the scope ${beyond.join(", ")} yourself.`);
    if (expires_at !== null && expires_at <= services.clock.now()) throw invalid([{ path: "expires_at", message: "must be in the future" }]);
    const { key, hash, prefix } = newApiKey(c.var.services.settings.APEX_REGION);
    const row = await memoryOf(c).apiKeys.create({ user_id: principal.user_id, name, prefix, key_hash: hash, scopes: [...new Set(scopes)], expires_at });
    return c.json({ ...shown(row), key }, 201);
  })
  .openapi(list, async (c) => {
    const page = await memoryOf(c).apiKeys.list(c.req.valid("query"));
    return c.json({ items: page.items.map(shown), next_cursor: page.next_cursor }, 200);
  })
  .openapi(revoke, async (c) => {
    if (!(await memoryOf(c).apiKeys.revoke(c.req.valid("param").id))) throw notFound("api_key");
    return c.body(null, 204);
  });
