import type { OptOutsStore } from "../memory/opt-outs.store.ts";
import type { TwilioClient } from "../providers/twilio/twilio.client.ts";
import { isNotBefore } from "../providers/twilio/twilio.dates.ts";
import { TwilioError } from "../providers/twilio/twilio.errors.ts";
import { type ContactPolicy, judgeContact } from "../security/consent.ts";

export type SmsResult = { sent: true; sid: string } | { sent: false; reason: string };

/**
 * The one way out for a text: the gate first, then Twilio.
 * @param input.body at most 1,600 characters
 * @param input.mayBeSentSince real time in ms: an attempt since then may have got through, so Twilio's list is asked before the
 *   text is sent again; null for a first attempt
 * @throws TwilioError when trying later can help
 */
export const sendSms = async (
  tools: { twilio: TwilioClient; optOuts: OptOutsStore; publicUrl: string },
  input: { to: string; from: string; body: string; policy: ContactPolicy; mayBeSentSince: number | null },
): Promise<SmsResult> => {
  const verdict = judgeContact({ phone: input.to, channel: "sms" }, await tools.optOuts.among([input.to]), input.policy);
  if (!verdict.allowed) return { sent: false, reason: verdict.detail };
  const { mayBeSentSince: since } = input;
  if (since !== null) {
    const listed = await tools.twilio.listMessages({ to: input.to, from: input.from });
    const sent = listed.find((message) => message.body === input.body && isNotBefore(message.date_created, since));
    if (sent) return { sent: true, sid: sent.sid };
  }
  try {
    const status_callback = `${tools.publicUrl}/api/sms/status`;
    const message = await tools.twilio.sendMessage({ to: input.to, from: input.from, body: input.body, status_callback });
    return { sent: true, sid: message.sid };
  } catch (error) {
    if (error instanceof TwilioError && !error.retryable) return { sent: false, reason: error.message };
    throw error;
  }
};
