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

/** Where a page is live, on any target. */
export const addressesOf = ({ metadata: { published } }: ListedPage): string[] =>
  [published?.hosted, published?.wordpress].flatMap((state) => (state?.placement === "live" && state.url !== null ? [state.url] : []));

const SHOWN_SOURCES = 4;
/** What is true of this page only comes before what is true of the business. */
const RANK: Readonly<Record<string, number>> = { anchor: 0, question: 1, passage: 2 };
const rankOf = (kind: string): number => RANK[kind] ?? 3;

/** A page in some lines: where it is, what the critic gave it, and what it rests on. */
export const renderPage = (listed: ListedPage, page: Page, { paint, width }: { paint: Paint; width: number }): string[] => {
  const addresses = addressesOf(listed);
  const cited = (page.content?.sources ?? []).filter(({ cited: times }) => times > 0).toSorted((a, b) => rankOf(a.kind) - rankOf(b.kind) || b.cited - a.cited);
  const more = cited.length - SHOWN_SOURCES;
  const trouble = page.review?.findings.filter(({ severity }) => severity === "error").map(({ rule, message }) => `${rule}: ${message}`) ?? [];
  return [
    `  ${paint("strong", listed.name)}  ${paint(addresses.length > 0 ? "good" : "bad", listed.metadata.status)}${page.review === null ? "" : `, score ${page.review.score}`}${page.content === null ? "" : `, ${page.content.words} words`}`,
    ...addresses.map((address) => `    ${address}`),
    ...cited.slice(0, SHOWN_SOURCES).flatMap(({ kind, text }) => hang(`    ${kind.padEnd(9)}`, text, width)),
    ...(more > 0 ? [`    ${paint("quiet", `and ${more} more sources: GET /api/pages/${listed.id}`)}`] : []),
    ...(addresses.length > 0 ? [] : trouble.slice(0, 3).flatMap((text) => hang("    ", paint("bad", text), width))),
  ];
};
