import sanitizeHtml from "sanitize-html";

/*
 * What may be in a page that a model wrote, or that was copied from somewhere: text and its structure, links and pictures on the
 * web. No script, style, form, frame or event; no address but http(s), mailto and tel.
 */

const OPTIONS: sanitizeHtml.IOptions = {
  allowedTags: [
    "h1", "h2", "h3", "h4", "p", "br", "hr", "ul", "ol", "li", "dl", "dt", "dd", "strong", "em", "b", "i", "small", "sub", "sup", "blockquote", "code", "pre",
    "table", "caption", "thead", "tbody", "tr", "th", "td", "a", "img", "figure", "figcaption", "section", "article", "header", "footer", "time", "address",
  ],
  allowedAttributes: {
    a: ["href", "title", "rel"],
    img: ["src", "alt", "title", "width", "height", "loading"],
    th: ["scope", "colspan", "rowspan"],
    td: ["colspan", "rowspan"],
    time: ["datetime"],
    // Anchors within the page; nothing that a style or script could hang on to.
    h1: ["id"], h2: ["id"], h3: ["id"], h4: ["id"], section: ["id"],
  },
  allowedSchemes: ["https", "http", "mailto", "tel"],
  allowedSchemesByTag: { img: ["https", "http"] },
  allowProtocolRelative: false,
  // Their content goes with them: the text of a script is not for readers.
  nonTextTags: ["script", "style", "textarea", "option", "noscript", "template", "iframe", "object", "svg", "math", "title", "xmp", "noembed", "noframes", "plaintext"],
  disallowedTagsMode: "discard",
  enforceHtmlBoundary: true,
  nestingLimit: 50,
  transformTags: {
    // An id could shadow a name that a page's script relies on (DOM clobbering); ours begin with `s-`.
    "*": (tagName, { id, ...attribs }) => ({ tagName, attribs: { ...attribs, ...(id !== undefined && /^s-[a-z0-9-]{1,60}$/.test(id) ? { id } : {}) } }),
    // Whatever is linked to gets no hold of our page.
    a: (tagName, attributes) => ({ tagName, attribs: { ...attributes, rel: "noopener noreferrer nofollow" } }),
  },
};

/**
 * HTML that is safe to show: parsed and written anew from an allow-list, so that what does not parse as one of ours is text
 * or gone. Ids survive only as `s-…`.
 */
export const cleanHtml = (html: string): string => sanitizeHtml(html, OPTIONS);

/** The same for a page that says where its sentences come from: `<span data-source="s1 s2">` survives besides. */
export const cleanSourcedHtml = (html: string): string =>
  sanitizeHtml(html, {
    ...OPTIONS,
    allowedTags: [...(OPTIONS.allowedTags || []), "span"],
    allowedAttributes: { ...OPTIONS.allowedAttributes, span: [{ name: "data-source", multiple: true, values: Array.from({ length: 999 }, (_, n) => `s${n + 1}`) }] },
  });

/** JSON as the text of a `<script>`: nothing in it can end the script, or begin a comment that hides its end (HTML, 4.12.1.3). */
export const jsonForScript = (value: unknown): string => JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Text for an HTML page or attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
