/** Longest slug that the DNA takes (core/dna/schema/primitives.ts). */
const LONGEST = 120;

/**
 * A name as part of an address: small letters and digits of any script, joined by dashes, Latin letters without their accents.
 * "" where nothing of it is left.
 */
export const slugOf = (name: string): string =>
  name
    .normalize("NFKD")
    .replaceAll(/(\p{Script=Latin})\p{M}+/gu, "$1")
    .normalize("NFC")
    .toLowerCase()
    .replaceAll(/['’]/g, "")
    .replaceAll("&", " and ")
    .replaceAll(/[^\p{Ll}\p{Lo}\p{N}]+/gu, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, LONGEST)
    .replace(/-+$/, "");
