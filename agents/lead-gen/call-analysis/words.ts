/** A pair's lone half, which cannot be written as UTF-8. */
const LONE_SURROGATE = /\p{Cs}/gu;
/** Marks that change the direction of the text around them, and the byte order mark. */
const INVISIBLE = /[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/**
 * Words on one line. Line breaks go, so that nobody can speak a line that looks like the other's; so do control and
 * direction characters.
 */
export const oneLine = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replaceAll(INVISIBLE, "")
    .replaceAll(LONE_SURROGATE, "")
    .trim();

/** At most so many characters (UTF-16 units), with an ellipsis where something was cut off. */
export const clip = (text: string, most: number): string =>
  text.length <= most
    ? text
    : `${text
        .slice(0, most - 1)
        .replaceAll(LONE_SURROGATE, "")
        .trimEnd()}…`;
