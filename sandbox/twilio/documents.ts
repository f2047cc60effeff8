import { ApplicationError, type CallEvent, type DocumentSource, type Leg } from "./leg.ts";
import type { Params } from "./signature.ts";
import { voiceParams, type Switchboard } from "./switchboard.ts";
import { parseTwiml, type Verb } from "./twiml.ts";
import { newIdempotencyToken, WebhookFailure, type Webhooks } from "./webhooks.ts";

/** A document that was fetched: what to do, and what its relative URLs are relative to. */
export interface Document {
  readonly verbs: readonly Verb[];
  readonly baseUrl: string | null;
}

export function methodOf(text: string | undefined): "GET" | "POST" {
  return text?.toUpperCase() === "GET" ? "GET" : "POST";
}

/** A URL of a document's attribute, as it will be requested and signed. Absolute ones stay exactly as written. */
export function resolveUrl(reference: string, baseUrl: string | null): string {
  if (/^https?:\/\//i.test(reference)) return reference;
  try {
    return new URL(reference, baseUrl ?? undefined).toString();
  } catch {
    throw new ApplicationError(11100, `Invalid URL format: ${reference}`);
  }
}

const CALL_EVENTS: readonly CallEvent[] = ["initiated", "ringing", "answered", "completed"];

/** `initiated ringing answered`: separated by spaces in an attribute; only `completed` when nothing is named. */
export function callEvents(names: readonly string[]): ReadonlySet<CallEvent> {
  const known = CALL_EVENTS.filter((event) => names.includes(event));
  return new Set(known.length === 0 ? ["completed"] : known);
}

/** What is said besides the leg's own fields replaces those of the same name. */
function withFields(leg: Leg, params: Params): Params {
  const said = new Set(params.map(([name]) => name));
  return [...voiceParams(leg).filter(([name]) => !said.has(name)), ...params];
}

/** Fetches documents as Twilio does: signed, with the fields of the leg, and from the fallback when that fails. */
export class Documents {
  readonly #webhooks: Webhooks;
  readonly #switchboard: Switchboard;

  constructor(webhooks: Webhooks, switchboard: Switchboard) {
    this.#webhooks = webhooks;
    this.#switchboard = switchboard;
  }

  async fetch(leg: Leg, source: DocumentSource): Promise<Document> {
    if (source.kind === "twiml") return { verbs: parseTwiml(source.twiml), baseUrl: null };
    try {
      return await this.#request(leg, source.url, source.method, source.params ?? []);
    } catch (error) {
      if (!(error instanceof ApplicationError) || source.fallbackUrl === undefined) throw error;
      return await this.#request(leg, source.fallbackUrl, "POST", [...(source.params ?? []), ["ErrorCode", String(error.code)], ["ErrorUrl", source.url]]);
    }
  }

  /** An action whose answer does not matter, because nobody is on the line any more: it says that the call is over. */
  async notify(leg: Leg, url: string, method: "GET" | "POST", params: Params): Promise<void> {
    await this.#send(leg, url, method, [["CallStatus", leg.answeredAt === null ? "no-answer" : "completed"], ...params]).catch(() => undefined);
  }

  async #request(leg: Leg, url: string, method: "GET" | "POST", params: Params): Promise<Document> {
    const answer = await this.#send(leg, url, method, params).catch((error: unknown) => {
      throw error instanceof WebhookFailure ? new ApplicationError(error.code, error.message) : error;
    });
    const type = answer.contentType.split(";")[0]?.trim().toLowerCase();
    if (type !== "text/xml" && type !== "application/xml") throw new ApplicationError(12300, `Invalid Content-Type: ${JSON.stringify(answer.contentType)}`);
    return { verbs: parseTwiml(answer.body), baseUrl: url };
  }

  async #send(leg: Leg, url: string, method: "GET" | "POST", params: Params): ReturnType<Webhooks["send"]> {
    return await this.#webhooks.send({
      purpose: "document", url, method, params: withFields(leg, params), authToken: this.#switchboard.tokenOf(leg), idempotencyToken: newIdempotencyToken(),
      about: { call_sid: leg.sid, parent_call_sid: leg.parentSid },
    });
  }
}
