import type { Consequence } from "../memory/consequences.ts";
import type { Message } from "../memory/messages.store.ts";
import { deliveryPolicyOf } from "../providers/twilio/error-policy.ts";
import { nextResend } from "./delivery.ts";

const DAY = 10;

/** One alert a project, day (UTC) and number of Twilio's. */
const alertOwner = (message: Message, code: number | null, now: number): Consequence[] => {
  // An alert that cannot be sent must not bring forth another.
  if (message.purpose === "alert" || code === null) return [];
  const key = `sms_alert:${message.project_id}:${code}:${new Date(now).toISOString().slice(0, DAY)}`;
  const audit = { action: "sms.alert", resource: `project:${message.project_id}`, details: { code, message_id: message.id } };
  return [{ kind: "run", project_id: message.project_id, action: "alert_owner", params: { code }, about_message: true, key, after_ms: 0, audit }];
};

/**
 * What a text that was refused or did not arrive brings about: the data are mended, the person is left alone, the owner is told,
 * or it is sent again.
 * @param code Twilio's number; null when it gave none
 */
export const consequencesOfFailure = (message: Message, code: number | null, now: number): Consequence[] => {
  const policy = deliveryPolicyOf(code);
  // One of the business's own people whom no text reaches hears of no lead: another of them must know.
  const toOwner = message.party === "owner" ? alertOwner(message, code, now) : [];
  switch (policy.act) {
    case "fix_data": {
      // What is wrong with the request itself is ours to mend, whoever it was for.
      if (message.party === "owner" || policy.of === "request") return alertOwner(message, code, now);
      const unreachable: Consequence[] = policy.textable ? [] : [{ kind: "undeliverable", phone: message.phone_to, reason: `twilio:${code ?? ""}` }];
      if (message.lead_id === null) return unreachable;
      const change = { phone_problem: policy.meaning, ...(policy.textable ? {} : { phone_textable: false }) };
      return [...unreachable, { kind: "change_lead", lead_id: message.lead_id, action: "lead.phone_problem", change, details: { code } }];
    }
    case "suppress":
      return [{ kind: "opt_out", phone: message.phone_to, channels: ["sms"], reason: `twilio:${code ?? ""}` }, ...toOwner];
    case "alert":
      return alertOwner(message, code, now);
    case "retry": {
      const again = nextResend(message);
      if (again === null) return toOwner;
      return [{ kind: "run", project_id: message.project_id, action: "resend_sms", params: {}, about_message: true, key: again.key, after_ms: again.after_ms, audit: null }];
    }
  }
};
