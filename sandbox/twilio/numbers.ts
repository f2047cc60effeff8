import { BadRequest } from "../kit/http.ts";
import { isObject } from "../kit/json.ts";
import { DEFAULT_BEHAVIOUR, NUMBER_TABLE, type Behaviour } from "./behaviours.data.ts";

const bySuffix = new Map(NUMBER_TABLE.map((row) => [row.suffix, row.differs]));

type Check = (value: unknown) => boolean;
const oneOf = (...words: readonly string[]): Check => (value) => typeof value === "string" && words.includes(value);
const milliseconds: Check = (value) => typeof value === "number" && value >= 0;
const codeOrNull: Check = (value) => value === null || typeof value === "number";
const amountOrNull: Check = (value) => value === null || milliseconds(value);

const CHECKS: { readonly [field in keyof Behaviour]: Check } = {
  pickup: oneOf("answers", "no-answer", "busy", "declines", "fails", "rings"),
  answer_after_ms: milliseconds,
  keys: (value) => Array.isArray(value) && value.every((entry) => typeof entry === "string" && /^[0-9*#wW]*$/.test(entry)),
  key_after_ms: milliseconds,
  told: (value) => typeof value === "boolean",
  holds: (value) => typeof value === "boolean",
  machine: (value) => typeof value === "boolean",
  hangs_up: oneOf("never", "whisper", "waiting", "talking"),
  talk_ms: amountOrNull,
  spoken_s: amountOrNull,
  message: oneOf("leaves", "leaves-and-presses", "silent"),
  call_error: codeOrNull,
  sms_error: codeOrNull,
  sms: oneOf("delivered", "undelivered", "failed"),
  sms_code: codeOrNull,
  sms_reply: (value) => value === null || (isObject(value) && typeof value["body"] === "string" && typeof value["url"] === "string" && URL.canParse(value["url"])),
};

/** Checks a behaviour that came over the control interface. A spelling mistake is told, not ignored. */
export function parseBehaviour(input: unknown): Partial<Behaviour> {
  if (!isObject(input)) throw new BadRequest("A behaviour is an object.");
  for (const [field, value] of Object.entries(input)) {
    if (!Object.hasOwn(CHECKS, field)) throw new BadRequest(`No behaviour has a field ${JSON.stringify(field)}; there are: ${Object.keys(CHECKS).join(", ")}.`);
    if (!CHECKS[field as keyof Behaviour](value)) throw new BadRequest(`This is no value for ${field}: ${JSON.stringify(value)}.`);
  }
  return input;
}

/** Who is at which number: what the control interface said, else the table, else the default person. */
export class Numbers {
  readonly #overrides = new Map<string, Partial<Behaviour>>();

  behaviourOf(number: string): Behaviour {
    return { ...DEFAULT_BEHAVIOUR, ...bySuffix.get(number.slice(-4)), ...this.#overrides.get(number) };
  }

  override(number: string, behaviour: Partial<Behaviour>): void {
    this.#overrides.set(number, behaviour);
  }

  forget(number: string): void {
    this.#overrides.delete(number);
  }

  reset(): void {
    this.#overrides.clear();
  }
}
