import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A webhook as the product got it. */
export interface Received {
  readonly method: string;
  /** Path and query, exactly as they came over the wire. */
  readonly target: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly form: URLSearchParams;
}

/** What it answers: TwiML, a status without a body, anything else spelt out, or ("hang") nothing at all. */
export type Answer = string | number | { readonly status: number; readonly type: string; readonly body: string };

/** The product's side of the telephone, as small as it can be: documents by path, and a list of what came in. */
export class Product {
  readonly received: Received[] = [];
  readonly #answers = new Map<string, Answer | ((webhook: Received) => Answer | Promise<Answer>)>();
  readonly #server: Server;
  url = "";

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks).toString("utf8");
        const target = request.url ?? "";
        const path = target.split("?")[0] ?? "";
        const form = new URLSearchParams(request.method === "GET" ? target.split("?")[1] : body);
        const webhook: Received = { method: request.method ?? "", target, path, headers: request.headers, body, form };
        this.received.push(webhook);
        const prepared = this.#answers.get(path) ?? 204;
        void Promise.resolve(typeof prepared === "function" ? prepared(webhook) : prepared).then((answer) => {
          if (answer === "hang") return;
          if (typeof answer === "number") response.writeHead(answer).end();
          else if (typeof answer === "object") response.writeHead(answer.status, { "Content-Type": answer.type }).end(answer.body);
          else response.writeHead(200, { "Content-Type": "text/xml" }).end(answer);
        });
      });
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  on(path: string, answer: Answer | ((webhook: Received) => Answer | Promise<Answer>)): void {
    this.#answers.set(path, answer);
  }

  at(path: string): Received[] {
    return this.received.filter((webhook) => webhook.path === path);
  }

  /** The values of one field of all webhooks at a path, in order of arrival. */
  fields(path: string, name: string): (string | null)[] {
    return this.at(path).map((webhook) => webhook.form.get(name));
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#server.closeAllConnections();
    await closed;
  }
}
