import { readFormBody } from "./form-body.ts";
import { type NormalisedLead, normalisedLeadSchema } from "./normalised-lead.ts";
import { readWordPressLead, type WordPressLead, type WordPressOptions } from "./wordpress.ts";

/** A submission from its bytes to the lead, which has to satisfy its own schema. Text is sent as it is, all else as JSON. */
export const readWordPress = async (body: unknown, options: Partial<WordPressOptions> = {}): Promise<WordPressLead> => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const form = await readFormBody(new TextEncoder().encode(text), "application/x-www-form-urlencoded");
  if (!form.ok) throw new Error(form.reason);
  const result = readWordPressLead(form.fields, { country: "NZ", ...options });
  normalisedLeadSchema.parse(result.lead);
  return result;
};
/** The lead alone. */
export const leadOf = async (body: unknown, options: Partial<WordPressOptions> = {}): Promise<NormalisedLead> => (await readWordPress(body, options)).lead;

/** A lead in which nothing was found. */
export const NOTHING = { name: null, phone: null, phone_raw: null, email: null, message: null, service: null, place: null, page_url: null, fields: {} };
