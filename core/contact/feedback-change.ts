import countryToCurrency, { type Countries } from "country-to-currency";
import { iso } from "../clock.ts";
import type { FeedbackAnswer } from "./feedback.ts";

const currencies: Partial<Record<string, string>> = countryToCurrency satisfies Record<Countries, string>;

/** What an owner's answer changes on the lead's metadata (merged as RFC 7396 says: null removes). */
export const feedbackChange = (answer: FeedbackAnswer, country: string, now: number): Record<string, unknown> => {
  const amount = answer.amount === null ? {} : { amount: answer.amount, currency: currencies[country] ?? null };
  if (answer.outcome === null) return amount;
  return { status: answer.outcome, feedback_at: iso(now), ...(answer.outcome === "won" ? { booked_at: iso(now), ...amount } : {}) };
};
