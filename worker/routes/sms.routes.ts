import { z } from "zod";
import { logger } from "../../core/log.ts";
import { renderTwiml } from "../../core/providers/twilio/twiml.ts";
import { signedByTwilio } from "../middleware/twilio-signature.ts";
import { createRouter } from "../router.ts";
import { textOf } from "../middleware/body.ts";

const log = logger("sms");

const statusSchema = z.object({ MessageSid: z.string().default(""), MessageStatus: z.string().default(""), ErrorCode: z.string().optional() });

/** Delivery reports: so far they go to the log, where a text that did not arrive can be found by its SID. */
export const smsRoutes = createRouter();
smsRoutes.use("/api/sms/*", signedByTwilio);
smsRoutes.post("/api/sms/status", async (c) => {
  const form = statusSchema.parse(Object.fromEntries(new URLSearchParams(await textOf(c))));
  log.info("sms status", { request_id: c.var.requestId, message_sid: form.MessageSid, status: form.MessageStatus, error_code: form.ErrorCode });
  return new Response(renderTwiml({ kind: "nothing" }), { headers: { "Content-Type": "text/xml; charset=utf-8" } });
});
