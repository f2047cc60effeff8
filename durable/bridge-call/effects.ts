import { gateByNumber, plainPolicy } from "../../core/contact/contact-policy.ts";
import { sendSms } from "../../core/contact/send-sms.ts";
import { AppError } from "../../core/errors.ts";
import { judgeContact } from "../../core/security/consent.ts";
import type { Clock } from "../../core/clock.ts";
import { randomToken } from "../../core/ids.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import { isNotBefore } from "../../core/providers/twilio/twilio.dates.ts";
import type { TwilioClient } from "../../core/providers/twilio/twilio.client.ts";
import type { Channel } from "../../core/memory/opt-outs.store.ts";
import { TwilioError } from "../../core/providers/twilio/twilio.errors.ts";
import type { DialerClient } from "../dialer/dialer.client.ts";
import { callbackUrls } from "./bridge-call.reply.ts";
import type { CallEvent, Effect, LegStatus, Plan } from "./bridge-call.types.ts";

export interface EffectTools {
  clock: Clock;
  memory: TenantMemory;
  twilio: TwilioClient;
  dialer: DialerClient;
  /** Where vendors reach the Worker. */
  publicUrl: string;
}

/** A lease outlives ringing and whisper; the conversation renews it. */
export const LEASE_MS = 180_000;

const holderOf = (plan: Plan) => ({ tenant_id: plan.tenant_id, project_id: plan.project_id, call_id: plan.call_id });

type CallVerdict = { allowed: true; phones: string[] } | { allowed: false; reason: string; detail: string };

/** The gate's word on everybody whom a call concerns: the customer must be allowed, and one of the owner's people. */
export const judgeCall = (plan: Plan, phones: string[], optedOut: readonly { phone: string; channel: Channel }[]): CallVerdict => {
  const verdict = (phone: string) => judgeContact({ phone, channel: "call" }, optedOut, plan.policy);
  const customer = verdict(plan.customer.phone);
  if (!customer.allowed) return customer;
  const allowed = phones.filter((phone) => verdict(phone).allowed);
  if (allowed.length > 0) return { allowed: true, phones: allowed };
  const refusal = phones.map(verdict).find((one) => !one.allowed);
  return { allowed: false, reason: "owner_not_allowed", detail: refusal?.detail ?? "Nobody to ring." };
};

const clear = async (tools: EffectTools, plan: Plan, phones: string[]): Promise<CallEvent> => {
  const request = { holder: holderOf(plan), phones, received_at: plan.received_at, ttl_ms: LEASE_MS };
  // The gate's question and the dialer's do not depend on each other; asking both at once saves a round trip.
  const [asked, leased] = await Promise.allSettled([tools.memory.optOuts.among([plan.customer.phone, ...phones]), tools.dialer.acquire(request)]);
  if (asked.status === "rejected") throw asked.reason;
  if (leased.status === "rejected") throw leased.reason;
  const judged = judgeCall(plan, phones, asked.value);
  if (!judged.allowed) {
    await tools.dialer.release(holderOf(plan));
    return { type: "blocked", reason: judged.reason, detail: judged.detail };
  }
  const unwanted = leased.value.granted && !judged.phones.includes(leased.value.phone);
  const lease = unwanted ? await tools.dialer.acquire({ ...request, phones: judged.phones, instead: true }) : leased.value;
  return lease.granted ? { type: "cleared", phone: lease.phone, nonce: randomToken(12) } : { type: "must_wait", until: lease.retry_at };
};

const dial = async (tools: EffectTools, plan: Plan, effect: Extract<Effect, { kind: "dial" }>): Promise<CallEvent> => {
  const urls = callbackUrls(tools.publicUrl, plan, effect.nonce);
  try {
    const call = await tools.twilio.createCall({
      to: effect.phone,
      from: plan.from,
      url: urls.whisper,
      status_callback: urls.ownerStatus,
      ring_timeout_s: plan.ring_timeout_s,
      time_limit_s: plan.max_call_s,
    });
    return { type: "dial_accepted", nonce: effect.nonce, sid: call.sid };
  } catch (error) {
    if (!(error instanceof TwilioError)) throw error;
    if (error.failure === "unknown") return { type: "dial_unknown", nonce: effect.nonce, answered: error.httpStatus !== null };
    return {
      type: "dial_refused",
      nonce: effect.nonce,
      failure: error.failure,
      code: error.twilioCode,
      message: error.message,
      ...(error.retryAfterMs === undefined ? {} : { retry_after_ms: error.retryAfterMs }),
    };
  }
};

