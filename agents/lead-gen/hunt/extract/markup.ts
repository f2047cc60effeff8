import type { Source } from "../../../../core/dna/schema/sniper.ts";
import type { Element } from "../../../../core/web/dom.ts";
import { descendants } from "../../../../core/web/dom.ts";
import { linesOf, textOfLines, visibleText } from "../../../../core/web/lines.ts";
import { select } from "../../../../core/web/select.ts";
import { webUrl } from "../../../../core/web/visible.ts";
import type { Draft } from "./draft.ts";

export type Selectors = NonNullable<Extract<Source, { kind: "html_list" }>["selectors"]>;

const MAX_ITEMS = 200;

const hrefOf = (element: Element | undefined, base: string): string | null => {
  const link = element === undefined ? undefined : element.attributes["href"] === undefined ? [...descendants(element)].find((one) => one.name === "a" && one.attributes["href"] !== undefined) : element;
  return link?.attributes["href"] === undefined ? null : webUrl(link.attributes["href"], base);
};

const timeOf = (element: Element | undefined): string | null => {
  const time = element === undefined ? undefined : [element, ...descendants(element)].find((one) => one.name === "time" || one.attributes["datetime"] !== undefined);
  return time?.attributes["datetime"] ?? (time === undefined ? null : visibleText(time));
};

const first = (item: Element, selector: string | undefined): Element | undefined => (selector === undefined ? undefined : select(item, selector)[0]);
const said = (element: Element | undefined): string | null => (element === undefined ? null : visibleText(element) || null);

const HEADINGS = "h1, h2, h3, h4";

/** One post of a list by the selectors of its source; what none is given for is looked for where people put it. */
const draftOf = (item: Element, selectors: Selectors, base: string): Draft | null => {
  const heading = first(item, selectors.title) ?? (selectors.title === undefined ? (first(item, HEADINGS) ?? first(item, "a")) : undefined);
  const title = said(heading);
  if (title === null) return null;
  const description = selectors.description === undefined ? item : first(item, selectors.description);
  return {
    title,
    url: hrefOf(first(item, selectors.link) ?? (heading?.name === "a" || heading?.parent?.name !== "a" ? heading : heading.parent), base) ?? (selectors.link === undefined ? hrefOf(item, base) : null),
    description: description === undefined ? "" : textOfLines(linesOf(description, base)),
    location: said(first(item, selectors.location)),
    phone: said(first(item, selectors.phone)),
    posted: timeOf(selectors.posted_at === undefined ? item : first(item, selectors.posted_at)) ?? said(first(item, selectors.posted_at)),
    extraction: "markup",
  };
};

/** The posts of a list, by selectors. */
export const postsBySelectors = (root: Element, selectors: Selectors, base: string): Draft[] =>
  select(root, selectors.item).slice(0, MAX_ITEMS).flatMap((item) => draftOf(item, selectors, base) ?? []);

/** schema.org in attributes (microdata): the properties of one item, those of items within it left to them. */
const propertyOf = (scope: Element, name: string, base: string): string | null => {
  const find = (element: Element): Element | undefined => {
    for (const child of element.children) {
      if (typeof child === "string") continue;
      if ((child.attributes["itemprop"] ?? "").split(/\s+/).includes(name)) return child;
      const below = child.attributes["itemscope"] === undefined ? find(child) : undefined;
      if (below !== undefined) return below;
    }
    return undefined;
  };
  const element = find(scope);
  if (element === undefined) return null;
  if (element.attributes["content"] !== undefined) return element.attributes["content"];
  if (element.attributes["datetime"] !== undefined) return element.attributes["datetime"];
  if (name === "url" && element.attributes["href"] !== undefined) return webUrl(element.attributes["href"], base);
  return textOfLines(linesOf(element, base)) || null;
};

const POST_TYPE = /schema\.org\/(?:JobPosting|Demand|DiscussionForumPosting|SocialMediaPosting|Question)\b/i;

/** The posts of a page that are marked up as microdata. */
export const postsInMicrodata = (root: Element, base: string): Draft[] => {
  const items = [...descendants(root)].filter(({ attributes }) => attributes["itemscope"] !== undefined && POST_TYPE.test(attributes["itemtype"] ?? ""));
  return items.slice(0, MAX_ITEMS).flatMap((item) => {
    const property = (...names: string[]): string | null => names.map((name) => propertyOf(item, name, base)).find((value) => value !== null) ?? null;
    const title = property("title", "headline", "name");
    if (title === null) return [];
    return [{ title, url: property("url") ?? hrefOf(item, base), description: property("description", "articleBody", "text") ?? "", location: property("jobLocation", "areaServed", "location"), phone: property("telephone"), posted: property("datePosted", "datePublished", "dateCreated"), extraction: "markup" as const }];
  });
};
