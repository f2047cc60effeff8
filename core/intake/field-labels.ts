import { FIELD_ALIASES, type FieldRole } from "./field-aliases.ts";

/** How sure a label is of its role: `exact`, the whole label is an alias; `within`, one stands inside a longer label. */
export interface LabelMeaning {
  role: FieldRole;
  strength: "exact" | "within";
}

/**
 * A name or label as the words that it consists of: "Your-Name*", "yourName" and "YOUR_NAME:" are all "your name". Letters
 * lose their accents. Digits at the end, which plugins add to tell inputs
 * apart ("tel-123"), are dropped; a name of digits alone stays.
 */
export const labelWords = (label: string): string => {
  const words = label
    .slice(0, 200)
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[\u0300-\u036F]/g, "")
    .replaceAll("ø", "o")
    .replaceAll("æ", "ae")
    .replaceAll("ł", "l")
    .replaceAll("ı", "i")
    .normalize("NFKC")
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, " ")
    .trim();
  return words.replace(/(?: \d+)+$/, "");
};

/** What a field's name or label says that it holds; null when it says nothing known. The longest alias decides, then the later one: the head of "service address" is its last word. */
export const labelMeaning = (label: string): LabelMeaning | null => {
  const words = labelWords(label);
  if (words === "") return null;
  const core = withoutFiller(words);
  const exact = EXACT.get(words) ?? EXACT.get(core);
  if (exact !== undefined) return { role: exact, strength: "exact" };

  const role = longestWithin(words, OTHER) ?? longestWithin(words, WITHIN);
  return role === undefined ? null : { role, strength: "within" };
};

const longestWithin = (words: string, aliases: ReadonlyMap<string, FieldRole>): FieldRole | undefined => {
  const tokens = words.split(" ").slice(0, 30);
  for (let length = Math.min(LONGEST_ALIAS, tokens.length); length > 0; length--) {
    for (let start = tokens.length - length; start >= 0; start--) {
      const role = aliases.get(tokens.slice(start, start + length).join(" "));
      if (role !== undefined) return role;
    }
  }
  return undefined;
};

const FILLER = new Set(
  `your my the a an please enter type field input form wpforms required optional must mandatory customer client lead billing user visitor
   ihre ihr ihren deine dein pflichtfeld votre vos obligatoire requis tu su tus sus obligatorio requerido il la el le tuo tua suo seu sua
   obbligatorio uw je jouw verplicht din ditt deres twoj vas vase to ваш ваша ваше`.split(/\s+/),
);

/** The label without politeness and plugin words, or as it was if nothing else is in it. */
const withoutFiller = (words: string): string => {
  const kept = words.split(" ").filter((word) => !FILLER.has(word));
  return kept.length === 0 ? words : kept.join(" ");
};

const EXACT = new Map<string, FieldRole>();
const WITHIN = new Map<string, FieldRole>();
const OTHER = new Map<string, FieldRole>();
const roles = Object.entries(FIELD_ALIASES) as [FieldRole, { exact: string; within: string }][];
for (const [role, { exact, within }] of roles) {
  for (const alias of exact.split(" | ")) EXACT.set(labelWords(alias), role);
  for (const alias of within.split(" | ")) {
    EXACT.set(labelWords(alias), role);
    (role === "other" ? OTHER : WITHIN).set(labelWords(alias), role);
  }
}
const LONGEST_ALIAS = Math.max(...[...WITHIN.keys(), ...OTHER.keys()].map((alias) => alias.split(" ").length));
