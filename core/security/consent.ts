import type { Channel } from "../memory/opt-outs.store.ts";
import { describePhone, isEmergencyNumber, likelyCountry, type PhoneLineType } from "../phone.ts";

/*
 * The consent gate: every outgoing call and text asks it first. This is its first form: who must never be rung, and
 * where. Quiet hours, caps and cooldowns join it here, so that there stays one way out.
 */

export type Verdict = { allowed: true } | { allowed: false; reason: RefusalReason; detail: string };
export type RefusalReason = "opted_out" | "emergency_number" | "number_type" | "country";

export interface ContactPolicy {
  /** ISO 3166-1 alpha-2 codes that the business may call, its own included. */
  allowed_countries: readonly string[];
  /** The project's country: short emergency numbers are read with it. */
  country: string;
}

/** Numbers whose caller pays a stranger. A fraudster plants them in forms; no customer needs them rung. */
const COSTLY: ReadonlySet<PhoneLineType> = new Set<PhoneLineType>(["premium_rate", "shared_cost", "satellite", "uan", "pager"]);

/**
 * Judges one contact by its number alone.
 * @param phone E.164
 * @param optedOut what the tenant's opt-out list says of this number
 */
export const judgeContact = (
  { phone, channel }: { phone: string; channel: Channel },
  optedOut: readonly { phone: string; channel: Channel }[],
  policy: ContactPolicy,
): Verdict => {
  if (isEmergencyNumber(phone, policy.country)) return { allowed: false, reason: "emergency_number", detail: "An emergency number is never dialled." };
  if (optedOut.some((entry) => entry.phone === phone && entry.channel === channel)) {
    return { allowed: false, reason: "opted_out", detail: "This person asked not to be contacted." };
  }
  const { type } = describePhone(phone);
  if (COSTLY.has(type)) return { allowed: false, reason: "number_type", detail: `Numbers of type ${type} are never dialled.` };
  const country = likelyCountry(phone);
  if (country === null || !(country === policy.country || policy.allowed_countries.includes(country))) {
    return { allowed: false, reason: "country", detail: `Calls to ${country ?? "an unknown country"} are not allowed for this project.` };
  }
  return { allowed: true };
};
