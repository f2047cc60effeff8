import type { Channel } from "../memory/opt-outs.store.ts";
import { judge } from "./consent/judge.ts";
import type { ContactPolicy as FullPolicy, RefusalReason } from "./consent/consent.types.ts";
import { NO_CAPS } from "./consent/policy.ts";

/*
 * The gate's first form, for callers that have not moved to `consent/judge.ts` yet: what a number and the opt-out list say,
 * without hours, caps or cooldown. It goes when they have.
 */

export type Verdict = { allowed: true } | { allowed: false; reason: RefusalReason; detail: string };
export type ContactPolicy = Pick<FullPolicy, "allowed_countries" | "country">;

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
  const verdict = judge(
    {
      attempt_id: "", resource: "", purpose: "bridge_call", party: "owner", asked_at: null, place: null, phone, channel,
      policy: { ...policy, time_zone: null, cooldown_minutes: 0, caps: NO_CAPS },
    },
    { suppressed: optedOut.map((row) => ({ kind: "opt_out", since: 0, ...row })), reservation: null },
    0,
  );
  return verdict.answer === "no" ? { allowed: false, reason: verdict.reason, detail: verdict.detail } : { allowed: true };
};
