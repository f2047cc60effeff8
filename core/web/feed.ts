import { descendants, type Element, parseXml, rawText } from "./dom.ts";
import { isObject } from "./json-ld.ts";
import { oneLine, webUrl } from "./visible.ts";

/** An entry of a feed, in whichever format it came. */
export interface FeedItem {
  /** Text; markup is taken out by whoever reads it on, as it may be HTML. */
  title: string;
  url: string | null;
  /** HTML, or text where the feed says so. */
  html: string;
  /** As written. */
  published: string | null;
  /** The value of a field by the feed's own name for it, e.g. `category`; null where there is none. */
  field: (name: string) => string | null;
}

export interface Feed {
  items: FeedItem[];
  /** The page after this one: `rel="next"` (RFC 5005), `next_url` (JSON Feed 1.1). */
  next: string | null;
}

const MAX_ITEMS = 500;

const localName = (element: Element): string => element.name.replace(/^[^:]*:/, "").toLowerCase();
const elementsOf = (parent: Element): Element[] => parent.children.filter((child) => typeof child !== "string");

/** XHTML in an Atom entry is elements, not text. */
const markup = (element: Element): string =>
  element.children.map((child) => (typeof child === "string" ? (element.attributes["type"] === "xhtml" ? child.replaceAll("&", "&amp;").replaceAll("<", "&lt;") : child) : `<${child.name}>${markup(child)}</${child.name}>`)).join("");

const itemOf = (entry: Element, base: string): FeedItem => {
  const parts = elementsOf(entry);
  const named = (...names: string[]): Element | undefined => {
    for (const name of names) {
      const found = parts.find((part) => part.name.toLowerCase() === name) ?? parts.find((part) => !name.includes(":") && localName(part) === name);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const text = (...names: string[]): string | null => {
    const found = named(...names);
    const words = found === undefined ? "" : oneLine(rawText(found) || (found.attributes["term"] ?? ""));
    return words === "" ? null : words;
  };
  const links = parts.filter((part) => localName(part) === "link");
  const atomLink = links.find((link) => link.attributes["href"] !== undefined && (link.attributes["rel"] ?? "alternate") === "alternate")?.attributes["href"];
  const guid = named("guid");
  const permalink = guid !== undefined && guid.attributes["isPermaLink"] !== "false" && /^https?:/i.test(rawText(guid).trim()) ? rawText(guid) : undefined;
  const href = atomLink ?? links.map((link) => rawText(link).trim()).find((link) => link !== "") ?? permalink;
  const content = named("content:encoded", "content", "description", "summary");
  return { title: text("title") ?? "", url: href === undefined ? null : webUrl(href, base), html: content === undefined ? "" : markup(content), published: text("pubdate", "published", "dc:date", "updated"), field: (name) => text(name.toLowerCase()) };
};

/** RSS 2.0, RSS 1.0 and Atom 1.0. Null for what is none of them. */
export const readXmlFeed = (xml: string, url: string): Feed | null => {
  const root = parseXml(xml);
  const all = [...descendants(root)];
  if (!all.some((element) => ["rss", "feed", "rdf"].includes(localName(element)))) return null;
  const entries = all.filter((element) => localName(element) === "item" || localName(element) === "entry");
  const next = all.find((element) => localName(element) === "link" && element.attributes["rel"] === "next" && !["item", "entry"].includes(localName(element.parent ?? root)))?.attributes["href"];
  return { items: entries.slice(0, MAX_ITEMS).map((entry) => itemOf(entry, url)), next: next === undefined ? null : webUrl(next, url) };
};

/** Where things are in a JSON of one's own: dotted paths; all but `items` from the item. */
export interface JsonFields {
  items: string;
  title: string;
  link?: string | undefined;
  description?: string | undefined;
  posted_at?: string | undefined;
  next?: string | undefined;
}

/** JSON Feed 1.1 in the same words. */
const JSON_FEED: JsonFields = { items: "items", title: "title", link: "url", description: "content_html", posted_at: "date_published", next: "next_url" };

/** The value at a dotted path; a number in it is a place in a list. */
const atPath = (value: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((at, key) => {
    if (Array.isArray(at)) return (at as unknown[])[Number(key)];
    return isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }, value);

const scalar = (value: unknown): string | null => (typeof value === "string" || typeof value === "number" ? oneLine(String(value)) || null : null);
const prose = (value: unknown): string => (typeof value === "string" ? value : "");

/**
 * JSON Feed 1.1, or any JSON by its fields. Null for what is no JSON, or has no list where the items should be.
 * @param linkTemplate an address with `{link}` in it, for feeds that give but an id
 */
export const readJsonFeed = (text: string, url: string, fields?: JsonFields, linkTemplate?: string): Feed | null => {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return null;
  }
  const paths = fields ?? JSON_FEED;
  const items = paths.items === "." ? document : atPath(document, paths.items);
  if (!Array.isArray(items)) return null;
  const at = (item: unknown, path: string | undefined): unknown => (path === undefined ? undefined : atPath(item, path));
  const linkOf = (item: unknown): string | null => {
    const link = scalar(at(item, paths.link)) ?? (fields === undefined ? scalar(at(item, "external_url")) : null);
    if (link === null) return null;
    return webUrl(linkTemplate === undefined ? link : linkTemplate.replaceAll("{link}", encodeURIComponent(link)), url);
  };
  const next = scalar(at(document, paths.next));
  return {
    items: items.slice(0, MAX_ITEMS).map((item: unknown) => ({
      title: scalar(at(item, paths.title)) ?? "",
      url: linkOf(item),
      html: prose(at(item, paths.description)) || (fields === undefined ? prose(at(item, "content_text")) || prose(at(item, "summary")) : ""),
      published: scalar(at(item, paths.posted_at)),
      field: (name) => scalar(atPath(item, name)),
    })),
    next: next === null ? null : webUrl(next, url),
  };
};
