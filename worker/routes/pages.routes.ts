import { createRoute, z } from "@hono/zod-openapi";
import { getContent } from "../../agents/pseo/page-content.ts";
import { asPage } from "../../agents/pseo/page.ts";
import { pageStatuses } from "../../agents/pseo/page.schemas.ts";
import { iso } from "../../core/clock.ts";
import { AppError, notFound } from "../../core/errors.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { bearer, createRouter, idParam, json, problems } from "../router.ts";

const sourceSchema = z
  .object({
    ref: z.string().openapi({ example: "s3", description: "As the body's `data-source` and the questions' `source` cite it" }),
    kind: z.enum(["dna", "passage", "anchor", "question"]),
    id: z.string().openapi({ description: "A path of the DNA, or the id of a passage of the brand brain or of an entity" }),
    text: z.string(),
    cited: z.number().int().openapi({ description: "In how many places of the page. 0: it was at hand and not used" }),
  })
  .openapi("PageSource");

const contentSchema = z.object({
  version: z.string(),
  sha256: z.string(),
  words: z.number().int(),
  written_at: z.string(),
  title: z.string(),
  meta_description: z.string(),
  h1: z.string(),
  body_html: z.string().openapi({ description: "Sanitised; sentences that hold a fact carry the sources that they rest on" }),
  faq: z.array(z.object({ question: z.string(), answer: z.string(), source: z.string().nullable() })),
  json_ld: z.array(z.record(z.string(), z.unknown())),
  sources: z.array(sourceSchema),
});

const findingSchema = z.object({ rule: z.string(), severity: z.enum(["error", "warning"]), line: z.number().int().nullable(), message: z.string(), suggestion: z.string().nullable() });

const pageSchema = z
  .object({
    id: z.string(),
    project_id: z.string(),
    name: z.string(),
    status: z.enum(pageStatuses),
    path: z.string(),
    service: z.string(),
    place: z.string().nullable(),
    intent: z.string(),
    primary_keyword: z.string(),
    drafts: z.number().int(),
    content: contentSchema.nullable().openapi({ description: "Null until it is written" }),
    review: z.object({ score: z.number(), passed: z.boolean(), current: z.boolean().openapi({ description: "Whether it is about this content, or an earlier one" }), reviewed_at: z.string(), findings: z.array(findingSchema) }).nullable(),
  })
  .openapi("Page");

const get = createRoute({
  method: "get",
  path: "/api/pages/{id}",
  summary: "A local page: its text, the sources that it was written from, and what the critic says of it",
  description: "Pages are listed by `GET /api/entities?type=page`.",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam },
  responses: { 200: json(pageSchema), ...problems(401, 403, 404, 422) },
});

/** How often each source is cited. */
const timesCited = (ref: string, bodyHtml: string, faq: readonly { source: string | null }[]): number =>
  [...bodyHtml.matchAll(/data-source="([^"]*)"/g)].map(([, refs = ""]) => refs).concat(faq.map(({ source }) => source ?? "")).filter((refs) => refs.split(" ").includes(ref)).length;

export const pagesRoutes = createRouter().openapi(get, async (c) => {
  const memory = memoryOf(c);
  const entity = await memory.entities.find(c.req.valid("param").id);
  if (entity?.entity_type !== "page") throw notFound("page");
  const page = asPage(entity);
  const { content: stored, review, ...metadata } = page.metadata;
  // A version that is gone from storage says nothing against the rest of the page.
  const content = stored === null ? null : await getContent(c.var.services.storage, page, stored.version).catch((error: unknown) => {
    if (error instanceof AppError && error.status === 404) return null;
    throw error;
  });
  return c.json(
    {
      id: page.id,
      project_id: page.project_id,
      name: page.name,
      status: metadata.status,
      path: metadata.path,
      service: metadata.service.name,
      place: metadata.place?.name ?? null,
      intent: metadata.intent,
      primary_keyword: metadata.primary_keyword,
      drafts: metadata.drafts,
      content:
        stored === null || content === null
          ? null
          : {
              version: stored.version,
              sha256: stored.sha256,
              words: stored.words,
              written_at: iso(stored.written_at),
              ...content,
              sources: content.sources.map((source) => ({ ...source, cited: timesCited(source.ref, content.body_html, content.faq) })),
            },
      review: review === null ? null : { score: review.score, passed: review.passed, current: review.sha256 === stored?.sha256, reviewed_at: iso(review.reviewed_at), findings: review.findings },
    },
    200,
  );
});
