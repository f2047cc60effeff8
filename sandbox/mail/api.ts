import type { EventLog } from "../kit/event-log.ts";
import { BadRequest, readJson, sendJson, type Exchange } from "../kit/http.ts";
import { isObject, listIn, textIn, type JsonObject } from "../kit/json.ts";
import { randomUUID } from "node:crypto";

/** One mail as its reader finds it. */
export interface ReceivedMail {
  readonly id: string;
  readonly to: readonly string[];
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A refusal in Resend's form: `{statusCode, name, message}`. */
class MailError extends Error {
  override readonly name = "MailError";
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const MOST_RECIPIENTS = 50;
const LONGEST_KEY = 256;
/** `a@b.c`, or with a name before it. */
const ADDRESS = /^(?:[^<>@]*<[^<>@\s]+@[^<>@\s]+\.[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+\.[^<>@\s]+)$/;

const addressIn = (text: string): string => (/<([^<>]+)>$/.exec(text)?.[1] ?? text).toLowerCase();

function recipients(body: JsonObject): string[] {
  const listed = listIn(body, "to") ?? [body["to"]];
  const texts = listed.filter((one): one is string => typeof one === "string");
  if (texts.length === 0 || texts.length < listed.length) throw new MailError(422, "missing_required_field", "Missing `to` field.");
  if (texts.length > MOST_RECIPIENTS) throw new MailError(422, "validation_error", "At most 50 recipients.");
  if (!texts.every((one) => ADDRESS.test(one))) throw new MailError(422, "validation_error", "Invalid `to` field. The email address needs to follow the `email@example.com` or `Name <email@example.com>` format.");
  return texts.map(addressIn);
}

function required(body: JsonObject, name: string): string {
  const text = textIn(body, name);
  if (text === undefined || text === "") throw new MailError(422, "missing_required_field", `Missing \`${name}\` field.`);
  return text;
}

/** The mail service's stand-in: Resend's `POST /emails`, and an inbox for everybody. */
export class MailApi {
  readonly #log: EventLog;
  #mails: ReceivedMail[] = [];
  /** What was asked under an idempotency key, and the mail that came of it. */
  readonly #kept = new Map<string, { asked: string; id: string }>();

  constructor({ log }: { log: EventLog }) {
    this.#log = log;
  }

  async handle(exchange: Exchange): Promise<void> {
    const { response, method, url } = exchange;
    const entry = this.#log.append("request", { vendor: "mail", method, path: url.pathname, status: null });
    response.once("close", () => {
      entry["status"] = response.writableFinished ? response.statusCode : "lost";
    });
    try {
      sendJson(response, 200, { id: await this.#send(exchange) });
    } catch (error) {
      if (error instanceof MailError) sendJson(response, error.status, { statusCode: error.status, name: error.code, message: error.message });
      else if (error instanceof BadRequest) sendJson(response, error.status, { statusCode: error.status, name: "validation_error", message: error.message });
      else throw error;
    }
  }

  /** Oldest first. */
  inbox(to: string): readonly ReceivedMail[] {
    return this.#mails.filter((mail) => mail.to.includes(to.toLowerCase()));
  }

  clear(): void {
    this.#mails = [];
    this.#kept.clear();
  }

  async #send({ request, method }: Exchange): Promise<string> {
    if (method !== "POST") throw new MailError(405, "method_not_allowed", "This endpoint does not support the specified HTTP method.");
    const key = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
    if (key === undefined) throw new MailError(401, "missing_api_key", "Missing API key in the authorization header.");
    if ((request.headers["user-agent"] ?? "") === "") throw new MailError(403, "validation_error", "Requests without a User-Agent are refused.");
    const body = await readJson(request);
    if (!isObject(body)) throw new MailError(422, "validation_error", "The body is an object.");

    const idempotencyKey = request.headers["idempotency-key"];
    if (typeof idempotencyKey === "string") {
      if (idempotencyKey === "" || idempotencyKey.length > LONGEST_KEY) throw new MailError(400, "invalid_idempotency_key", "The key must have 1 to 256 characters.");
      const kept = this.#kept.get(idempotencyKey);
      if (kept !== undefined) {
        if (kept.asked !== JSON.stringify(body)) throw new MailError(409, "invalid_idempotent_request", "This idempotency key was used with another payload.");
        return kept.id;
      }
    }
    const from = required(body, "from");
    if (!ADDRESS.test(from)) throw new MailError(422, "invalid_from_address", "Invalid `from` field.");
    const mail: ReceivedMail = { id: randomUUID(), to: recipients(body), from, subject: required(body, "subject"), text: textIn(body, "text") ?? "", html: textIn(body, "html") ?? "", at: Date.now() };
    if (mail.text === "" && mail.html === "") throw new MailError(422, "missing_required_field", "Missing `html` or `text` field.");
    this.#mails.push(mail);
    if (typeof idempotencyKey === "string") this.#kept.set(idempotencyKey, { asked: JSON.stringify(body), id: mail.id });
    return mail.id;
  }
}
