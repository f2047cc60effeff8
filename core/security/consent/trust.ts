import type { ContactCaps } from "./consent.types.ts";
import type { ContactLimiter, ReservationRequest } from "./limiter.types.ts";
import { narrowest, NO_CAPS } from "./policy.ts";

/** What is known of a tenant that anybody on the internet can have made. */
export interface Trust {
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

/**
 * The limiter of a tenant that signed up by itself: until it is verified, it has a few contacts a day (toll fraud). Counted with
 * all of the tenant's contacts, so that no second project or phone brings more.
 * @param perDay calls with two people, and texts, in 24 hours
 */
export const withTrust = (limiter: ContactLimiter, trustOf: () => Promise<Trust>, perDay: number): ContactLimiter => ({
  ...limiter,
  reserve: async (request) => {
    const doubt = doubtAbout(request, await trustOf());
    if (doubt === null) return limiter.reserve(request);
    const answer = await limiter.reserve({ ...request, caps: narrowest(request.caps, capsFor(perDay)) });
    return answer.reserved ? answer : { ...answer, unverified: doubt };
  },
});
