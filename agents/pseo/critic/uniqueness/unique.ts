import type { TenantMemory } from "../../../../core/memory/memory.ts";
import type { SimilarTexts } from "../../../../core/memory/similar/similar-texts.ts";
import type { Page } from "../../page.ts";
import { visibleText } from "../../visible-text.ts";
import type { Finding, PageContent } from "../../page.schemas.ts";
import { bandsOf, resemblance, signatureFrom, signatureOf, signatureText } from "./minhash.ts";
import { comparedWords, shinglesOf } from "./shingles.ts";

/** Of the words in a row that two pages have in common, their subject left out. Above it one is a copy of the other. */
export const MOST_SHINGLES = 0.6;
/**
 * Of two pages' meaning (cosine). Pages of one business about one service are near each other by nature; beyond this one says nothing
 * that the other does not.
 */
const MOST_LIKENESS = 0.985;
const NEIGHBOURS = 5;

export interface UniquenessTools {
  memory: Pick<TenantMemory, "pagePrints" | "keyed">;
  similar: SimilarTexts;
}

export interface Likest {
  page_id: string;
  /** 0 to 1. */
  score: number;
}

export const printOf = (page: Pick<Page, "id" | "project_id" | "metadata">, content: PageContent, version: string) => {
  const signature = signatureOf(shinglesOf(comparedWords(content, page.metadata)));
  return { page_id: page.id, project_id: page.project_id, version, signature: signatureText(signature), bands: bandsOf(signature) };
};

/** The page that came before and has most words in common; null where none has many. Reads as many rows as there are pages that share a band. */
export const likestByWords = async ({ memory }: Pick<UniquenessTools, "memory">, print: ReturnType<typeof printOf>): Promise<Likest | null> => {
  await memory.pagePrints.claim(print);
  const own = signatureFrom(print.signature);
  const compared = (await memory.pagePrints.candidates(print)).filter(({ earlier }) => earlier).map(({ page_id, signature }) => ({ page_id, score: resemblance(own, signatureFrom(signature)) }));
  return compared.toSorted((a, b) => b.score - a.score)[0] ?? null;
};

const likestByMeaning = async ({ memory, similar }: UniquenessTools, page: Page, content: PageContent): Promise<Likest | null> => {
  const text = [content.title, visibleText(content.body_html), ...content.faq.flatMap(({ question, answer }) => [question, answer])].join("\n");
  const placed = await similar.place("pages", page.project_id, [{ id: page.id, text }]);
  const [found = []] = await similar.nearest("pages", page.project_id, placed, { limit: NEIGHBOURS });
  await similar.put("pages", page.project_id, placed);
  const near = found.filter(({ score }) => score > MOST_LIKENESS);
  if (near.length === 0) return null;
  // Only against pages that came first and still have their claim: of two alike one fails, not both.
  const earlier = new Set(await memory.pagePrints.earlierThan(page.id, near.map(({ id }) => id)));
  const [likest] = near.filter(({ id }) => earlier.has(id));
  return likest === undefined ? null : { page_id: likest.id, score: likest.score };
};

const nameOf = async ({ memory }: UniquenessTools, id: string): Promise<string> => (await memory.keyed.withIds([id]))[0]?.name ?? id;
const percent = (share: number): string => `${Math.round(share * 100)} %`;

/**
 * Whether the page says something that no page of the project before it says. Claims its words on the way: see `PagePrintsStore.claim`.
 * @throws AppError of the model gateway and the index
 */
export const checkUniqueness = async (tools: UniquenessTools, page: Page, content: PageContent, version: string): Promise<Finding[]> => {
  const suggestion = "Write it around what is true of this place only, in other words and another order, or merge the two pages.";
  const words = await likestByWords(tools, printOf(page, content, version));
  if (words !== null && words.score > MOST_SHINGLES) {
    return [{ rule: "uniqueness", severity: "error", line: null, message: `It has ${percent(words.score)} of its wording in common with ${JSON.stringify(await nameOf(tools, words.page_id))} (${words.page_id}).`.slice(0, 500), suggestion }];
  }
  const meaning = await likestByMeaning(tools, page, content);
  if (meaning !== null) {
    return [{ rule: "uniqueness", severity: "error", line: null, message: `It says the same as ${JSON.stringify(await nameOf(tools, meaning.page_id))} (${meaning.page_id}): likeness ${meaning.score.toFixed(3)}.`.slice(0, 500), suggestion }];
  }
  return [];
};
