import type { Sandbox } from "../../sandbox/index.ts";
import type { Vars } from "./env-file.ts";

/** Of the account in the sandbox. */
export const OUR_NUMBER = "+6495550100";

/** Settings of a Worker whose vendors the sandbox stands in for. */
export const sandboxVars = ({ url, accountSid, authToken }: Pick<Sandbox, "url" | "accountSid" | "authToken">): Vars => ({
  TWILIO_ACCOUNT_SID: accountSid,
  TWILIO_AUTH_TOKEN: authToken,
  TWILIO_PHONE_NUMBER: OUR_NUMBER,
  TWILIO_API_BASE_URL: url,
  GEMINI_API_BASE_URL: url,
  GOOGLE_API_KEY: "any-key",
  MAIL_API_BASE_URL: url,
  RESEND_API_KEY: "re_sandbox",
  MAIL_FROM: "Apex <no-reply@apex.example>",
  NOMINATIM_API_URL: `${url}/osm`,
  OVERPASS_API_URL: `${url}/osm`,
});
