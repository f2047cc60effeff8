import type { Clock } from "../../core/clock.ts";
import { sendSms } from "../../core/contact/send-sms.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import type { TwilioClient } from "../../core/providers/twilio/twilio.client.ts";
import { isNotBefore } from "../../core/providers/twilio/twilio.dates.ts";
import { TwilioError } from "../../core/providers/twilio/twilio.errors.ts";
import type { ConsentGate } from "../../core/security/consent/consent.types.ts";
import type { DialerClient } from "../dialer/dialer.client.ts";
import type { CallEvent, Effect, LegStatus, Plan, TextEffect } from "./bridge-call.types.ts";
import { callbackUrls } from "./callback-urls.ts";
import { clear, firstVerdicts, holderOf } from "./clearance.ts";

export interface EffectTools {
  clock: Clock;
  memory: TenantMemory;
  gate: ConsentGate;
  /** Of the account that the call is made with. */
  twilio: TwilioClient;
  /** Of the same. */
  dialer: DialerClient;
  /** Where vendors reach the Worker. */
  publicUrl: string;
}

/** The effect is right, only not yet. `until`: business time in ms. */
export class NotYet extends Error {
  readonly until: number;

  constructor(until: number) {
    super("not yet");
    this.until = until;
  }
}

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
      machine_callback: plan.detect_machines.owner ? urls.ownerMachine : null,
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

/** How a leg is. Twilio forgets a call long after its end (or it was deleted there): whatever it was, it is over. */
const statusOf = async (tools: EffectTools, sid: string): Promise<{ status: LegStatus; answered_by: string | null }> => {
  try {
    const call = await tools.twilio.getCall(sid);
    return { status: call.status as LegStatus, answered_by: call.answered_by ?? null };
  } catch (error) {
    if (error instanceof TwilioError && error.httpStatus === 404) return { status: "completed", answered_by: null };
    throw error;
  }
};

const text = async (tools: EffectTools, plan: Plan, effect: TextEffect): Promise<CallEvent> => {
  const { key, purpose, party, to, body } = effect;
  const result = await sendSms({ ...tools, twilioOf: () => tools.twilio }, {
    key, purpose, party, to, body,
    line: { from: plan.from, account_sid: plan.account_sid },
    project_id: plan.project_id,
    lead_id: plan.lead_id,
    call_id: plan.call_id,
    // Somebody who calls, or asks to be called, has just now asked to hear from the business.
    asked_at: party === "customer" ? plan.asked_at : null,
    place: party === "customer" ? plan.place : null,
    policy: plan.policy,
  });
  if ("put_off_until" in result) {
    // "Is calling you now" is of no use later.
    if (purpose === "before_ring") return { type: "sms_refused", message: "not at this hour", purpose, party };
    throw new NotYet(result.put_off_until);
  }
  return result.sent ? { type: "sms_sent", sid: result.sid, purpose, party } : { type: "sms_refused", message: result.reason, purpose, party };
};

/** What is over already is as it was wanted (21220). */
const unlessOver = async (work: Promise<void>): Promise<void> => {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof TwilioError) || error.retryable) throw error;
  }
};

/**
 * Does one effect and says what came of it.
 * @param begunBefore the effect was begun by an earlier life of the object, which may have got further than it could say
 * @throws when it should be tried again later; NotYet says when
 */
export const perform = async (tools: EffectTools, plan: Plan, effect: Effect, begunBefore: boolean): Promise<CallEvent[]> => {
  switch (effect.kind) {
    case "clear":
      return clear(tools, plan, effect);
    case "note_verdicts":
      await tools.memory.audit.recordAll(firstVerdicts(plan, effect.phone, effect.limiter_reached));
      return [];
    case "dial":
      return [begunBefore ? { type: "dial_unknown", nonce: effect.nonce, answered: false } : await dial(tools, plan, effect)];
    case "look_up":
      return [await lookUp(tools, plan, effect)];
    case "check_leg":
      return [{ type: "leg_progress", nonce: effect.nonce, sid: effect.sid, sip_code: null, ...(await statusOf(tools, effect.sid)) }];
    case "check_caller":
      return [{ type: "caller_progress", status: (await statusOf(tools, effect.sid)).status }];
    case "claim_leg":
      await tools.dialer.claim(holderOf(plan), effect.sid);
      return [];
    case "renew_lease":
      await tools.dialer.renew(plan.strategy === "simultaneous" ? { ...holderOf(plan), slot: effect.phone } : holderOf(plan), effect.phone, effect.until);
      return [];
    case "release":
      await tools.dialer.release(effect.phone === undefined ? holderOf(plan) : { ...holderOf(plan), slot: effect.phone });
      return [];
    case "hang_up":
      await unlessOver(tools.twilio.hangUp(effect.sid));
      return [];
    case "redirect":
      await unlessOver(tools.twilio.redirect(effect.sid, callbackUrls(tools.publicUrl, plan, effect.nonce)[effect.to]));
      return [];
    case "start_recording":
      try {
        await tools.twilio.startRecording(effect.sid, callbackUrls(tools.publicUrl, plan, effect.nonce).recording);
        return [];
      } catch (error) {
        if (!(error instanceof TwilioError) || error.failure === "retry") throw error;
        return [{ type: "noted", event: "alert", detail: { reason: "recording_not_started", message: error.message } }];
      }
    case "sms":
      return [await text(tools, plan, effect)];
  }
};
