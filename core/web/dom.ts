import { Parser } from "htmlparser2";

/** An element as it stands in a document. */
export interface Element {
  /** Lower-case in HTML, as written in XML. */
  name: string;
  attributes: Record<string, string>;
  children: (Element | string)[];
  parent: Element | null;
}

const MAX_DEPTH = 500;
const MAX_ELEMENTS = 50_000;
const SLICE = 8192;

const parse = (text: string, xmlMode: boolean): Element => {
  const root: Element = { name: "#document", attributes: {}, children: [], parent: null };
  let at = root;
  let depth = 0;
  let count = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const element: Element = { name, attributes, children: [], parent: at };
        at.children.push(element);
        at = element;
        depth += 1;
        count += 1;
      },
      ontext(words) {
        const last = at.children.length - 1;
        const before = at.children[last];
        // Entities come as pieces of their own.
        if (typeof before === "string") at.children[last] = before + words;
        else at.children.push(words);
      },
      onclosetag() {
        at = at.parent ?? root;
        depth -= 1;
      },
    },
    { decodeEntities: true, xmlMode },
  );
  // The parser looks through all that is open at each closing tag: what is nested without end is not read on.
  for (let from = 0; from < text.length && depth <= MAX_DEPTH && count <= MAX_ELEMENTS; from += SLICE) parser.write(text.slice(from, from + SLICE));
  parser.end();
  return root;
};

/** A tree of HTML as browsers forgive it: tags that nobody closed are closed. Never throws; what is too deep or too long is cut. */
export const parseHtml = (html: string): Element => parse(html, false);

/** The same of XML, broken too: a feed whose writer forgot to escape an ampersand is read. */
export const parseXml = (xml: string): Element => parse(xml, true);

/** All elements below, in the order of the document. */
export function* descendants(element: Element): Generator<Element> {
  for (const child of element.children) {
    if (typeof child === "string") continue;
    yield child;
    yield* descendants(child);
  }
}

/** Its text, whatever it is: of XML, where nothing is hidden. */
export const rawText = (element: Element): string => element.children.map((child) => (typeof child === "string" ? child : rawText(child))).join("");
