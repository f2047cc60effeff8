import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Control } from "./control.ts";
import { GeminiApi } from "./gemini/api.ts";
import { GeminiFaults } from "./gemini/faults.ts";
import { Activity } from "./kit/activity.ts";
import { createClock } from "./kit/clock.ts";
import { EventLog, type LogEntry, type LogQuery } from "./kit/event-log.ts";
import { BadRequest, sendJson, sendText, type Exchange } from "./kit/http.ts";
import type { NewAccount } from "./twilio/accounts.ts";
import type { Behaviour } from "./twilio/behaviours.data.ts";
import { MailApi, type ReceivedMail } from "./mail/api.ts";
import { isOsmPath, OsmApi } from "./osm/index.ts";
import { createTwilio } from "./twilio/index.ts";
import { boardRobots, isBoardPath, JobBoard, serveBoard } from "./job-board/index.ts";
import { isWebsitePath, robotsTxt, serveWebsite } from "./websites/index.ts";

export type { Behaviour } from "./twilio/behaviours.data.ts";
export type { ReceivedMail } from "./mail/api.ts";
export type { LogEntry, LogQuery } from "./kit/event-log.ts";

export const DEFAULT_ACCOUNT_SID = "ACsandbox00000000000000000000000000";
export const DEFAULT_AUTH_TOKEN = "sandbox-auth-token";

export interface SandboxOptions {
  /** 0 (the default) takes a free one. */
  readonly port?: number;
  readonly host?: string;
  /** AuthToken by AccountSid; the first is the default account. */
  readonly accounts?: Readonly<Record<string, string>>;
  /** The only Gemini key that is taken; any, when left out. */
  readonly geminiApiKey?: string;
  /** Multiplies every simulated wait; 0: as fast as possible, ordered by awaiting callbacks. Default 1. */
  readonly speed?: number;
  /** Accept calls and messages and never run them. */
  readonly quiet?: boolean;
  /** How many log entries are kept. */
  readonly logCapacity?: number;
}

export interface Sandbox {
  /** `http://127.0.0.1:8790`, for TWILIO_API_BASE_URL, GEMINI_API_BASE_URL and MAIL_API_BASE_URL. */
  readonly url: string;
  readonly port: number;
  readonly accountSid: string;
  readonly authToken: string;
  /** What happened, in order. */
  events(query?: LogQuery): readonly LogEntry[];
  /** The first event, past or future, that is wanted; rejects when none comes in time. */
  event(wanted: (entry: LogEntry) => boolean, timeoutMs?: number): Promise<LogEntry>;
  /** Resolves once no call, message, recording or callback is under way. */
  idle(): Promise<void>;
  /** What was mailed to an address, oldest first. */
  mailsTo(address: string): readonly ReceivedMail[];
  setNumber(e164: string, behaviour: Partial<Behaviour>): void;
  /** A further Twilio account, or another token or other numbers of one. Only it may call and text from its numbers. */
  setAccount(sid: string, account: NewAccount): void;
  setTwilioFaults(faults: unknown): void;
  setGeminiFaults(faults: unknown): void;
  /** The job board: `add`, `remove`, `find`, `set`. */
  readonly board: Pick<JobBoard, "add" | "remove" | "find" | "get" | "set">;
  /** Of Nominatim and Overpass; see README.md. */
  setOsmFaults(faults: unknown): void;
  /** Forgets everything: calls, files, log, faults, overridden numbers. */
  reset(): Promise<void>;
  /** Ends all timers and sockets. */
  close(): Promise<void>;
}

function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("The server has no port."));
      else resolve(address);
    });
  });
}

