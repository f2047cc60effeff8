/** How gently a vendor that all tenants share wants to be asked. */
export interface VendorLimit {
  /** At least so many milliseconds lie between two requests, over all tenants; 0: no matter. */
  every_ms: number;
  /** So many may be under way at once, over all tenants; null: any number. */
  at_once: number | null;
  /** Of these, so many are kept for what somebody waits for; absent: none. */
  kept?: number;
  /** Asked all the same while the desk that keeps its places is away: where a refusal of the vendor's does less harm than asking nothing. */
  lenient?: true;
}

export const VENDOR_LIMITS = {
  // operations.osmfoundation.org/policies/nominatim: an absolute maximum of one request a second.
  nominatim: { every_ms: 1000, at_once: null },
  // Two slots an address on the public servers (wiki.openstreetmap.org/wiki/Overpass_API), and no hurry.
  overpass: { every_ms: 1000, at_once: 2 },
  // developers.cloudflare.com/browser-rendering/limits, paid plan: 30 browsers at a time of an account, 30 new ones a minute. Regions share the account.
  browser: { every_ms: 2000, at_once: 10 },
  // Ours to choose: Google's quotas are a model's requests and tokens a minute, by the tier of the project (ai.google.dev/gemini-api/docs/rate-limits). At some
  // four seconds an answer, sixty at a time are below a thousand a minute.
  gemini: { every_ms: 0, at_once: 60, kept: 20, lenient: true },
  // An account's REST requests under way are limited (20429; a hundred by default, from memory). Calls, recordings and look-ups need theirs.
  twilio_messages: { every_ms: 0, at_once: 40, kept: 20, lenient: true },
  // Of the same account. Each lasts as long as an hour's audio takes from there into R2.
  twilio_recordings: { every_ms: 0, at_once: 20, lenient: true },
  // Ours to choose: Google's quota is by the method and minute, as the project's console shows it (developers.google.com/maps/documentation/places/web-service/usage-and-billing).
  google_places: { every_ms: 0, at_once: 10, lenient: true },
  // resend.com/docs/api-reference/rate-limit: two requests a second of a team. Regions that share one are refused now and then, and try again.
  resend: { every_ms: 500, at_once: null, lenient: true },
} as const satisfies Record<string, VendorLimit>;

export type Vendor = keyof typeof VENDOR_LIMITS;
