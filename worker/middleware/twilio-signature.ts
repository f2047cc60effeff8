import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { randomToken } from "../../core/ids.ts";
import { accountOf, isTwilioRequest, notSignedBy, rawPathAndQuery } from "../../core/providers/twilio/signature.ts";
import type { AppEnv } from "../services.ts";
import { projectIdSchema } from "../router.ts";
import { textOf } from "./body.ts";

/** The tenant that the address names: in our own callbacks itself, in a number's by its project. */
const tenantNamed = async (c: Context<AppEnv>): Promise<string | null> => {
  const tenant = c.req.query("tenant");
  if (tenant !== undefined) return tenant;
  const project = projectIdSchema.safeParse(c.req.query("project_id") ?? c.var.services.settings.DEFAULT_PROJECT_ID);
  return project.success ? ((await c.var.services.memory.directory.project(project.data))?.tenant_id ?? null) : null;
};

/**
 * A tenant's own account speaks for that tenant alone: its token is looked for among those of the tenant that the address names.
 * Where there is none, it is one that nobody has: what cannot be right is computed all the same, so that the answer takes as long.
 */
const tokenOf = async (c: Context<AppEnv>, accountSid: string): Promise<string> => {
  const tenant = await tenantNamed(c);
  return (tenant === null ? null : await c.var.services.twilioAccounts.tokenOf(tenant, accountSid)) ?? randomToken();
};

/**
 * Twilio's own requests only: the signature is checked on the raw body, with the token of the account that the request names,
 * before anything in it is believed. Anything else is 403. `twilioAccount` is whose signature it bears; null: the service's own.
 */
export const signedByTwilio = createMiddleware<AppEnv>(async (c, next) => {
  const { settings } = c.var.services;
  const request = { rawPathAndQuery: rawPathAndQuery(c.req.raw), contentType: c.req.header("Content-Type") ?? null, rawBody: await textOf(c) };
  const claimed = accountOf(request);
  const account = claimed === null || claimed === settings.TWILIO_ACCOUNT_SID ? null : claimed;
  const genuine = isTwilioRequest({
    ...request,
    authToken: account === null ? settings.TWILIO_AUTH_TOKEN : await tokenOf(c, account),
    signature: c.req.header("X-Twilio-Signature") ?? null,
    publicBaseUrl: settings.PUBLIC_API_URL,
  });
  if (!genuine) throw notSignedBy();
  c.set("twilioAccount", account);
  await next();
});
