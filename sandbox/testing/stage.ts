import { startSandbox, type Sandbox, type SandboxOptions } from "../index.ts";
import { isObject, textIn, type JsonObject } from "../kit/json.ts";
import { Product } from "./product.ts";

export interface JsonAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: JsonObject;
}

/** Repeated names are written as a list. */
export type Form = Readonly<Record<string, string | readonly string[]>>;

export const OUR_NUMBER = "+6491234567";
export const ALL_EVENTS = ["initiated", "ringing", "answered", "completed"];

/** A sandbox, a product to call back, and the vendor's client in between; at speed 0, so nothing waits for time to pass. */
export class Stage {
  readonly sandbox: Sandbox;
  readonly product: Product;

  private constructor(sandbox: Sandbox, product: Product) {
    this.sandbox = sandbox;
    this.product = product;
  }

  static async open(options: SandboxOptions = {}): Promise<Stage> {
    return new Stage(await startSandbox({ speed: 0, ...options }), await new Product().start());
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    await this.product.close();
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (!headers.has("Authorization")) headers.set("Authorization", `Basic ${btoa(`${this.sandbox.accountSid}:${this.sandbox.authToken}`)}`);
    return fetch(`${this.sandbox.url}${path}`, { ...init, headers });
  }

  /** A request to the account's part of the API. */
  async api(method: string, path: string, form?: Form): Promise<JsonAnswer> {
    const body = form === undefined ? undefined : new URLSearchParams(Object.entries(form).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one])));
    return await jsonOf(await this.fetch(`/2010-04-01/Accounts/${this.sandbox.accountSid}${path}`, { method, ...(body === undefined ? {} : { body }) }));
  }

  async control(method: string, path: string, body?: unknown): Promise<JsonAnswer> {
    return await jsonOf(await this.fetch(`/_sandbox${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }));
  }

  async gemini(path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<JsonAnswer> {
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    return await jsonOf(await this.fetch(path, { ...init, headers: { "x-goog-api-key": "any", ...headers } }));
  }

  /** Places a call to the document at /answer, reporting everything to /status. Gives its SID at once. */
  async call(to: string, form: Form = {}): Promise<string> {
    const { url } = this.product;
    const { status, body } = await this.api("POST", "/Calls.json", {
      To: to, From: OUR_NUMBER, Url: `${url}/answer`, StatusCallback: `${url}/status`, StatusCallbackEvent: ALL_EVENTS, ...form,
    });
    if (status !== 201) throw new Error(`The call was refused: ${JSON.stringify(body)}`);
    return textIn(body, "sid") ?? "";
  }

  /** The same, to its end. */
  async callThrough(to: string, form: Form = {}): Promise<string> {
    const sid = await this.call(to, form);
    await this.sandbox.idle();
    return sid;
  }

  async statusOf(sid: string): Promise<string | undefined> {
    return textIn((await this.api("GET", `/Calls/${sid}.json`)).body, "status");
  }
}

async function jsonOf(response: Response): Promise<JsonAnswer> {
  const text = await response.text();
  const body: unknown = text === "" ? {} : JSON.parse(text);
  return { status: response.status, headers: response.headers, body: isObject(body) ? body : { value: body } };
}
