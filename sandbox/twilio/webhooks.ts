import { randomUUID } from "node:crypto";
import type { EventLog } from "../kit/event-log.ts";
import { connectionOverrides } from "./overrides.ts";
import { twilioSignature, withoutFragment, type Params } from "./signature.ts";
import { WireFailure, type Wire, type WireAnswer } from "./wire.ts";

/** What a webhook is for. Everything but a document is fire-and-forget. */
export type Purpose = "document" | "call-status" | "recording-status" | "amd-status" | "message-status" | "incoming-message";

export interface Webhook {
  readonly purpose: Purpose;
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly params: Params;
  readonly authToken: string;
  /** For the log only: what it is about. */
  readonly about: Readonly<Record<string, string | null>>;
  /** The same on every try and on every copy of one webhook. */
  readonly idempotencyToken: string;
}

export function newIdempotencyToken(): string {
  return randomUUID();
}

/** A webhook that got no usable answer, with Twilio's code for it. */
export class WebhookFailure extends Error {
  override readonly name = "WebhookFailure";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Sends signed requests to the product, tries again as the URL's fragment says, and logs each try with its exact body. */
export class Webhooks {
  readonly #wire: Wire;
  readonly #log: EventLog;
  readonly #closing = new AbortController();

  constructor(wire: Wire, log: EventLog) {
    this.#wire = wire;
    this.#log = log;
  }

  async send(webhook: Webhook): Promise<WireAnswer> {
    const overrides = connectionOverrides(webhook.url);
    if (!overrides.valid) this.#log.append("error", { code: 11243, message: "Invalid connection override", url: webhook.url, ...webhook.about });
    const deadline = Date.now() + overrides.totalMs;
    for (let attempt = 1; ; attempt += 1) {
      const { answer, reason, message } = await this.#attempt(webhook, attempt, overrides, deadline);
      if (answer !== undefined && reason === undefined) return answer;
      const retry = reason !== undefined && (overrides.retryOn.has("all") || overrides.retryOn.has(reason));
      if (retry && attempt <= overrides.retries && Date.now() < deadline && !this.#closing.signal.aborted) continue;
      const code = reason === "ct" ? 11205 : 11200;
      this.#log.append("error", { code, message, url: webhook.url, ...webhook.about });
      throw new WebhookFailure(code, message);
    }
  }

  close(): void {
    this.#closing.abort();
  }

  async #attempt(
    webhook: Webhook,
    attempt: number,
    times: { readonly connectMs: number; readonly readMs: number },
    deadline: number,
  ): Promise<{ answer?: WireAnswer; reason?: string; message: string }> {
    const form = new URLSearchParams(webhook.params.map(([name, value]) => [name, value])).toString();
    const base = withoutFragment(webhook.url);
    const get = webhook.method === "GET";
    const url = get && form !== "" ? `${base}${base.includes("?") ? "&" : "?"}${form}` : base;
    const body = get ? "" : form;
    const signature = twilioSignature(webhook.authToken, url, get ? [] : webhook.params);
    const startedAt = Date.now();
    const entry = this.#log.append("callback", {
      purpose: webhook.purpose, ...webhook.about, method: webhook.method, url, body, params: Object.fromEntries(webhook.params),
      signature, idempotency_token: webhook.idempotencyToken, attempt, status: null, answer: null, error: null, took_ms: null,
    });
    const left = Math.max(1, deadline - startedAt);
    try {
      const answer = await this.#wire.send({
        url, method: webhook.method, body, connectMs: Math.min(times.connectMs, left), readMs: times.readMs, totalMs: left, signal: this.#closing.signal,
        headers: {
          "X-Twilio-Signature": signature,
          "I-Twilio-Idempotency-Token": webhook.idempotencyToken,
          "User-Agent": "TwilioProxy/1.1",
          Accept: "*/*",
          ...(get ? {} : { "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", "Content-Length": String(Buffer.byteLength(body)) }),
        },
      });
      Object.assign(entry, { status: answer.status, answer: answer.body, took_ms: Date.now() - startedAt });
      if (answer.status >= 200 && answer.status < 300) return { answer, message: "" };
      return { answer, reason: answer.status >= 500 ? "5xx" : "4xx", message: `answered ${answer.status}` };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      Object.assign(entry, { error: message, took_ms: Date.now() - startedAt });
      return { reason: error instanceof WireFailure ? error.reason : "rt", message };
    }
  }
}
