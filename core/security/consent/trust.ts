import { limitsOf } from "../limits.ts";
import type { ContactCaps } from "./consent.types.ts";
import type { ContactLimiter, ReservationRequest } from "./limiter.types.ts";
import { narrowest, NO_CAPS } from "./policy.ts";

/** What is known of a tenant that anybody on the internet can have made, and what the operator sold it. */
export interface Trust {
  plan: string;
  /** Somebody has shown that they are there. */
  trusted: boolean;
  /** Phones (E.164) that have shown it. */
  verified: ReadonlySet<string>;
}

/** Whom the small cap is for: a tenant that nobody vouches for, or a phone of the business's that may be anybody's. */
export type Doubt = "tenant" | "phone";

/** A call that brings two people together is two contacts. */
const capsFor = (perDay: number): ContactCaps => ({ ...NO_CAPS, calls_per_day: perDay * 2, sms_per_day: perDay });

const doubtAbout = ({ party, phone }: ReservationRequest, { trusted, verified }: Trust): Doubt | null => {
  if (!trusted) return "tenant";
  return party === "owner" && !verified.has(phone) ? "phone" : null;
};

const withinPlan = (request: ReservationRequest, plan: string): ReservationRequest => ({ ...request, caps: narrowest(request.caps, limitsOf(plan).contacts) });

/** Whoever asks while an answer is on its way gets the same: a call's two people are reserved in one breath. */
const together = <Answer>(ask: () => Promise<Answer>): (() => Promise<Answer>) => {
  let asking: Promise<Answer> | null = null;
  return () =>
    (asking ??= ask().finally(() => {
      asking = null;
    }));
};

/** The limiter of a tenant by its plan, whose caps hold beside the tenant's own: the narrower of each. */
export const withPlan = (limiter: ContactLimiter, lookUp: () => Promise<string>): ContactLimiter => {
  const planOf = together(lookUp);
  return { ...limiter, reserve: async (request) => limiter.reserve(withinPlan(request, await planOf())) };
};

/**
 * The limiter of a tenant that signed up by itself: its plan's caps hold, and until it is verified, it has a few contacts a day (toll fraud). Counted with
 * all of the tenant's contacts, so that no second project or phone brings more.
 * @param perDay calls with two people, and texts, in 24 hours
 */
export const withTrust = (limiter: ContactLimiter, lookUp: () => Promise<Trust>, perDay: number): ContactLimiter => {
  const trustOf = together(lookUp);
  return {
    ...limiter,
    reserve: async (request) => {
      const trust = await trustOf();
      const planned = withinPlan(request, trust.plan);
      const doubt = doubtAbout(request, trust);
      if (doubt === null) return limiter.reserve(planned);
      // Nobody has set the few for a budget, and that they are used up is said by whom they stop: who watches budgets hears of the account's own caps.
      const answer = await limiter.reserve({ ...planned, caps: narrowest(planned.caps, capsFor(perDay)), warned_caps: planned.caps });
      return answer.reserved ? answer : { ...answer, unverified: doubt };
    },
  };
};
