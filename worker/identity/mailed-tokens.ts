import { z } from "@hono/zod-openapi";
import { AppError } from "../../core/errors.ts";

export const mailedTokenSchema = z.string().min(1).max(100);

/** One answer for whatever is wrong with it: it tells nothing of who else was written to. */
export const tokenInvalid = (): AppError =>
  new AppError({ code: "token_invalid", status: 422, message: "This link is not valid any more. Please ask for a new one.", errors: [{ path: "token", message: "is unknown, was used or has ended" }] });

export const tooManyMails = (): AppError =>
  new AppError({ code: "too_many_mails", status: 429, message: "Too many mails to this address. Please wait an hour.", headers: { "Retry-After": "3600" } });
