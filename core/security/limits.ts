import type { SpendCaps } from "../usage/usage.types.ts";
import type { ContactCaps } from "./consent/consent.types.ts";
import { NO_CAPS } from "./consent/policy.ts";

/** What a request to the API does, for its limit. */
export type RateClass = "read" | "write" | "run" | "auth" | "contact";

/** A bucket of `quota` requests that fills up again evenly within `window_s` seconds. */
export interface RateLimit {
  quota: number;
  window_s: number;
}

export type Plan = "trial" | "standard" | "pro";

export interface PlanLimits {
  /** For each principal (person or key) by itself. */
  rates: Readonly<Record<RateClass, RateLimit>>;
  /** For the tenant as a whole, beside what its DNA says. */
  contacts: ContactCaps;
  /** What the tenant may spend on models, all its projects together. */
  models: SpendCaps;
}

const perMinute = (quota: number): RateLimit => ({ quota, window_s: 60 });

/** The one table of what a plan allows. A trial's contacts are few: it is what a stranger on the internet gets for nothing. */
export const PLANS: Readonly<Record<Plan, PlanLimits>> = {
  trial: {
    rates: { read: perMinute(300), write: perMinute(60), run: perMinute(20), auth: perMinute(20), contact: perMinute(10) },
    contacts: { calls_per_hour: 60, calls_per_day: 300, sms_per_hour: 60, sms_per_day: 300, money_per_month_micros: 50_000_000 },
    models: { money_per_day_micros: 1_000_000, money_per_month_micros: 10_000_000 },
  },
  standard: {
    rates: { read: perMinute(1200), write: perMinute(300), run: perMinute(60), auth: perMinute(20), contact: perMinute(60) },
    contacts: { calls_per_hour: 600, calls_per_day: 5000, sms_per_hour: 1000, sms_per_day: 8000, money_per_month_micros: 2_000_000_000 },
    models: { money_per_day_micros: 20_000_000, money_per_month_micros: 300_000_000 },
  },
  pro: {
    rates: { read: perMinute(6000), write: perMinute(1500), run: perMinute(300), auth: perMinute(20), contact: perMinute(300) },
    contacts: NO_CAPS,
    models: { money_per_day_micros: 200_000_000, money_per_month_micros: 3_000_000_000 },
  },
};

/** Until an operator says otherwise. */
const DEFAULT_PLAN: Plan = "standard";

/** @param plan as the operator wrote it; one that the table does not know is the default */
export const limitsOf = (plan: string): PlanLimits => (Object.hasOwn(PLANS, plan) ? PLANS[plan as Plan] : PLANS[DEFAULT_PLAN]);

/**
 * What one address on the internet (an IPv6 network of /64 is one) may try without a token. Windows are short, as buckets
 * live in memory; what is aimed at one account is counted in the database besides.
 */
export const ADDRESS_LIMITS = {
  signup: perMinute(5),
  login: perMinute(20),
  refresh: perMinute(60),
  mailed_token: perMinute(20),
  mail: perMinute(5),
  page_form: perMinute(6),
  /** Looks that ask the vendors; what was found in the last ten seconds is given to anybody. */
  health: perMinute(60),
} as const satisfies Record<string, RateLimit>;
