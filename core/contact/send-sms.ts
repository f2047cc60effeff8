import { z } from "zod";
import { type Clock, SKEW_MS } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { TenantMemory } from "../memory/memory.ts";
import type { Message, NewMessage } from "../memory/messages.store.ts";
import { currentRequestId } from "../observe/activity.ts";
import { AGAIN } from "../providers/twilio/callback-retry.ts";
import { deliveryPolicyOf, policyOf } from "../providers/twilio/error-policy.ts";
import type { TwilioClient } from "../providers/twilio/twilio.client.ts";
import { isNotBefore } from "../providers/twilio/twilio.dates.ts";
import { TwilioError } from "../providers/twilio/twilio.errors.ts";
import { type ConsentGate, type ContactPolicy, type ContactPurpose, contactPurposes } from "../security/consent/consent.types.ts";
import { consequencesOfFailure } from "./failure.ts";
import type { Line } from "./line.ts";
import type { TwilioMessageStatus } from "./message.types.ts";

export interface SmsTools {
  /** The client of an account of this tenant's; null: of the service's own. */
  twilioOf: (accountSid: string | null) => TwilioClient;
  memory: TenantMemory;
  gate: ConsentGate;
  clock: Clock;
  /** Where vendors reach the Worker. */
  publicUrl: string;
}

/** What the gate must know of a text besides the text. */
export interface SmsCircumstances {
  /** When this person asked for it, business time in ms; null when they did not. */
  asked_at: number | null;
  place?: { state: string | null; time_zone: string | null } | null;
  policy: ContactPolicy;
}

export interface SmsInput extends SmsCircumstances {
  /** The sender's own name for this text: with the same key, nothing is sent twice. */
  key: string;
  project_id: string;
  lead_id: string | null;
  call_id: string | null;
  campaign_id?: string | null;
  /** E.164. */
  to: string;
  /** Where it comes from. */
  line: Line;
  /** At most 1,600 characters. */
  body: string;
  purpose: ContactPurpose;
  party: "owner" | "customer";
}

/** `put_off_until`: business time in ms. */
export type SmsResult = { sent: true; sid: string } | { sent: false; reason: string } | { put_off_until: number };

/** An attempt that began so long ago, in ms, is over, whatever became of it: Twilio's client waits 10 s. */
const ATTEMPT_MS = 20_000;
const purposeSchema = z.enum(contactPurposes);
const acceptedSchema = z.enum(["accepted", "scheduled", "queued", "sending", "sent", "delivered"]).catch("queued");

/**
 * The one way out for a text. It is written down under its key before anything happens; then the gate is asked, then Twilio. What
 * an earlier life began and did not see the end of is looked for in Twilio's list first.
 * @throws TwilioError or AppError when trying later can help
 */
export const sendSms = async (tools: SmsTools, input: SmsInput): Promise<SmsResult> => {
  const { key, project_id, lead_id, call_id, body, purpose, party } = input;
  const text: NewMessage & { key: string } = { key, project_id, lead_id, call_id, campaign_id: input.campaign_id ?? null, account_sid: input.line.account_sid, phone_from: input.line.from, phone_to: input.to, body, purpose, party };
  return sendStored(tools, await tools.memory.messages.open(text), input);
};

/** The same for a text that was written down with whatever caused it. */
export const sendStored = async (tools: SmsTools, message: Message, circumstances: SmsCircumstances): Promise<SmsResult> => {
  const { messages } = tools.memory;
  if (message.sid !== null) return { sent: true, sid: message.sid };
  if (message.status === "canceled") return { sent: false, reason: "This text was called off." };
  // One that has yet to begin was begun by a clock that has been set back since, and whoever began it is gone.
  const age = tools.clock.now() - message.updated_at;
  if (message.status === "asking" && age < ATTEMPT_MS && age > -SKEW_MS) throw inProgress();
  if (message.status === "asking" || message.status === "unclear") {
    const found = await lookFor(tools, message);
    if (found !== null) {
      await messages.accepted(message.id, found, "queued");
      return { sent: true, sid: found };
    }
  }
  const refusal = await whyNot(tools, message, circumstances);
  if (refusal !== null) return refusal;
  return ask(tools, message);
};

