import type { Clock } from "../kit/clock.ts";
import type { EventLog } from "../kit/event-log.ts";
import { BadRequest, readBody, sendJson, type Exchange } from "../kit/http.ts";
import { isObject, listIn, numberIn, objectIn, textIn, type JsonObject } from "../kit/json.ts";
import { embed } from "./embedding.ts";
import { GeminiError, sendGeminiError } from "./errors.ts";
import { errorOf, type GeminiFault, type GeminiFaults, type GeminiTarget } from "./faults.ts";
import { Files } from "./files.ts";
import { generateContent, schemaOf } from "./generate.ts";
import { readPrompt } from "./prompt.ts";
import { Prose } from "./prose/prose.ts";

/** Google takes requests of 100 MB; base64 makes a third more of the bytes. */
const BODY_LIMIT = 140 * 1024 * 1024;
/** Models that have been switched off (CONTRACTS 5.1, 5.4). Every other name is answered. */
const RETIRED = /^(gemini-1\.\d|gemini-2\.0-flash|gemini-pro|text-embedding-004|embedding-001)/;
const SHOWN_MODELS = ["gemini-3.8-flash", "gemini-3.6-flash", "gemini-3.5-flash-lite", "gemini-3.1-flash-lite", "gemini-embedding-001", "gemini-embedding-2"];
const DEFAULT_DIMENSIONS = 3072;

export interface GeminiTools {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly faults: GeminiFaults;
  /** The only key that is taken; undefined takes any. */
  readonly apiKey: string | undefined;
}

/** Longer texts than any prompt of ours are cut in the log, or many of them would fill the memory. */
const LONGEST_LOGGED = 64 * 1024;

/** Prompts belong in the log, megabytes of sound do not. */
function forLog(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(forLog);
  if (typeof value === "string" && value.length > LONGEST_LOGGED) return `${value.slice(0, LONGEST_LOGGED)}… (${value.length} characters)`;
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === "data" && typeof inner === "string" && inner.length > 200 ? `<${inner.length} characters of base64>` : forLog(inner)]),
  );
}

function modelResource(name: string): JsonObject {
  const methods = name.includes("embedding") ? ["embedContent", "batchEmbedContents"] : ["generateContent", "countTokens"];
  return { name: `models/${name}`, version: "001", displayName: name, inputTokenLimit: 1_048_576, outputTokenLimit: 65_536, supportedGenerationMethods: methods };
}

/** What gemini-embedding-2 is told of its task, in words before the text (its documentation); they are no part of what is embedded. */
const TASK_WORDS = /^(?:title: [^|]{1,200} \| text|task: [\w ]{1,60} \| query): /;

function embeddingOf(request: JsonObject): JsonObject {
  const parts = (listIn(objectIn(request, "content") ?? {}, "parts") ?? []).filter(isObject);
  const text = parts.map((part) => textIn(part, "text") ?? "").join("\n");
  if (text === "") throw new GeminiError(400, "* EmbedContentRequest.content: content is empty");
  const dimensions = numberIn(request, "outputDimensionality") ?? DEFAULT_DIMENSIONS;
  if (dimensions < 1 || dimensions > DEFAULT_DIMENSIONS) throw new GeminiError(400, `outputDimensionality must be from 1 to ${DEFAULT_DIMENSIONS}`);
  return { values: embed(text.replace(TASK_WORDS, ""), dimensions) };
}

const MOST_EMBEDDINGS = 100;

function batchEmbeddings(requests: JsonObject[]): JsonObject {
  if (requests.length > MOST_EMBEDDINGS) throw new GeminiError(400, `* BatchEmbedContentsRequest.requests: at most ${MOST_EMBEDDINGS} requests can be in one batch`);
  return { embeddings: requests.map(embeddingOf) };
}

/** The Gemini stand-in. */
export class GeminiApi {
  readonly files = new Files();
  readonly #prose = new Prose();
  readonly #tools: GeminiTools;

  constructor(tools: GeminiTools) {
    this.#tools = tools;
  }

