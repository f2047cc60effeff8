/* What of an HTML document people see, for all that read one. */

/** Elements whose text is not shown, or is not the page's. */
export const NOT_READ = new Set(["script", "style", "noscript", "template", "svg", "math", "iframe", "object", "canvas", "select", "textarea", "title", "head"]);
export const VOID = new Set(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]);
/** Elements that begin a line of their own. */
export const BLOCK = new Set(["p", "div", "section", "article", "header", "footer", "main", "nav", "aside", "ul", "ol", "li", "dl", "dt", "dd", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "address", "blockquote", "figure", "figcaption", "form", "pre", "hr", "br", "body"]);
/** Ways to have a text on a page and keep it from people. Style sheets are not read: what they hide is caught when it is used. */
const HIDING = /display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d])|font-size\s*:\s*0(?![.\d]*[1-9])|(?:left|top|text-indent)\s*:\s*-\d{3,}/i;

export const isHidden = (attributes: Record<string, string>): boolean =>
  "hidden" in attributes || attributes["aria-hidden"] === "true" || HIDING.test(attributes["style"] ?? "");

/** Absolute, http(s), without a fragment; null for anything else. */
export const webUrl = (href: string, base: string): string | null => {
  if (!URL.canParse(href.trim(), base)) return null;
  const url = new URL(href.trim(), base);
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  url.hash = "";
  return url.href;
};

export const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
