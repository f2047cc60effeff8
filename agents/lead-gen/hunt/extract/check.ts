import { toE164 } from "../../../../core/phone.ts";
import type { Line } from "../../../../core/web/lines.ts";
import { phonesIn } from "../phones.ts";
import { folded } from "../words.ts";
import type { Draft } from "./draft.ts";
import type { PostAnswer } from "./model.ts";

/** A post is no longer than this. */
const MOST_LINES = 60;

const LINK_WORDS = /^(?:more|read more|view|details|open|see (?:more|post|job)|apply|reply|weiterlesen|ver más|lire la suite)$/i;

/** Whether the words stand there, letter by letter but for spaces, case and marks. */
const standsIn = (text: string, words: string): boolean => folded(words) !== "" && ` ${folded(text)} `.includes(` ${folded(words)} `);

/** The post's own address: of the link that is its title, else the one that says that it leads on; else the only one that its lines have. */
const linkOf = (lines: readonly Line[], title: string): string | null => {
  const links = lines.flatMap((line) => line.links);
  const named = links.find((link) => link.text !== "" && (standsIn(title, link.text) || standsIn(link.text, title)) && folded(link.text).length > 5);
  const only = new Set(links.map((link) => link.url)).size === 1 ? links[0] : undefined;
  return (named ?? links.find((link) => LINK_WORDS.test(link.text.trim().replace(/[.…»>]+$/, "").trim())) ?? only)?.url ?? null;
};

/**
 * What of a model's answer is true of the text that it was shown. Lines become the description; a title, place or phone that is not in
 * them is dropped, and a post without its title or lines with it. A phone is chosen among those that code finds in the lines.
 * @param shown which of `lines` it was shown: from, up to and without `to`
 */
export const checked = (posts: readonly PostAnswer[], lines: readonly Line[], shown: { from: number; to: number }, country: string): { drafts: Draft[]; made_up: number } => {
  const drafts: Draft[] = [];
  let made_up = 0;
  /** No line is two posts'. */
  let taken = shown.from;
  for (const post of posts.toSorted((one, other) => one.first_line - other.first_line)) {
    const from = Math.max(post.first_line - 1, taken);
    const to = Math.min(post.last_line, shown.to, from + MOST_LINES);
    const own = from < shown.from || from >= to ? [] : lines.slice(from, to);
    const text = own.map((line) => line.text).join("\n");
    if (own.length === 0 || !standsIn(text, post.title)) {
      made_up += 1;
      continue;
    }
    taken = to;
    const location = post.location === null || standsIn(text, post.location) ? post.location : null;
    const posted = post.posted === null || standsIn(text, post.posted) ? post.posted : null;
    const phones = phonesIn(text, country);
    const named = post.phone === null ? null : (toE164(post.phone, country) ?? phonesIn(post.phone, country)[0] ?? null);
    if (location !== post.location || posted !== post.posted || (post.phone !== null && (named === null || !phones.includes(named)))) made_up += 1;
    const phone = named !== null && phones.includes(named) ? named : (phones[0] ?? null);
    drafts.push({ title: post.title, url: linkOf(own, post.title), description: text, location, phone, posted, urgency: post.urgency, extraction: "model" });
  }
  return { drafts, made_up };
};
