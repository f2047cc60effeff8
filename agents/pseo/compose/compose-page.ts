import { cleanHtml, escapeHtml } from "../../../core/security/html.ts";
import type { PageLink } from "../../../core/memory/page-links.types.ts";
import type { PageContent, PageMetadata } from "../page.schemas.ts";
import type { ComposedPage } from "../publisher/target.ts";
import { type MapPicture, mapFigure, photoFigure, type Picture } from "./pictures.ts";

/** A link with the address that its page has on the target. */
export interface ResolvedLink extends Pick<PageLink, "anchor_text" | "kind"> {
  href: string;
}

export interface ComposeInput {
  page: Pick<PageMetadata, "path" | "place" | "service">;
  content: PageContent;
  /** In their order. Leave out those whose page is not out on the target: a link that leads nowhere helps nobody. */
  links: readonly ResolvedLink[];
  media: { map: MapPicture | null; photos: readonly Picture[] };
  site: {
    business_name: string;
    /** Scheme and host that pages are served at, without a slash at the end; null where that is not known. */
    origin: string | null;
    /** Where the page says that it lives, when not where it is served. */
    canonical: string | null;
  };
}

/** The first photo stands before the second section: by then a reader knows what it is about. */
const withFirstPhoto = (body: string, figure: string): string => {
  const first = body.indexOf("<h2");
  const second = first < 0 ? -1 : body.indexOf("<h2", first + 3);
  const at = second >= 0 ? second : body.length;
  return `${body.slice(0, at)}${figure}${body.slice(at)}`;
};

const questions = (faq: PageContent["faq"]): string => {
  if (faq.length === 0) return "";
  const items = faq.map(({ question, answer }) => {
    const paragraphs = answer.split(/\n{2,}/).map((paragraph) => `<p>${escapeHtml(paragraph.trim())}</p>`).join("");
    return `<details><summary>${escapeHtml(question)}</summary>${paragraphs}</details>`;
  });
  return `<section><h2>Common questions</h2>${items.join("")}</section>`;
};

/** Ways up last: who has read a page looks beside it first. */
const related = (links: readonly ResolvedLink[]): string => {
  const list = (some: readonly ResolvedLink[]): string => `<ul>${some.map(({ href, anchor_text }) => `<li><a href="${escapeHtml(href)}">${escapeHtml(anchor_text)}</a></li>`).join("")}</ul>`;
  const [beside, up] = [links.filter((link) => link.kind !== "up"), links.filter((link) => link.kind === "up")];
  if (links.length === 0) return "";
  return `<nav aria-label="Related pages"><h2>Related pages</h2>${list([...beside, ...up])}</nav>`;
};

/** The way up in schema.org's terms, from the top; needs whole addresses. */
const breadcrumbs = ({ links, page, content, site: { origin } }: ComposeInput): Record<string, unknown>[] => {
  const up = links.filter((link) => link.kind === "up").reverse();
  if (origin === null || up.length === 0) return [];
  const steps = [...up.map(({ href, anchor_text }) => ({ name: anchor_text, item: new URL(href, origin).href })), { name: content.h1, item: new URL(page.path, origin).href }];
  return [{ "@context": "https://schema.org", "@type": "BreadcrumbList", itemListElement: steps.map((step, at) => ({ "@type": "ListItem", position: at + 1, ...step })) }];
};

/**
 * A page as it goes out: its text without the marks of where facts come from, with pictures, questions and links to other pages. The same
 * input gives the same page, byte for byte, so that its fingerprint says whether anything has changed.
 */
export const composePage = (input: ComposeInput): ComposedPage => {
  const { page, content, links, media, site } = input;
  // Not allowed in a page, so that the marks (`<span data-source>`) go with whatever else has no business there.
  const text = cleanHtml(content.body_html);
  const [first, ...others] = media.photos.map(photoFigure);
  const body = first === undefined ? text : withFirstPhoto(text, first);
  const map = media.map === null ? "" : `<section><h2>${escapeHtml(page.place === null ? "Where we work" : `Around ${page.place.name}`)}</h2>${mapFigure(media.map)}</section>`;
  return {
    title: content.title,
    h1: content.h1,
    meta_description: content.meta_description,
    slug: page.path.split("/").findLast((part) => part !== "") ?? "home",
    path: page.path,
    body_html: [body, ...others, map, questions(content.faq), related(links)].join(""),
    json_ld: [...content.json_ld, ...breadcrumbs(input)],
    canonical: site.canonical,
  };
};
