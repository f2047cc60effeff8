import type { Dna } from "../../dna/schema.ts";
import { zoneOf } from "../../dna/time-zone.ts";
import type { ContactCaps, ContactPolicy } from "./consent.types.ts";
import { MICROS } from "../../money.ts";

export const NO_CAPS: ContactCaps = { calls_per_hour: null, calls_per_day: null, sms_per_hour: null, sms_per_day: null, money_per_month_micros: null };

const lower = (one: number | null, other: number | null): number | null => (one === null ? other : other === null ? one : Math.min(one, other));

/** The narrower of two sets of caps, each by itself. */
export const narrowest = (one: ContactCaps, other: ContactCaps): ContactCaps => ({
  calls_per_hour: lower(one.calls_per_hour, other.calls_per_hour),
  calls_per_day: lower(one.calls_per_day, other.calls_per_day),
  sms_per_hour: lower(one.sms_per_hour, other.sms_per_hour),
  sms_per_day: lower(one.sms_per_day, other.sms_per_day),
  money_per_month_micros: lower(one.money_per_month_micros, other.money_per_month_micros),
});

/** What a business allows itself, as the gate reads it. */
export const policyOf = (dna: Pick<Dna, "consent" | "identity">): ContactPolicy => {
  const { allowed_countries, cooldown_minutes, caps } = dna.consent;
  const own: ContactCaps = {
    calls_per_hour: caps.calls_per_hour ?? null,
    calls_per_day: caps.calls_per_day ?? null,
    sms_per_hour: caps.sms_per_hour ?? null,
    sms_per_day: caps.sms_per_day ?? null,
    money_per_month_micros: caps.money_per_month_usd === undefined ? null : Math.round(caps.money_per_month_usd * MICROS),
  };
  return { allowed_countries, country: dna.identity.country, time_zone: zoneOf(dna), cooldown_minutes, caps: own };
};
