import { z } from "zod";
import { classifyRefusal, TwilioError } from "./twilio.errors.ts";

export interface TwilioAccount {
  account_sid: string;
  auth_token: string;
}

const errorSchema = z.looseObject({ code: z.coerce.number().nullish().catch(null), message: z.string().nullish().catch(null) });

type Form = Record<string, string | string[]>;

const encodeForm = (form: Form): URLSearchParams => {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) for (const item of Array.isArray(value) ? value : [value]) params.append(name, item);
  return params;
};

/** Waiting longer than this for Twilio helps nobody: the caller asks again what became of the request. */
const TIMEOUT_MS = 10_000;

const retryAfterMs = (response: Response): number | undefined => {
  const seconds = Number(response.headers.get("Retry-After"));
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
};

export interface TwilioHttpOptions {
  /** Asked for at each request: a token may be replaced at any time. What it throws, every request throws. */
  account: () => Promise<TwilioAccount>;
  baseUrl: string;
  fetch: typeof globalThis.fetch;
}

/** What is known of Twilio's HTTP: how one signs in, what an answer says, and what a failure means. */
export const createTwilioHttp = ({ account, baseUrl, fetch }: TwilioHttpOptions) => {
  const access = async (): Promise<{ root: string; authorization: string; hide: (text: string) => string }> => {
    const { account_sid, auth_token } = await account();
    // A vendor's error may repeat what it was sent.
    const hide = (text: string): string => (auth_token === "" ? text : text.replaceAll(auth_token, "[redacted]"));
    return { hide, root: `${baseUrl.replace(/\/$/, "")}/2010-04-01/Accounts/${encodeURIComponent(account_sid)}`, authorization: `Basic ${btoa(`${account_sid}:${auth_token}`)}` };
  };

  /** @throws TwilioError; `failure` is "unknown" when no clear answer came */
  const request = async (method: "GET" | "POST" | "DELETE", path: string, form: Form = {}): Promise<Response> => {
    const { root, authorization, hide } = await access();
    const body = encodeForm(form);
    const url = method === "POST" || body.size === 0 ? `${root}${path}` : `${root}${path}?${body.toString()}`;
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        headers: { Authorization: authorization, Accept: "application/json" },
        ...(method === "POST" ? { body } : {}),
        redirect: "manual",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (cause) {
      throw new TwilioError({ failure: "unknown", twilioCode: null, message: "Twilio did not answer.", cause });
    }
    if (response.ok) return response;
    const parsed = errorSchema.safeParse(await response.json().catch(() => null));
    const code = parsed.success ? (parsed.data.code ?? null) : null;
    const wait = retryAfterMs(response);
    throw new TwilioError({
      failure: classifyRefusal(response.status, code),
      twilioCode: code,
      httpStatus: response.status,
      message: `Twilio answered ${response.status}${code === null ? "" : ` (error ${code})`}${parsed.success && parsed.data.message ? `: ${hide(parsed.data.message)}` : ""}`,
      ...(wait === undefined ? {} : { retryAfterMs: wait }),
    });
  };

  /** A success whose body cannot be read is an unknown outcome: something may have been done. */
  const read = async <T>(response: Response, schema: z.ZodType<T>): Promise<T> => {
    const parsed = schema.safeParse(await response.json().catch(() => null));
    if (parsed.success) return parsed.data;
    throw new TwilioError({ failure: "unknown", twilioCode: null, message: "Twilio's answer could not be read." });
  };

  /** For removing: whatever is gone already is as wanted, and any other refusal may be over later. */
  const unlessGone = async (asked: Promise<Response>): Promise<Response | null> => {
    try {
      return await asked;
    } catch (error) {
      if (!(error instanceof TwilioError)) throw error;
      if (error.httpStatus === 404) return null;
      throw error.failure === "permanent" ? new TwilioError({ failure: "retry", twilioCode: error.twilioCode, message: error.message, cause: error }) : error;
    }
  };

  return { access, request, read, unlessGone };
};
