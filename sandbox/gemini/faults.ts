import { BadRequest } from "../kit/http.ts";
import { isObject, type JsonObject } from "../kit/json.ts";
import { GeminiError } from "./errors.ts";
import { parseProseFault, type ProseFault } from "./prose/faults.ts";

const GEMINI_TARGETS = ["generate", "embed", "files"] as const;
export type GeminiTarget = (typeof GEMINI_TARGETS)[number];

/** `thought` puts a thought part before the answer; `slow` only waits; the others are ways not to give one. */
const GEMINI_FAULTS = ["429", "500", "503", "504", "blocked", "max_tokens", "invalid_json", "thought", "slow", "hang", "destroy", "failed_file"] as const;
type GeminiFaultKind = (typeof GEMINI_FAULTS)[number];

export interface GeminiFault {
  readonly kind: GeminiFaultKind;
  /** In RetryInfo, for 429. */
  readonly retry_delay_s: number;
  /** Real milliseconds before the answer. */
  readonly delay_ms: number;
  /** How many requests it still meets. */
  times: number;
}

/** An answer that a test has put down for prompts which contain something. */
interface ScriptedAnswer {
  readonly contains: string;
  readonly text: string;
  times: number;
}

export class GeminiFaults {
  readonly #faults = new Map<GeminiTarget, GeminiFault>();
  #answers: ScriptedAnswer[] = [];
  #prose: ProseFault | undefined;

  /** Replaces the faults that are named; `null` ends one. */
  set(input: unknown): void {
    if (!isObject(input)) throw new BadRequest("Faults are an object.");
    for (const [target, fault] of Object.entries(input)) {
      if (target === "prose") {
        this.#prose = fault === null ? undefined : parseProseFault(fault);
        continue;
      }
      const known = GEMINI_TARGETS.find((name) => name === target);
      if (known === undefined) throw new BadRequest(`There is no target ${JSON.stringify(target)}; there are: ${GEMINI_TARGETS.join(", ")}, prose.`);
      if (fault === null) this.#faults.delete(known);
      else this.#faults.set(known, parseFault(fault));
    }
  }

  setAnswers(input: unknown): void {
    if (!Array.isArray(input)) throw new BadRequest("Answers are a list.");
    this.#answers = input.map((answer: unknown) => {
      if (!isObject(answer) || typeof answer["contains"] !== "string") throw new BadRequest('An answer is {contains, json or text, times?}.');
      const text = typeof answer["text"] === "string" ? answer["text"] : JSON.stringify(answer["json"]);
      return { contains: answer["contains"], text, times: typeof answer["times"] === "number" ? answer["times"] : Infinity };
    });
  }

  clear(): void {
    this.#faults.clear();
    this.#answers = [];
    this.#prose = undefined;
  }

  /** The fault that meets this request, which is counted. */
  take(target: GeminiTarget): GeminiFault | undefined {
    const fault = this.#faults.get(target);
    if (fault === undefined || fault.times <= 0) return undefined;
    fault.times -= 1;
    return fault;
  }

  /** What is wrong with the next page that is written, which is counted. */
  takeProse(): ProseFault | undefined {
    const fault = this.#prose;
    if (fault === undefined || fault.times <= 0) return undefined;
    fault.times -= 1;
    return fault;
  }

  answerFor(prompt: string): string | undefined {
    const answer = this.#answers.find((candidate) => candidate.times > 0 && prompt.includes(candidate.contains));
    if (answer === undefined) return undefined;
    answer.times -= 1;
    return answer.text;
  }

  view(): JsonObject {
    return { ...Object.fromEntries(this.#faults), ...(this.#prose === undefined ? {} : { prose: this.#prose }) };
  }
}

/** The error that a fault stands for; undefined for those that still answer 200. */
export function errorOf(fault: GeminiFault): GeminiError | undefined {
  switch (fault.kind) {
    case "429":
      return new GeminiError(429, "You exceeded your current quota.", {
        details: [
          { "@type": "type.googleapis.com/google.rpc.QuotaFailure", violations: [{ quotaMetric: "sandbox", quotaId: "GenerateRequestsPerMinutePerProjectPerModel" }] },
          { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: `${fault.retry_delay_s}s` },
        ],
      });
    case "500":
      return new GeminiError(500, "An internal error has occurred.");
    case "503":
      return new GeminiError(503, "The model is overloaded.");
    case "504":
      return new GeminiError(504, "The request timed out.");
    default:
      return undefined;
  }
}

function parseFault(input: unknown): GeminiFault {
  if (!isObject(input)) throw new BadRequest("A fault is an object.");
  const { retry_delay_s = 21, delay_ms = 0, times = Number.MAX_SAFE_INTEGER } = input;
  const kind = GEMINI_FAULTS.find((known) => known === String(input["kind"]));
  if (kind === undefined) throw new BadRequest(`kind is one of: ${GEMINI_FAULTS.join(", ")}.`);
  if (typeof retry_delay_s !== "number" || typeof delay_ms !== "number" || typeof times !== "number") throw new BadRequest("retry_delay_s, delay_ms and times are numbers.");
  return { kind, retry_delay_s, delay_ms: kind === "slow" && delay_ms === 0 ? 2000 : delay_ms, times };
}
