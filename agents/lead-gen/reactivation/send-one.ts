import { iso } from "../../../core/clock.ts";
import { AppError } from "../../../core/errors.ts";
import type { AgentContext } from "../../../core/kernel/agent.ts";
import type { Campaign } from "../../../core/memory/campaigns.store.ts";
import type { PlannedRecipient } from "../../../core/memory/campaign-recipients.store.ts";
import { sendStored } from "../../../core/contact/send-sms.ts";
import { policyOf } from "../../../core/security/consent/policy.ts";
import { deliveryPolicyOf } from "../../../core/providers/twilio/error-policy.ts";
import type { AgentTools } from "../../tools.ts";
import { smsToolsOf } from "../texts/sending.ts";
import { judgeCustomer, placeOf } from "./eligibility.ts";
import { rulesOf } from "./settings.ts";

type Context = AgentContext<AgentTools>;

/** `down`: Twilio could not be asked; `account`: it refuses the business as such. In both cases the others would fare alike. */
export type Outcome = "sent" | "ended" | "put off" | "down" | "account";

const MOST_TRIES = 5;
const FIRST_WAIT_MS = 60_000;

/** A recipient's text, whoever sends it and however often. */
const textKey = (recipient: { id: string; campaign_id: string }): string => `campaign:${recipient.campaign_id}:${recipient.id}`;

interface Judged {
  /** Why they are not to be written to any more, having been chosen; null when they are. */
  reason: string | null;
  place: { state: string | null; time_zone: string | null } | null;
}

const judgeNow = async ({ memory, dna, tools }: Context, campaign: Campaign, recipient: PlannedRecipient): Promise<Judged> => {
  const customer = await memory.oldCustomers.one(recipient.lead_id);
  if (!customer) return { reason: "erased", place: null };
  const place = placeOf(customer, dna.identity.country);
  if (customer.phone !== recipient.phone) return { reason: "phone_changed", place };
  // Whether they have opted out, the gate asks.
  const judged = judgeCustomer(customer, [], rulesOf(dna, campaign.settings, tools.clock.now()));
  return { reason: judged.eligible ? null : judged.reason, place };
};

/** Whether an earlier life has begun to send it: then it counts as a contact that makes itself one too many. */
const isUnderWay = async ({ memory }: Context, key: string): Promise<boolean> => {
  const known = await memory.messages.withKey(key);
  if (known === undefined) return false;
  if (known.attempts > 0 && known.status !== "refused") return true;
  await memory.messages.cancel(known.id);
  return false;
};

/** An attempt that ended without an answer: later, and not for ever. */
const tryLater = async ({ memory, tools }: Context, recipient: PlannedRecipient, error: AppError): Promise<Outcome> => {
  const { id, tries } = recipient;
  const until = tools.clock.now() + (error.retryAfterMs ?? FIRST_WAIT_MS * 2 ** tries);
  if (error.code === "sms_in_progress") {
    await memory.campaignRecipients.tryAgain(id, until, { counted: false });
    return "put off";
  }
  if (tries + 1 >= MOST_TRIES) await memory.campaignRecipients.end(recipient, "failed", error.message);
  else await memory.campaignRecipients.tryAgain(id, until, { counted: true });
  return "down";
};

/**
 * Writes to one person, if nothing has changed since they were chosen. Safe to repeat from any point: the text has one key, and what
 * an earlier life of the run has done is found under it.
 */
export const sendOne = async (context: Context, campaign: Campaign, recipient: PlannedRecipient): Promise<Outcome> => {
  const { memory, project, dna, tools } = context;
  const { campaignRecipients, messages } = memory;
  const { id, lead_id, phone: phone_to, body } = recipient;
  const key = textKey(recipient);
  const { reason, place } = await judgeNow(context, campaign, recipient);
  if (reason !== null && !(await isUnderWay(context, key))) {
    await campaignRecipients.end(recipient, "skipped", reason);
    return "ended";
  }
  const { from: phone_from, account_sid } = tools.lineOf(project);
  await campaignRecipients.handOver(id);
  const message = await messages.open({ key, project_id: project.id, lead_id, call_id: null, campaign_id: campaign.id, account_sid, phone_from, phone_to, body, purpose: "campaign", party: "customer" });
  try {
    const result = await sendStored(smsToolsOf(context), message, { asked_at: null, place, policy: policyOf(dna) });
    if ("put_off_until" in result) {
      await campaignRecipients.putOff([{ id, until: result.put_off_until }]);
      return "put off";
    }
    if (result.sent) {
      await campaignRecipients.sent(recipient, message.id, iso(tools.clock.now()));
      return "sent";
    }
    const { error_code } = await messages.get(message.id);
    if (error_code !== null && deliveryPolicyOf(error_code).act === "alert") return "account";
    await campaignRecipients.end(recipient, "refused", result.reason);
    return "ended";
  } catch (error) {
    if (!(error instanceof AppError) || !error.retryable) throw error;
    return tryLater(context, recipient, error);
  }
};
