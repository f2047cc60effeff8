import { UsageError } from "./command-line.ts";

/** A request to the service, as command lines make it. */
export interface Ask {
  method?: string;
  /** Session's token, API key or operator's secret; absent or empty: asked without one. */
  token?: string | null;
  headers?: Readonly<Record<string, string>>;
  /** Text and a form's fields are sent as they are, anything else as JSON. */
  body?: unknown;
  timeoutMs?: number;
  fetch?: typeof globalThis.fetch;
}

export interface Answer {
  ok: boolean;
  status: number;
  text: string;
}

const asIs = (body: unknown): body is string | URLSearchParams => typeof body === "string" || body instanceof URLSearchParams;

/**
 * @param address the whole of it, with the query
 * @throws UsageError where nobody answers, or that is no address
 */
export const ask = async (address: string, { method = "GET", token, headers, body, timeoutMs, fetch = globalThis.fetch }: Ask = {}): Promise<Answer> => {
  if (!URL.canParse(address)) throw new UsageError(`${address} is no web address; one is like http://127.0.0.1:8787`);
  const request: RequestInit = {
    method,
    headers: { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...(body === undefined || asIs(body) ? {} : { "Content-Type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: asIs(body) ? body : JSON.stringify(body) }),
    ...(timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) }),
  };
  const response = await fetch(address, request).catch((error: unknown) => {
    throw new UsageError(`${new URL(address).origin} cannot be reached: ${error instanceof Error ? error.message : String(error)}`);
  });
  return { ok: response.ok, status: response.status, text: await response.text() };
};

/** Undefined for what is no JSON. */
export const jsonOf = ({ text }: Pick<Answer, "text">): unknown => {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Control characters in what strangers wrote would be orders to the terminal. */
export const harmless = (text: string): string => text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");

/** Why it was refused, in the service's own words (problem+json), a line for each field. */
export const refusalOf = (answer: Answer): UsageError => {
  const { detail = "refused", errors = [] } = (jsonOf(answer) ?? {}) as { detail?: string; errors?: { path: string; message: string; line?: number }[] };
  const lines = errors.map(({ path, message, line }) => `  ${line === undefined ? "" : `line ${line}: `}${path}: ${message}`);
  return new UsageError(harmless([`${answer.status}: ${detail}`, ...lines].join("\n")));
};

/** Where the service's paths begin. */
export const baseOf = (url: string): string => url.replace(/\/+$/, "");
