import { createRoute, z } from "@hono/zod-openapi";
import { invalid, notFound } from "../../core/errors.ts";
import { signingSecretOf } from "../../core/memory/secrets.store.ts";
import { readPrivateKey } from "../../core/providers/search-console/access-token.ts";
import { faultInSecret, signingSchemes } from "../../core/security/webhook-signatures.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { acceptsJson } from "../middleware/body.ts";
import { bearer, createRouter, json, jsonBody, problems, projectParam } from "../router.ts";

const NAME = "wordpress";
const MASK = "••••";

const put = createRoute({
  method: "put",
  path: "/api/projects/{project_id}/secrets/wordpress",
  summary: "Keep the business website's address and application password",
  security: bearer,
  middleware: [requires(), acceptsJson] as const,
  request: { params: projectParam, ...jsonBody(z.object({ url: z.string().max(2048), username: z.string().trim().min(1).max(200), application_password: z.string().min(1).max(500) })) },
  responses: { 204: { description: "Kept, sealed" }, ...problems(400, 401, 403, 404, 413, 415, 422) },
});

const get = createRoute({
  method: "get",
  path: "/api/projects/{project_id}/secrets/wordpress",
  summary: "What is kept, without the password",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: projectParam },
  responses: { 200: json(z.object({ url: z.string(), username: z.string(), application_password: z.string() }).openapi("WordpressSecret")), ...problems(401, 403, 404, 422) },
});

const SEARCH_CONSOLE = "search_console";
const SEARCH_CONSOLE_PATH = "/api/projects/{project_id}/secrets/search-console";
const siteUrlSchema = z
  .string()
  .max(2048)
  .refine((url) => /^sc-domain:[a-z0-9.-]+$/.test(url) || (/^https?:\/\/\S+\/$/.test(url) && URL.canParse(url)), "must be as Search Console shows it: sc-domain:example.com, or https://www.example.com/ with its slash")
  .openapi({ example: "sc-domain:example.com" });

const putSearchConsole = createRoute({
  method: "put",
  path: SEARCH_CONSOLE_PATH,
  summary: "Keep the service account that may read the website's Search Console property",
  security: bearer,
  middleware: [requires(), acceptsJson] as const,
  request: { params: projectParam, ...jsonBody(z.object({ site_url: siteUrlSchema, client_email: z.email().max(254), private_key: z.string().min(1).max(8000).openapi({ description: "Of the account's JSON file" }) })) },
  responses: { 204: { description: "Kept, sealed" }, ...problems(400, 401, 403, 404, 413, 415, 422) },
});

const getSearchConsole = createRoute({
  method: "get",
  path: SEARCH_CONSOLE_PATH,
  summary: "Which property and account are kept, without the key",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: projectParam },
  responses: { 200: json(z.object({ site_url: z.string(), client_email: z.string(), private_key: z.string() }).openapi("SearchConsoleSecret")), ...problems(401, 403, 404, 422) },
});

const SIGNING = signingSecretOf("wordpress");
const SIGNING_PATH = "/api/projects/{project_id}/secrets/webhook-signing";
const schemeSchema = z.enum(signingSchemes).openapi({ description: "`wpforms`: X-WPForms-Webhook-Signature; `standard_webhooks`: webhook-id, webhook-timestamp, webhook-signature (standardwebhooks.com)" });

const putSigning = createRoute({
  method: "put",
  path: SIGNING_PATH,
  summary: "From now on the WordPress webhook takes signed submissions only: the key and the signature must be right, at most 5 minutes old",
  security: bearer,
  middleware: [requires(), acceptsJson] as const,
  request: { params: projectParam, ...jsonBody(z.object({ scheme: schemeSchema, secret: z.string().trim().min(1).max(200) })) },
  responses: { 204: { description: "Kept, sealed" }, ...problems(400, 401, 403, 404, 413, 415, 422) },
});

