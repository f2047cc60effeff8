import { type OpenAPIHono, z } from "@hono/zod-openapi";
import { problems } from "../router.ts";
import type { AppEnv } from "../services.ts";

/*
 * What is not asked with a token and has no JSON: Twilio's callbacks and the lead card's page. Their handlers read only what they need of what
 * Twilio sends, so they are described here and not made from schemas.
 */

type Registry = OpenAPIHono<AppEnv>["openAPIRegistry"];

const CALLBACKS: Readonly<Record<string, string>> = {
  "/api/voice/incoming": "A customer calls the tracking number",
  "/api/voice/whisper": "The owner picked up: who it is, and which keys there are",
  "/api/voice/connect": "The owner pressed a key: 1 connects the customer",
  "/api/voice/status": "How the owner's leg, or a caller's, is getting on",
  "/api/voice/machine": "Whether a person or a machine picked up the owner's phone",
  "/api/voice/taken": "Somebody else has taken the call",
  "/api/voice/menu": "What the owner may do about a customer who was not reached",
  "/api/voice/menu-key": "The owner has chosen",
  "/api/voice/customer-status": "How the customer's leg is getting on",
  "/api/voice/customer-machine": "Whether a person or a machine picked up the customer's phone",
  "/api/voice/notice": "The customer picked up: the notice of recording",
  "/api/voice/notice-done": "The notice was heard",
  "/api/voice/parked": "The owner's leg waits for the customer",
  "/api/voice/message": "The message that is left with the customer's machine",
  "/api/voice/dial-done": "A dialled leg has ended",
  "/api/voice/caller-key": "A caller pressed a key",
  "/api/voice/message-done": "A caller has left a message",
  "/api/voice/recording-status": "A recording is ready",
  "/api/voice/transcription": "A transcription of Twilio's own is ready",
  "/api/sms/incoming": "A reply by text",
  "/api/sms/status": "A text's delivery report",
};

const projectQuery = z.object({ project_id: z.string().optional().openapi({ description: "DEFAULT_PROJECT_ID, where set, when left out" }) });
const form = z.record(z.string(), z.string()).openapi({ description: "Twilio's own fields, as it sends them. Other callbacks than `incoming` have the query that their address was given with." });

export const describeCallbacks = (registry: Registry): void => {
  registry.registerComponent("securitySchemes", "twilio", { type: "apiKey", in: "header", name: "X-Twilio-Signature", description: "Of the public URL and the form, by the token of the account that the form names. Anything else is 403 and changes nothing." });
  for (const [path, summary] of Object.entries(CALLBACKS)) {
    registry.registerPath({
      method: "post",
      path,
      summary: `Twilio: ${summary.charAt(0).toLowerCase()}${summary.slice(1)}`,
      security: [{ twilio: [] }],
      request: { ...(path.endsWith("/incoming") ? { query: projectQuery } : {}), body: { content: { "application/x-www-form-urlencoded": { schema: form } } } },
      responses: { 200: { description: "TwiML: what Twilio is to do next, or an empty <Response/>", content: { "text/xml": { schema: z.string() } } }, ...problems(403) },
    });
  }
  const page = { "text/html": { schema: z.string() } };
  registry.registerPath({
    method: "get",
    path: "/l/{token}",
    summary: "One lead, for whoever got the text with this link; the token is the key, and ends",
    request: { params: z.object({ token: z.string() }) },
    responses: { 200: { description: "The lead", content: page }, 404: { description: "The link has ended, or its lead is gone", content: page } },
  });
};
