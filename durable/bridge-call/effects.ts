import type { Clock } from "../../core/clock.ts";
import { sendSms } from "../../core/contact/send-sms.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import type { TwilioClient } from "../../core/providers/twilio/twilio.client.ts";
import { isNotBefore } from "../../core/providers/twilio/twilio.dates.ts";
import { TwilioError } from "../../core/providers/twilio/twilio.errors.ts";
import type { ConsentGate } from "../../core/security/consent/consent.types.ts";
import type { DialerClient } from "../dialer/dialer.client.ts";
import type { LegStatus } from "./bridge-call.types.ts";
import type { Effect, TextEffect } from "./effect.types.ts";
import type { CallEvent } from "./event.types.ts";
import type { Plan } from "./plan.schema.ts";
import { callbackUrls } from "./callback-urls.ts";
import { clear, holderOf } from "./clearance.ts";

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
    const listed = (await tools.twilio.listCalls({ to: effect.phone, from: plan.from })).filter((call) => isNotBefore(call.date_created, intentAt) && effect.known?.includes(call.sid) !== true);
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

const startRecording = async (tools: EffectTools, plan: Plan, effect: Extract<Effect, { kind: "start_recording" }>, begunBefore: boolean): Promise<CallEvent[]> => {
  try {
    // Two of one call cannot run together: a refusal would only say that ours does.
    if (begunBefore && (await tools.twilio.listRecordings(effect.sid)).length > 0) return [];
    await tools.twilio.startRecording(effect.sid, callbackUrls(tools.publicUrl, plan, effect.nonce).recording);
    return [];
  } catch (error) {
    if (!(error instanceof TwilioError) || error.failure === "retry") throw error;
    return [{ type: "noted", event: "alert", detail: { reason: "recording_not_started", message: error.message } }];
  }
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
export interface Performer<E extends Effect = Effect> {
  // A method, whose parameters TypeScript lets vary both ways: what is looked up by an effect's kind takes that effect.
  perform(tools: EffectTools, plan: Plan, effect: E, begunBefore: boolean): Promise<CallEvent[]>;
}
type Performers = { [K in Effect["kind"]]: Performer<Extract<Effect, { kind: K }>>["perform"] };

export const performers: Performers = {
  clear: async (tools, plan, effect) => clear(tools, plan, effect),
  dial: async (tools, plan, effect, begunBefore) => [begunBefore ? { type: "dial_unknown", nonce: effect.nonce, answered: false } : await dial(tools, plan, effect)],
  look_up: async (tools, plan, effect) => [await lookUp(tools, plan, effect)],
  check_leg: async (tools, _plan, effect) => [{ type: "leg_progress", nonce: effect.nonce, sid: effect.sid, sip_code: null, ...(await statusOf(tools, effect.sid)) }],
  check_caller: async (tools, _plan, effect) => [{ type: "caller_progress", status: (await statusOf(tools, effect.sid)).status }],
  async claim_leg(tools, plan, effect) {
    await tools.dialer.claim(holderOf(plan), effect.sid);
    return [];
  },
  async renew_lease(tools, plan, effect) {
    await tools.dialer.renew(plan.strategy === "simultaneous" ? { ...holderOf(plan), slot: effect.phone } : holderOf(plan), effect.phone, effect.until);
    return [];
  },
  async release(tools, plan, effect) {
    await tools.dialer.release(effect.phone === undefined ? holderOf(plan) : { ...holderOf(plan), slot: effect.phone });
    return [];
  },
  async hang_up(tools, _plan, effect) {
    await unlessOver(tools.twilio.hangUp(effect.sid));
    return [];
  },
  async redirect(tools, plan, effect) {
    await unlessOver(tools.twilio.redirect(effect.sid, callbackUrls(tools.publicUrl, plan, effect.nonce)[effect.to]));
    return [];
  },
  start_recording: startRecording,
  sms: async (tools, plan, effect) => [await text(tools, plan, effect)],
};

/** @see Performer */
export const perform: Performer["perform"] = async (tools, plan, effect, begunBefore) => {
  const performer: Performer["perform"] = performers[effect.kind];
  return performer(tools, plan, effect, begunBefore);
};
