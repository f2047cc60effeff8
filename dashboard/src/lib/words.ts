import { en } from "./words.en.ts";
import type { dna } from "./words/dna.en.ts";
import type { hunt } from "./words/hunt.en.ts";
import type { onboarding } from "./words/onboarding.en.ts";
import type { pages } from "./words/pages.en.ts";
import type { reactivate } from "./words/reactivate.en.ts";
import type { reports } from "./words/reports.en.ts";
import type { settings } from "./words/settings.en.ts";

type All = typeof en & { dna: typeof dna; hunt: typeof hunt; onboarding: typeof onboarding; pages: typeof pages; reactivate: typeof reactivate; reports: typeof reports; settings: typeof settings };
const texts: Record<string, unknown> = { ...en };

/** A screen's words come along with the screen (`lib/words/<screen>.ts`): they are no part of the first load. */
export const addWords = (words: Partial<All>): void => void Object.assign(texts, words);

type Leaves<T, Prefix extends string = ""> = { [K in keyof T & string]: T[K] extends string ? `${Prefix}${K}` : Leaves<T[K], `${Prefix}${K}.`> }[keyof T & string];
/** Every text that the dashboard shows by itself; another language is another file of the same shape. */
export type Words = Leaves<All>;

/** @param values for `{places}` in the text */
export const t = (key: Words, values: Record<string, string | number> = {}): string => {
  const found = key.split(".").reduce<unknown>((words, part) => (words as Record<string, unknown>)[part], texts);
  return String(found).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
};

/** For words that the API says: `needs_contact` has a text of its own or is shown as it is, readable. */
export const said = (group: "status" | "end" | "event", word: string): string => (en[group] as Record<string, string>)[word] ?? word.replaceAll("_", " ");
