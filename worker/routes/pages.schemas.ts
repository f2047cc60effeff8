import { z } from "@hono/zod-openapi";
import { auditFiguresSchema, indexStates, liveStates, searchSchema } from "../../agents/pseo/analytics/analytics.schemas.ts";
import type { Page } from "../../agents/pseo/page.ts";
import { type PageContent, pageStatuses } from "../../agents/pseo/page.schemas.ts";
import { placements, targetNames } from "../../agents/pseo/publisher/target.ts";
import { iso } from "../../core/clock.ts";

const figuresSchema = z.object({
  days: z.number().int(),
  at: z.string(),
  live: z.enum(liveStates),
  indexed: z.enum(indexStates),
  views: z.number().int().nullable(),
  leads: z.number().int(),
  calls: z.number().int(),
  won: z.number().int(),
  clicks: z.number().nullable(),
  impressions: z.number().nullable(),
  position: z.number().nullable(),
});

const placementSchema = z.object({
  target: z.enum(targetNames),
  placement: z.enum(placements),
  url: z.string().nullable(),
  at: z.string(),
  version: z.string().nullable().openapi({ description: "Of the text that is there; null: it went out before that was noted" }),
  notes: z.array(z.string()),
});

export const pageSummarySchema = z
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
    expected_value: z.number().openapi({ description: "Calls a month by guesses that are the same for all pages: it ranks, and promises nothing" }),
    drafts: z.number().int(),
    version: z.string().nullable().openapi({ description: "Of its current text" }),
    words: z.number().int().nullable(),
    score: z.number().nullable().openapi({ description: "The critic's, of the current text; null: not reviewed" }),
    needs_person: z.string().nullable().openapi({ description: "Why a person has to decide" }),
    problem: z.object({ target: z.string(), code: z.string(), message: z.string(), at: z.string() }).nullable().openapi({ description: "Why it could not be brought out" }),
    targets: z.array(placementSchema),
    figures: figuresSchema.nullable().openapi({ description: "As of the last audit; null: none yet" }),
    updated_at: z.string(),
  })
  .openapi("PageSummary");

const needsPersonSchema = z.object({ why: z.string() });
const problemSchema = z.object({ target: z.string(), code: z.string(), message: z.string(), at: z.number() });

const figuresOf = ({ audit, search }: Record<string, unknown>): z.infer<typeof figuresSchema> | null => {
  const found = auditFiguresSchema.safeParse(audit).data;
  if (found === undefined) return null;
  const { days, at, live, indexed, views, leads, calls, won } = found;
  const searched = searchSchema.safeParse(search).data;
  return { days, at: iso(at), live, indexed, views, leads, calls, won, clicks: searched?.clicks ?? null, impressions: searched?.impressions ?? null, position: searched?.position ?? null };
};

/** What tells a page in a list. */
export const shownSummary = ({ id, project_id, name, metadata }: Page, updatedAt: number): z.infer<typeof pageSummarySchema> => {
  const { status, path, service, place, intent, primary_keyword, expected_value, drafts, content, review, published = {} } = metadata;
  const problem = problemSchema.safeParse(metadata["publish_problem"]).data;
  return {
    id, project_id, name, status, path, intent, primary_keyword, expected_value, drafts,
    service: service.name,
    place: place?.name ?? null,
    version: content?.version ?? null,
    words: content?.words ?? null,
    score: review !== null && review.sha256 === content?.sha256 ? review.score : null,
    needs_person: needsPersonSchema.safeParse(metadata["needs_person"]).data?.why ?? null,
    problem: problem === undefined ? null : { ...problem, at: iso(problem.at) },
    targets: targetNames.flatMap((target) => {
      const state = published[target];
      return state === undefined ? [] : [{ target, placement: state.placement, url: state.url, at: iso(state.at), version: state.version ?? null, notes: state.notes }];
    }),
    figures: figuresOf(metadata),
    updated_at: iso(updatedAt),
  };
};

const sourceSchema = z
  .object({
    ref: z.string().openapi({ example: "s3", description: "As the body's `data-source` and the questions' `source` cite it" }),
    kind: z.enum(["dna", "passage", "anchor", "question"]),
    id: z.string().openapi({ description: "A path of the DNA, or the id of a passage of the brand brain or of an entity" }),
    text: z.string(),
    cited: z.number().int().openapi({ description: "In how many places of the page. 0: it was at hand and not used" }),
  })
  .openapi("PageSource");

const contentSchema = z
  .object({
    version: z.string(),
    sha256: z.string().nullable().openapi({ description: "Of the current text only" }),
    words: z.number().int(),
    written_at: z.string().nullable().openapi({ description: "Of the current text only" }),
    title: z.string(),
    meta_description: z.string(),
    h1: z.string(),
    body_html: z.string().openapi({ description: "Sanitised; sentences that hold a fact carry the sources that they rest on" }),
    faq: z.array(z.object({ question: z.string(), answer: z.string(), source: z.string().nullable() })),
    json_ld: z.array(z.record(z.string(), z.unknown())),
    sources: z.array(sourceSchema),
  })
  .openapi("PageContent");

const findingSchema = z.object({ rule: z.string(), severity: z.enum(["error", "warning"]), line: z.number().int().nullable(), message: z.string(), suggestion: z.string().nullable() }).openapi("PageFinding");

export const pageSchema = pageSummarySchema
  .extend({
    secondary_keywords: z.array(z.string()),
    demand: z.object({ volume: z.number().nullable(), competition: z.number().nullable(), source: z.enum(["estimated", "csv", "search_console"]) }),
    content: contentSchema.nullable().openapi({ description: "Null until it is written" }),
    review: z.object({ score: z.number(), passed: z.boolean(), current: z.boolean().openapi({ description: "Whether it is about this content, or an earlier one" }), reviewed_at: z.string(), findings: z.array(findingSchema) }).nullable(),
  })
  .openapi("Page");

/** How often each source is cited. */
const timesCited = (ref: string, { body_html, faq }: Pick<PageContent, "body_html" | "faq">): number =>
  [...body_html.matchAll(/data-source="([^"]*)"/g)].map(([, refs = ""]) => refs).concat(faq.map(({ source }) => source ?? "")).filter((refs) => refs.split(" ").includes(ref)).length;

export const shownSources = (content: PageContent) => content.sources.map((source) => ({ ...source, cited: timesCited(source.ref, content) }));

export const versionSchema = z
  .object({ version: z.string(), stored_at: z.string(), is_current: z.boolean(), live_on: z.array(z.enum(targetNames)).openapi({ description: "Where readers have this text" }) })
  .openapi("PageVersion");
