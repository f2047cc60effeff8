import { randomToken } from "../../core/ids.ts";
import type { Channel } from "../../core/memory/opt-outs.store.ts";
import type { ConsentGate, ContactRequest, Verdict } from "../../core/security/consent/consent.types.ts";
import { judgeContact } from "../../core/security/consent.ts";
import type { DialerClient } from "../dialer/dialer.client.ts";
import type { LeaseHolder } from "../dialer/dialer.types.ts";
import type { CallEvent, Effect, Plan } from "./bridge-call.types.ts";

/*
 * Before anybody is rung: the dialer's lease on the owner's phone, and the gate's word on the customer and on that person.
 */

/** A lease outlives ringing and whisper; the conversation renews it. */
export const LEASE_MS = 180_000;

export const holderOf = (plan: Pick<Plan, "tenant_id" | "project_id" | "call_id">): LeaseHolder => ({ tenant_id: plan.tenant_id, project_id: plan.project_id, call_id: plan.call_id });

type Numbers = Pick<Extract<Effect, { kind: "clear" }>, "dial" | "attempt">;

const requestOf = (plan: Plan, over: Pick<ContactRequest, "attempt_id" | "phone" | "party">): ContactRequest => ({
  ...over,
  channel: "call",
  purpose: "bridge_call",
  asked_at: over.party === "customer" ? plan.asked_at : null,
  place: over.party === "customer" ? plan.place : null,
  resource: `call:${plan.call_id}`,
  policy: plan.policy,
});

export const askForCustomer = async (gate: ConsentGate, plan: Plan, attempt: number): Promise<Verdict> =>
  plan.customer.phone === null
    ? { answer: "no", reason: "number_type", detail: "There is no number to call." }
    : gate.ask(requestOf(plan, { attempt_id: `${plan.call_id}:customer:${attempt}`, phone: plan.customer.phone, party: "customer" }));

const askForOwner = async (gate: ConsentGate, plan: Plan, phone: string, dial: number): Promise<Verdict> =>
  gate.ask(requestOf(plan, { attempt_id: `${plan.call_id}:owner:${dial}:${phone}`, phone, party: "owner" }));

/** Has the gate write down what was judged from the lead's own batch (`judgeAtOnce`), under the names that a full question has. */
export const noteVerdicts = async (gate: ConsentGate, plan: Plan, phone: string, { dial, attempt }: Numbers): Promise<void> => {
  await Promise.all([askForCustomer(gate, plan, attempt), askForOwner(gate, plan, phone, dial)]);
};

/** Whether this dial may go out at once, by what is known without asking anybody. The full question decides where this says no. */
export const judgeAtOnce = (plan: Plan, ownerPhone: string, optedOut: readonly { phone: string; channel: Channel }[]): boolean => {
  const { phone } = plan.customer;
  const isAllowed = (to: string): boolean => judgeContact({ phone: to, channel: "call" }, optedOut, plan.policy).allowed;
  return phone !== null && isAllowed(phone) && isAllowed(ownerPhone);
};

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
  const verdicts = await Promise.all(granted.map(async (phone) => ({ phone, verdict: await askForOwner(gate, plan, phone, effect.dial) })));
  const events: CallEvent[] = [];
  for (const { phone, verdict } of verdicts) {
    if (verdict.answer === "yes") {
      events.push({ type: "cleared", phone, nonce: randomToken(12) });
      continue;
    }
    await dialer.release(effect.each ? { ...holder, slot: phone } : holder);
    events.push(verdict.answer === "no" ? { type: "people_refused", phones: [phone], detail: verdict.detail } : { type: "must_wait", until: verdict.at, because: "busy" });
  }
  return [...events, ...later];
};
