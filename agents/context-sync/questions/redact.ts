/*
 * Takes out of a spoken sentence what tells who somebody is: by rules first, then by what a model has named besides. Where it
 * cannot tell it takes out too much: a passage without a brand's name is of use, one with a customer's name is a leak.
 */

/** What stands where something was taken out. No word, so that nothing is found by it. */
export const MASK = "[…]";

export interface RedactOptions {
  /** Names of people who are known to belong to the call. */
  names: readonly string[];
  /** What a model found to be personal: taken out wherever it stands. */
  personal: readonly string[];
  /** Lower-case words that may be written large: the business's own and its trade's. */
  vocabulary: ReadonlySet<string>;
  /** Lower-case words that are known to be no names, as they were also written small. */
  ordinary: ReadonlySet<string>;
  /** BCP 47. Where nouns are written large that says nothing about names. */
  language: string;
}

const DIGIT_WORD = "(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|double|triple|null|eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|zéro|un|deux|trois|quatre|cinq|sept|huit|neuf)";
const NUMBER_WORD = "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred)";
const STREET = "street|road|avenue|lane|crescent|terrace|highway|boulevard|esplanade|parade|rd|ave|ln|hwy|blvd|tce|cres";
/** Also ordinary words: three hours' drive, a long way. */
const MAYBE_STREET = "drive|place|way|close|court|square|grove|rise|quay|st|dr|pl|ct";

/** What has a form of its own, in any language. Order matters: addresses before their parts. */
const FORMS: readonly RegExp[] = [
  /[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+/gu,
  /\b[\w.-]+\s+at\s+[\w-]+\s+dot\s+\w+(?:\s+dot\s+\w+)?\b/giu,
  /\b(?:https?:\/\/|www\.)\S+/giu,
  // Five digits and more, however they are grouped: phones, cards, accounts, policies.
  /\+?\d(?:[\s()./-]*\d){4,}/gu,
  new RegExp(String.raw`(?<!\p{L})(?:${DIGIT_WORD}[\s,.-]+){3,}${DIGIT_WORD}(?!\p{L})`, "giu"),
  // 12 Queen Street, 4/12 queen place; twenty one Queen Street
  new RegExp(String.raw`(?<![\p{L}\d])\d+[a-z]?(?:\/\d+)?\s+(?:[\p{L}'’-]+\s+){1,3}(?:${STREET}|${MAYBE_STREET})(?!\p{L})\.?`, "giu"),
  new RegExp(String.raw`(?<!\p{L})${NUMBER_WORD}(?:[\s-]+${NUMBER_WORD})*\s+(?:[\p{L}'’-]+\s+){1,3}(?:${STREET})(?!\p{L})\.?`, "giu"),
  // Gartenstraße 7, Hauptstr. 12, rue de la Paix 5, calle Mayor 3
  /\p{L}*(?:stra(?:ß|ss)e|str\.|weg|gasse|allee)\s+\d+\s?[a-z]?(?!\p{L})/giu,
  /(?<!\p{L})(?:rue|calle|via|avenida)\s+(?:[\p{L}'’-]+\s+){1,4}\d+/giu,
  /(?<!\p{L})(?:unit|flat|apartment|apt|suite)\s+\d+\w?(?!\p{L})/giu,
  // British postcodes; plates and references: letters and digits in one word.
  /(?<!\p{L})[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}(?!\p{L})/gu,
  /(?<![\p{L}\d])(?=[\p{L}\d]*\d)(?=[\p{L}\d]*\p{L})[\p{L}\d]{5,}(?![\p{L}\d])/gu,
];

/** A name follows, however nouns are written. */
const INTRODUCTION = /((?<!\p{L})(?:[Mm]y name is|[Mm]y name['’]s|[Tt]he name is|[Mm]ein Name ist|[Ii]ch hei(?:ß|ss)e|[Mm]e llamo|[Jj]e m['’]appelle|[Mm]r|[Mm]rs|[Mm]s|[Mm]iss|[Mm]ister|[Dd]r|[Hh]err|[Ff]rau|[Ss]eñora?|[Mm]onsieur|[Mm]adame)\.?\s+)(?:\p{L}[\p{L}'’-]*)(?:\s+\p{Lu}[\p{L}'’-]*){0,2}/gu;

/** Written large for other reasons than being a name. */
const LARGE = new Set(
  `i i'm i'll i've i'd monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
   september october november december easter christmas ok`.split(/\s+/),
);
/** Words with which sentences of a telephone call begin. */
const OPENERS = new Set(
  `a about after all also an and any are as at because before but by can could depends did do does either for from generally have he hello hi how if in is it
   it's just like mostly my no normally not of on once only or our probably please right she should so some sometimes sorry sure thank thanks that that's the
   their then there there's these they they're this those to today tomorrow tonight until usually was we we'll we're we've well were what what's when where
   which while who why will with within would yeah yes you you'll you're your q`.split(/\s+/),
);
const CAPITALISES_NOUNS = /^(?:de|lb)\b/i;

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
const whole = (text: string, flags: string): RegExp => new RegExp(String.raw`(?<![\p{L}\d])${escape(text)}(?:['’]s)?(?![\p{L}\d])`, flags);
const lower = (word: string): string => word.toLowerCase().replaceAll("’", "'");

/** Words of a text as they are compared: lower-case, without what clings to them. */
export const wordsOf = (text: string): string[] => text.match(/[\p{L}\d]+(?:['’][\p{L}]+)*/gu)?.map(lower) ?? [];

/** A large word within a sentence is taken for a name unless the trade knows it; one that begins a sentence, unless it is an ordinary word. */
const maskCapitalised = (text: string, { vocabulary, ordinary }: RedactOptions): string =>
  text.replaceAll(/(?<![\p{L}\d])\p{Lu}[\p{L}]*(?:['’-]\p{L}+)*/gu, (word, offset: number) => {
    const plain = lower(word);
    const base = plain.replace(/'s$/, "");
    if (vocabulary.has(plain) || vocabulary.has(base) || LARGE.has(plain) || LARGE.has(plain.replace(/s$/, ""))) return word;
    // Abbreviations: GST, LED.
    if (/^\p{Lu}{2,4}$/u.test(word)) return word;
    const begins = /(?:^|[.!?:]["”']?\s+|["“])$/u.test(text.slice(0, offset));
    return begins && (OPENERS.has(plain) || ordinary.has(plain)) ? word : MASK;
  });

const tidy = (text: string): string =>
  text
    .replaceAll(/\[…\](?:[\s,.'’-]*\[…\])+/gu, MASK)
    .replaceAll(/\s+/g, " ")
    .trim();

export const redact = (text: string, options: RedactOptions): string => {
  let safe = text;
  for (const form of FORMS) safe = safe.replaceAll(form, MASK);
  for (const name of options.names) {
    safe = safe.replaceAll(whole(name, "giu"), MASK);
    // Its parts as names are written: "Will" is one, "will" is not.
    for (const part of name.split(/\s+/).filter((one) => one.length > 1)) {
      safe = safe.replaceAll(whole(`${part.slice(0, 1).toUpperCase()}${part.slice(1)}`, "gu"), MASK);
    }
  }
  for (const found of options.personal) safe = safe.replaceAll(whole(found, "giu"), MASK);
  safe = safe.replaceAll(INTRODUCTION, `$1${MASK}`);
  if (!CAPITALISES_NOUNS.test(options.language)) safe = maskCapitalised(safe, options);
  return tidy(safe);
};
