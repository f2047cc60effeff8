import type { PageContent } from "./page.schemas.ts";

/** Markup out, entities as one letter each: for counting and comparing, never for showing. */
export const visibleText = (html: string): string =>
  html
    .replaceAll(/<\/?(?:p|h[1-6]|li|ul|ol|dl|dt|dd|div|section|tr|td|th|br|table|blockquote)\b[^>]*>/gi, "\n")
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&nbsp;", " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll(/&#(\d{1,7});/g, (_, code: string) => (Number(code) <= 0x10ffff ? String.fromCodePoint(Number(code)) : " "))
    .replaceAll("&amp;", "&");

const WORD = /[\p{L}\p{N}]+(?:[’'-][\p{L}\p{N}]+)*/gu;

/** How many words readers see of a page's text. */
export const wordsOf = ({ body_html, faq }: Pick<PageContent, "body_html" | "faq">): number =>
  [visibleText(body_html), ...faq.flatMap(({ question, answer }) => [question, answer])].reduce((sum, text) => sum + (text.match(WORD)?.length ?? 0), 0);
