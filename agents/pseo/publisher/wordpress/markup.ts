import { Parser } from "htmlparser2";

/*
 * How a page of ours looks inside of a WordPress post. The frame tells ours from a person's, and which version it is, on any site and
 * after any crash: `data-*` outlives kses. A block of HTML, so that WordPress puts no paragraphs and line breaks of its own into it.
 */

/** In place of a page's id: made only to be the parent of pages, until a page of ours takes it over. */
export const PLACEHOLDER = "parent";

export interface Frame {
  page_id: string;
  version: string;
}

const OPEN = /<div data-apex-page="([A-Za-z0-9_]{1,80})" data-apex-version="([A-Za-z0-9]{1,64})">/;

/** Of a fingerprint: enough to tell the versions of one page apart. */
export const versionOf = (sha256: string): string => sha256.slice(0, 16);

/** `<` cannot end the script, whatever stands in the data. */
const scriptOf = (jsonLd: readonly Record<string, unknown>[]): string =>
  jsonLd.map((node) => `\n<script type="application/ld+json">${JSON.stringify(node).replaceAll("<", String.raw`\u003c`)}</script>`).join("");

export const framed = ({ page_id, version }: Frame, body: string, jsonLd: readonly Record<string, unknown>[] = []): string =>
  `<!-- wp:html -->\n<div data-apex-page="${page_id}" data-apex-version="${version}">\n${body}${scriptOf(jsonLd)}\n</div>\n<!-- /wp:html -->`;

/** Null: a post that is not ours. */
export const readFrame = (raw: string): Frame | null => {
  const [, page_id, version] = OPEN.exec(raw) ?? [];
  return page_id === undefined || version === undefined ? null : { page_id, version };
};

interface Shape {
  /** `iframe`, `img srcset`: how often. */
  counts: Map<string, number>;
  /** What a reader sees. */
  text: string;
}

const UNSEEN = new Set(["script", "style"]);

const shapeOf = (html: string): Shape => {
  const counts = new Map<string, number>();
  const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  let text = "";
  let unseen = 0;
  const parser = new Parser({
    onopentag(name, attributes) {
      count(name);
      for (const attribute of Object.keys(attributes)) count(`${name} ${attribute}`);
      if (UNSEEN.has(name)) unseen += 1;
    },
    onclosetag(name) {
      if (UNSEEN.has(name)) unseen -= 1;
    },
    ontext(data) {
      if (unseen === 0) text += data;
    },
  });
  parser.write(html);
  parser.end();
  return { counts, text: text.replaceAll(/\s+/g, " ").trim() };
};

export interface Losses {
  /** Elements and attributes that the site took out, e.g. `iframe`, `img srcset`. */
  lost: string[];
  /** Whether readers see other words than were sent; a script's text, say, once its tags are gone. */
  words_changed: boolean;
}

/** What a site's filters (kses, security plugins) made of what it was sent. */
export const lossesOf = (sent: string, kept: string): Losses => {
  if (sent === kept) return { lost: [], words_changed: false };
  const [before, after] = [shapeOf(sent), shapeOf(kept)];
  const lost = [...before.counts].filter(([name, count]) => (after.counts.get(name) ?? 0) < count).map(([name]) => name);
  return { lost, words_changed: before.text !== after.text };
};
