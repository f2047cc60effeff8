import { z } from "zod";

import { cleanLine, cleanText, orNull } from "./text.ts";

/** Longest values in UTF-16 units. Longer answers are cut, never refused: a lead with half a message is still a lead. */
export const LEAD_LIMITS = {
  name: 120,
  phone_raw: 80,
  email: 254,
  message: 4000,
  service: 200,
  place: 300,
  page_url: 2000,
  fields: 60,
  field_name: 100,
  field_value: 1000,
} as const;

const answer = (max: number) => z.string().min(1).max(max).nullable();

/** One lead, whatever sent it. Absent is null, never "". */
export const normalisedLeadSchema = z.strictObject({
  name: answer(LEAD_LIMITS.name),
  /** E.164, or null when what was given can't be called. */
  phone: z.string().regex(/^\+[1-9]\d{3,16}$/).nullable(),
  /** As it was typed; also there when `phone` is null, so that the owner can make sense of it. */
  phone_raw: answer(LEAD_LIMITS.phone_raw),
  /** Lower case. What was typed into an e-mail field is kept even if only its at sign is right: for a person to read, not to be sent to unchecked. */
  email: answer(LEAD_LIMITS.email),
  message: answer(LEAD_LIMITS.message),
  service: answer(LEAD_LIMITS.service),
  place: answer(LEAD_LIMITS.place),
  /** The page that the form stood on; http or https. */
  page_url: answer(LEAD_LIMITS.page_url),
  /** All other answered fields by their label or name, in the form's order. */
  fields: z.record(z.string().max(LEAD_LIMITS.field_name), z.string().max(LEAD_LIMITS.field_value)),
});
export type NormalisedLead = z.infer<typeof normalisedLeadSchema>;

/** What a reader found, not yet cleaned or bounded. */
export interface FoundLead extends Partial<Record<Exclude<keyof NormalisedLead, "fields">, string | null>> {
  fields?: Iterable<readonly [name: string, value: string]>;
}

/** Cleans and bounds what a reader found. The only way that a NormalisedLead comes to be. */
export const normaliseLead = (found: FoundLead): NormalisedLead => {
  const line = (raw: string | null | undefined, max: number): string | null => orNull(cleanLine(raw ?? "", max));
  return {
    name: line(found.name, LEAD_LIMITS.name),
    phone: found.phone ?? null,
    phone_raw: line(found.phone_raw, LEAD_LIMITS.phone_raw),
    email: line(found.email?.toLowerCase(), LEAD_LIMITS.email),
    message: orNull(cleanText(found.message ?? "", LEAD_LIMITS.message)),
    service: line(found.service, LEAD_LIMITS.service),
    place: line(found.place, LEAD_LIMITS.place),
    page_url: webPage(line(found.page_url, LEAD_LIMITS.page_url)),
    fields: boundFields(found.fields ?? []),
  };
};

/** Whether there is nothing to go by: no name, no phone however unusable, no e-mail, no message. The caller answers 422. */
export const isEmptyLead = (lead: NormalisedLead): boolean =>
  lead.name === null && lead.phone === null && lead.phone_raw === null && lead.email === null && lead.message === null;

const webPage = (url: string | null): string | null => (url !== null && /^https?:\/\//i.test(url) && URL.canParse(url) ? url : null);

const boundFields = (fields: Iterable<readonly [string, string]>): Record<string, string> => {
  const kept = new Map<string, string>();
  for (const [rawName, rawValue] of fields) {
    if (kept.size >= LEAD_LIMITS.fields) break;
    const name = cleanLine(rawName, LEAD_LIMITS.field_name);
    const value = cleanText(rawValue, LEAD_LIMITS.field_value);
    if (name === "" || name === "__proto__" || value === "") continue;
    // Two questions of the same label are two answers.
    let unique = name;
    for (let count = 2; kept.has(unique); count++) unique = `${name.slice(0, LEAD_LIMITS.field_name - 5)} (${count})`;
    kept.set(unique, value);
  }
  // fromEntries defines own properties: a field called "constructor" is a field and nothing else.
  return Object.fromEntries(kept);
};
