import type { EventLog } from "../kit/event-log.ts";
import { CallbackLine, type CallbackTools } from "./callback-line.ts";
import { resolveUrl } from "./documents.ts";
import { TwilioError } from "./errors.ts";
import { newSid } from "./ids.ts";
import { ApplicationError } from "./leg.ts";
import { segmentsOf, type Message, type MessageStatus } from "./message.ts";
import type { Numbers } from "./numbers.ts";
import type { Params } from "./signature.ts";
import { parseTwiml } from "./twiml.ts";
import { newIdempotencyToken } from "./webhooks.ts";

export interface NewMessage {
  readonly accountSid: string;
  readonly messagingServiceSid: string | null;
  readonly direction: Message["direction"];
  readonly to: string;
  readonly from: string;
  readonly body: string;
  readonly numMedia: number;
  readonly statusCallback: string | null;
}

/** The time from accepting to sending, and from sending to its end. */
const STEP_MS = 150;
const CAPACITY = 100_000;
/** The keywords that Twilio itself answers and obeys (CONTRACTS 1.11). */
const OUT = new Set(["STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"]);
const IN = new Set(["START", "YES", "UNSTOP"]);

/** Text messages: sending, delivery reports, opt-outs, and messages that come in. */
export class Messages {
  readonly #messages = new Map<string, Message>();
  /** `sender|recipient` pairs that were ended by STOP. */
  readonly #optOuts = new Set<string>();
  /** Who has answered the first text that they got. */
  readonly #answered = new Set<string>();
  readonly #tools: CallbackTools;
  readonly #log: EventLog;
  readonly #numbers: Numbers;
  readonly #tokens: ReadonlyMap<string, string>;

  constructor(tools: CallbackTools, log: EventLog, numbers: Numbers, tokens: ReadonlyMap<string, string>) {
    this.#tools = tools;
    this.#log = log;
    this.#numbers = numbers;
    this.#tokens = tokens;
  }

