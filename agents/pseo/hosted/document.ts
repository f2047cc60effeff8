import { escapeHtml, jsonForScript } from "../../../core/security/html.ts";
import type { ComposedPage } from "../publisher/target.ts";
import { PAGE_STYLE } from "./style.ts";

/** Who is behind the pages, as the frame around each of them says. */
export interface SiteFrame {
  business_name: string;
  /** E.164, and as people of the country write it; null: there is no call button. */
  phone: { e164: string; shown: string } | null;
  address: string | null;
  /** BCP 47. */
  language: string;
  /** For the form's service and place; what people are asked is the same everywhere. */
  accepts_leads: boolean;
}

/*
 * A document does not know where it will be served: a project's host name may change, and the document must not be written anew for
 * it. So it holds two marks, which whoever serves it fills in.
 */
/** Scheme and host. `.invalid` is nobody's, ever (RFC 6761), should it get out. */
export const ORIGIN_MARK = "https://pages.invalid";
/** When the form was shown, signed. */
export const FORM_TIME_MARK = "apex-form-time";

export const LEAD_PATH = "/-/lead";
export const THANKS_PATH = "/-/thanks";

/** Input names that intake knows, and one that people do not see and programs fill in. */
const formFields = `<div class="two"><label>Your name<input name="name" autocomplete="name" maxlength="120"></label><label>Phone<input name="phone" type="tel" autocomplete="tel" maxlength="40"></label></div>
<label>E-mail (optional)<input name="email" type="email" autocomplete="email" maxlength="254"></label>
<label>What has happened?<textarea name="message" maxlength="4000"></textarea></label>
<div class="hp" aria-hidden="true"><label>Leave this empty<input name="company_url" tabindex="-1" autocomplete="off"></label></div>`;

/** The form; it posts to the host that shows it, and holds no key of anything. Works without a script. */
export const leadForm = (path: string, { business_name, phone }: SiteFrame): string => `<section class="ask" id="ask"><h2>Ask us to call you</h2>
<form method="post" action="${LEAD_PATH}"><input type="hidden" name="page" value="${escapeHtml(path)}"><input type="hidden" name="t" value="${FORM_TIME_MARK}">
${formFields}
<button type="submit">Send</button><p class="note">${escapeHtml(business_name)} uses what you write to answer you, and for nothing else.${phone === null ? "" : ` Or call ${escapeHtml(phone.shown)}.`}</p></form></section>`;

const callButton = ({ phone }: SiteFrame): string => (phone === null ? "" : `<a class="call" href="tel:${escapeHtml(phone.e164)}">Call ${escapeHtml(phone.shown)}</a>`);

const footer = ({ business_name, phone, address }: SiteFrame): string =>
  [`<p><strong>${escapeHtml(business_name)}</strong></p>`, address === null ? "" : `<p>${escapeHtml(address)}</p>`, phone === null ? "" : `<p><a href="tel:${escapeHtml(phone.e164)}">${escapeHtml(phone.shown)}</a></p>`].join("");

/** Any page of a project's site: head, the business's name, what is between, and the foot. `head`: further elements of the head. */
export const frame = (site: SiteFrame, { title, head, main }: { title: string; head: string; main: string }): string => `<!doctype html>
<html lang="${escapeHtml(site.language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)}</title>${head}<style>${PAGE_STYLE}</style></head>
<body><a class="skip" href="#main">Skip to the text</a><header class="top"><div class="in"><a class="name" href="/">${escapeHtml(site.business_name)}</a>${callButton(site)}</div></header>
<main id="main" class="in">${main}</main><footer><div class="in">${footer(site)}</div></footer></body></html>
`;

/** The first picture of a page, for those who share it. */
const firstPicture = (body: string): string | null => /<img src="([^"]+)"/.exec(body)?.[1] ?? null;
const absolute = (address: string): string => (address.startsWith("/") ? `${ORIGIN_MARK}${address}` : address);

const headOf = (page: ComposedPage, site: SiteFrame): string => {
  const canonical = page.canonical ?? `${ORIGIN_MARK}${page.path}`;
  const picture = firstPicture(page.body_html);
  const properties: [string, string][] = [
    ["og:type", "website"], ["og:title", page.title], ["og:description", page.meta_description], ["og:url", canonical], ["og:site_name", site.business_name],
    ["og:locale", site.language.replace("-", "_")],
    // In the page already as it must be in an attribute.
    ...(picture === null ? [] : ([["og:image", absolute(picture)]] as [string, string][])),
  ];
  return [
    `<meta name="description" content="${escapeHtml(page.meta_description)}">`,
    `<link rel="canonical" href="${escapeHtml(canonical)}">`,
    ...properties.map(([property, content]) => `<meta property="${property}" content="${property === "og:image" ? content : escapeHtml(content)}">`),
    `<meta name="twitter:card" content="${picture === null ? "summary" : "summary_large_image"}">`,
    ...page.json_ld.map((object) => `<script type="application/ld+json">${jsonForScript(object)}</script>`),
  ].join("\n");
};

/** The whole document of a page, but for the two marks. The same page and frame give the same document. */
export const hostedDocument = (page: ComposedPage, site: SiteFrame): string =>
  frame(site, { title: page.title, head: headOf(page, site), main: `<h1>${escapeHtml(page.h1)}</h1>${page.body_html}${site.accepts_leads ? leadForm(page.path, site) : ""}` });

/** A document as it is served. */
export const served = (document: string, { origin, formTime }: { origin: string; formTime: string }): string => document.replaceAll(ORIGIN_MARK, origin).replaceAll(FORM_TIME_MARK, formTime);
