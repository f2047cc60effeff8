import { BadRequest } from "../kit/http.ts";
import { isObject, type JsonObject } from "../kit/json.ts";

/** What can be made to go wrong on the API's side. */
const FAULT_TARGETS = ["calls", "messages", "updates", "reads", "media"] as const;
export type FaultTarget = (typeof FAULT_TARGETS)[number];

/** How an API request goes wrong. */
export interface ApiFault {
  /** `before`: nothing is done. `after`: it is done and the answer is lost. `accept-only` (calls): answered properly, never run. */
  readonly mode: "before" | "after" | "accept-only";
  /** An HTTP status (200: no error, only late or chunked), or the connection cut, or no answer at all until the caller gives up. */
  readonly status: number | "destroy" | "hang";
  readonly retry_after_s: number | null;
  /** Real milliseconds before the answer. */
  readonly delay_ms: number;
  /** Media only: sent without Content-Length. */
  readonly chunked: boolean;
  /** How many requests it still meets. */
  times: number;
}

/** How callbacks (not documents) go wrong. */
export interface CallbackFault {
  /** How many further times each is sent. */
  readonly duplicate: number;
  /** Pairs change places: the second is sent before the first. */
  readonly shuffle: boolean;
  /** How many still get lost; or the events that always do, such as "ringing" or "completed". */
  drop: number | readonly string[];
  /** Real milliseconds late. */
  readonly delay_ms: number;
}

const NO_CALLBACK_FAULT: CallbackFault = { duplicate: 0, shuffle: false, drop: 0, delay_ms: 0 };

export class TwilioFaults {
  readonly #api = new Map<FaultTarget, ApiFault>();
  #callbacks: CallbackFault = NO_CALLBACK_FAULT;

  /** Replaces the faults that are named; `null` ends one. */
  set(input: unknown): void {
    if (!isObject(input)) throw new BadRequest("Faults are an object.");
    for (const name of Object.keys(input)) {
      if (name !== "callbacks" && !FAULT_TARGETS.some((target) => target === name)) {
        throw new BadRequest(`There is no fault ${JSON.stringify(name)}; there are: ${FAULT_TARGETS.join(", ")}, callbacks.`);
      }
    }
    for (const target of FAULT_TARGETS) {
      const fault = input[target];
      if (fault === null) this.#api.delete(target);
      else if (fault !== undefined) this.#api.set(target, parseApiFault(fault));
    }
    if (input["callbacks"] === null) this.#callbacks = NO_CALLBACK_FAULT;
    else if (input["callbacks"] !== undefined) this.#callbacks = parseCallbackFault(input["callbacks"]);
  }

  clear(): void {
    this.#api.clear();
    this.#callbacks = NO_CALLBACK_FAULT;
  }

  /** The fault that meets this request, which is counted. */
  take(target: FaultTarget): ApiFault | undefined {
    const fault = this.#api.get(target);
    if (fault === undefined || fault.times <= 0) return undefined;
    fault.times -= 1;
    return fault;
  }

  get callbacks(): CallbackFault {
    return this.#callbacks;
  }

  /** Whether this callback gets lost. */
  drops(event: string): boolean {
    const { drop } = this.#callbacks;
    if (typeof drop !== "number") return drop.includes(event);
    if (drop <= 0) return false;
    this.#callbacks.drop = drop - 1;
    return true;
  }

  view(): JsonObject {
    return { ...Object.fromEntries(this.#api), callbacks: this.#callbacks };
  }
}

function parseApiFault(input: unknown): ApiFault {
  if (!isObject(input)) throw new BadRequest("A fault is an object.");
  const { mode = "before", retry_after_s = null, delay_ms = 0, chunked = false, times = Number.MAX_SAFE_INTEGER } = input;
  // Asking only for slowness or a missing length is not asking for an error.
  const { status = chunked === true || delay_ms !== 0 ? 200 : 503 } = input;
  if (mode !== "before" && mode !== "after" && mode !== "accept-only") throw new BadRequest("mode is before, after or accept-only.");
  if (status !== "destroy" && status !== "hang" && typeof status !== "number") throw new BadRequest("status is a number, destroy or hang.");
  if (typeof times !== "number" || typeof delay_ms !== "number" || typeof chunked !== "boolean") throw new BadRequest("times and delay_ms are numbers, chunked is true or false.");
  if (retry_after_s !== null && typeof retry_after_s !== "number") throw new BadRequest("retry_after_s is a number.");
  return { mode, status, retry_after_s, delay_ms, chunked, times };
}

function parseCallbackFault(input: unknown): CallbackFault {
  if (!isObject(input)) throw new BadRequest("The fault of callbacks is an object.");
  const { duplicate = 0, shuffle = false, drop = 0, delay_ms = 0 } = input;
  const copies = duplicate === true ? 1 : duplicate === false ? 0 : duplicate;
  if (typeof copies !== "number" || typeof shuffle !== "boolean" || typeof delay_ms !== "number") throw new BadRequest("duplicate and delay_ms are numbers, shuffle is true or false.");
  if (typeof drop === "number") return { duplicate: copies, shuffle, drop, delay_ms };
  if (!Array.isArray(drop) || !drop.every((event) => typeof event === "string")) throw new BadRequest("drop is a number or a list of events.");
  return { duplicate: copies, shuffle, drop, delay_ms };
}
