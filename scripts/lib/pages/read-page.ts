import { DomUtils, parseDocument } from "htmlparser2";
import { z } from "zod";

/** A page as it came over the wire, as far as it is looked at. */
export interface ReadPage {
  title: string;
  h1: string;
  /** What our frame in a WordPress post holds, byte for byte; null: there is no such frame. */
  framed: string | null;
  /** Absolute, without what stands behind `#` or `?` and without a slash at the end; each once. */
  links: string[];
  /** Each node of the page's JSON-LD; `null` for one that is no JSON. */
  json_ld: unknown[];
}

const FRAME = "data-apex-page";

type Element = ReturnType<typeof DomUtils.findAll>[number];

/** An address as two pages have it in common. */
export const bareAddress = (url: string): string => url.replace(/[?#].*$/, "").replace(/\/$/, "");

const nodesOf = (text: string): unknown[] => {
  try {
    const parsed: unknown = JSON.parse(text);
    const list = z.array(z.unknown()).safeParse(parsed).data;
    return list ?? [parsed];
  } catch {
    return [null];
  }
};

/** What stands between the tags of an element, as it was sent. */
const insideOf = (html: string, { startIndex, endIndex }: Element): string => {
  const outer = html.slice(startIndex ?? 0, (endIndex ?? 0) + 1);
  return outer.slice(outer.indexOf(">") + 1, outer.lastIndexOf("</"));
};

export const readPage = (html: string, url: string): ReadPage => {
  const elements = DomUtils.findAll(() => true, parseDocument(html, { withStartIndices: true, withEndIndices: true }).children);
  const named = (wanted: string): Element[] => elements.filter(({ name }) => name === wanted);
  const textOfFirst = (name: string): string => DomUtils.textContent(named(name).slice(0, 1)).trim();
  const frame = elements.find(({ attribs }) => attribs[FRAME] !== undefined);
  const links = named("a").flatMap(({ attribs: { href } }) => (href !== undefined && URL.canParse(href, url) ? [bareAddress(new URL(href, url).href)] : []));
  return {
    title: textOfFirst("title"),
    h1: textOfFirst("h1"),
    framed: frame === undefined ? null : insideOf(html, frame),
    links: [...new Set(links)],
    json_ld: named("script").filter(({ attribs }) => attribs.type === "application/ld+json").flatMap((script) => nodesOf(DomUtils.textContent(script))),
  };
};