  /** Throws the TwilioError with which the recipient's number is refused. */
  create(wanted: NewMessage): Message {
    const refusal = wanted.direction === "inbound" ? null : this.#numbers.behaviourOf(wanted.to).sms_error;
    if (refusal !== null) throw new TwilioError(refusal);
    if (this.#optOuts.has(`${wanted.from}|${wanted.to}`)) throw new TwilioError(21610);
    const message: Message = {
      ...wanted, sid: newSid("SM"), createdAt: Date.now(), line: new CallbackLine(this.#tools), status: "queued", sentAt: null, errorCode: null,
    };
    this.#messages.set(message.sid, message);
    for (const oldest of this.#messages.keys()) {
      if (this.#messages.size <= CAPACITY) break;
      this.#messages.delete(oldest);
    }
    this.#note(message);
    return message;
  }

  /** Sends what was created, telling how it goes. */
  deliver(message: Message): void {
    this.#tools.activity.track(this.#deliver(message).catch(() => undefined));
  }

  /** A text from a person to one of our numbers, as Twilio passes it on; TwiML in the answer is sent back. */
  receive(wanted: { accountSid: string; to: string; from: string; body: string; url: string; messagingServiceSid: string | null }): Message {
    const message = this.create({ ...wanted, direction: "inbound", numMedia: 0, statusCallback: null });
    this.#setStatus(message, "received");
    const keyword = wanted.body.trim().toUpperCase();
    if (OUT.has(keyword)) this.#optOuts.add(`${wanted.to}|${wanted.from}`);
    if (IN.has(keyword)) this.#optOuts.delete(`${wanted.to}|${wanted.from}`);
    const passedOn = this.#passOn(message, wanted.url, keyword).catch((error: unknown) => {
      // Webhooks has logged its own failures; an answer that cannot be read or sent is noted here.
      if (error instanceof TwilioError || error instanceof ApplicationError) this.#log.append("error", { code: error.code, message: error.message, message_sid: message.sid });
    });
    this.#tools.activity.track(passedOn);
    return message;
  }

  find(accountSid: string, sid: string): Message | undefined {
    const message = this.#messages.get(sid);
    return message?.accountSid === accountSid ? message : undefined;
  }

  /** Newest first. */
  all(accountSid: string): Message[] {
    return [...this.#messages.values()].reverse().filter((message) => message.accountSid === accountSid);
  }

  remove(message: Message): void {
    this.#messages.delete(message.sid);
  }

  reset(): void {
    for (const message of this.#messages.values()) message.line.mute();
    this.#messages.clear();
    this.#optOuts.clear();
    this.#answered.clear();
  }

  async #deliver(message: Message): Promise<void> {
    const { clock } = this.#tools;
    const { sms, sms_code, sms_reply } = this.#numbers.behaviourOf(message.to);
    this.#tell(message);
    await clock.wait(STEP_MS);
    if (sms !== "failed") this.#setStatus(message, "sent");
    await clock.wait(STEP_MS);
    message.errorCode = sms_code;
    this.#setStatus(message, sms);
    message.line.flush();
    if (sms !== "delivered" || sms_reply === null || this.#answered.has(message.to)) return;
    this.#answered.add(message.to);
    this.receive({ ...sms_reply, accountSid: message.accountSid, messagingServiceSid: message.messagingServiceSid, to: message.from, from: message.to });
  }

  async #passOn(message: Message, url: string, keyword: string): Promise<void> {
    // Only a Messaging Service with Advanced Opt-Out says that it has recognised a keyword.
    const optOut = OUT.has(keyword) ? "STOP" : IN.has(keyword) ? "START" : keyword === "HELP" || keyword === "INFO" ? "HELP" : null;
    const params: Params = [
      ["MessageSid", message.sid],
      ["SmsSid", message.sid],
      ["SmsMessageSid", message.sid],
      ["AccountSid", message.accountSid],
      ...(message.messagingServiceSid === null ? [] : [["MessagingServiceSid", message.messagingServiceSid] as const]),
      ["From", message.from],
      ["To", message.to],
      ["Body", message.body],
      ["NumMedia", "0"],
      ["NumSegments", String(segmentsOf(message.body))],
      ["SmsStatus", "received"],
      ["ApiVersion", "2010-04-01"],
      ...(message.messagingServiceSid !== null && optOut !== null ? [["OptOutType", optOut] as const] : []),
    ];
    const answer = await this.#tools.webhooks.send({
      purpose: "incoming-message", url, method: "POST", params, authToken: this.#tokens.get(message.accountSid) ?? "",
      idempotencyToken: newIdempotencyToken(), about: { message_sid: message.sid },
    });
    if (answer.body.trim() === "" || !answer.contentType.includes("xml")) return;
    for (const verb of parseTwiml(answer.body)) {
      if (verb.name !== "Message") continue;
      const body = verb.text === "" ? (verb.children.find((child) => child.name === "Body")?.text ?? "") : verb.text;
      const callback = verb.attributes["action"];
      const { accountSid, messagingServiceSid } = message;
      const statusCallback = callback === undefined ? null : resolveUrl(callback, url);
      await this.#deliver(this.create({ accountSid, messagingServiceSid, direction: "outbound-reply", to: message.from, from: message.to, body, numMedia: 0, statusCallback }));
    }
  }

  #setStatus(message: Message, status: MessageStatus): void {
    message.status = status;
    if (status === "sent") message.sentAt = Date.now();
    this.#note(message);
    if (message.direction !== "inbound") this.#tell(message);
  }

  #note(message: Message): void {
    if (!this.#messages.has(message.sid)) return;
    const { sid, direction, to, from, body, status, errorCode } = message;
    this.#log.append("sms", { message_sid: sid, direction, to, from, body, status, error_code: errorCode });
  }

  #tell(message: Message): void {
    if (message.statusCallback === null) return;
    const params: Params = [
      ["MessageSid", message.sid],
      ["SmsSid", message.sid],
      ["AccountSid", message.accountSid],
      ...(message.messagingServiceSid === null ? [] : [["MessagingServiceSid", message.messagingServiceSid] as const]),
      ["From", message.from],
      ["To", message.to],
      ["MessageStatus", message.status],
      ["SmsStatus", message.status],
      ["ApiVersion", "2010-04-01"],
      ...(message.errorCode === null ? [] : [["ErrorCode", String(message.errorCode)] as const]),
    ];
    message.line.send(
      {
        purpose: "message-status", url: message.statusCallback, method: "POST", params, authToken: this.#tokens.get(message.accountSid) ?? "",
        idempotencyToken: newIdempotencyToken(), about: { message_sid: message.sid, event: message.status },
      },
      message.status,
    );
  }
}
