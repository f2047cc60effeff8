import { randomToken } from "../../core/ids.ts";
import type { AuditNote } from "../../core/memory/audit.store.ts";
import type { Suppression } from "../../core/memory/opt-outs.store.ts";
import type { ConsentGate, ContactRequest, Verdict } from "../../core/security/consent/consent.types.ts";
import { verdictRecord } from "../../core/security/consent/gate.ts";
import { judge, reservationFor } from "../../core/security/consent/judge.ts";
import type { ContactLimiter } from "../../core/security/consent/limiter.types.ts";
import type { DialerClient } from "../dialer/dialer.client.ts";
import type { LeaseHolder } from "../dialer/dialer.types.ts";
import type { Effect } from "./effect.types.ts";
import type { FirstVerdicts } from "./bridge-call.types.ts";
import type { CallEvent } from "./event.types.ts";
import type { HeadStart } from "./head-start.schema.ts";
import type { Plan } from "./plan.schema.ts";

/*
 * Before anybody is rung: the dialer's lease on the owner's phone, and the gate's word on the customer and on that person.
 */

/** A lease outlives ringing and whisper; the conversation renews it. */
export const LEASE_MS = 180_000;

export const holderOf = (plan: Pick<Plan, "tenant_id" | "project_id" | "call_id">): LeaseHolder => ({ tenant_id: plan.tenant_id, project_id: plan.project_id, call_id: plan.call_id });

const requestOf = (plan: Plan, over: Pick<ContactRequest, "attempt_id" | "phone" | "party">): ContactRequest => ({
  ...over,
  channel: "call",
  purpose: "bridge_call",
  asked_at: over.party === "customer" ? plan.asked_at : null,
  place: over.party === "customer" ? plan.place : null,
  resource: `call:${plan.call_id}`,
  policy: plan.policy,
});

const forCustomer = (plan: Plan, phone: string, attempt: number): ContactRequest => requestOf(plan, { attempt_id: `${plan.call_id}:customer:${attempt}`, phone, party: "customer" });
/** By their place in the plan: the name goes into the audit log, which holds no phones. */
const forOwner = (plan: Plan, phone: string, dial: number): ContactRequest =>
  requestOf(plan, { attempt_id: `${plan.call_id}:owner:${dial}:${plan.destinations.findIndex((person) => person.phone === phone)}`, phone, party: "owner" });

/** @param attempt which ring of the customer it is, from 1 */
export const askForCustomer = async (gate: ConsentGate, plan: Plan, attempt: number): Promise<Verdict> =>
  plan.customer.phone === null ? { answer: "no", reason: "number_type", detail: "There is no number to call." } : gate.ask(forCustomer(plan, plan.customer.phone, attempt));

/*
 * The first dial need not ask: its opt-outs are read in the lead's own batch, and its caps reserved while that runs. The same
 * judgement, from the same facts; it is written down right after.
 */

/** Reserves the caps of a call's first dial. Null: the limiter could not be reached. */
export const reserveFirst = async (limiter: Pick<ContactLimiter, "reserve">, plan: Plan, ownerPhone: string): Promise<HeadStart["reservations"]> => {
  const { phone } = plan.customer;
  const reserve = async (request: ContactRequest) => limiter.reserve(reservationFor(request)).catch(() => null);
  const [customer, owner] = await Promise.all([phone === null ? null : reserve(forCustomer(plan, phone, 1)), reserve(forOwner(plan, ownerPhone, 1))]);
  return { customer, owner };
};

/** Gives them back: there will be no such call. */
export const releaseFirst = async (limiter: Pick<ContactLimiter, "release">, plan: Plan): Promise<void> => {
  const names = [forCustomer(plan, "", 1), ...plan.destinations.map((person) => forOwner(plan, person.phone, 1))].map((request) => request.attempt_id);
  await Promise.all(names.map(async (name) => limiter.release(name).catch(() => undefined)));
};

/** Whether the first dial may go out at once. Where this says no, the full question decides. */
export const judgeFirst = (plan: Plan, head: HeadStart, now: number): boolean => {
  const { phone } = plan.customer;
  const isYes = (request: ContactRequest, reservation: HeadStart["reservations"]["owner"]): boolean => judge(request, { suppressed: head.suppressed, suspended: false, reservation }, now).answer === "yes";
  return phone !== null && isYes(forCustomer(plan, phone, 1), head.reservations.customer) && isYes(forOwner(plan, head.phone, 1), head.reservations.owner);
};

/** What the rules say of ringing this person of the business's now; caps, which the limiter keeps, are left out. */
export const judgeOwner = (plan: Plan, phone: string, suppressed: readonly Suppression[], now: number): Verdict => judge(forOwner(plan, phone, 1), { suppressed, reservation: null, suspended: false }, now);

/** The audit rows of that judgement. */
export const firstVerdicts = (plan: Plan, { phone, limiter_reached }: FirstVerdicts): AuditNote[] =>
  [forCustomer(plan, plan.customer.phone ?? "", 1), forOwner(plan, phone, 1)].map((request) => verdictRecord(request, { answer: "yes" }, { limiterReached: limiter_reached }));

/**
 * One lease, or one for each phone. The dialer is asked first: whoever must wait for a phone asks the gate nothing yet, and
 * spends nothing of any cap.
 */
export const clear = async (tools: { gate: ConsentGate; dialer: DialerClient }, plan: Plan, effect: Extract<Effect, { kind: "clear" }>): Promise<CallEvent[]> => {
  const { gate, dialer } = tools;
  const holder = holderOf(plan);
  const request = { received_at: plan.received_at, ttl_ms: LEASE_MS, retry: effect.retry };
  const leases = await Promise.all(
    effect.each
      ? effect.phones.map(async (phone) => dialer.acquire({ ...request, holder: { ...holder, slot: phone }, phones: [phone] }))
      : [dialer.acquire({ ...request, holder, phones: effect.phones })],
  );
  const granted = leases.flatMap((lease) => (lease.granted ? [lease.phone] : []));
  const retryAt = leases.flatMap((lease) => (lease.granted ? [] : [lease.retry_at]));
  const later: CallEvent[] = retryAt.length > 0 ? [{ type: "must_wait", until: Math.min(...retryAt), because: "busy" }] : [];
  if (granted.length === 0) return later;

  const customer = await askForCustomer(gate, plan, effect.attempt);
  if (customer.answer !== "yes") {
    await dialer.release(holder);
    return [customer.answer === "no" ? { type: "blocked", reason: customer.reason, detail: customer.detail } : { type: "must_wait", until: customer.at, because: "contact" }];
  }
  const verdicts = await Promise.all(granted.map(async (phone) => ({ phone, verdict: await gate.ask(forOwner(plan, phone, effect.dial)) })));
  const events: CallEvent[] = [];
  for (const { phone, verdict } of verdicts) {
    if (verdict.answer === "yes") {
      events.push({ type: "cleared", phone, nonce: randomToken(12) });
      continue;
    }
    await dialer.release(effect.each ? { ...holder, slot: phone } : holder);
    // A cap is the whole tenant's: nobody else could be rung either, and the lead does not grow too old by it.
    events.push(verdict.answer === "no" ? { type: "people_refused", phones: [phone], detail: verdict.detail } : { type: "must_wait", until: verdict.at, because: "contact" });
  }
  return [...events, ...later];
};
