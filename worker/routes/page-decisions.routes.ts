import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { type Decision, decideOnPage } from "../../agents/pseo/decide.ts";
import { asPage } from "../../agents/pseo/page.ts";
import { announce } from "../live.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { acceptsJson } from "../middleware/body.ts";
import { bearer, createRouter, idParam, json, jsonBody, problems } from "../router.ts";
import type { AppEnv } from "../services.ts";
import { pageEntityOf } from "./pages.routes.ts";
import { pageSummarySchema, shownSummary } from "./pages.schemas.ts";

const MOST_LETTERS = 500;

const decision = <Path extends string>(path: Path, summary: string) =>
  createRoute({ method: "post", path, summary, security: bearer, middleware: [requires()] as const, request: { params: idParam }, responses: { 200: json(pageSummarySchema), ...problems(401, 403, 404, 409, 422) } });

const hold = decision("/api/pages/{id}/hold", "Keep a page from every stage, as it is. What is out stays out; to take it down is `publish`/`unpublish`");
const release = decision("/api/pages/{id}/release", "Let a page that was held go on where it was");
const approve = decision("/api/pages/{id}/approve", "A person's word in place of the critic's: the page may go out");
const rewrite = createRoute({
  method: "post",
  path: "/api/pages/{id}/rewrite",
  summary: "Have a page written again, with a remark that the writer is told",
  description: "What is out stays as it is until another text has passed.",
  security: bearer,
  middleware: [requires(), acceptsJson] as const,
  request: { params: idParam, ...jsonBody(z.object({ note: z.string().trim().min(1).max(MOST_LETTERS).optional().openapi({ description: "What should be different" }) })) },
  responses: { 200: json(pageSummarySchema), ...problems(400, 401, 403, 404, 409, 415, 422) },
});

const decide = async (c: Context<AppEnv>, id: string, verb: Decision, note?: string) => {
  const entity = await pageEntityOf(c, id);
  const changed = await decideOnPage(memoryOf(c), entity, verb, { note, now: c.var.services.clock.now() });
  announce(c, changed);
  return shownSummary(asPage(changed), changed.updated_at);
};

export const pageDecisionsRoutes = createRouter()
  .openapi(hold, async (c) => c.json(await decide(c, c.req.valid("param").id, "hold"), 200))
  .openapi(release, async (c) => c.json(await decide(c, c.req.valid("param").id, "release"), 200))
  .openapi(approve, async (c) => c.json(await decide(c, c.req.valid("param").id, "approve"), 200))
  .openapi(rewrite, async (c) => c.json(await decide(c, c.req.valid("param").id, "rewrite", c.req.valid("json").note), 200));
