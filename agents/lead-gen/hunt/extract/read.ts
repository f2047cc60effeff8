import type { Usage } from "../../../../core/providers/gemini/client.ts";
import type { GeminiGateway } from "../../../../core/providers/gemini/gateway.ts";
import { descendants, type Element, parseHtml, rawText } from "../../../../core/web/dom.ts";
import { readJsonLd } from "../../../../core/web/json-ld.ts";
import { baseOf, type Line, linesOf } from "../../../../core/web/lines.ts";
import { select } from "../../../../core/web/select.ts";
import { webUrl } from "../../../../core/web/visible.ts";
import type { Listing } from "../listing.ts";
import { type Draft, finish, type Reading } from "./draft.ts";
import { type FeedSource, postsInFeed, readFeed } from "./feed.ts";
import { postsInJsonLd } from "./json-ld.ts";
import { postsBySelectors, postsInMicrodata, type Selectors } from "./markup.ts";
import { askForPosts } from "./model.ts";

/** The model, and how much of it may be used; null: none is asked. */
export interface ModelTools {
  gateway: Pick<GeminiGateway, "generate">;
  mayAsk: (usages: readonly Usage[], characters: number) => boolean;
}

export interface Extracted {
  listings: Listing[];
  /** Addresses or titles of posts whose time is over. */
  expired: string[];
  /** The next page, as this one links to it. */
  next: string | null;
  made_up: number;
  usages: Usage[];
  /** The model would have been asked, and was not: there is none, or no money for it. */
  unread: boolean;
}

const nothing = (): Extracted => ({ listings: [], expired: [], next: null, made_up: 0, usages: [], unread: false });

/** The same post twice on a page, in JSON-LD and as a teaser say, is one. */
const unique = (listings: readonly Listing[]): Listing[] => {
  const seen = new Set<string>();
  return listings.filter(({ url, title, description }) => {
    const key = url ?? `${title}\n${description}`;
    return !seen.has(key) && seen.add(key);
  });
};

/** An address that several posts have is none of theirs: whoever goes by it would take them for one. */
const ownAddresses = (drafts: readonly Draft[]): Draft[] => {
  const titles = new Map<string, Set<string>>();
  for (const { url, title } of drafts) if (url !== null) titles.set(url, (titles.get(url) ?? new Set()).add(title));
  return drafts.map((draft) => (draft.url !== null && (titles.get(draft.url)?.size ?? 0) > 1 ? { ...draft, url: null } : draft));
};

const finished = (drafts: readonly Draft[], reading: Reading): Listing[] => unique(ownAddresses(drafts).flatMap((draft) => finish(draft, reading) ?? []));

const jsonLdOf = (root: Element): Record<string, unknown>[] =>
  [...descendants(root)].filter(({ name, attributes }) => name === "script" && /ld\+json/i.test(attributes["type"] ?? "")).flatMap((script) => readJsonLd(rawText(script)));

const nextOf = (root: Element, base: string, selector: string | undefined): string | null => {
  const [link] = selector === undefined ? [...descendants(root)].filter(({ name, attributes }) => (name === "a" || name === "link") && /\bnext\b/i.test(attributes["rel"] ?? "")) : select(root, selector);
  return link?.attributes["href"] === undefined ? null : webUrl(link.attributes["href"], base);
};

const askModel = async (lines: readonly Line[], reading: Reading, model: ModelTools | null): Promise<Pick<Extracted, "listings" | "made_up" | "usages" | "unread">> => {
  if (lines.every((line) => line.text === "")) return { listings: [], made_up: 0, usages: [], unread: false };
  let refused = model === null;
  if (model === null) return { listings: [], made_up: 0, usages: [], unread: refused };
  const mayAsk: ModelTools["mayAsk"] = (usages, characters) => {
    const may = model.mayAsk(usages, characters);
    refused ||= !may;
    return may;
  };
  const { drafts, made_up, usages } = await askForPosts(model.gateway, { lines, country: reading.country, mayAsk });
  return { listings: finished(drafts, reading), made_up, usages, unread: refused };
};

