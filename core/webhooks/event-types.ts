/** What the house tells of, and when. The triggers that write them are in migrations/*_webhooks_guards.sql. */
export const WEBHOOK_EVENTS = {
  "lead.created": "A lead was taken in, found or entered.",
  "lead.status_changed": "A lead's status has changed; `data.change` says from what to what.",
  "lead.erased": "A lead was erased. Erase what you keep of it.",
  "call.ended": "A call is over; `data.end_reason` says how.",
  "call.analysed": "A call's recording was transcribed and analysed.",
  "message.received": "A customer sent a text.",
  "page.published": "A local page has gone live.",
  "run.dead": "A job was given up on.",
} as const;

export type WebhookEvent = keyof typeof WEBHOOK_EVENTS;
export const webhookEvents = Object.keys(WEBHOOK_EVENTS) as [WebhookEvent, ...WebhookEvent[]];
/** Sent on request only, whatever an endpoint asks for. */
export const TEST_EVENT = "webhook.test";
