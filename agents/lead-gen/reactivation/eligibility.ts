import type { ContactPolicy } from "../../../core/security/consent/consent.types.ts";
import { placeOfAddress } from "../../../core/security/consent/address.ts";
import { judge } from "../../../core/security/consent/judge.ts";
import type { Suppression } from "../../../core/memory/opt-outs.store.ts";
import { MOST_TWINS, type OldCustomer } from "../../../core/memory/old-customers.store.ts";

export type LeaveOutReason =
  | "not_served" | "test" | "no_phone" | "own_phone" | "opted_out" | "declined" | "asked_for_later" | "blocked"
  | "not_textable" | "not_allowed" | "open_lead" | "duplicate" | "shared_number" | "recently_contacted" | "cooldown";

/** Times in ms. */
export interface EligibilityRules {
  now: number;
  /** Whoever was in touch since is left alone … */
  inactive_since: number;
  /** … and whoever had a campaign's text since. */
  cool_since: number;
  policy: ContactPolicy;
  /** Phones of the business's own people. */
  own_phones: readonly string[];
}

/** `seen_at`: as of when nothing is to be done about them, ms; a later search need not look before the inactive time has passed from there. */
export type Eligibility = { eligible: true; phone: string } | { eligible: false; reason: LeaveOutReason; seen_at: number };

/** Somebody has something to do about such a lead: a campaign must not come in between. */
const OPEN = new Set(["new", "held", "calling", "connected", "called", "no_answer", "needs_contact", "quoted"]);
const SERVED = new Set(["won", "completed"]);
/** When the business was in touch, as whoever brought the lead says. */
const TOLD = ["last_contacted_at", "completed_at", "booked_at", "feedback_at"] as const;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}/;

const timeOf = (value: unknown): number | null => {
  const ms = typeof value === "string" && ISO_DATE.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
};

/**
 * When this person and the business were last in touch, ms. A customer who was brought from elsewhere came to us today; when they were
 * served, their metadata say.
 */
export const lastContactAt = ({ metadata, created_at, last_out_at, last_in_at, last_call_at, twins }: OldCustomer): number => {
  const told = TOLD.flatMap((field) => timeOf(metadata[field]) ?? []);
  const seen = [last_out_at, last_in_at, last_call_at, ...twins.map((twin) => twin.last_call_at)].filter((at) => at !== null);
  return Math.max(...(told.length > 0 ? told : [created_at]), ...seen);
};

/** Where the person is, as far as their address tells. */
export const placeOf = ({ metadata }: Pick<OldCustomer, "metadata">, country: string): { state: string | null; time_zone: string | null } | null =>
  placeOfAddress(typeof metadata.place === "string" ? metadata.place : null, country);

const byTwins = ({ id, twins }: OldCustomer): LeaveOutReason | null => {
  if (twins.some(({ status }) => status === "opted_out")) return "opted_out";
  if (twins.some(({ declined }) => declined)) return "declined";
  if (twins.some(({ status }) => status === "spam")) return "blocked";
  if (twins.some(({ status }) => OPEN.has(status ?? ""))) return "open_lead";
  if (twins.length >= MOST_TWINS) return "shared_number";
  // Of several that could be written to, the newest is: replies are filed under it.
  return twins.some((twin) => SERVED.has(twin.status ?? "") && twin.id > id) ? "duplicate" : null;
};

/**
 * Whether a campaign may write to a customer, as far as it can be known beforehand; the consent gate has the last word when it does.
 * Pure, so that a preview and the moment of sending judge alike.
 */
export const judgeCustomer = (customer: OldCustomer, suppressed: readonly Suppression[], rules: EligibilityRules): Eligibility => {
  const { metadata, phone, status } = customer;
  const no = (reason: LeaveOutReason, seen_at = rules.now): Eligibility => ({ eligible: false, reason, seen_at });
  if (!SERVED.has(status ?? "")) return no("not_served");
  if (metadata.canary === true) return no("test");
  if (phone === null || !/^\+[1-9]\d{6,14}$/.test(phone)) return no("no_phone");
  if (rules.own_phones.includes(phone)) return no("own_phone");
  if (metadata.no_campaigns !== undefined) return no("declined");
  if (customer.blocked) return no("blocked");
  const followUp = timeOf(metadata.follow_up_at);
  if (followUp !== null && followUp > rules.now) return no("asked_for_later");
  if (metadata.phone_textable === false) return no("not_textable");
  const verdict = judge(
    { attempt_id: customer.id, channel: "sms", purpose: "campaign", phone, party: "customer", asked_at: null, place: placeOf(customer, rules.policy.country), resource: `entity:${customer.id}`, policy: rules.policy },
    { suppressed, reservation: null, suspended: false },
    rules.now,
  );
  if (verdict.answer === "no") return no(verdict.reason === "opted_out" || verdict.reason === "not_textable" ? verdict.reason : "not_allowed");
  const twin = byTwins(customer);
  if (twin !== null) return no(twin);
  const contacted = lastContactAt(customer);
  if (contacted > rules.inactive_since) return no("recently_contacted", contacted);
  if (customer.last_campaign_at !== null && customer.last_campaign_at > rules.cool_since) return no("cooldown");
  return { eligible: true, phone };
};
