import { createRoute, z } from "@hono/zod-openapi";
import { iso } from "../../core/clock.ts";
import { invalid, malformed } from "../../core/errors.ts";
import { readFormBody } from "../../core/intake/form-body.ts";
import { parseGoogleAdsBody, readGoogleAdsBody, readGoogleKey } from "../../core/intake/google-ads.ts";
import { readWordPressLead } from "../../core/intake/wordpress.ts";
import { takeIn } from "../intake.ts";
import { createRouter, json, problems } from "../router.ts";
import { textOf } from "../middleware/body.ts";

/** Two submissions of the same person within this time are one (API.md, "Lead intake"). */
const REPEAT_WINDOW_MS = 10 * 60_000;
/** A form's payload is kept for whoever must find out later what was sent; beyond this it is not a form's. */
const MAX_RAW_CHARS = 64_000;

const answerSchema = z.object({ lead_id: z.string(), status: z.enum(["accepted", "duplicate", "test"]) }).openapi("IntakeAnswer");
const projectQuery = z.object({ project_id: z.string().optional().openapi({ description: "DEFAULT_PROJECT_ID, where set, when left out" }) });
const answers = { 200: json(answerSchema, "Lead and duty to call are durable"), ...problems(400, 401, 413, 422) };

const googleAds = createRoute({
  method: "post",
  path: "/api/webhooks/google-ads",
  summary: "Google Ads lead form webhook; `google_key` in the body is the project's key",
  request: { query: projectQuery },
  responses: answers,
});

const wordpress = createRoute({
  method: "post",
  path: "/api/webhooks/wordpress",
  summary: "WordPress form plugins: JSON, urlencoded or multipart; the key as ?key= or X-Apex-Key, and a signature where the project has a signing secret (see secrets/webhook-signing)",
  request: { query: projectQuery.extend({ key: z.string().optional() }) },
  responses: answers,
});

export const intakeRoutes = createRouter()
  .openapi(googleAds, async (c) => {
    const text = await textOf(c);
    const parsed = parseGoogleAdsBody(text);
    if (!parsed.ok) throw malformed("The body is not JSON.");
    const answer = await takeIn(c, "google_ads", readGoogleKey(parsed.body), async ({ project, delivery }) => {
      const read = readGoogleAdsBody(parsed.body, project.country);
      if (!read.ok) throw invalid(read.errors);
      const { lead, lead_id, is_test, ids, lead_submit_time } = read.value;
      return {
        project,
        dna: await c.var.services.dna.load(project),
        lead,
        test: is_test ? "vendor" : null,
        // Every test of Google's has the same lead_id, and each is to be stored.
        dedupe: lead_id === null || is_test ? null : { key: `google:${lead_id}`, withinMs: null },
        delivery,
        extra: { ...ids, google_lead_id: lead_id, lead_submit_time, raw_payload: withoutKey(parsed.body) },
      };
    });
    return c.json(answer, 200);
  })
  .openapi(wordpress, async (c) => {
    const answer = await takeIn(c, "wordpress", c.req.header("X-Apex-Key") ?? c.req.query("key"), async ({ project, delivery }) => {
      const contentType = c.req.header("Content-Type") ?? null;
      const read = await readFormBody(new Uint8Array(await c.req.arrayBuffer()), contentType);
      if (!read.ok) throw malformed("The body is neither JSON nor a form.");
      const dna = await c.var.services.dna.load(project);
      const { lead, submission_id } = readWordPressLead(read.fields, { country: project.country, mapping: dna.modules.lead_gen.form_mapping });
      const person = lead.phone ?? lead.email;
      return {
        project,
        dna,
        lead,
        test: null,
        dedupe: person === null ? null : { key: `wordpress:${person}`, withinMs: REPEAT_WINDOW_MS },
        delivery,
        extra: { submission_id, raw_payload: { content_type: contentType, received_at: iso(c.var.services.clock.now()), fields: bounded(read.fields) } },
      };
    });
    return c.json(answer, 200);
  });

/** The payload is kept; the project's key that it bears is not. */
const withoutKey = (body: unknown): unknown => {
  if (typeof body !== "object" || body === null) return body;
  const { google_key: _, ...rest } = body as Record<string, unknown>;
  return bounded(rest);
};

const bounded = (value: unknown): unknown => {
  const text = JSON.stringify(value);
  return text.length <= MAX_RAW_CHARS ? value : { truncated: text.slice(0, MAX_RAW_CHARS) };
};