export interface PageToRead {
  html: string;
  url: string;
  selectors?: Selectors | undefined;
  next?: string | undefined;
}

/**
 * Reads a page in layers: what it says to machines (JSON-LD), its own markup (the source's selectors, else microdata), and where both say
 * nothing, the model, on its visible text.
 * @throws AppError of the model's gateway
 */
export const readListPage = async ({ html, url, selectors, next }: PageToRead, reading: Reading, model: ModelTools | null): Promise<Extracted> => {
  const root = parseHtml(html);
  const base = baseOf(root, url);
  const { drafts, expired } = postsInJsonLd(jsonLdOf(root), url, reading.now);
  const marked = selectors === undefined ? postsInMicrodata(root, base) : postsBySelectors(root, selectors, base);
  const listings = finished(merged(drafts, marked), reading);
  const found = { ...nothing(), listings, expired, next: nextOf(root, base, next) };
  if (listings.length > 0 || expired.length > 0) return found;
  return { ...found, ...(await askModel(linesOf(root, base), reading, model)) };
};

/** What both layers say of the same post: the first has the word, the second fills in. */
const merged = (first: readonly Draft[], second: readonly Draft[]): Draft[] => {
  const same = (one: Draft, other: Draft): boolean => (one.url !== null && one.url === other.url) || one.title === other.title;
  return [
    ...first.map((draft) => {
      const other = second.find((two) => same(draft, two));
      return other === undefined ? draft : { ...draft, url: draft.url ?? other.url, description: draft.description || other.description, location: draft.location ?? other.location, phone: draft.phone ?? other.phone, posted: draft.posted ?? other.posted };
    }),
    ...second.filter((draft) => !first.some((one) => same(one, draft))),
  ];
};

/** Reads a feed. Null when the text is none of its kind. */
export const readFeedPage = (source: FeedSource, { text, url }: { text: string; url: string }, reading: Reading): Extracted | null => {
  const feed = readFeed(source, text, url);
  return feed === null ? null : { ...nothing(), listings: finished(postsInFeed(feed, source), reading), next: feed.next };
};

/** A text without markup as lines, its addresses as links. */
export const linesOfText = (text: string): Line[] =>
  text.split(/\r\n?|\n/).map((line) => ({ text: line.replace(/\s+/g, " ").trim(), links: [...line.matchAll(/https?:\/\/[^\s<>"')\]]+/g)].flatMap(([found]) => webUrl(found.replace(/[.,;:!?]+$/, ""), found) ?? []).map((url) => ({ url, text: "" })) }));

/** Reads what somebody pasted, or a mail without markup. @param url where it is from, if they say so: the address of a post that names none, where there is but one */
export const readText = async ({ text, url }: { text: string; url: string | null }, reading: Reading, model: ModelTools | null): Promise<Extracted> => {
  const found = { ...nothing(), ...(await askModel(linesOfText(text), reading, model)) };
  const [only] = found.listings;
  return found.listings.length === 1 && only !== undefined ? { ...found, listings: [{ ...only, url: only.url ?? url }] } : found;
};

/** A post's own page laid over what its list said of it: what is new there is added, what was known stays. */
export const readDetails = async (listing: Listing, page: PageToRead, reading: Reading, model: ModelTools | null): Promise<Extracted & { listing: Listing }> => {
  const read = await readListPage(page, reading, model);
  const own = read.listings.find((one) => one.url === listing.url) ?? read.listings.find((one) => one.title === listing.title) ?? (read.listings.length === 1 ? read.listings[0] : undefined);
  if (own === undefined) return { ...read, listing };
  const longer = own.description.length > listing.description.length;
  return {
    ...read,
    listing: {
      ...listing,
      description: longer ? own.description : listing.description,
      location: listing.location ?? own.location,
      phone: listing.phone ?? own.phone,
      urgency: listing.urgency ?? own.urgency,
      posted_at: own.posted_at ?? listing.posted_at,
      extraction: longer ? own.extraction : listing.extraction,
    },
  };
};
