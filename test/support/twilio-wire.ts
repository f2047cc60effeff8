import { vi } from "vitest";
import { says } from "../../core/providers/gemini/gemini.testing.ts";

export interface WireRequest {
  method: string;
  path: string;
  /** Account SID and token that it came with. */
  login: string;
  query: URLSearchParams;
  form: URLSearchParams;
}

export type WireAnswer = { status: number; body: unknown; headers?: Record<string, string> } | "no answer";

/**
 * Stands in for Twilio on the wire: every request to https://twilio.test is recorded and answered. By default a call or
 * message is created; `answer` may decide otherwise, request by request. Anything to another host fails, unless `others`
 * answers for it. `now`: Twilio's clock, ms.
 */
export const standInForTwilio = (others: (request: Request) => Promise<Response | undefined> = async () => Promise.resolve(undefined), now: () => number = () => Date.now()) => {
  const requests: WireRequest[] = [];
  const calls: { sid: string; to: string; from: string; status: string; date_created: string }[] = [];
  const messages: { sid: string; to: string; from: string; body: string; status: string; date_created?: string }[] = [];
  let answer: (request: WireRequest) => WireAnswer | undefined = () => undefined;
  let beforeAnswering: (request: WireRequest) => Promise<void> = async () => Promise.resolve();
  let sids = 0;

  const serve = (request: WireRequest): WireAnswer => {
    const { method, path, form, query } = request;
    if (path.endsWith("/Calls.json") && method === "POST") {
      const call = { sid: `CA${Math.random().toString(16).slice(2)}${++sids}`, to: form.get("To") ?? "", from: form.get("From") ?? "", status: "queued", date_created: new Date(now()).toUTCString() };
      calls.unshift(call);
      return { status: 201, body: call };
    }
    if (path.endsWith("/Calls.json")) return { status: 200, body: { calls: calls.filter((call) => call.to === query.get("To") && call.from === query.get("From")) } };
    if (path.endsWith("/Messages.json") && method === "POST") {
      const message = { sid: `SM${Math.random().toString(16).slice(2)}${++sids}`, to: form.get("To") ?? "", from: form.get("From") ?? "", body: form.get("Body") ?? "", status: "queued", date_created: new Date(now()).toUTCString() };
      messages.unshift(message);
      return { status: 201, body: message };
    }
    if (path.endsWith("/Messages.json")) return { status: 200, body: { messages: messages.filter((message) => message.to === query.get("To")) } };
    const known = calls.find((call) => path.endsWith(`/Calls/${call.sid}.json`));
    if (known) return { status: 200, body: known };
    return { status: 404, body: { code: 20404, message: "not found" } };
  };

  const spy = vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const wire = new Request(input, init);
    const url = new URL(wire.url);
    const answered = url.origin === "https://twilio.test" ? undefined : await others(wire);
    if (answered !== undefined) return answered;
    if (url.origin !== "https://twilio.test") throw new Error(`the network is closed: ${wire.method} ${wire.url}`);
    const request = { method: wire.method, path: url.pathname, login: atob((wire.headers.get("Authorization") ?? "").replace("Basic ", "")), query: url.searchParams, form: new URLSearchParams(wire.method === "POST" ? await wire.text() : "") };
    requests.push(request);
    const told = answer(request) ?? serve(request);
    await beforeAnswering(request);
    if (told === "no answer") throw new TypeError("connection lost");
    return Response.json(told.body, { status: told.status, headers: told.headers ?? {} });
  });

  const matching = (method: string, end: string, to?: string): WireRequest[] =>
    requests.filter((request) => request.method === method && request.path.endsWith(end) && (to === undefined || request.form.get("To") === to || request.query.get("To") === to));

  return {
    requests,
    calls,
    messages,
    answerWith: (next: typeof answer) => void (answer = next),
    /** Between what Twilio does and its answer, something else may happen first. */
    holdAnswersWith: (next: typeof beforeAnswering) => void (beforeAnswering = next),
    dialsTo: (phone: string): WireRequest[] => matching("POST", "/Calls.json", phone),
    textsTo: (phone: string): WireRequest[] => matching("POST", "/Messages.json", phone),
    lookUpsOf: (phone: string): WireRequest[] => matching("GET", "/Calls.json", phone),
    /**
     * Resolves once `found` gives something. It asks again and again, since the requests come from other objects' I/O
     * contexts, whose promises workerd does not let a test await.
     */
    until: async <T>(found: () => T | undefined): Promise<T> => vi.waitUntil(() => found(), { timeout: 20_000, interval: 5 }),
    restore: (): void => spy.mockRestore(),
  };
};

export type TwilioWire = ReturnType<typeof standInForTwilio>;

/** For `others`: a model that answers the same, as JSON, whatever it is asked. */
export const modelThatSays =
  (value: unknown) =>
  async (request: Request): Promise<Response | undefined> => {
    if (new URL(request.url).origin !== "https://gemini.test") return Promise.resolve(undefined);
    return Promise.resolve(Response.json(says(JSON.stringify(value))));
  };
