import type { IncomingMessage } from "node:http";
import type { Clock } from "../kit/clock.ts";
import type { EventLog } from "../kit/event-log.ts";
import { formFields, readBody, sendEmpty, sendJson, type Exchange } from "../kit/http.ts";
import { sendTwilioError, TwilioError } from "./errors.ts";
import type { ApiFault, FaultTarget, TwilioFaults } from "./faults.ts";

/** One authenticated API request. */
export interface ApiCall {
  readonly exchange: Exchange;
  readonly accountSid: string;
  readonly method: string;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
  /** `http://host:port`, as the client wrote it. */
  readonly origin: string;
  /** A fault asks for a long answer without Content-Length. */
  readonly chunked: boolean;
  /** The captured parts of the route's path. */
  readonly parts: readonly string[];
}

export interface Reply {
  readonly status: number;
  /** Undefined: no body. */
  readonly body?: unknown;
  /** Runs once the answer is on its way (or lost by a fault): what the request sets going. */
  readonly after?: () => void;
  /** Writes an answer that is not JSON. */
  readonly send?: () => Promise<void>;
}

export interface ApiRoute {
  readonly methods: readonly string[];
  /** Under /2010-04-01/Accounts/{AccountSid}. */
  readonly path: RegExp;
  readonly target: FaultTarget;
  readonly handle: (call: ApiCall) => Reply | Promise<Reply>;
}

const BODY_LIMIT = 1024 * 1024;

function credentials(request: IncomingMessage): { user: string; password: string } | undefined {
  const encoded = /^Basic\s+(.+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** The REST API's front: authentication, faults, the log; the routes know what to do. */
export class TwilioApi {
  readonly #routes: readonly ApiRoute[];
  readonly #tools: { readonly clock: Clock; readonly log: EventLog; readonly faults: TwilioFaults; readonly tokens: ReadonlyMap<string, string>; readonly quiet: boolean };

  constructor(routes: readonly ApiRoute[], tools: { clock: Clock; log: EventLog; faults: TwilioFaults; tokens: ReadonlyMap<string, string>; quiet: boolean }) {
    this.#routes = routes;
    this.#tools = tools;
  }

  async handle(exchange: Exchange): Promise<void> {
    const { request, response, method, url } = exchange;
    const body = (await readBody(request, BODY_LIMIT)).toString("utf8");
    const login = credentials(request);
    const entry = this.#tools.log.append("request", {
      vendor: "twilio", method, path: url.pathname + url.search, user: login?.user ?? null, body, form: formFields(new URLSearchParams(body)), status: null,
    });
    response.once("close", () => {
      entry["status"] = response.writableFinished ? response.statusCode : "lost";
    });
    try {
      const rest = /^\/2010-04-01\/Accounts\/([^/]+?)(\.json|\/.*)$/.exec(url.pathname);
      const accountSid = rest?.[1] ?? "";
      if (login === undefined || this.#tools.tokens.get(login.user) !== login.password) throw new TwilioError(20003, 401);
      if (login.user !== accountSid) throw new TwilioError(20404, 404);
      await this.#dispatch(exchange, accountSid, rest?.[2] ?? "", new URLSearchParams(body));
    } catch (error) {
      if (!(error instanceof TwilioError)) throw error;
      sendTwilioError(response, error, error.status === 401 ? { "WWW-Authenticate": 'Basic realm="Twilio API"' } : {});
    }
  }

  async #dispatch(exchange: Exchange, accountSid: string, path: string, form: URLSearchParams): Promise<void> {
    const { request, response, method, url } = exchange;
    const candidates = this.#routes.filter((route) => route.path.test(path));
    const route = candidates.find((candidate) => candidate.methods.includes(method));
    if (route === undefined) throw candidates.length === 0 ? new TwilioError(20404, 404) : new TwilioError(20405, 405);
    const fault = this.#tools.faults.take(route.target);
    if (fault !== undefined && fault.delay_ms > 0) await this.#tools.clock.waitReal(fault.delay_ms);
    if (fault?.mode === "before" && fault.status !== 200) {
      this.#fail(exchange, fault);
      return;
    }
    const parts = route.path.exec(path)?.slice(1) ?? [];
    const origin = `http://${request.headers.host ?? "localhost"}`;
    const reply = await route.handle({ exchange, accountSid, method, query: url.searchParams, form, parts, origin, chunked: fault?.chunked === true });
    if (fault?.mode === "after" && fault.status !== 200) {
      this.#fail(exchange, fault);
      reply.after?.();
      return;
    }
    if (reply.send !== undefined) await reply.send();
    else if (reply.body === undefined) sendEmpty(response, reply.status);
    else sendJson(response, reply.status, reply.body);
    if (fault?.mode !== "accept-only" && !this.#tools.quiet) reply.after?.();
  }

  #fail({ response }: Exchange, fault: ApiFault): void {
    if (fault.status === "destroy") response.destroy();
    else if (fault.status !== "hang") {
      const headers = fault.retry_after_s === null ? undefined : { "Retry-After": String(fault.retry_after_s) };
      sendTwilioError(response, new TwilioError(fault.status === 429 ? 20429 : 20500, fault.status), headers);
    }
  }
}
