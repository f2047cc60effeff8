import { describePhone, phonesInText } from "../../../core/phone.ts";

/** Nobody who needs a tradesperson has one of these: they are businesses', or cost whoever rings them. */
const NOT_A_PERSONS = new Set(["premium_rate", "toll_free", "shared_cost", "uan", "pager", "voicemail", "satellite"]);

const DIGITS: Readonly<Record<string, string>> = {
  zero: "0", oh: "0", nought: "0", one: "1", two: "2", three: "3", four: "4", five: "5", six: "6", seven: "7", eight: "8", nine: "9",
  null: "0", eins: "1", zwei: "2", drei: "3", vier: "4", fünf: "5", sechs: "6", sieben: "7", acht: "8", neun: "9",
  cero: "0", uno: "1", dos: "2", tres: "3", cuatro: "4", cinco: "5", seis: "6", siete: "7", ocho: "8", nueve: "9",
};
const WORD = Object.keys(DIGITS).join("|");
/** A run of digits, spelled or not, long enough to be a phone's; "double five" is two. */
const SPELLED = new RegExp(`(?<![\\p{L}\\p{N}])(?:(?:double |triple )?(?:${WORD}|\\d+)[\\s,.\\-–—/_*|·]{0,3}){6,}`, "giu");

const unspelled = (text: string): string =>
  text.replace(SPELLED, (run) => {
    if (!new RegExp(`\\p{L}`, "u").test(run)) return run;
    const digits = run.toLowerCase().replace(new RegExp(`(double |triple )?(${WORD}|\\d)`, "gu"), (_, times: string | undefined, word: string) => (DIGITS[word] ?? word).repeat(times === undefined ? 1 : times.startsWith("d") ? 2 : 3));
    return `${digits.replace(/[^\d+]+/g, "")} `;
  });

/** O for 0 and l for 1 among digits, and what is put between digits to hide them from machines. */
const plain = (text: string): string =>
  text
    .replace(/(?<=\d[\s.-]?)[oO](?=[\s.-]?\d)|(?<![\p{L}\p{N}])[oO](?=\d{2})/gu, "0")
    .replace(/(?<=\d[\s.-]?)[lI](?=[\s.-]?\d)/g, "1")
    .replace(/(?<=\d)\s*(?:\(dot\)|\[dot\]|\bdot\b|[_*~|·•=#]+)\s*(?=\d)/gi, " ")
    .replace(/(?<=\d) ?[–—] ?(?=\d)/g, "-");

const inLine = (line: string, country: string): string[] => {
  const asWritten = phonesInText(line, country);
  return asWritten.length > 0 ? asWritten : phonesInText(unspelled(plain(line)), country);
};

const MOST_LINES = 300;

/**
 * Phones that a post shows, E.164, in their order: as they are written, or as people write them to hide them from machines
 * ("O21 5five5 …", "zero two one …"). Only ones that a person may have. Line by line: "021 665 8890" above "2 hours ago" ends where its line does.
 * @param country ISO 3166-1 alpha-2
 */
export const phonesIn = (text: string, country: string): string[] => {
  const found = text.split("\n").slice(0, MOST_LINES).flatMap((line) => inLine(line, country));
  return [...new Set(found)].filter((phone) => !NOT_A_PERSONS.has(describePhone(phone).type));
};
