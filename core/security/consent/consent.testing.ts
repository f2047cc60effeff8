import type { ContactPolicy, ContactRequest } from "./consent.types.ts";
import { NO_CAPS } from "./policy.ts";

/* Requests for tests of the gate. */

export const policy = (over: Partial<ContactPolicy> = {}): ContactPolicy => ({
  allowed_countries: ["NZ", "AU", "GB", "IE", "US", "CA"],
  country: "NZ",
  time_zone: "Pacific/Auckland",
  cooldown_minutes: 0,
  caps: NO_CAPS,
  ...over,
});

let attempts = 0;

/** A text to a New Zealand customer that nobody asked for. */
export const request = (over: Partial<ContactRequest> = {}): ContactRequest => ({
  attempt_id: `attempt-${++attempts}`,
  channel: "sms",
  purpose: "campaign",
  phone: "+64211234567",
  party: "customer",
  asked_at: null,
  place: null,
  resource: "entity:ent_1",
  policy: policy(),
  ...over,
});