const inProgress = (): AppError => new AppError({ code: "sms_in_progress", status: 503, message: "This text is being sent.", retryable: true, retryAfterMs: ATTEMPT_MS });

/** The SID of the very same text at Twilio, if it is no other one's of ours. */
const lookFor = async ({ twilioOf, memory, clock }: SmsTools, message: Message): Promise<string | null> => {
  const since = clock.toRealTime(message.updated_at);
  const listed = await twilioOf(message.account_sid).listMessages({ to: message.phone_to, from: message.phone_from });
  const alike = listed.filter(({ body, date_created }) => body === message.body && isNotBefore(date_created, since)).map(({ sid }) => sid);
  const others = await memory.messages.known(alike);
  return alike.find((sid) => !others.has(sid)) ?? null;
};

const whyNot = async ({ memory, gate }: SmsTools, message: Message, { asked_at, place, policy }: SmsCircumstances): Promise<SmsResult | null> => {
  // What arrived last, or surely could not: a number that was a landline may have been ported to a mobile since.
  const fates = await memory.messages.fateOf(message.project_id, message.phone_to);
  const last = fates.find(({ status, error_code }) => status === "delivered" || isNotTextable(error_code));
  if (last && isNotTextable(last.error_code)) {
    await memory.messages.refused(message, { because: "not_textable", code: last.error_code }, []);
    return { sent: false, reason: "This number takes no texts." };
  }
  const verdict = await gate.ask({
    attempt_id: message.id,
    channel: "sms",
    purpose: purposeSchema.parse(message.purpose),
    phone: message.phone_to,
    party: message.party,
    asked_at,
    place: place ?? null,
    resource: message.call_id === null ? `entity:${message.lead_id ?? message.id}` : `call:${message.call_id}`,
    policy,
  });
  if (verdict.answer === "yes") return null;
  if (verdict.answer === "not_before") return { put_off_until: verdict.at };
  await memory.messages.refused(message, { because: verdict.reason, code: null }, []);
  return { sent: false, reason: verdict.detail };
};

const isNotTextable = (code: number | null): boolean => {
  const policy = policyOf(code);
  return policy?.act === "fix_data" && !policy.textable;
};

/** Where Twilio reports how the text fares, by the name of the request that it came from. The signature covers the query. */
const statusCallback = (publicUrl: string, tenantId: string, messageId: string): string => {
  const request = currentRequestId();
  return `${publicUrl}/api/sms/status?${new URLSearchParams({ tenant: tenantId, message: messageId, ...(request === null ? {} : { request }) }).toString()}${AGAIN}`;
};

const ask = async ({ twilioOf, memory, clock, publicUrl }: SmsTools, message: Message): Promise<SmsResult> => {
  const { messages } = memory;
  if (!(await messages.begin(message))) throw inProgress();
  const sent = { to: message.phone_to, from: message.phone_from, body: message.body, status_callback: statusCallback(publicUrl, memory.tenantId, message.id) };
  try {
    const { sid, status } = await twilioOf(message.account_sid).sendMessage(sent);
    await messages.accepted(message.id, sid, acceptedSchema.parse(status) satisfies TwilioMessageStatus);
    return { sent: true, sid };
  } catch (error) {
    if (!(error instanceof TwilioError)) throw error;
    if (error.retryable) {
      await messages.leave(message.id, error.failure === "retry" ? "pending" : "unclear");
      throw error;
    }
    const because = error.twilioCode === null ? "twilio" : deliveryPolicyOf(error.twilioCode).act;
    await messages.refused(message, { because, code: error.twilioCode }, consequencesOfFailure(message, error.twilioCode ?? error.httpStatus, clock.now()));
    return { sent: false, reason: error.message };
  }
};
