import type { ContactCaps } from "./consent.types.ts";
import type { ContactLimiter } from "./limiter.types.ts";

/**
 * The limiter of an account that is told when a cap is nearly met, by whichever contact: the limiter itself says so once a period.
 * @param warn must not fail: a contact is not held up by its being told
 */
export const withWarnings = (limiter: ContactLimiter, warn: (caps: (keyof ContactCaps)[]) => Promise<void>): ContactLimiter => ({
  ...limiter,
  reserve: async (request) => {
    const answer = await limiter.reserve(request);
    if (answer.reserved && answer.near !== undefined) await warn(answer.near);
    return answer;
  },
});
