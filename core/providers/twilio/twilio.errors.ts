import { AppError } from "../../errors.ts";
import { policyOf } from "./error-policy.ts";

/** What a refusal of Twilio means for us (codes: CONTRACTS 1.9, from Twilio's error dictionary). */
export type TwilioFailure =
  /** The number or the request is wrong; it will be wrong again. */
  | "permanent"
  /** The person opted out with Twilio (21610): suppress, never retry. */
  | "opted_out"
  /** Credentials, country permissions, unregistered sender: the owner or operator must act. */
  | "account"
  /** Twilio surely did not do it; later it may. */
  | "retry"
  /** Twilio may or may not have done it: look before doing it again. */
  | "unknown";

const FAILURES = { fix_data: "permanent", suppress: "opted_out", alert: "account", retry: "retry" } as const;

/** Classifies an answer with an error status. A 5xx to a POST says nothing about whether the call was made. */
export const classifyRefusal = (status: number, code: number | null): TwilioFailure => {
  if (status === 429) return "retry";
  const policy = policyOf(code);
  if (policy) return FAILURES[policy.act];
  if (status === 401 || status === 403) return "account";
  return status >= 500 ? "unknown" : "permanent";
};

export class TwilioError extends AppError {
  readonly failure: TwilioFailure;
  /** Twilio's own number for it, when it gave one. */
  readonly twilioCode: number | null;
  /** The status of Twilio's answer; null when there was none. */
  readonly httpStatus: number | null;

  constructor(options: { failure: TwilioFailure; twilioCode: number | null; httpStatus?: number; message: string; retryAfterMs?: number; cause?: unknown }) {
    super({
      code: "twilio_error",
      status: 502,
      message: options.message,
      retryable: options.failure === "retry" || options.failure === "unknown",
      ...(options.retryAfterMs === undefined ? {} : { retryAfterMs: options.retryAfterMs }),
      cause: options.cause,
    });
    this.name = "TwilioError";
    this.failure = options.failure;
    this.twilioCode = options.twilioCode;
    this.httpStatus = options.httpStatus ?? null;
  }
}
