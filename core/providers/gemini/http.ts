import { AppError, describeError } from "../../errors.ts";
import { withDeadline } from "./deadline.ts";
import { geminiError, httpFailure } from "./gemini.errors.ts";
import { errorResponse } from "./wire.ts";

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

export interface GeminiHttpRequest<T> {
  method: "GET" | "POST" | "DELETE";
  /** A path under the base URL, or an absolute URL that the vendor gave. */
  url: string;
  headers?: Record<string, string>;
  body?: BodyInit;
  /** For the whole exchange, body included. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** Reads a good answer. Its body must be read or canceled here. */
  read: (response: Response) => Promise<T>;
}

export type GeminiHttp = <T>(request: GeminiHttpRequest<T>) => Promise<T>;

const failureOf = async (response: Response): Promise<AppError> => {
  const text = await response.text().catch(() => "");
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = null;
  }
  const parsed = errorResponse.safeParse(body);
  return parsed.success
    ? httpFailure({ status: response.status, message: parsed.data.error.message, details: parsed.data.error.details ?? [] })
    : httpFailure({ status: response.status, message: text.slice(0, 200) });
};

/**
 * Plain HTTP to Gemini for what the SDK does not have in a form that runs on Workers.
 * @throws AppError of `gemini.errors.ts`; the signal's reason when it was aborted
 */
export const createGeminiHttp = ({ apiKey, baseUrl, fetch }: { apiKey: string; baseUrl: string; fetch: Fetch }): GeminiHttp => {
  const origin = new URL(baseUrl).origin;
  return async ({ method, url, headers = {}, body, timeoutMs, signal, read }) =>
    withDeadline({ timeoutMs, signal, what: `Gemini's ${method}` }, async (deadline) => {
      const target = url.startsWith("/") ? new URL(`${baseUrl.replace(/\/+$/, "")}${url}`) : new URL(url);
      try {
        const response = await fetch(target.href, {
          method,
          // An upload URL is the vendor's to choose and carries its own right; the key stays with the host we were given.
          headers: { ...headers, ...(target.origin === origin ? { "x-goog-api-key": apiKey } : {}) },
          signal: deadline,
          ...(body === undefined ? {} : { body }),
        });
        if (!response.ok) throw await failureOf(response);
        return await read(response);
      } catch (error) {
        if (error instanceof AppError) throw error;
        throw geminiError("gemini_unreachable", describeError(error), { retryable: true, cause: error });
      }
    });
};