const lookUp = async (tools: EffectTools, plan: Plan, effect: Extract<Effect, { kind: "look_up" }>): Promise<CallEvent> => {
  try {
    // Twilio's clock runs in real time, whatever hour we rehearse.
    const intentAt = tools.clock.toRealTime(effect.intent_at);
    const listed = (await tools.twilio.listCalls({ to: effect.phone, from: plan.from })).filter((call) => isNotBefore(call.date_created, intentAt));
    const foreign = new Set(await tools.dialer.claimedByOthers(holderOf(plan), listed.map((call) => call.sid)));
    const ours = listed.filter((call) => !foreign.has(call.sid));
    const [call] = ours;
    if (!call) return { type: "leg_absent", nonce: effect.nonce };
    if (ours.length > 1) return { type: "leg_uncertain", nonce: effect.nonce, candidates: ours.length };
    return { type: "leg_found", nonce: effect.nonce, sid: call.sid, status: call.status as LegStatus };
  } catch (error) {
    if (error instanceof TwilioError) return { type: "look_up_failed", nonce: effect.nonce };
    throw error;
  }
};

const checkLeg = async (tools: EffectTools, effect: Extract<Effect, { kind: "check_leg" }>): Promise<CallEvent> => {
  const about = { type: "leg_progress" as const, nonce: effect.nonce, sid: effect.sid, sip_code: null };
  try {
    const call = await tools.twilio.getCall(effect.sid);
    return { ...about, status: call.status as LegStatus, answered_by: call.answered_by ?? null };
  } catch (error) {
    // Twilio forgets a call long after its end (or it was deleted there): whatever it was, it is over.
    if (error instanceof TwilioError && error.httpStatus === 404) return { ...about, status: "completed", answered_by: null };
    throw error;
  }
};

const smsOwner = async (tools: EffectTools, plan: Plan, effect: Extract<Effect, { kind: "sms_owner" }>): Promise<CallEvent> => {
  const result = await sendSms(
    { ...tools, gate: gateByNumber(tools.memory) },
    {
      key: `${plan.call_id}:lead_card`,
      project_id: plan.project_id,
      lead_id: plan.lead_id,
      call_id: plan.call_id,
      to: effect.phone,
      from: plan.from,
      body: effect.body,
      purpose: "lead_card",
      party: "owner",
      asked_at: null,
      policy: plainPolicy(plan.policy),
    },
  );
  if ("put_off_until" in result) throw new AppError({ code: "sms_put_off", status: 503, message: "The gate says: later.", retryable: true });
  return result.sent ? { type: "sms_sent", sid: result.sid } : { type: "sms_refused", message: result.reason };
};

/**
 * Does one effect and says what came of it; null when there is nothing to tell the machine.
 * @param begunBefore the effect was begun by an earlier life of the object, which may have got further than it could say
 * @throws when it should be tried again later
 */
export const perform = async (tools: EffectTools, plan: Plan, effect: Effect, begunBefore: boolean): Promise<CallEvent | null> => {
  switch (effect.kind) {
    case "clear":
      return clear(tools, plan, effect.phones);
    case "dial":
      return begunBefore ? { type: "dial_unknown", nonce: effect.nonce, answered: false } : dial(tools, plan, effect);
    case "look_up":
      return lookUp(tools, plan, effect);
    case "check_leg":
      return checkLeg(tools, effect);
    case "claim_leg":
      await tools.dialer.claim(holderOf(plan), effect.sid);
      return null;
    case "renew_lease":
      await tools.dialer.renew(holderOf(plan), effect.phone, effect.until);
      return null;
    case "release":
      await tools.dialer.release(holderOf(plan));
      return null;
    case "hang_up":
      try {
        await tools.twilio.hangUp(effect.sid);
      } catch (error) {
        // 21220: it is over already, which is what was wanted.
        if (!(error instanceof TwilioError) || error.retryable) throw error;
      }
      return null;
    case "start_recording":
      try {
        await tools.twilio.startRecording(effect.sid, callbackUrls(tools.publicUrl, plan, effect.nonce).recording);
        return null;
      } catch (error) {
        if (!(error instanceof TwilioError) || error.failure === "retry") throw error;
        return { type: "noted", event: "alert", detail: { reason: "recording_not_started", message: error.message } };
      }
    case "sms_owner":
      return smsOwner(tools, plan, effect);
  }
};
