import type { ServerResponse } from "node:http";
import { sendJson } from "../kit/http.ts";

const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  413: "INVALID_ARGUMENT",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

/** A refusal in Google's form. */
export class GeminiError extends Error {
  override readonly name = "GeminiError";
  readonly status: number;
  readonly reason: string;
  readonly details: readonly unknown[];

  constructor(status: number, message: string, options: { reason?: string; details?: readonly unknown[] } = {}) {
    super(message);
    this.status = status;
    this.reason = options.reason ?? STATUS_NAMES[status] ?? "UNKNOWN";
    this.details = options.details ?? [];
  }
}

export function sendGeminiError(response: ServerResponse, error: GeminiError): void {
  const details = error.details.length === 0 ? {} : { details: error.details };
  sendJson(response, error.status, { error: { code: error.status, message: error.message, status: error.reason, ...details } });
}
