import { AGAIN } from "../../core/providers/twilio/callback-retry.ts";
import type { Plan } from "./plan.schema.ts";

/**
 * Where Twilio reports what becomes of one attempt. The query names the call and the attempt (and, for whoever
 * searches a log, the lead and the request that the call came from); Twilio's signature covers it.
 * @param attempt which ring of the customer it is about
 */
export const callbackUrls = (publicUrl: string, plan: Pick<Plan, "tenant_id" | "project_id" | "lead_id" | "call_id" | "request_id">, nonce: string, attempt = 0) => {
  const query = new URLSearchParams({ tenant: plan.tenant_id, project: plan.project_id, lead: plan.lead_id, call: plan.call_id, leg: nonce, ...(attempt > 0 ? { attempt: String(attempt) } : {}), ...(plan.request_id === undefined ? {} : { request: plan.request_id }) }).toString();
  const to = (path: string): string => `${publicUrl}/api/voice/${path}?${query}${AGAIN}`;
  return {
    whisper: to("whisper"),
    key: to("connect"),
    ownerStatus: to("status"),
    ownerMachine: to("machine"),
    taken: to("taken"),
    menu: to("menu"),
    menuKey: to("menu-key"),
    customerStatus: to("customer-status"),
    customerMachine: to("customer-machine"),
    parked: to("parked"),
    message: to("message"),
    notice: to("notice"),
    noticeDone: to("notice-done"),
    dialDone: to("dial-done"),
    callerKey: (menu: string) => `${publicUrl}/api/voice/caller-key?${query}&menu=${menu}${AGAIN}`,
    messageDone: to("message-done"),
    recording: to("recording-status"),
  };
};

export type CallbackUrls = ReturnType<typeof callbackUrls>;
