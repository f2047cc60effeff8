import { Parser } from "htmlparser2";

/** A run of text of a block that rests on the same sources; none where it names none. */
export interface Passage {
  text: string;
  refs: readonly string[];
}

export interface Block {
  tag: string;
  /** Of the body, from 1. */
  line: number;
  passages: Passage[];
}

export interface Link {
  line: number;
  href: string;
  text: string;
}

export interface Image {
  line: number;
  alt: string | null;
  src: string;
}

export interface Body {
  /** Headings, paragraphs, list items and cells, in their order. */
  blocks: Block[];
  links: Link[];
  images: Image[];
  /** Every tag that was opened. */
  tags: { name: string; line: number }[];
}

const BLOCKS = new Set(["p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "dt", "dd", "caption", "figcaption", "blockquote"]);

/** The body of a page as the critic's rules look at it. */
export const readBody = (html: string): Body => {
  const body: Body = { blocks: [], links: [], images: [], tags: [] };
  const starts = [...html.matchAll(/\n/g)].map(({ index }) => index);
  const lineAt = (index: number): number => starts.filter((start) => start < index).length + 1;
  let block: Block | undefined;
  let refs: readonly string[] = [];
  let link: Link | undefined;
  const say = (text: string): void => {
    if (link) link.text += text;
    if (text.trim() === "") return;
    // Text outside of all blocks is text that readers see.
    if (!block) body.blocks.push((block = { tag: "p", line: lineAt(parser.startIndex), passages: [] }));
    const last = block.passages.at(-1);
    if (last && last.refs === refs) last.text += text;
    else block.passages.push({ text, refs });
  };
  const NONE: readonly string[] = [];
  refs = NONE;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const line = lineAt(parser.startIndex);
        body.tags.push({ name, line });
        if (BLOCKS.has(name)) body.blocks.push((block = { tag: name, line, passages: [] }));
        if (name === "span") refs = (attributes["data-source"] ?? "").split(/\s+/).filter((ref) => ref !== "");
        if (name === "a") body.links.push((link = { line, href: attributes.href ?? "", text: "" }));
        if (name === "img") body.images.push({ line, alt: attributes.alt ?? null, src: attributes.src ?? "" });
      },
      ontext: say,
      onclosetag(name) {
        if (name === "span") refs = NONE;
        if (name === "a") link = undefined;
        if (BLOCKS.has(name)) block = undefined;
      },
    },
    { decodeEntities: true },
  );
  parser.end(html);
  return body;
};

/** A block's whole text. */
export const textOf = ({ passages }: Pick<Block, "passages">): string => passages.map(({ text }) => text.trim()).join(" ");

/** Sentences of a text, as well as full stops tell. A number's point and a short word's do not end one. */
export const sentencesOf = (text: string): string[] => text.split(/(?<=[.!?…][”"’)]?)(?<!\b(?:St|Mt|Dr|Mr|Mrs|Ms|No|approx|e\.g|i\.e)\.)\s+(?=[\p{Lu}\p{N}“"‘(])/u).map((sentence) => sentence.trim()).filter((sentence) => sentence !== "");
