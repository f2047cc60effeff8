import { cleanSourcedHtml, escapeHtml } from "../../../core/security/html.ts";
import { phonesIn } from "../facts/contacts.ts";
import type { PageContent, Source } from "../page.schemas.ts";
import type { Draft, Sentence } from "./draft.schemas.ts";

/** What a model writes for emphasis although it was told not to. */
const plain = (text: string): string => text.replaceAll(/\*\*|__|`/g, "").replace(/^\s*(?:[-*•]|\d+[.)])\s+/, "").replaceAll(/\s+/g, " ").trim();

/** A full stop where the sentence has none, so that it does not run into the next. */
const ended = (text: string): string => (/[.!?…:;。！？]["”’)]?$/.test(text) ? text : `${text}.`);

export interface RenderOptions {
  sources: readonly Source[];
  /** Of the business, E.164: becomes a link where the text says it. */
  phone: string | undefined;
  country: string;
}

/** The marks that were handed out; a model cannot cite what it was not shown. */
const citedBy = ({ sources }: Pick<Sentence, "sources">, known: ReadonlySet<string>): string[] => [...new Set(sources.map((mark) => mark.trim().replace(/^\[(.*)\]$/, "$1").toLowerCase()))].filter((mark) => known.has(mark));

const linked = (text: string, { phone, country }: RenderOptions): string => {
  const said = phone === undefined ? undefined : phonesIn(text, country).find(({ e164 }) => e164 === phone);
  if (said === undefined || phone === undefined) return escapeHtml(text);
  const [before = "", ...after] = text.split(said.text);
  return `${escapeHtml(before)}<a href="tel:${escapeHtml(phone)}">${escapeHtml(said.text)}</a>${escapeHtml(after.join(said.text))}`;
};

/**
 * The page that a draft makes: HTML of our own tags around escaped text, sanitised besides, each block on a line. The same draft makes
 * the same page.
 */
export const renderDraft = (draft: Draft, options: RenderOptions): Pick<PageContent, "title" | "meta_description" | "h1" | "body_html" | "faq"> => {
  const known = new Set(options.sources.map(({ ref }) => ref));
  const sentence = (one: Sentence, end: (text: string) => string = ended): string => {
    const marks = citedBy(one, known);
    const html = linked(end(plain(one.text)), options);
    return marks.length === 0 ? html : `<span data-source="${marks.join(" ")}">${html}</span>`;
  };
  const paragraph = (sentences: readonly Sentence[]): string => `<p>${sentences.map((one) => sentence(one)).join(" ")}</p>`;
  const sections = draft.sections.flatMap(({ heading, layout, sentences }) => {
    const title = `<h2>${escapeHtml(plain(heading).replace(/[.:]$/, ""))}</h2>`;
    if (layout === "paragraph") return [title, paragraph(sentences)];
    const tag = layout === "steps" ? "ol" : "ul";
    return [title, `<${tag}>`, ...sentences.map((one) => `<li>${sentence(one)}</li>`), `</${tag}>`];
  });
  return {
    title: plain(draft.title),
    meta_description: plain(draft.meta_description),
    h1: plain(draft.h1),
    body_html: cleanSourcedHtml([paragraph(draft.intro), ...sections].join("\n")),
    faq: draft.faq.map(({ question, answer }) => {
      const marks = [...new Set(answer.flatMap((one) => citedBy(one, known)))];
      return { question: plain(question), answer: answer.map((one) => ended(plain(one.text))).join(" ").slice(0, 2000), source: marks.length === 0 ? null : marks.join(" ") };
    }),
  };
};
