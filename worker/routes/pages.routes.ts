import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { getContent, listVersions } from "../../agents/pseo/page-content.ts";
import { asPage, type Page } from "../../agents/pseo/page.ts";
import { type PageContent, pageMetadataSchema, pageStatuses } from "../../agents/pseo/page.schemas.ts";
import { previewOf } from "../../agents/pseo/preview.ts";
import { targetNames } from "../../agents/pseo/publisher/target.ts";
import { targetsOf } from "../../agents/pseo/publisher/targets.ts";
import { wordsOf } from "../../agents/pseo/visible-text.ts";
import { iso } from "../../core/clock.ts";
import { AppError, notFound } from "../../core/errors.ts";
import type { Entity } from "../../core/memory/entities.store.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { bearer, createRouter, idParam, json, pageOf, pageQuery, problems, projectParam } from "../router.ts";
import type { AppEnv } from "../services.ts";
import { pageSchema, pageSummarySchema, shownSources, shownSummary, versionSchema } from "./pages.schemas.ts";

const list = createRoute({
  method: "get",
  path: "/api/projects/{project_id}/pages",
  summary: "A project's local pages, newest first, with their quality and what they bring",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: projectParam, query: pageQuery.extend({ status: z.enum(pageStatuses).optional(), q: z.string().max(200).optional().openapi({ description: "Words, or beginnings of words, in the name" }) }) },
  responses: { 200: json(pageOf(pageSummarySchema)), ...problems(401, 403, 404, 422) },
});

const VERSION = z.string().regex(/^[0-9a-f]{32}$/, "must be a version of the page's text");

const get = createRoute({
  method: "get",
  path: "/api/pages/{id}",
  summary: "A local page: its text, the sources that it was written from, and what the critic says of it",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam, query: z.object({ version: VERSION.optional().openapi({ description: "Shows an earlier text as `content`; default: the current one" }) }) },
  responses: { 200: json(pageSchema), ...problems(401, 403, 404, 422) },
});

const versions = createRoute({
  method: "get",
  path: "/api/pages/{id}/versions",
  summary: "Every text that the page has had, newest first",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam },
  responses: { 200: json(z.object({ items: z.array(versionSchema), next_cursor: z.null() })), ...problems(401, 403, 404, 422) },
});

const preview = createRoute({
  method: "get",
  path: "/api/pages/{id}/preview",
  summary: "The page as it would go out now, as one document that runs and fetches nothing",
  description: "To be shown in `<iframe sandbox srcdoc>`. Links are those that it would have on the target, and lead nowhere; pictures are in the document, up to 1.8 MB.",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam },
  responses: { 200: json(z.object({ target: z.enum(targetNames), version: z.string().nullable(), html: z.string().nullable().openapi({ description: "Null until it is written" }) }).openapi("PagePreview")), ...problems(401, 403, 404, 422) },
});

/** @throws AppError 404 for what is not a page of the caller's */
export const pageEntityOf = async (c: Context<AppEnv>, id: string): Promise<Entity> => {
  const entity = await memoryOf(c).entities.find(id);
  if (entity?.entity_type !== "page") throw notFound("page");
  return entity;
};

/** A version that is gone from storage says nothing against the rest of the page. */
const currentText = async (storage: R2Bucket, page: Page, version: string): Promise<PageContent | null> =>
  getContent(storage, page, version).catch((error: unknown) => {
    if (error instanceof AppError && error.status === 404) return null;
    throw error;
  });

const shownText = (page: Page, version: string, text: PageContent) => {
  const { content } = page.metadata;
  const current = content?.version === version ? content : null;
  return { version, sha256: current?.sha256 ?? null, words: wordsOf(text), written_at: current === null ? null : iso(current.written_at), ...text, sources: shownSources(text) };
};

const shownPage = (page: Page, updatedAt: number, text: { version: string; content: PageContent } | null) => {
  const { content, review, secondary_keywords, demand } = page.metadata;
  return {
    ...shownSummary(page, updatedAt),
    secondary_keywords,
    demand,
    content: text === null ? null : shownText(page, text.version, text.content),
    review: review === null ? null : { score: review.score, passed: review.passed, current: review.sha256 === content?.sha256, reviewed_at: iso(review.reviewed_at), findings: review.findings },
  };
};

export const pagesRoutes = createRouter()
  .openapi(list, async (c) => {
    const memory = memoryOf(c);
    const project = await memory.projects.get(c.req.valid("param").project_id);
    const { limit, cursor, ...filter } = c.req.valid("query");
    const page = await memory.entities.list({ ...filter, type: "page", project_id: project.id }, { limit, cursor });
    // Whose metadata somebody has spoilt is no page that could be shown as one; `/api/entities` has it.
    const items = page.items.flatMap((entity) => (pageMetadataSchema.safeParse(entity.metadata).success ? [shownSummary(asPage(entity), entity.updated_at)] : []));
    return c.json({ items, next_cursor: page.next_cursor }, 200);
  })
  .openapi(get, async (c) => {
    const entity = await pageEntityOf(c, c.req.valid("param").id);
    const page = asPage(entity);
    const { storage } = c.var.services;
    const asked = c.req.valid("query").version;
    const version = asked ?? page.metadata.content?.version;
    const content = version === undefined ? null : asked === undefined ? await currentText(storage, page, version) : await getContent(storage, page, version);
    return c.json(shownPage(page, entity.updated_at, version === undefined || content === null ? null : { version, content }), 200);
  })
  .openapi(versions, async (c) => {
    const page = asPage(await pageEntityOf(c, c.req.valid("param").id));
    const { content, published = {} } = page.metadata;
    const items = (await listVersions(c.var.services.storage, page)).map(({ version, stored_at }) => ({
      version,
      stored_at: iso(stored_at),
      is_current: version === content?.version,
      live_on: targetNames.filter((target) => published[target]?.placement === "live" && published[target].version === version),
    }));
    return c.json({ items, next_cursor: null }, 200);
  })
  .openapi(preview, async (c) => {
    const page = asPage(await pageEntityOf(c, c.req.valid("param").id));
    const { storage, dna: loader } = c.var.services;
    const memory = memoryOf(c);
    const project = await memory.projects.get(page.project_id);
    const dna = await loader.load(project);
    // Where both are, the business's own site is where people read it; nowhere yet: as our own frame shows it.
    const target = targetsOf(dna)[0] ?? "hosted";
    return c.json({ target, version: page.metadata.content?.version ?? null, html: await previewOf({ memory, storage, project, dna }, page, target) }, 200);
  });
