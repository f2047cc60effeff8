/** What may follow a host: a port, a path, a query, a fragment. */
const REST = "(?:[:/?#][^\\s<>\"'`]*)?";
/**
 * Whatever a reader's program might make a link of. Each alternative begins where a run of its characters begins, or
 * is bounded (a host name's labels have 63 characters at most, RFC 1035), so that no text makes the search slow.
 */
const LINK = new RegExp(
  [
    "[a-z][a-z0-9+.-]{0,20}://[^\\s<>\"'`]+",
    "(?<![a-z])(?:javascript|data|vbscript|mailto):[^\\s<>\"'`]+",
    "www\\.[^\\s<>\"'`]+",
    "(?<![\\p{L}\\p{N}._%+-])[\\p{L}\\p{N}._%+-]+@[\\p{L}\\p{N}-]+(?:\\.[\\p{L}\\p{N}-]+)+",
    `(?<![\\p{L}\\p{N}_-])(?:[\\p{L}\\p{N}_-]{1,63}\\.){1,40}\\p{L}{2,24}(?![\\p{L}\\p{N}])${REST}`,
    `(?<![\\d.])\\d{1,3}(?:\\.\\d{1,3}){3}(?![\\d.])${REST}`,
  ].join("|"),
  "giu",
);
/** Characters that programs take for the dot of a host name. */
const OTHER_DOTS = /[\uff0e\u2024\ufe52]/g;

/** Two sentences that met without a space, as in "leak.Customer": words, which a space in place of the dot keeps. */
const MET_SENTENCES = /^(?:\p{Lu}?[\p{Ll}\p{N}]+\.)+\p{Lu}\p{Ll}+$/u;

/** Shorter than any link, so that the guard never makes a text longer. */
const REMOVED = "[…]";

const normalised = (link: string): string =>
  link
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, "")
    .replace(/^www\./, "")
    .replace(/[.,;:!?)\]}/]+$/, "");

/**
 * Takes out of a model's text every link that the source text does not hold itself, so that nobody who talks to the
 * model can put an address of theirs before the owner's eyes.
 */
export const createLinkGuard = (source: string): ((text: string) => string) => {
  const known = new Set(Array.from(source.replaceAll(OTHER_DOTS, ".").matchAll(LINK), ([link]) => normalised(link)));
  return (text) =>
    text.replaceAll(OTHER_DOTS, ".").replaceAll(LINK, (link) => {
      if (known.has(normalised(link))) return link;
      return MET_SENTENCES.test(link) ? link.replaceAll(".", " ") : REMOVED;
    });
};
