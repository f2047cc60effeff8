import type { Suppression } from "../../memory/opt-outs.store.ts";
import { describePhone, isEmergencyNumber, likelyCountry, type PhoneLineType } from "../../phone.ts";
import type { ContactRequest, RefusalReason, Verdict } from "./consent.types.ts";
import type { ReservationAnswer, ReservationRequest } from "./limiter.types.ts";
import { estimatedMicros } from "./prices.data.ts";
import { nextPermitted } from "./quiet-hours.ts";

/** What the verdict depends on besides the request; whoever asks has gathered it. */
export interface ContactFacts {
  /** What the tenant's list says; rows of other phones and channels are looked past. */
  suppressed: readonly Suppression[];
  /** The rate limiter's answer; null when it was not asked (yet) or could not be reached: then caps and cooldown do not hold. */
  reservation: ReservationAnswer | null;
  /** The operator has closed the tenant: nobody is contacted for it until that is undone. */
  suspended: boolean;
}

/** Numbers whose caller pays a stranger. A fraudster plants them in forms; no customer needs them rung. */
const COSTLY: ReadonlySet<PhoneLineType> = new Set<PhoneLineType>(["premium_rate", "shared_cost", "satellite", "uan", "pager"]);

const MINUTE_MS = 60_000;
/** A contact that a person asked for this long ago is expected at any hour (docs/design, "One gate for every contact"). */
const ASKED_JUST_NOW_MS = 15 * MINUTE_MS;
/** Two machines' clocks may differ by so much; a request from further in the future is a mistake and earns nothing. */
const CLOCK_SKEW_MS = MINUTE_MS;
/** 47 CFR 64.1200(a)(12): one message confirms an opt-out, within five minutes. */
const CONFIRMATION_MS = 5 * MINUTE_MS;
/** How soon what waits for a suspended tenant asks again. It is not refused: the lead is called when the tenant is back, if it is not too old by then. */
const SUSPENDED_MS = 15 * MINUTE_MS;

const no = (reason: RefusalReason, detail: string): Verdict => ({ answer: "no", reason, detail });

const askedJustNow = ({ asked_at }: ContactRequest, now: number): boolean =>
  asked_at !== null && now - asked_at <= ASKED_JUST_NOW_MS && asked_at - now <= CLOCK_SKEW_MS;

const isUnasked = ({ party, asked_at }: ContactRequest): boolean => party === "customer" && asked_at === null;

/** The person's opt-out, unless this is the one text that says it was heard. */
const optedOut = (request: ContactRequest, suppressed: readonly Suppression[], now: number): boolean => {
  const row = suppressed.find((one) => one.phone === request.phone && one.channel === request.channel && one.kind === "opt_out");
  if (row === undefined) return false;
  const confirms = request.purpose === "opt_out_confirmation" && request.channel === "sms" && now - row.since <= CONFIRMATION_MS;
  return !confirms;
};

/** What the number itself forbids. */
const judgeNumber = ({ phone, channel, policy }: ContactRequest, suppressed: readonly Suppression[]): Verdict | null => {
  const { type } = describePhone(phone);
  if (COSTLY.has(type)) return no("number_type", `Numbers of type ${type} are never contacted.`);
  const country = likelyCountry(phone);
  if (country === null || !(country === policy.country || policy.allowed_countries.includes(country))) {
    return no("country", `Contacts in ${country ?? "an unknown country"} are not allowed for this project.`);
  }
  if (channel === "sms" && type === "fixed_line") return no("not_textable", "A fixed line gets no texts.");
  if (channel === "sms" && suppressed.some((one) => one.phone === phone && one.channel === "sms" && one.kind === "undeliverable")) {
    return no("not_textable", "Earlier texts to this number could not be delivered.");
  }
  return null;
};

const judgeReservation = (request: ContactRequest, answer: ReservationAnswer, now: number): Verdict | null => {
  const { cooldown_minutes } = request.policy;
  const warm = answer.last_unasked_at === null ? null : answer.last_unasked_at + cooldown_minutes * MINUTE_MS;
  if (isUnasked(request) && warm !== null && now < warm) {
    return { answer: "not_before", at: warm, reason: "cooldown", detail: `This person was contacted less than ${cooldown_minutes} minutes ago.` };
  }
  if (answer.reserved) return null;
  const detail = `The cap ${answer.cap} is met.`;
  return answer.retry_at === null ? no("cap", detail) : { answer: "not_before", at: answer.retry_at, reason: "cap", detail };
};

/**
 * Judges one contact. The order of reasons is deliberate: what can never be, before what may not be now; what costs nothing to
 * know, before what had to be reserved. So a caller that has no reservation yet can ask first and reserve only after a "yes".
 * @param now business time in ms
 */
export const judge = (request: ContactRequest, facts: ContactFacts, now: number): Verdict => {
  if (isEmergencyNumber(request.phone, request.policy.country)) return no("emergency_number", "An emergency number is never contacted.");
  if (optedOut(request, facts.suppressed, now)) return no("opted_out", "This person asked not to be contacted.");
  const byNumber = judgeNumber(request, facts.suppressed);
  if (byNumber !== null) return byNumber;
  if (facts.suspended) return { answer: "not_before", at: now + SUSPENDED_MS, reason: "suspended", detail: "This account may contact nobody at the moment." };
  if (request.party === "customer" && !askedJustNow(request, now)) {
    const at = nextPermitted(request, now);
    if (at > now) return { answer: "not_before", at, reason: "quiet_hours", detail: "These are quiet hours where this person is." };
  }
  const byReservation = facts.reservation === null ? null : judgeReservation(request, facts.reservation, now);
  return byReservation ?? { answer: "yes" };
};

/** What the tenant's rate limiter is asked for this contact. */
export const reservationFor = (request: ContactRequest): ReservationRequest => ({
  attempt_id: request.attempt_id,
  channel: request.channel,
  phone: request.phone,
  unasked: isUnasked(request),
  micros: estimatedMicros(request),
  caps: request.policy.caps,
});
