/** One mistake in a request or document, in the words of the API: where it is and what was expected. */
export interface FieldError {
  path: string;
  message: string;
  /** In a document that a person wrote: where, counted from 1. */
  line?: number;
  column?: number;
}

export interface AppErrorOptions {
  /** Stable, snake_case; clients branch on it. */
  code: string;
  /** The HTTP status that the edge answers with. */
  status: number;
  /** Shown to the outside for statuses below 500 only; a 5xx body is constant. */
  message: string;
  /** Whether doing the same again later may succeed. Queues and alarms decide by this. */
  retryable?: boolean;
  /** When the vendor said how long to wait, in milliseconds. */
  retryAfterMs?: number;
  /** For 422: every mistake, not only the first. */
  errors?: FieldError[];
  /** Answer headers, e.g. `Retry-After`. */
  headers?: Record<string, string>;
  /** For 421: where to ask instead. */
  baseUrl?: string;
  cause?: unknown;
}

/** The only error type that rooms throw at each other on purpose; anything else is a bug and becomes a 500. */
export class AppError extends Error {
  readonly code: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly errors: FieldError[] | undefined;
  readonly headers: Record<string, string>;
  readonly baseUrl: string | undefined;

  constructor(options: AppErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = options.code;
    this.status = options.status;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
    this.baseUrl = options.baseUrl;
  }
}

export const notFound = (what: string): AppError =>
  new AppError({ code: `${what}_not_found`, status: 404, message: `There is no such ${what.replaceAll("_", " ")}.` });

export const unauthorized = (message = "A valid bearer token is needed."): AppError =>
  new AppError({ code: "unauthorized", status: 401, message, headers: { "WWW-Authenticate": "Bearer" } });

export const forbidden = (message: string): AppError => new AppError({ code: "forbidden", status: 403, message });

export const conflict = (code: string, message: string): AppError => new AppError({ code, status: 409, message });

export const invalid = (errors: FieldError[], message = "The request is well-formed but not valid."): AppError =>
  new AppError({ code: "invalid", status: 422, message, errors });

/** Whoever asks lives in another region; nothing of it is known here. @param baseUrl of that region's API */
export const wrongRegion = (baseUrl: string): AppError => new AppError({ code: "wrong_region", status: 421, message: `This account lives in another region: ${baseUrl}`, baseUrl });

export const malformed = (message: string): AppError => new AppError({ code: "malformed", status: 400, message });

/** Turns whatever was thrown into words for a log line or an operator. Never show it to the outside. */
export const describeError = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));

const FRAMES_KEPT = 12;
const LONGEST_TRACE = 2000;
/** A cause of a cause of a cause says no more. */
const CAUSES_KEPT = 3;

/**
 * Where an error came from: its kind and the lines of its stack, innermost first, and so of its causes. Without anybody's words: messages may repeat
 * what somebody said. @returns "" for what is no error
 */
export const traceOf = (error: unknown): string => {
  const parts: string[] = [];
  for (let cause = error; cause instanceof Error && parts.length < CAUSES_KEPT; cause = cause.cause) {
    const frames = (cause.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line)).slice(0, FRAMES_KEPT);
    parts.push([`${parts.length === 0 ? "" : "caused by "}${cause.name}`, ...frames.map((line) => `  ${line.trim()}`)].join("\n"));
  }
  return parts.join("\n").slice(0, LONGEST_TRACE);
};

/** A vendor or the platform did not do its part; says whether trying again can help. */
export const vendorError = (
  code: string,
  message: string,
  options: { retryable: boolean; retryAfterMs?: number; cause?: unknown },
): AppError => new AppError({ code, status: 502, message, ...options });

/** Zod's issues in the API's words. */
export const fieldErrors = (issues: readonly { path: readonly PropertyKey[]; message: string }[]): FieldError[] =>
  issues.map((issue) => ({ path: issue.path.map(String).join("."), message: issue.message }));
