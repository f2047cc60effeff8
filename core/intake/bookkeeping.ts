import { labelWords } from "./field-labels.ts";
import { type Fields, isFields } from "./form-fields.ts";

/** What a plugin says about a submission itself, not the visitor: it is never data, so that an IP or a date never becomes a phone. */

/**
 * Names by plugin (CONTRACTS.md §3, and the plugins' own sources):
 * Gravity Forms entry columns; Fluent Forms, WPForms and Contact Form 7 hidden inputs; anti-spam add-ons; click ids that
 * tracking scripts put into hidden inputs (long strings of digits).
 */
const BOOKKEEPING = words(`
  id, form id, formid, form name, form title, form, post id, entry id, submission id, sub id, seq num, unique id, entry, submission, source id, created by,
  date created, date updated, created at, updated at, submitted at, submission date, timestamp, is starred, is read, is approved, status,
  currency, payment status, payment date, payment amount, payment method, transaction id, transaction type, is fulfilled,
  ip, ip address, remote ip, user ip, source url, page url, page id, page title, embed url, embed post id, post url, permalink, referer, http referer, referer title, queried id,
  user agent, powered by, nonce, token, csrf, csrf token, action, site url, site name, blog name,
  user id, user login, serial number, g recaptcha response, h captcha response, cf turnstile response, akismet, hash, action type,
  gclid, gbraid, wbraid, fbclid, msclkid, utm source, utm medium, utm campaign, utm term, utm content, ga client id, landing page`);

/** Whole branches, or prefixes of names, that are the plugin's own. */
const PREFIXES = ["__", "_wpcf7", "_wp_", "_fluentform", "_wpnonce", "gform_", "is_submit_", "g-recaptcha", "h-captcha", "cf-turnstile", "ak_", "_ninja"];

/** Ambiguous names, which Elementor's default format adds itself whenever it adds the other ones. A form of another plugin may ask for a date. */
const ELEMENTOR_ONLY = words("date, time");
const ELEMENTOR_MARKS = words("powered by, remote ip, user agent");

/** Decides what is bookkeeping in this one form. */
export const bookkeepingOf = (fields: Fields): ((first: string, last: string) => boolean) => {
  const elementorDefault = Object.keys(fields).some((name) => ELEMENTOR_MARKS.has(labelWords(name)));
  // Elementor's advanced format keeps its own data in `form` and `meta` beside `fields`; elsewhere "form" may wrap the answers.
  const ownBranches = isFields(fields["fields"]) ? ["form", "meta"] : [];
  return (first, last) => {
    const branch = first.toLowerCase();
    const name = labelWords(last);
    return (
      PREFIXES.some((prefix) => branch.startsWith(prefix)) ||
      ownBranches.includes(branch) ||
      BOOKKEEPING.has(name) ||
      (elementorDefault && ELEMENTOR_ONLY.has(name))
    );
  };
};

/** Names under which plugins give the page of the form, best first. */
export const PAGE_URL_NAMES = ["page url", "source url", "embed url", "page link", "referer", "referrer", "post url", "permalink", "landing page", "wp http referer"];

/** Names under which plugins give the submission's own id. Gravity's plain "id" counts only next to its other columns. */
export const SUBMISSION_ID_NAMES = ["submission id", "entry id", "sub id", "unique id"];

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(",").map((name) => labelWords(name.trim())));
}
