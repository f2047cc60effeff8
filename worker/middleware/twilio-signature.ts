import { createMiddleware } from "hono/factory";
import { AppError } from "../../core/errors.ts";
import { isTwilioRequest, rawPathAndQuery } from "../../core/providers/twilio/signature.ts";
import type { AppEnv } from "../services.ts";
import { textOf } from "./body.ts";

/** Twilio's own requests only: the signature is checked on the raw body before anything in it is read. Anything else is 403. */
export const signedByTwilio = createMiddleware<AppEnv>(async (c, next) => {
  const { settings } = c.var.services;
  const genuine = isTwilioRequest({
    authToken: settings.TWILIO_AUTH_TOKEN,
    signature: c.req.header("X-Twilio-Signature") ?? null,
    publicBaseUrl: settings.PUBLIC_API_URL,
    rawPathAndQuery: rawPathAndQuery(c.req.raw),
    contentType: c.req.header("Content-Type") ?? null,
    rawBody: await textOf(c),
  });
  if (!genuine) throw new AppError({ code: "bad_signature", status: 403, message: "The request is not signed by Twilio." });
  await next();
});
