import { phoneFieldToE164 } from "../phone.ts";
import { meaningOf } from "./answer-roles.ts";
import type { Answer } from "./answers.ts";
import { asEmail, asPhone, isSpelledAsPhone } from "./value-kinds.ts";

/** The first labelled field that can be called; else a value that is a phone wherever it stands; else what was typed as phone, for the owner to read. */
export const findPhone = (labelled: Answer[], others: Answer[], country: string): { answer: Answer; e164: string | null } | null => {
  // The search in text is dear, and no real form has this many phones.
  for (const answer of labelled.slice(0, 20)) {
    const e164 = firstOf([answer.text, ...answer.values], (value) => phoneFieldToE164(value, country));
    if (e164 !== null) return { answer, e164 };
  }
  for (const spelled of [true, false]) {
    for (const answer of others) {
      const e164 = firstOf(answer.values, (value) => (spelled && !isSpelledAsPhone(value) ? null : asPhone(value, country)));
      if (e164 !== null) return { answer, e164 };
    }
  }
  // A label that only contains the word may be a question about phones; an answer without a digit is then no number.
  const typed = labelled.find((answer) => asEmail(answer.text) === null && (/\p{Nd}/u.test(answer.text) || isCertainPhone(answer)));
  return typed === undefined ? null : { answer: typed, e164: null };
};

const isCertainPhone = (answer: Answer): boolean => (meaningOf(answer)?.strength ?? 0) >= 4;

/** The first address among the labelled, then among the others. */
export const findEmail = (labelled: Answer[], others: Answer[]): { answer: Answer; address: string } | null => {
  for (const answer of [...labelled, ...others]) {
    const address = firstOf(answer.values, asEmail);
    if (address !== null) return { answer, address };
  }
  // Strange but with an at sign, where an address was asked for: better kept than lost.
  const typed = labelled.find((answer) => /^\S*@\S*$/.test(answer.text));
  return typed === undefined ? null : { answer: typed, address: typed.text };
};

/** The first of the values that `read` makes something of. */
export const firstOf = <T>(values: readonly string[], read: (value: string) => T | null): T | null => {
  for (const value of values) {
    const result = read(value);
    if (result !== null) return result;
  }
  return null;
};
