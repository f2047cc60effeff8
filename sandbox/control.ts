import type { Activity } from "./kit/activity.ts";
import type { EventLog } from "./kit/event-log.ts";
import { BadRequest, readJson, sendEmpty, sendJson, type Exchange } from "./kit/http.ts";
import { isObject, textIn, type JsonObject } from "./kit/json.ts";
import { isE164 } from "./kit/phone.ts";
import { controlBoard, type JobBoard } from "./job-board/index.ts";
import type { GeminiFaults } from "./gemini/faults.ts";
import { parseAccount } from "./twilio/accounts.ts";
import type { MailApi } from "./mail/api.ts";
import type { OsmApi } from "./osm/index.ts";
import { callEvents } from "./twilio/documents.ts";
import { durationS, isOver, type Leg } from "./twilio/leg.ts";
import type { TwilioStandIn } from "./twilio/index.ts";
import { parseBehaviour } from "./twilio/numbers.ts";

export interface ControlTools {
  readonly log: EventLog;
  readonly activity: Activity;
  readonly twilio: TwilioStandIn;
  readonly geminiFaults: GeminiFaults;
  readonly mail: MailApi;
  readonly board: JobBoard;
  readonly osm: OsmApi;
  readonly defaultAccount: string;
  readonly reset: () => Promise<void>;
}

/** How long a question may wait for its answer. */
const LONGEST_WAIT_MS = 60_000;

function legView(leg: Leg): JsonObject {
  const { sid, accountSid, direction, to, from, status, createdAt, answeredAt, endAt, answeredBy } = leg;
  return { sid, account_sid: accountSid, direction, to, from, status, created_at: createdAt, answered_at: answeredAt, ended_at: endAt, answered_by: answeredBy, duration_s: durationS(leg), talking: leg.bridge !== null };
}

function required(body: JsonObject, name: string, check: (text: string) => boolean, hint: string): string {
  const value = textIn(body, name);
  if (value === undefined || !check(value)) throw new BadRequest(`${name}: ${hint}`);
  return value;
}

const isUrl = (text: string): boolean => /^https?:\/\//.test(text) && URL.canParse(text);

/** The sandbox's own interface, under /_sandbox/. */
export class Control {
  readonly #tools: ControlTools;
  readonly #routes: Readonly<Record<string, (exchange: Exchange) => void | Promise<void>>>;

