const A = 65;
const LETTERS = Array.from({ length: 26 }, (_, index) => String.fromCharCode(A + index));
/** Codes that CLDR names and ISO 3166-1 does not assign to a country. */
const NO_COUNTRIES = new Set(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "TA", "UN", "XA", "XB", "XK", "ZZ", "QO", "AN", "BU", "CS", "DD", "FX", "NT", "SU", "TP", "YD", "YU", "ZR"]);

/** Every country by its ISO 3166-1 code, named and sorted in the browser's language. */
export const countries = (): { code: string; name: string }[] => {
  const names = new Intl.DisplayNames(undefined, { type: "region", fallback: "none" });
  const all = LETTERS.flatMap((first) => LETTERS.map((second) => first + second)).filter((code) => !NO_COUNTRIES.has(code));
  return all.flatMap((code) => { const name = names.of(code); return name === undefined ? [] : [{ code, name }]; }).toSorted((a, b) => a.name.localeCompare(b.name));
};

/** Where the browser's language is spoken; else New Zealand. Read by hand: some systems' languages (`en-US@posix`) are none to `Intl`. */
export const likelyCountry = (): string => /-([A-Z]{2})\b/.exec(navigator.language)?.[1] ?? "NZ";
