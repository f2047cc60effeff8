import { wrongWithNode } from "../../../agents/pseo/critic/rules/json-ld.shape.ts";
import { bareAddress, type ReadPage } from "./read-page.ts";
import { mistakesIn, mistakesInDocument } from "./valid-html.ts";

/** One page of a site, fetched as anybody would. */
export interface FetchedPage {
  url: string;
  /** The page above all others, from which the clicks are counted. */
  is_hub: boolean;
  status: number;
  /** The Content-Type, with its parameters. */
  type: string;
  html: string;
  read: ReadPage;
}

/** What is wrong with each page of one site, by its address; a page without an entry is right. */
export type Troubles = ReadonlyMap<string, readonly string[]>;

export interface CheckedSite {
  troubles: Troubles;
  /** Of the page that is furthest from the hub; null: none can be reached, or there is no hub. */
  clicks: number | null;
}

const MOST_CLICKS = 3;
const SHOWN_MISTAKES = 3;

/** Clicks from the hub, by address; what is not in it cannot be reached. */
const clicksFrom = (hub: string, pages: ReadonlyMap<string, FetchedPage>): Map<string, number> => {
  const clicks = new Map([[hub, 0]]);
  for (const [address, at] of clicks) {
    for (const link of pages.get(address)?.read.links ?? []) if (pages.has(link) && !clicks.has(link)) clicks.set(link, at + 1);
  }
  return clicks;
};

/** A theme's frame around our text in a WordPress is not ours to mend: what is in our own frame is looked at, else the whole. */
const mistakesOf = async ({ html, read }: FetchedPage): Promise<string[]> =>
  read.framed === null ? mistakesInDocument(html) : mistakesIn({ title: read.title, h1: read.h1, body_html: read.framed });

const troublesOf = async (page: FetchedPage, address: string, siblings: ReadonlyMap<string, FetchedPage>, clicks: number | undefined): Promise<string[]> => {
  if (page.status !== 200) return [`answers ${page.status}`];
  if (!page.type.startsWith("text/html")) return [`is ${page.type}`];
  const { json_ld, links } = page.read;
  return [
    ...(await mistakesOf(page)).slice(0, SHOWN_MISTAKES),
    ...(json_ld.length === 0 ? ["has no JSON-LD"] : json_ld.flatMap((node) => wrongWithNode(node) ?? []).map((wrong) => `JSON-LD of a wrong shape: ${wrong}`)),
    ...(links.some((link) => link !== address && siblings.has(link)) ? [] : ["links to no other page"]),
    ...(clicks === undefined ? ["cannot be reached from the hub"] : clicks > MOST_CLICKS ? [`is ${clicks} clicks from the hub`] : []),
  ];
};

/**
 * Looks at the pages of one site as a validator, a search engine and a reader do: markup (html-validate), the shape of JSON-LD, links to
 * each other, and whether each can be reached from the hub.
 */
export const checkSite = async (pages: readonly FetchedPage[]): Promise<CheckedSite> => {
  const byAddress = new Map(pages.map((page) => [bareAddress(page.url), page]));
  const hub = pages.find(({ is_hub }) => is_hub);
  const clicks = hub === undefined ? new Map<string, number>() : clicksFrom(bareAddress(hub.url), byAddress);
  const troubles = new Map<string, string[]>();
  for (const [address, page] of byAddress) {
    const found = await troublesOf(page, address, byAddress, clicks.get(address));
    if (found.length > 0) troubles.set(page.url, found);
  }
  return { troubles, clicks: clicks.size === 0 ? null : Math.max(...clicks.values()) };
};