/** Starts the stand-ins on one port of this machine. Rejects with EADDRINUSE when it is taken. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, host = "127.0.0.1", speed = 1, quiet = false } = options;
  const accounts = new Map(Object.entries(options.accounts ?? { [DEFAULT_ACCOUNT_SID]: DEFAULT_AUTH_TOKEN }));
  const [accountSid, authToken] = [...accounts][0] ?? [DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN];
  const log = new EventLog(options.logCapacity);
  const clock = createClock(speed);
  const activity = new Activity();
  const twilio = createTwilio({ accounts, quiet }, { clock, log, activity });
  const geminiFaults = new GeminiFaults();
  const gemini = new GeminiApi({ log, clock, faults: geminiFaults, apiKey: options.geminiApiKey });
  const mail = new MailApi({ log });
  const board = new JobBoard();
  const osm = new OsmApi({ log });
  const reset = async (): Promise<void> => {
    twilio.reset();
    geminiFaults.clear();
    mail.clear();
    board.reset();
    osm.clear();
    log.clear();
    await gemini.files.clear();
  };
  const control = new Control({ log, activity, twilio, geminiFaults, mail, board, osm, defaultAccount: accountSid, reset });

  async function route(exchange: Exchange): Promise<void> {
    const { pathname } = exchange.url;
    if (pathname.startsWith("/2010-04-01/")) await twilio.api.handle(exchange);
    else if (pathname.startsWith("/v1beta/") || pathname.startsWith("/upload/v1beta/")) await gemini.handle(exchange);
    else if (pathname === "/emails") await mail.handle(exchange);
    else if (isOsmPath(pathname)) await osm.handle(exchange);
    else if (pathname.startsWith("/_sandbox/")) await control.handle(exchange);
    else if (pathname === "/robots.txt") sendText(exchange.response, 200, robotsTxt(boardRobots(board)));
    else if (isWebsitePath(pathname)) serveWebsite(exchange);
    else if (isBoardPath(pathname)) {
      log.append("board", { method: exchange.method, path: `${pathname}${exchange.url.search}`, agent: exchange.request.headers["user-agent"] ?? "" });
      serveBoard(board, exchange);
    } else throw new BadRequest("Nobody lives here. The sandbox has /2010-04-01/…, /v1beta/…, /upload/v1beta/…, /emails, /sites/…, /board/…, /osm/… and /_sandbox/….", 404);
  }

  function serve(request: IncomingMessage, response: ServerResponse): void {
    const exchange = { request, response, method: request.method ?? "GET", url: new URL(request.url ?? "/", "http://sandbox") };
    route(exchange).catch((error: unknown) => {
      if (error instanceof BadRequest) {
        sendJson(response, error.status, { error: error.message });
      } else if (request.destroyed && !request.complete) {
        // A client that went away is not worth a word.
        response.destroy();
      } else {
        log.append("error", { message: error instanceof Error ? (error.stack ?? error.message) : String(error), path: exchange.url.pathname });
        sendJson(response, 500, { error: "The sandbox itself failed; see GET /_sandbox/log?kind=error." });
      }
    });
  }

  const server = createServer({ keepAliveTimeout: 60_000 }, serve);
  const address = await listen(server, port, host).catch((error: unknown) => {
    clock.close();
    twilio.close();
    throw error;
  });
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`;
  twilio.recordings.origin = url;

  return {
    url,
    port: address.port,
    accountSid,
    authToken,
    events: (query) => log.list(query),
    event: async (wanted, timeoutMs = 10_000) => {
      const entry = await log.first(wanted, timeoutMs);
      if (entry === undefined) throw new Error(`No such event within ${timeoutMs} ms.`);
      return entry;
    },
    idle: () => activity.idle(),
    mailsTo: (address) => mail.inbox(address),
    setNumber: (e164, behaviour) => twilio.numbers.override(e164, behaviour),
    setAccount: (sid, account) => twilio.accounts.put(sid, account),
    setTwilioFaults: (faults) => twilio.faults.set(faults),
    setGeminiFaults: (faults) => geminiFaults.set(faults),
    board,
    setOsmFaults: (faults) => osm.setFaults(faults),
    reset,
    close: async () => {
      twilio.reset();
      clock.close();
      twilio.close();
      log.close();
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeAllConnections();
      await closed;
      await gemini.files.clear();
    },
  };
}
