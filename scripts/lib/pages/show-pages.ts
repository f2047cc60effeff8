import { z } from "zod";
import { hang, type Paint } from "../demo/text.ts";

/** A page as the API lists it (`GET /api/entities?type=page`), as far as it is shown. */
export const listedPageSchema = z.object({
  id: z.string(),
  name: z.string(),
  metadata: z.looseObject({
    status: z.string(),
    path: z.string(),
    expected_value: z.number(),
    /** `hub`: all services. */
    service: z.object({ slug: z.string() }),
    /** Null: it is about no place, but the contents of what is below it. */
    place: z.unknown(),
    published: z.object({ hosted: z.looseObject({ url: z.string().nullable(), placement: z.string() }).optional(), wordpress: z.looseObject({ url: z.string().nullable(), placement: z.string() }).optional() }).optional(),
  }),
});
export type ListedPage = z.infer<typeof listedPageSchema>;

/** `GET /api/pages/{id}`, as far as it is shown. */
export const pageSchema = z.object({
  id: z.string(),
  status: z.string(),
  content: z.object({ title: z.string(), words: z.number(), sources: z.array(z.object({ ref: z.string(), kind: z.string(), id: z.string(), text: z.string(), cited: z.number() })) }).nullable(),
  review: z.object({ score: z.number(), findings: z.array(z.object({ rule: z.string(), severity: z.string(), message: z.string() })) }).nullable(),
});
export type Page = z.infer<typeof pageSchema>;

export const TARGETS = ["hosted", "wordpress"] as const;
export type Target = (typeof TARGETS)[number];

/** Where a page is live on a target; null: nowhere. */
export const addressOn = ({ metadata: { published } }: ListedPage, target: Target): string | null => {
  const state = published?.[target];
  return state?.placement === "live" ? state.url : null;
};

/** Where a page is live, on any target. */
export const addressesOf = (page: ListedPage): string[] => TARGETS.flatMap((target) => addressOn(page, target) ?? []);

/** The page above all others: that of all services, else of one, the one that is worth most (docs/design/0016-hosted-pages.md, "Links"). */
export const hubOf = (pages: readonly ListedPage[]): ListedPage | undefined => {
  const rank = ({ metadata: { service, place } }: ListedPage): number => (place !== null ? 2 : service.slug === "hub" ? 0 : 1);
  return pages.toSorted((a, b) => rank(a) - rank(b) || b.metadata.expected_value - a.metadata.expected_value)[0];
};

const SHOWN_SOURCES = 4;
/** What is true of this page only comes before what is true of the business. */
const RANK: Readonly<Record<string, number>> = { anchor: 0, question: 1, passage: 2 };
const rankOf = (kind: string): number => RANK[kind] ?? 3;

/**
 * A page in some lines: where it is, what the critic gave it, and what it rests on.
 * @param troubles what is wrong with it where it is live
 */
export const renderPage = (listed: ListedPage, page: Page, troubles: readonly string[], { paint, width }: { paint: Paint; width: number }): string[] => {
  const addresses = addressesOf(listed);
  const cited = (page.content?.sources ?? []).filter(({ cited: times }) => times > 0).toSorted((a, b) => rankOf(a.kind) - rankOf(b.kind) || b.cited - a.cited);
  const more = cited.length - SHOWN_SOURCES;
  const refusal = page.review?.findings.filter(({ severity }) => severity === "error").map(({ rule, message }) => `${rule}: ${message}`) ?? [];
  return [
    `  ${paint("strong", listed.name)}  ${paint(addresses.length > 0 ? "good" : "bad", listed.metadata.status)}${page.review === null ? "" : `, score ${page.review.score}`}${page.content === null ? "" : `, ${page.content.words} words`}`,
    ...addresses.map((address) => `    ${address}`),
    ...troubles.flatMap((text) => hang("    ", paint("bad", text), width)),
    ...cited.slice(0, SHOWN_SOURCES).flatMap(({ kind, text }) => hang(`    ${kind.padEnd(9)}`, text, width)),
    ...(more > 0 ? [`    ${paint("quiet", `and ${more} more sources: GET /api/pages/${listed.id}`)}`] : []),
    ...(addresses.length > 0 ? [] : refusal.slice(0, 3).flatMap((text) => hang("    ", paint("bad", text), width))),
  ];
};
