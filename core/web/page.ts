import { Parser } from "htmlparser2";
import { z } from "zod";
import { readJsonLd } from "./json-ld.ts";
import { BLOCK, isHidden, NOT_READ, oneLine, VOID, webUrl } from "./visible.ts";

/** What a person would see of a page, and what its author says to machines. */
export const pageSchema = z.object({
  url: z.string(),
  title: z.string(),
  description: z.string(),
  /** BCP 47, as the page says; null where it does not. */
  language: z.string().nullable(),
  /** One block a line: `## heading`, `- item`, `cell | cell`. Hidden elements are left out. */
  text: z.string(),
  /** Absolute, http(s), without a fragment. */
  links: z.array(z.object({ url: z.string(), text: z.string() })),
  /** What `tel:` and `mailto:` links name, in order. */
  phones: z.array(z.string()),
  emails: z.array(z.string()),
  /** Text of `<address>` elements. */
  addresses: z.array(z.string()),
  /** Every node of its JSON-LD, nested ones after their parents. */
  jsonLd: z.array(z.record(z.string(), z.unknown())),
  /** The same page in other languages (`hreflang`). */
  alternates: z.array(z.object({ language: z.string(), url: z.string() })),
  hasScripts: z.boolean(),
});
export type Page = z.infer<typeof pageSchema>;

const MAX_TEXT = 60_000;
const MAX_LINKS = 500;
const MAX_DEPTH = 1000;
const SLICE = 8192;
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Lines in the making: inline text gathers until a block begins or ends. */
const createLines = () => {
  const lines: string[] = [];
  let size = 0;
  let line = "";
  let prefix = "";
  return {
    add: (text: string) => void (line += text),
    breakLine: (next = ""): void => {
      const text = oneLine(line).replace(/^(?:\| ?)+|(?: ?\|)+$/g, "").trim();
      if (text !== "" && size < MAX_TEXT) {
        lines.push(`${prefix}${text}`);
        size += text.length + prefix.length + 1;
      }
      // A prefix waits for the text that it belongs to, through the blocks in between.
      prefix = text === "" && next === "" ? prefix : next;
      line = "";
    },
    text: (): string => lines.join("\n").slice(0, MAX_TEXT),
  };
};

/**
 * Reads HTML as browsers forgive it. Pure; never throws for a page, however broken, and what it returns is bounded.
 * @param url where the page was found: relative links are read from it
 */
export const readPage = (html: string, url: string): Page => {
  const page: Page = { url, title: "", description: "", language: null, text: "", links: [], phones: [], emails: [], addresses: [], jsonLd: [], alternates: [], hasScripts: false };
  const lines = createLines();
  /** Open elements, and from which on nothing is read. */
  const open: { name: string; skips: boolean }[] = [];
  let skipped = 0;
  let base = url;
  let script: { isData: boolean; text: string } | null = null;
  let titleText: string | null = null;
  let link: { href: string; text: string } | null = null;
  let address: string | null = null;

  const readLink = ({ href, text }: { href: string; text: string }): void => {
    const tel = /^\s*tel:(.+)$/i.exec(href)?.[1];
    const mail = /^\s*mailto:([^?]+)/i.exec(href)?.[1];
    if (tel !== undefined) page.phones.push(oneLine(decoded(tel)));
    else if (mail !== undefined) page.emails.push(oneLine(decoded(mail)));
    else {
      const target = webUrl(href, base);
      if (target !== null && page.links.length < MAX_LINKS) page.links.push({ url: target, text: oneLine(text).slice(0, 120) });
    }
  };

  const readHead = (name: string, attributes: Record<string, string>): void => {
    const href = attributes["href"];
    if (name === "html") page.language = attributes["lang"] ?? null;
    else if (name === "base" && href !== undefined) base = webUrl(href, url) ?? url;
    else if (name === "meta" && /^(description|og:description)$/i.test(attributes["name"] ?? attributes["property"] ?? "")) page.description ||= oneLine(attributes["content"] ?? "").slice(0, 500);
    else if (name === "link" && href !== undefined && attributes["hreflang"] !== undefined && /\balternate\b/i.test(attributes["rel"] ?? "")) {
      const target = webUrl(href, base);
      if (target !== null) page.alternates.push({ language: attributes["hreflang"], url: target });
    }
  };

  const parser = new Parser(
    {
      onopentag(name, attributes) {
        readHead(name, attributes);
        if (name === "script") {
          const isData = /ld\+json/i.test(attributes["type"] ?? "");
          script = { isData, text: "" };
          if (!isData) page.hasScripts = true;
        }
        if (name === "title" && page.title === "" && !open.some((element) => element.name === "svg")) titleText = "";
        if (VOID.has(name)) {
          if (BLOCK.has(name) && skipped === 0) {
            lines.breakLine();
            if (address !== null) address += "\n";
          }
          return;
        }
        const skips = NOT_READ.has(name) || isHidden(attributes);
        open.push({ name, skips });
        if (skips) skipped += 1;
        if (skipped > 0) return;
        if (BLOCK.has(name)) lines.breakLine(/^h[1-6]$/.test(name) ? "## " : name === "li" ? "- " : "");
        if (name === "td" || name === "th") lines.add(" | ");
        if (name === "a" && attributes["href"] !== undefined) link = { href: attributes["href"], text: "" };
        if (name === "address") address = "";
      },
      ontext(text) {
        if (script !== null) {
          if (script.text.length < 200_000) script.text += text;
        } else if (titleText !== null) titleText += text;
        else if (skipped === 0) {
          lines.add(text);
          if (link !== null) link.text += text;
          if (address !== null) address += text;
        }
      },
      onclosetag(name) {
        if (name === "script" && script !== null) {
          if (script.isData) page.jsonLd.push(...readJsonLd(script.text));
          script = null;
        }
        if (name === "title" && titleText !== null) {
          page.title = oneLine(titleText).slice(0, 300);
          titleText = null;
        }
        if (VOID.has(name)) return;
        const place = open.findLastIndex((element) => element.name === name);
        if (place < 0) return;
        const visible = skipped === 0;
        for (const element of open.splice(place)) if (element.skips) skipped -= 1;
        if (!visible) return;
        if (BLOCK.has(name)) {
          lines.breakLine();
          if (address !== null) address += "\n";
        }
        if (name === "a" && link !== null) {
          readLink(link);
          link = null;
        }
        if (name === "address" && address !== null) {
          page.addresses.push(address.split("\n").map(oneLine).filter((part) => part !== "").join(", ").slice(0, 300));
          address = null;
        }
      },
    },
    { decodeEntities: true },
  );
  // The parser looks through all that is open at each closing tag: what is nested without end is not read on.
  for (let at = 0; at < html.length && open.length <= MAX_DEPTH; at += SLICE) parser.write(html.slice(at, at + SLICE));
  parser.end();
  lines.breakLine();
  page.text = lines.text();
  return page;
};

/** Whether the page, as it was fetched, is only the shell of one that scripts make. */
export const needsScripts = (page: Page): boolean => page.hasScripts && page.text.length < 200 && !page.jsonLd.some((node) => "telephone" in node);
