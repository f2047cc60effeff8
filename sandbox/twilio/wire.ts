import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";

export interface WireAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Why there was no answer: `ct` no connection, `rt` no answer in time. The names are those of the override `rp`. */
export class WireFailure extends Error {
  override readonly name = "WireFailure";
  readonly reason: "ct" | "rt";

  constructor(reason: "ct" | "rt", message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface WireRequest {
  /** Without fragment. Path and query are sent as they are written: a signature covers exactly these characters. */
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly connectMs: number;
  readonly readMs: number;
  /** For connecting and reading together. */
  readonly totalMs: number;
  readonly signal: AbortSignal;
}

/** More than any TwiML may have; what is longer is cut. */
const ANSWER_LIMIT = 512 * 1024;

/** The smallest HTTP client that leaves a URL's spelling alone (fetch would normalise it). */
export class Wire {
  readonly #agents = { "http:": new HttpAgent({ keepAlive: true }), "https:": new HttpsAgent({ keepAlive: true }) };

  async send(wanted: WireRequest): Promise<WireAnswer> {
    try {
      return await this.#once(wanted);
    } catch (error) {
      // The peer may close a kept connection at the moment we use it; that is not an answer of the peer.
      if (error instanceof StaleConnection) return await this.#once(wanted);
      throw error;
    }
  }

  close(): void {
    this.#agents["http:"].destroy();
    this.#agents["https:"].destroy();
  }

  #once(wanted: WireRequest): Promise<WireAnswer> {
    const target = new URL(wanted.url);
    const secure = target.protocol === "https:";
    const options: RequestOptions = {
      host: target.hostname.replace(/^\[|\]$/g, ""),
      port: target.port === "" ? undefined : Number(target.port),
      path: rawPath(wanted.url),
      method: wanted.method,
      headers: { Host: target.host, ...wanted.headers },
      agent: this.#agents[secure ? "https:" : "http:"],
      signal: wanted.signal,
      ...(target.username === "" ? {} : { auth: `${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}` }),
    };
    return new Promise((resolve, reject) => {
      const request = secure ? httpsRequest(options) : httpRequest(options);
      let connected = false;
      const connectTimer = setTimeout(() => request.destroy(new WireFailure("ct", "no connection in time")), wanted.connectMs);
      const tooLate = (): void => void request.destroy(new WireFailure("rt", "no answer in time"));
      const totalTimer = setTimeout(tooLate, wanted.totalMs);
      let readTimer: NodeJS.Timeout | undefined;
      const settle = (): void => {
        clearTimeout(connectTimer);
        clearTimeout(totalTimer);
        clearTimeout(readTimer);
      };
      whenConnected(request, secure, () => {
        connected = true;
        clearTimeout(connectTimer);
        readTimer = setTimeout(tooLate, wanted.readMs);
      });
      request.once("response", (response) => {
        readAnswer(response).then(resolve, reject).finally(settle);
      });
      request.once("error", (error: Error & { code?: string }) => {
        settle();
        if (error instanceof WireFailure) reject(error);
        else if (request.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE")) reject(new StaleConnection(error.message));
        else reject(new WireFailure(connected ? "rt" : "ct", error.message));
      });
      request.end(wanted.body);
    });
  }
}

class StaleConnection extends Error {}

/** From the first slash after the authority to the end, untouched. */
function rawPath(url: string): string {
  const rest = /^[a-z]+:\/\/[^/?#]*(.*)$/i.exec(url)?.[1] ?? "";
  const path = rest.startsWith("/") ? rest : `/${rest}`;
  // Node refuses to send these; nobody who means well signs them either.
  return path.replace(/[^\x21-\x7e]/g, (character) => encodeURIComponent(character));
}

function whenConnected(request: ClientRequest, secure: boolean, connected: () => void): void {
  request.once("socket", (socket) => {
    if (socket.connecting) socket.once(secure ? "secureConnect" : "connect", connected);
    else connected();
  });
}

async function readAnswer(response: IncomingMessage): Promise<WireAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response) {
      size += (chunk as Buffer).length;
      if (size <= ANSWER_LIMIT) chunks.push(chunk as Buffer);
    }
  } catch (error) {
    throw error instanceof WireFailure ? error : new WireFailure("rt", "the answer broke off");
  }
  return { status: response.statusCode ?? 0, contentType: response.headers["content-type"] ?? "", body: Buffer.concat(chunks).toString("utf8") };
}
