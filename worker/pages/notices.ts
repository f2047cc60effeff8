import { frame, leadForm, type SiteFrame } from "../../agents/pseo/hosted/document.ts";
import { escapeHtml } from "../../core/security/html.ts";

/*
 * What a hosted site says where there is no page: in the site's own frame, so that whoever is lost has the number to call. Never for
 * search engines.
 */

const NO_INDEX = `<meta name="robots" content="noindex">`;

const notice = (site: SiteFrame, title: string, text: string, more = ""): string =>
  frame(site, { title: `${title} – ${site.business_name}`, head: NO_INDEX, main: `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p>${more}` });

const home = `<p><a href="/">To the start page</a></p>`;

export const notFoundNotice = (site: SiteFrame): string => notice(site, "This page does not exist", "The address may be mistyped, or the page has moved.", home);
export const goneNotice = (site: SiteFrame): string => notice(site, "This page is no longer here", "It was taken down.", home);
export const thanksNotice = (site: SiteFrame): string => notice(site, "Thank you", "We have your message and will be in touch shortly.", home);
export const busyNotice = (site: SiteFrame): string => notice(site, "Too many messages at once", site.phone === null ? "Please try again in a minute." : "Please try again in a minute, or call us.", home);
export const tooLargeNotice = (site: SiteFrame): string => notice(site, "That was too much", "Please shorten your message and send it again.", home);
/** With the form, so that nothing needs to be looked for again. */
export const emptyNotice = (site: SiteFrame, path: string): string => notice(site, "Something is missing", "Please tell us at least your name, a phone number, an e-mail address or what has happened.", leadForm(path, site));

/** Where there is no site to lend a frame. */
export const bareNotice = (title: string): string => `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">${NO_INDEX}<title>${title}</title></head><body><p>${title}</p></body></html>`;
