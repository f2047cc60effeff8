/** Anything from outside that is to be kept as text passes through here: no characters that harm a log, a terminal, a text message or a voice. */

/** Everything invisible but tab and line feed, the switches of writing direction (which make text read other than it is), and zero-width characters. */
const UNWANTED = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g;

/** Text of several lines: cleaned, trimmed, at most `max` UTF-16 units, never cut inside a character. HTML stays the text that it is. */
export const cleanText = (raw: string, max: number): string => {
  // Cut roughly first, so that a hostile megabyte isn't gone over several times; trimming may still need some of the rest.
  const text = raw
    .slice(0, max * 2)
    .replace(/\r\n?/g, "\n")
    .replace(UNWANTED, "")
    .replace(/\p{Surrogate}/gu, "\uFFFD")
    .trim();
  return text.slice(0, max).replace(/[\uD800-\uDBFF]$/, "").trimEnd();
};

/** As `cleanText`, on one line with single spaces. */
export const cleanLine = (raw: string, max: number): string => cleanText(cleanText(raw, max * 2).replace(/\s+/g, " "), max);

/** `text`, or null when nothing is left of it. */
export const orNull = (text: string): string | null => (text === "" ? null : text);
