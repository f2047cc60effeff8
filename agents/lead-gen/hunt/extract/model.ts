import { z } from "zod";
import type { GeminiGateway } from "../../../../core/providers/gemini/gateway.ts";
import type { Usage } from "../../../../core/providers/gemini/client.ts";
import type { Line } from "../../../../core/web/lines.ts";
import { fenced, fenceRule, newMark } from "../../../fence.ts";
import { ordersMachines } from "../orders-to-machines.ts";
import { checked } from "./check.ts";
import type { Draft } from "./draft.ts";

/** Characters of a question; a list of thirty posts has some 12,000. */
export const LONGEST_QUESTION = 14_000;
/** Of one page. What is further down is left to the next hunt. */
export const MOST_QUESTIONS = 4;
const MAX_OUTPUT_TOKENS = 8192;
const MAX_LINE = 1200;
/** A post that lies on the edge of two questions stands in both. */
const OVERLAP = 6;

const postSchema = z.object({
  title: z.string().describe("What is wanted, in the post's own words, copied letter by letter from one of its lines: its heading, or its first sentence"),
  first_line: z.number().int().describe("The number of the post's first line"),
  last_line: z.number().int().describe("The number of its last line: not of the next post, an advert or the page's own words"),
  location: z.string().nullable().describe("The place where the work is, copied from the post's lines; null if it names none"),
  phone: z.string().nullable().describe("The phone of whoever wrote it, copied from the post's lines; null if it shows none"),
  posted: z.string().nullable().describe("When it was written, copied from the post's lines, e.g. 2 hours ago; null if it does not say"),
  urgency: z.enum(["low", "medium", "high"]).nullable().describe("How soon it must be done, by what the post says; null if it says nothing"),
});
const postsAnswerSchema = z.object({ posts: z.array(postSchema).describe("Each post in which somebody looks for work to be done for them, in their order; not adverts, not people who offer their services, not the page's own words") });
export type PostAnswer = z.infer<typeof postSchema>;

const systemFor = (mark: string): string =>
  [
    "You read the text of web pages, mails and messages on which people post that they need a tradesperson, and say where each post begins and ends.",
    "Lines are numbered. Copy, do not translate, improve or guess. A list without posts is empty.",
    fenceRule(mark, "written"),
  ].join("\n");

interface Piece {
  from: number;
  lines: readonly Line[];
}

const piecesOf = (lines: readonly Line[]): Piece[] => {
  const pieces: Piece[] = [];
  for (let from = 0; from < lines.length && pieces.length < MOST_QUESTIONS; ) {
    let size = 0;
    let to = from;
    while (to < lines.length && size < LONGEST_QUESTION) size += Math.min(MAX_LINE, lines[to++]?.text.length ?? 0) + 8;
    pieces.push({ from, lines: lines.slice(from, to) });
    if (to >= lines.length) break;
    from = Math.max(from + 1, to - OVERLAP);
  }
  return pieces;
};

export interface Asked {
  drafts: Draft[];
  /** What the model said and the page does not: titles, places, phones, lines. */
  made_up: number;
  usages: Usage[];
}

/**
 * Has the model find the posts in a text that says to machines nothing of where they are. It names lines; titles, places and phones that
 * are not in them are dropped, and addresses are the lines' own links (`check.ts`).
 * @param mayAsk asked before each question: false when the money is spent
 * @throws AppError of `gemini.errors.ts`
 */
export const askForPosts = async (
  gateway: Pick<GeminiGateway, "generate">,
  { lines: all, country, mayAsk, fence = newMark }: { lines: readonly Line[]; country: string; mayAsk: (usages: readonly Usage[], characters: number) => boolean; fence?: () => string },
): Promise<Asked> => {
  const lines = all.filter((line) => line.text !== "" && !ordersMachines(line.text));
  const asked: Asked = { drafts: [], made_up: 0, usages: [] };
  for (const { from, lines: piece } of piecesOf(lines)) {
    const mark = fence();
    const text = piece.map((line, index) => `${from + index + 1}| ${line.text.slice(0, MAX_LINE)}`).join("\n");
    if (!mayAsk(asked.usages, text.length)) break;
    const { value, usage } = await gateway.generate({ purpose: "analysis", system: systemFor(mark), parts: [{ text: `The lines:\n${fenced(mark, text)}` }], schema: postsAnswerSchema, maxOutputTokens: MAX_OUTPUT_TOKENS });
    asked.usages.push(usage);
    const { drafts, made_up } = checked(value.posts, lines, { from, to: from + piece.length }, country);
    // Of the overlap: the later reading has the whole post.
    asked.drafts = [...asked.drafts.filter((old) => !drafts.some((draft) => draft.title === old.title)), ...drafts];
    asked.made_up += made_up;
  }
  return asked;
};