  constructor(tools: ControlTools) {
    this.#tools = tools;
    const { log, activity, twilio, geminiFaults } = tools;
    const cleared = (clear: () => void) => ({ response }: Exchange): void => {
      clear();
      sendEmpty(response, 204);
    };
    this.#routes = {
      "GET /health": ({ response }) => sendJson(response, 200, { status: "healthy", running: activity.running }),
      "GET /log": (exchange) => this.#readLog(exchange),
      "DELETE /log": cleared(() => log.clear()),
      "GET /calls": ({ response, url }) => sendJson(response, 200, { calls: this.#calls(url.searchParams.get("live") === "true") }),
      "GET /idle": (exchange) => this.#idle(exchange),
      "POST /reset": async ({ response }) => {
        await tools.reset();
        sendEmpty(response, 204);
      },
      "POST /twilio/incoming-call": (exchange) => this.#incomingCall(exchange),
      "POST /twilio/told": (exchange) => this.#tell(exchange),
      "POST /twilio/incoming-message": (exchange) => this.#incomingMessage(exchange),
      "GET /twilio/faults": ({ response }) => sendJson(response, 200, twilio.faults.view()),
      "PUT /twilio/faults": async ({ request, response }) => {
        twilio.faults.set(await readJson(request));
        sendJson(response, 200, twilio.faults.view());
      },
      "DELETE /twilio/faults": cleared(() => twilio.faults.clear()),
      "GET /mail/inbox": ({ response, url }) => sendJson(response, 200, { mails: tools.mail.inbox(url.searchParams.get("to") ?? "") }),
      "GET /gemini/faults": ({ response }) => sendJson(response, 200, geminiFaults.view()),
      "PUT /gemini/faults": async ({ request, response }) => {
        geminiFaults.set(await readJson(request));
        sendJson(response, 200, geminiFaults.view());
      },
      "DELETE /gemini/faults": cleared(() => geminiFaults.clear()),
      "PUT /osm/faults": async ({ request, response }) => {
        tools.osm.setFaults(await readJson(request));
        sendEmpty(response, 204);
      },
      "DELETE /osm/faults": cleared(() => tools.osm.clear()),
      "PUT /gemini/answers": async ({ request, response }) => {
        geminiFaults.setAnswers(await readJson(request));
        sendEmpty(response, 204);
      },
    };
  }

  async handle(exchange: Exchange): Promise<void> {
    const { method, url } = exchange;
    const number = /^\/_sandbox\/twilio\/numbers\/(.+)$/.exec(url.pathname)?.[1];
    if (number !== undefined) {
      await this.#number(exchange, decodeURIComponent(number));
      return;
    }
    const account = /^\/_sandbox\/twilio\/accounts\/([^/]+)$/.exec(url.pathname)?.[1];
    if (account !== undefined) {
      if (method !== "PUT") throw new BadRequest("PUT.", 405);
      this.#tools.twilio.accounts.put(decodeURIComponent(account), parseAccount(await readJson(exchange.request)));
      sendEmpty(exchange.response, 204);
      return;
    }
    if (/^\/_sandbox\/board(?:\/|$)/.test(url.pathname)) {
      await controlBoard(this.#tools.board, exchange);
      return;
    }
    const route = this.#routes[`${method} ${url.pathname.slice("/_sandbox".length)}`];
    if (route === undefined) throw new BadRequest(`There is no ${method} ${url.pathname}; see sandbox/README.md.`, 404);
    await route(exchange);
  }

  /** With `wait_ms` an empty answer is put off until there is something to tell. */
  async #readLog({ url, response }: Exchange): Promise<void> {
    const { log } = this.#tools;
    const numberOf = (name: string): number | undefined => (url.searchParams.has(name) ? Number(url.searchParams.get(name)) : undefined);
    const query = { after: numberOf("after"), since: numberOf("since"), kind: url.searchParams.get("kind") ?? undefined };
    const waitMs = Math.min(LONGEST_WAIT_MS, numberOf("wait_ms") ?? 0);
    if (waitMs > 0 && log.list(query).length === 0) {
      await log.first((entry) => entry.seq > (query.after ?? 0) && entry.at >= (query.since ?? 0) && (query.kind === undefined || entry.kind === query.kind), waitMs);
    }
    sendJson(response, 200, { events: log.list(query), last_seq: log.lastSeq });
  }

  /** Answers once nothing goes on any more, or says that it still does. */
  async #idle({ url, response }: Exchange): Promise<void> {
    const limitMs = Math.min(LONGEST_WAIT_MS, Number(url.searchParams.get("timeout_ms") ?? "10000"));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limitMs);
    });
    await Promise.race([this.#tools.activity.idle(), late]);
    clearTimeout(timer);
    const { running } = this.#tools.activity;
    sendJson(response, running === 0 ? 200 : 504, { idle: running === 0, running });
  }

  #calls(onlyLive: boolean): JsonObject[] {
    const legs = this.#tools.twilio.switchboard.all();
    const parents = legs.filter((leg) => leg.parentSid === null && !(onlyLive && isOver(leg)));
    const children = new Map<string, Leg[]>();
    for (const leg of legs) {
      if (leg.parentSid !== null) children.set(leg.parentSid, [...(children.get(leg.parentSid) ?? []), leg]);
    }
    return parents.map((parent) => ({ ...legView(parent), legs: (children.get(parent.sid) ?? []).map(legView) }));
  }

  async #number({ method, request, response }: Exchange, number: string): Promise<void> {
    const { numbers } = this.#tools.twilio;
    if (!isE164(number)) throw new BadRequest("The number is not in E.164.");
    if (method === "PUT") numbers.override(number, parseBehaviour(await readJson(request)));
    else if (method === "DELETE") numbers.forget(number);
    else if (method !== "GET") throw new BadRequest("GET, PUT or DELETE.", 405);
    sendJson(response, 200, numbers.behaviourOf(number));
  }

  /** To the newest leg of that person's that is not over. */
  async #tell({ request, response }: Exchange): Promise<void> {
    const body = await readJson(request);
    if (!isObject(body)) throw new BadRequest("The body is an object.");
    const number = required(body, "number", isE164, "a person's number, in E.164");
    const word = required(body, "word", () => true, "keys, or pick up");
    const leg = this.#tools.twilio.switchboard.all().find((one) => !isOver(one) && (one.to === number || one.from === number));
    if (leg === undefined) throw new BadRequest("Nobody is on the telephone at that number.", 404);
    leg.handset.tell(word);
    sendEmpty(response, 204);
  }

  async #incoming({ request }: Exchange): Promise<{ body: JsonObject; to: string; from: string; url: string; accountSid: string }> {
    const body = await readJson(request);
    if (!isObject(body)) throw new BadRequest("The body is an object.");
    return {
      body,
      to: required(body, "to", isE164, "our number, in E.164"),
      from: required(body, "from", (text) => text !== "", "the customer's number"),
      url: required(body, "url", isUrl, "what the number's webhook is set to"),
      accountSid: textIn(body, "account_sid") ?? this.#tools.defaultAccount,
    };
  }

  async #incomingCall(exchange: Exchange): Promise<void> {
    const { body, to, from, url, accountSid } = await this.#incoming(exchange);
    const { switchboard, runner, numbers } = this.#tools.twilio;
    if (body["behaviour"] !== undefined) numbers.override(from, parseBehaviour(body["behaviour"]));
    const callback = textIn(body, "status_callback");
    const statusCallback = callback === undefined ? null : { url: callback, method: "POST" as const, events: callEvents(["completed"]) };
    const leg = switchboard.create({ accountSid, direction: "inbound", to, from, statusCallback });
    runner.startInbound(leg, { kind: "url", url, method: "POST" });
    sendJson(exchange.response, 201, { call_sid: leg.sid });
  }

  async #incomingMessage(exchange: Exchange): Promise<void> {
    const { body, to, from, url, accountSid } = await this.#incoming(exchange);
    const text = required(body, "body", () => true, "the text");
    const message = this.#tools.twilio.messages.receive({ accountSid, to, from, body: text, url, messagingServiceSid: textIn(body, "messaging_service_sid") ?? null });
    sendJson(exchange.response, 201, { message_sid: message.sid });
  }
}