const getSigning = createRoute({
  method: "get",
  path: SIGNING_PATH,
  summary: "How submissions are signed, without the secret",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: projectParam },
  responses: { 200: json(z.object({ scheme: schemeSchema, secret: z.string() }).openapi("WebhookSigning")), ...problems(401, 403, 404, 422) },
});

const deleteSigning = createRoute({
  method: "delete",
  path: SIGNING_PATH,
  summary: "The key alone is enough again",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: projectParam },
  responses: { 204: { description: "Forgotten" }, ...problems(401, 403, 404, 422) },
});

export const secretsRoutes = createRouter()
  .openapi(putSearchConsole, async (c) => {
    const memory = memoryOf(c);
    const { site_url, client_email, private_key } = c.req.valid("json");
    const { id } = await memory.projects.get(c.req.valid("param").project_id);
    await readPrivateKey(private_key).catch(() => {
      throw invalid([{ path: "private_key", message: "must be the account's RSA key in PEM (-----BEGIN PRIVATE KEY-----)" }]);
    });
    const sealed = await c.var.services.vault.seal(JSON.stringify({ private_key }), { tenant_id: memory.tenantId, project_id: id, name: SEARCH_CONSOLE });
    await memory.secrets.put(id, SEARCH_CONSOLE, { sealed, shown: { site_url, client_email } });
    return c.body(null, 204);
  })
  .openapi(getSearchConsole, async (c) => {
    const memory = memoryOf(c);
    const { id } = await memory.projects.get(c.req.valid("param").project_id);
    const shown = await memory.secrets.shown(id, SEARCH_CONSOLE);
    if (!shown) throw notFound("secret");
    return c.json({ site_url: shown.site_url ?? "", client_email: shown.client_email ?? "", private_key: MASK }, 200);
  })
  .openapi(putSigning, async (c) => {
    const memory = memoryOf(c);
    const { scheme, secret } = c.req.valid("json");
    const { id } = await memory.projects.get(c.req.valid("param").project_id);
    const fault = faultInSecret(scheme, secret);
    if (fault !== null) throw invalid([{ path: "secret", message: fault }]);
    const sealed = await c.var.services.vault.seal(secret, { tenant_id: memory.tenantId, project_id: id, name: SIGNING });
    await memory.secrets.put(id, SIGNING, { sealed, shown: { scheme } });
    return c.body(null, 204);
  })
  .openapi(getSigning, async (c) => {
    const memory = memoryOf(c);
    const { id } = await memory.projects.get(c.req.valid("param").project_id);
    const shown = await memory.secrets.shown(id, SIGNING);
    if (!shown) throw notFound("secret");
    return c.json({ scheme: z.enum(signingSchemes).parse(shown.scheme), secret: MASK }, 200);
  })
  .openapi(deleteSigning, async (c) => {
    const memory = memoryOf(c);
    const { id } = await memory.projects.get(c.req.valid("param").project_id);
    if (!(await memory.secrets.remove(id, SIGNING))) throw notFound("secret");
    return c.body(null, 204);
  })
  .openapi(put, async (c) => {
    const memory = memoryOf(c);
    const { vault, egress } = c.var.services;
    const input = c.req.valid("json");
    const { id } = await memory.projects.get(c.req.valid("param").project_id);
    // Its name is looked up when it is used: what it says now may change, and a site may not be there yet.
    egress.checkText(input.url);
    const sealed = await vault.seal(input.application_password, { tenant_id: memory.tenantId, project_id: id, name: NAME });
    await memory.secrets.put(id, NAME, { sealed, shown: { url: input.url, username: input.username } });
    return c.body(null, 204);
  })
  .openapi(get, async (c) => {
    const memory = memoryOf(c);
    const { id } = await memory.projects.get(c.req.valid("param").project_id);
    const shown = await memory.secrets.shown(id, NAME);
    if (!shown) throw notFound("secret");
    return c.json({ url: shown.url ?? "", username: shown.username ?? "", application_password: MASK }, 200);
  });
