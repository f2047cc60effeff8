import { codeAsSpeech, codeAsText, hashCode, newCode } from "../core/contact/verification-code.ts";
import { AppError, invalid, vendorError } from "../core/errors.ts";
import type { DestinationCheck } from "../core/memory/destinations.store.ts";
import type { TenantMemory } from "../core/memory/memory.ts";
import { TwilioError } from "../core/providers/twilio/twilio.errors.ts";
import { renderTwiml } from "../core/providers/twilio/twiml.ts";
import type { ContactPolicy } from "../core/security/consent/consent.types.ts";
import type { Services } from "./services.ts";

const RETRY_AFTER_S = 60;
/** Long enough to be picked up, too short to be a conversation. */
const CALL = { ring_timeout_s: 30, time_limit_s: 60 };

const tooMany = (): AppError =>
  new AppError({ code: "too_many_codes", status: 429, message: "Codes are sent once a minute, and a few times a day.", retryable: true, retryAfterMs: RETRY_AFTER_S * 1000, headers: { "Retry-After": String(RETRY_AFTER_S) } });

export interface Destination {
  project_id: string;
  /** E.164. */
  phone: string;
  channel: "sms" | "call";
  policy: ContactPolicy;
}

/**
 * Sends a code to a phone of the business: by the service's own account, since who has the account reads the code. It is in no
 * text's row and in no log.
 * @throws AppError 422 for a phone that is not to be contacted, 429 for too many codes, 502 when Twilio did not take it
 */
export const sendCode = async (
  { settings, twilioAccounts, verificationGateOf }: Pick<Services, "settings" | "twilioAccounts" | "verificationGateOf">,
  memory: TenantMemory,
  { project_id, phone, channel, policy }: Destination,
): Promise<DestinationCheck> => {
  const code = newCode();
  const check = await memory.destinations.open({ project_id, phone, channel, code_hash: hashCode(settings.APEX_JWT_SECRET, { tenant_id: memory.tenantId, phone }, code) });
  if (check === null) throw tooMany();
  const resource = `project:${project_id}`;
  const verdict = await verificationGateOf(memory).ask({ attempt_id: check.id, channel, purpose: "verification", phone, party: "owner", asked_at: null, place: null, resource, policy });
  if (verdict.answer !== "yes") {
    await memory.destinations.drop(check.id);
    throw invalid([{ path: "phone", message: verdict.detail }]);
  }
  const [to, from] = [phone, settings.TWILIO_PHONE_NUMBER];
  try {
    if (channel === "sms") await twilioAccounts.service.sendMessage({ to, from, body: codeAsText(code) });
    else await twilioAccounts.service.callToSay({ to, from, twiml: renderTwiml({ kind: "hang_up", text: codeAsSpeech(code), language: "en-US" }), ...CALL });
  } catch (error) {
    if (!(error instanceof TwilioError)) throw error;
    // One that may have arrived after all stays good, and counts.
    if (error.failure !== "unknown") await memory.destinations.drop(check.id);
    if (error.failure === "permanent" || error.failure === "opted_out") throw invalid([{ path: "phone", message: "cannot be reached" }]);
    throw vendorError("code_not_sent", "Twilio did not take the code.", { retryable: true, cause: error });
  }
  return check;
};