  async handle(exchange: Exchange): Promise<void> {
    const { request, response, method, url } = exchange;
    // The key may stand in the query, which is why the query is not logged.
    const entry = this.#tools.log.append("request", { vendor: "gemini", method, path: url.pathname, body: null, status: null });
    response.once("close", () => {
      entry["status"] = response.writableFinished ? response.statusCode : "lost";
    });
    try {
      const key = request.headers["x-goog-api-key"] ?? url.searchParams.get("key") ?? "";
      // The upload URL is a secret of its own, as with Google.
      const allowed = url.searchParams.has("upload_id") || (key !== "" && (this.#tools.apiKey === undefined || key === this.#tools.apiKey));
      if (!allowed) throw new GeminiError(403, "Method doesn't allow unregistered callers. Please use API Key or other form of API consumer identity.");
      await this.#dispatch(exchange, entry);
    } catch (error) {
      if (error instanceof GeminiError) sendGeminiError(response, error);
      else if (error instanceof BadRequest) sendGeminiError(response, new GeminiError(error.status, error.message));
      else throw error;
    }
  }

  async #dispatch(exchange: Exchange, entry: Record<string, unknown>): Promise<void> {
    const { method, url, response } = exchange;
    const path = url.pathname;
    if (method === "POST" && path === "/upload/v1beta/files") {
      const fault = await this.#fault("files", exchange);
      if (fault !== "answered") await this.files.upload(exchange, fault?.kind === "failed_file");
      return;
    }
    const file = /^\/v1beta\/(files\/[\w-]+)$/.exec(path)?.[1];
    if (path === "/v1beta/files" && method === "GET") this.files.list(exchange);
    else if (file !== undefined && method === "GET") this.files.get(file, exchange);
    else if (file !== undefined && method === "DELETE") await this.files.remove(file, exchange);
    else if (path === "/v1beta/models" && method === "GET") sendJson(response, 200, { models: SHOWN_MODELS.map(modelResource) });
    else await this.#model(exchange, entry);
  }

  /** `models/{name}` and `models/{name}:{method}`. */
  async #model(exchange: Exchange, entry: Record<string, unknown>): Promise<void> {
    const { method, url, response } = exchange;
    const path = url.pathname;
    const [, model, verb] = /^\/v1beta\/models\/([\w.-]+)(?::(\w+))?$/.exec(path) ?? [];
    if (model === undefined) throw new GeminiError(404, `There is nothing at ${path}.`);
    if (RETIRED.test(model)) throw new GeminiError(404, `models/${model} is not found for API version v1beta, or is not supported for ${verb ?? "get"}.`);
    if (verb === undefined && method === "GET") sendJson(response, 200, modelResource(model));
    else if (verb !== undefined && method === "POST") await this.#answer(exchange, entry, model, verb);
    else throw new GeminiError(404, `There is nothing at ${method} ${path}.`);
  }

  async #answer(exchange: Exchange, entry: Record<string, unknown>, model: string, verb: string): Promise<void> {
    const { request, response } = exchange;
    const body = parse(await readBody(request, BODY_LIMIT));
    entry["body"] = forLog(body);
    const fault = await this.#fault(verb.toLowerCase().includes("embed") ? "embed" : "generate", exchange);
    if (fault === "answered") return;
    if (verb === "generateContent") {
      const prompt = await readPrompt(body, this.files);
      const schema = schemaOf(body);
      const prose = schema === undefined ? undefined : this.#prose.answer(prompt.prompt, schema, () => this.#tools.faults.takeProse());
      const answer = generateContent(body, prompt, model, fault, this.#tools.faults.answerFor(prompt.prompt) ?? prose);
      entry["answer"] = answer;
      sendJson(response, 200, answer);
    } else if (verb === "countTokens") {
      const prompt = await readPrompt(objectIn(body, "generateContentRequest") ?? body, this.files);
      sendJson(response, 200, { totalTokens: prompt.textTokens + prompt.audioTokens });
    } else if (verb === "embedContent") sendJson(response, 200, { embedding: embeddingOf(body) });
    else if (verb === "batchEmbedContents") sendJson(response, 200, batchEmbeddings((listIn(body, "requests") ?? []).filter(isObject)));
    else throw new GeminiError(404, `There is no method ${verb}.`);
  }

  /** Plays a fault that needs no answer of ours; gives the others to whoever makes the answer. */
  async #fault(target: GeminiTarget, { response }: Exchange): Promise<GeminiFault | "answered" | undefined> {
    const fault = this.#tools.faults.take(target);
    if (fault === undefined) return undefined;
    if (fault.delay_ms > 0) await this.#tools.clock.waitReal(fault.delay_ms);
    if (fault.kind === "hang") return "answered";
    if (fault.kind === "destroy") {
      response.destroy();
      return "answered";
    }
    const error = errorOf(fault);
    if (error !== undefined) throw error;
    return fault;
  }
}

function parse(body: Buffer): JsonObject {
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    if (isObject(parsed)) return parsed;
  } catch {
    // told below
  }
  throw new GeminiError(400, "Invalid JSON payload received.");
}
