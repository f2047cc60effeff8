import { z } from "zod";
import { type AppError, vendorError } from "../../errors.ts";

/**
 * Every way in which Gemini fails us. Retryable: rate_limited, unavailable, timeout, unreachable, empty,
 * invalid_output, file_timeout. Permanent: quota_exhausted (until tomorrow), model_gone, rejected, blocked, stopped, file_failed.
 * `truncated` is retryable only while a larger limit may still help.
 */
export type GeminiErrorCode =
  | "gemini_rate_limited"
  | "gemini_quota_exhausted"
  | "gemini_unavailable"
  | "gemini_timeout"
  | "gemini_unreachable"
  | "gemini_model_gone"
  | "gemini_rejected"
  | "gemini_blocked"
  | "gemini_stopped"
  | "gemini_truncated"
  | "gemini_empty"
  | "gemini_invalid_output"
  | "gemini_file_failed"
  | "gemini_file_timeout";

export const geminiError = (
  code: GeminiErrorCode,
  message: string,
  options: { retryable: boolean; retryAfterMs?: number; cause?: unknown },
): AppError => vendorError(code, message.slice(0, 1000), options);

const retryInfo = z.object({ "@type": z.string().endsWith("google.rpc.RetryInfo"), retryDelay: z.string() });
const quotaFailure = z.object({ "@type": z.string().endsWith("google.rpc.QuotaFailure"), violations: z.array(z.unknown()) });
/** Quota ids read like `GenerateRequestsPerDayPerProjectPerModel-FreeTier`. */
const DAILY = /per[\s_-]?day|daily/i;

/** A protobuf Duration in JSON ("21s", "0.5s") in milliseconds. */
const durationMs = (duration: string): number | undefined => {
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(duration)?.[1];
  return seconds === undefined ? undefined : Math.ceil(Number(seconds) * 1000);
};

const find = <T>(details: unknown[], schema: z.ZodType<T>): T | undefined => {
  for (const detail of details) {
    const parsed = schema.safeParse(detail);
    if (parsed.success) return parsed.data;
  }
  return undefined;
};

/**
 * What an HTTP status of Google's means for us (google.rpc.Status in JSON; CONTRACTS 5.2).
 * @param details the error's `details`, where it had any
 */
export const httpFailure = ({ status, message, details = [], cause }: { status: number; message: string; details?: unknown[] | undefined; cause?: unknown }): AppError => {
  const words = `Gemini answered ${status}: ${message}`;
  if (status === 429) {
    const quota = find(details, quotaFailure);
    if (quota !== undefined && DAILY.test(JSON.stringify(quota.violations))) return geminiError("gemini_quota_exhausted", words, { retryable: false, cause });
    const retryAfterMs = durationMs(find(details, retryInfo)?.retryDelay ?? "");
    return geminiError("gemini_rate_limited", words, { retryable: true, cause, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
  }
  if (status >= 500 || status === 408) return geminiError("gemini_unavailable", words, { retryable: true, cause });
  if (status === 404) return geminiError("gemini_model_gone", words, { retryable: false, cause });
  return geminiError("gemini_rejected", words, { retryable: false, cause });
};
