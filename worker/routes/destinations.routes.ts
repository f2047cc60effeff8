import { createRoute, z } from "@hono/zod-openapi";
import { iso } from "../../core/clock.ts";
import { hashCode } from "../../core/contact/verification-code.ts";
import { peopleOf } from "../../core/dna/schema.ts";
import { invalid } from "../../core/errors.ts";
import { policyOf } from "../../core/security/consent/policy.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { acceptsJson } from "../middleware/body.ts";
import { bearer, createRouter, e164Schema, json, jsonBody, problems, projectParam } from "../router.ts";
import { sendCode } from "../verify-destination.ts";

const phoneParam = projectParam.extend({ phone: e164Schema });
const destinationSchema = z.object({ phone: z.string(), name: z.string().nullable(), verified_at: z.string().nullable() }).openapi("Destination");

const list = createRoute({
  method: "get",
  path: "/api/projects/{project_id}/destinations",
  summary: "Phones that the DNA has rung, and others that were verified",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: projectParam },
  responses: { 200: json(z.object({ items: z.array(destinationSchema) })), ...problems(401, 403, 404, 422) },
});

const verify = createRoute({
  method: "post",
  path: "/api/projects/{project_id}/destinations/{phone}/verify",
  summary: "Send a code to a phone of the business; until one is verified, a tenant has a few contacts a day",
  security: bearer,
  middleware: [requires(), acceptsJson] as const,
  request: { params: phoneParam, ...jsonBody(z.object({ channel: z.enum(["sms", "call"]).default("sms") })) },
  responses: { 202: json(z.object({ expires_at: z.string() }), "On its way; a newer code replaces an older one"), ...problems(400, 401, 403, 404, 415, 422, 429, 502) },
});

const confirm = createRoute({
  method: "post",
  path: "/api/projects/{project_id}/destinations/{phone}/confirm",
  summary: "Give the code back: the phone is verified",
  security: bearer,
  middleware: [requires(), acceptsJson] as const,
  request: { params: phoneParam, ...jsonBody(z.object({ code: z.string().trim().regex(/^\d{6}$/, "must be the six digits that were sent") })) },
  responses: { 204: { description: "Verified" }, ...problems(400, 401, 403, 404, 415, 422) },
});

const WHY_NOT = { wrong_code: "is not the code that was sent last", no_code: "there is no code to confirm: ask for a new one" };

export const destinationsRoutes = createRouter()
  .openapi(list, async (c) => {
    const memory = memoryOf(c);
    const project = await memory.projects.get(c.req.valid("param").project_id);
    const [dna, verified] = await Promise.all([c.var.services.dna.load(project), memory.destinations.verifiedOf(project.id)]);
    const named = new Map(peopleOf(dna.modules.lead_gen.sales_bridge).map(({ phone, name }) => [phone, name] as const));
    const phones = new Set([...named.keys(), ...verified.keys()]);
    const at = (phone: string): string | null => {
      const since = verified.get(phone);
      return since === undefined ? null : iso(since);
    };
    return c.json({ items: [...phones].map((phone) => ({ phone, name: named.get(phone) ?? null, verified_at: at(phone) })) }, 200);
  })
  .openapi(verify, async (c) => {
    const { services } = c.var;
    const memory = memoryOf(c);
    const { project_id, phone } = c.req.valid("param");
    const project = await memory.projects.get(project_id);
    const policy = policyOf(await services.dna.load(project));
    const check = await sendCode(services, memory, { project_id: project.id, phone, channel: c.req.valid("json").channel, policy });
    return c.json({ expires_at: iso(check.expires_at) }, 202);
  })
  .openapi(confirm, async (c) => {
    const memory = memoryOf(c);
    const { project_id, phone } = c.req.valid("param");
    const project = await memory.projects.get(project_id);
    const hash = hashCode(c.var.services.settings.APEX_JWT_SECRET, { tenant_id: memory.tenantId, phone }, c.req.valid("json").code);
    const confirmed = await memory.destinations.confirm(project.id, phone, hash);
    if (!confirmed.ok) throw invalid([{ path: "code", message: WHY_NOT[confirmed.because] }]);
    return c.body(null, 204);
  });
