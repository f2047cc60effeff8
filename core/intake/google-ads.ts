import { z } from "zod";

import { fieldErrors, type FieldError } from "../errors.ts";
import { readColumns } from "./google-columns.ts";
import { parseJsonKeepingDigits } from "./lossless-json.ts";
import type { NormalisedLead } from "./normalised-lead.ts";

/** Ids as Google sends them (64-bit), in decimal digits; null where the campaign type has none or an old sender left it out. */
export interface GoogleAdsIds {
  form_id: string | null;
  campaign_id: string | null;
  adgroup_id: string | null;
  creative_id: string | null;
  asset_group_id: string | null;
  gcl_id: string | null;
}

export interface GoogleAdsLead {
  lead: NormalisedLead;
  google_key: string | null;
  /** Unique over all forms of Google, except that every test of every advertiser has the same. Null when left out. */
  lead_id: string | null;
  /** Whether the advertiser pressed "Send test data": such a lead rings nobody. */
  is_test: boolean;
  ids: GoogleAdsIds;
  /** ISO 8601 UTC with ms; null when left out or unreadable. */
  lead_submit_time: string | null;
}

/** `malformed`: not JSON, the caller answers 400. `invalid`: JSON, but no lead form submission, 422 with these errors. */
export type GoogleAdsResult =
  | { ok: true; value: GoogleAdsLead }
  | { ok: false; reason: "malformed" }
  | { ok: false; reason: "invalid"; errors: FieldError[] };

/** Only the answers have to be right: whatever else is missing or of another type is no reason to lose a lead. */
const text = z.union([z.string(), z.number()]).transform(String).pipe(z.string().min(1).max(512)).nullish().catch(null).transform((value) => value ?? null);

/** Google writes `2024-09-26T12:30:00Z`. */
const submitTime = z.iso.datetime({ offset: true }).transform((time) => new Date(time).toISOString()).nullish().catch(null).transform((value) => value ?? null);

const columnSchema = z.object({
  column_id: z.union([z.string(), z.number()]).transform(String).nullish().catch(null),
  column_name: z.string().nullish().catch(null),
  string_value: z.union([z.string(), z.number(), z.boolean()]).transform(String).nullish().catch(null),
});

/** The webhook's body (developers.google.com/google-ads/webhook/docs/implementation); unknown fields are ignored, as Google asks. */
export const googleAdsBodySchema = z.object({
  lead_id: text,
  google_key: text,
  is_test: z.union([z.boolean(), z.literal("true").transform(() => true)]).catch(false),
  form_id: text,
  campaign_id: text,
  adgroup_id: text,
  creative_id: text,
  asset_group_id: text,
  gcl_id: text,
  lead_submit_time: submitTime,
  user_column_data: z.array(columnSchema.catch({})).max(500),
});

/** Parses the body once, for `readGoogleKey` and then `readGoogleAdsBody`. Ids beyond 2^53 keep all of their digits. */
export const parseGoogleAdsBody = (body: string): { ok: true; body: unknown } | { ok: false; reason: "malformed" } => {
  try {
    return { ok: true, body: parseJsonKeepingDigits(body.replace(/^\uFEFF/, "")) };
  } catch {
    return { ok: false, reason: "malformed" };
  }
};

/** The key alone, so that it can be verified before anything else in the body is judged. Null when there is none. */
export const readGoogleKey = (body: unknown): string | null => {
  if (typeof body !== "object" || body === null || !Object.hasOwn(body, "google_key")) return null;
  const key: unknown = (body as { google_key: unknown }).google_key;
  return typeof key === "string" || typeof key === "number" ? String(key) : null;
};

/** Reads a parsed body. `country` (ISO 3166-1 alpha-2) is the one that national phone numbers are read in. Never throws. */
export const readGoogleAdsBody = (body: unknown, country: string): Exclude<GoogleAdsResult, { reason: "malformed" }> => {
  const parsed = googleAdsBodySchema.safeParse(body);
  if (!parsed.success) return { ok: false, reason: "invalid", errors: fieldErrors(parsed.error.issues) };
  const { google_key, lead_id, is_test, lead_submit_time, user_column_data, ...ids } = parsed.data;
  return { ok: true, value: { lead: readColumns(user_column_data, country), google_key, lead_id, is_test, ids, lead_submit_time } };
};

/** Parses and reads in one step. Never throws. */
export const readGoogleAdsLead = (body: string, country: string): GoogleAdsResult => {
  const parsed = parseGoogleAdsBody(body);
  return parsed.ok ? readGoogleAdsBody(parsed.body, country) : parsed;
};
