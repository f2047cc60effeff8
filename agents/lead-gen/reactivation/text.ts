import { oneLine, clip } from "../call-analysis/words.ts";
import { fillTemplate } from "../../../core/contact/template.ts";
import type { Dna } from "../../../core/dna/schema.ts";
import type { OldCustomer } from "../../../core/memory/old-customers.store.ts";

const MOST_NAME = 40;
const MOST_SERVICE = 60;
/** Twilio takes 1,600 characters; nobody reads as many. */
const MOST_TEXT = 640;
const HOW_TO_STOP = "Reply STOP to opt out.";
/** What somebody typed into a form may hold an address or a number: then it is no name and no service. */
const NOT_WORDS = /[/@:\d]|\.\w|www/i;

const wordsOf = (value: unknown, most: number): string | null => {
  const text = typeof value === "string" ? oneLine(value) : "";
  return text === "" || text.length > most || NOT_WORDS.test(text) ? null : text;
};

/** What a text may say of a person: the name by which one addresses them, and what was done for them. */
export const historyOf = ({ name, metadata }: Pick<OldCustomer, "name" | "metadata">): { first_name: string | null; service: string | null } => ({
  first_name: wordsOf(oneLine(name).split(" ")[0], MOST_NAME),
  service: wordsOf(metadata.service, MOST_SERVICE),
});

/** The business's name and how to stop are in every text, whatever the template says. */
const complete = (text: string, business: string): string => {
  const named = text.toLowerCase().includes(business.toLowerCase()) ? text : `${business}: ${text}`;
  return saysHowToStop(named) ? named : `${named} ${HOW_TO_STOP}`;
};

export const saysHowToStop = (text: string): boolean => /\bSTOP\b/.test(text);

/** The template of the business's DNA, filled for a person. */
export const templateText = (template: string, dna: Pick<Dna, "identity">, person: Pick<OldCustomer, "name" | "metadata">): string => {
  const business = clip(oneLine(dna.identity.business_name), MOST_NAME * 2);
  const { first_name, service } = historyOf(person);
  // "helped you with ." reads worse than "helped you."
  const worded = service === null ? template.replaceAll(/\s+(?:with|for|on|about)\s+(?:your\s+)?\{service\}/gi, "") : template;
  const filled = fillTemplate(worded, { name: first_name, first_name, business, service });
  return complete(clip(oneLine(filled), MOST_TEXT - business.length - HOW_TO_STOP.length - 3), business);
};
