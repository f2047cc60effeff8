import type { Clock } from "../kit/clock.ts";
import type { EventLog } from "../kit/event-log.ts";
import { methodOf, resolveUrl, type Document, type Documents } from "./documents.ts";
import { ApplicationError, PersonHungUp, type DocumentSource, type Leg } from "./leg.ts";
import type { Params } from "./signature.ts";
import type { Switchboard } from "./switchboard.ts";
import type { Verb } from "./twiml.ts";

/** What a verb leads to. */
export type Step =
  | { readonly kind: "next" }
  | { readonly kind: "goto"; readonly source: DocumentSource }
  | { readonly kind: "hangup" }
  | { readonly kind: "reject"; readonly status: "busy" | "no-answer" };

/** How a document ended; `finished` is falling off its end, which bridges a whisper. */
export type Ending = { readonly kind: "finished" } | { readonly kind: "hangup" } | { readonly kind: "reject"; readonly status: "busy" | "no-answer" };

/** Whether the leg runs its own call, or the whisper before it is bridged (where Dial is not allowed). */
export type Role = "call" | "whisper";

export interface VerbContext {
  readonly leg: Leg;
  readonly role: Role;
  readonly document: Document;
  readonly interpreter: Interpreter;
}

export type VerbHandler = (verb: Verb, context: VerbContext) => Promise<Step>;

/** More documents than any sane call has: a product that sends a caller round in circles is stopped. */
const DOCUMENT_LIMIT = 60;

export const NEXT: Step = { kind: "next" };

/** Runs TwiML for one leg, verb by verb. */
export class Interpreter {
  readonly clock: Clock;
  readonly log: EventLog;
  readonly switchboard: Switchboard;
  readonly documents: Documents;
  readonly #handlers: Readonly<Record<string, VerbHandler>>;

  constructor(tools: { clock: Clock; log: EventLog; switchboard: Switchboard; documents: Documents }, handlers: Readonly<Record<string, VerbHandler>>) {
    this.clock = tools.clock;
    this.log = tools.log;
    this.switchboard = tools.switchboard;
    this.documents = tools.documents;
    this.#handlers = handlers;
  }

  async run(leg: Leg, first: DocumentSource, role: Role): Promise<Ending> {
    let source = first;
    for (let count = 0; count < DOCUMENT_LIMIT; count += 1) {
      const document = await this.fetch(leg, source);
      const step = await this.#runVerbs(leg, document, role);
      if (step.kind === "next") return { kind: "finished" };
      if (step.kind !== "goto") return step;
      source = step.source;
    }
    throw new ApplicationError(12200, `More than ${DOCUMENT_LIMIT} documents in one call`);
  }

  async fetch(leg: Leg, source: DocumentSource): Promise<Document> {
    if (this.clock.ordered) await leg.callbacks.drained();
    const document = await this.documents.fetch(leg, source);
    leg.control.signal.throwIfAborted();
    return document;
  }

  /** Time on the telephone for this leg. Rejects with Interrupted when somebody else has plans for it. */
  async wait(leg: Leg, ms: number): Promise<void> {
    await this.clock.wait(ms, leg.control.signal);
    leg.talkedMs += ms;
  }

  /** A call that comes in is answered by the first verb that needs the caller on the line. */
  answer(leg: Leg): void {
    if (leg.direction === "inbound") this.switchboard.setStatus(leg, "in-progress");
  }

  /** Something is said or played to this leg's person, who may not want to hear all of it. */
  async hear(leg: Leg, verb: Verb): Promise<void> {
    this.log.append("call", { call_sid: leg.sid, heard: verb.name, text: verb.text, attributes: verb.attributes });
    const ms = verb.name === "Pause" && leg.behaviour.holds ? Infinity : hearingMs(verb);
    if (leg.behaviour.hangs_up === "whisper") {
      await this.wait(leg, Math.min(ms, leg.behaviour.key_after_ms));
      throw new PersonHungUp();
    }
    await this.wait(leg, ms);
  }

  /** The request to a verb's `action`; without one, to the document that the verb stands in. */
  action(verb: Verb, { document }: VerbContext, params: Params): Step {
    const reference = verb.attributes["action"] ?? document.baseUrl;
    if (reference === null) return NEXT;
    return { kind: "goto", source: { kind: "url", url: resolveUrl(reference, document.baseUrl), method: methodOf(verb.attributes["method"]), params } };
  }

  async #runVerbs(leg: Leg, document: Document, role: Role): Promise<Step> {
    for (const verb of document.verbs) {
      const handler = this.#handlers[verb.name];
      if (handler === undefined) {
        // Twilio warns and goes on; the log is where a test looks for it.
        this.log.append("error", { code: 12200, message: `Unknown verb <${verb.name}>`, call_sid: leg.sid, url: document.baseUrl });
        continue;
      }
      const step = await handler(verb, { leg, role, document, interpreter: this });
      if (step.kind !== "next") return step;
    }
    return NEXT;
  }
}

/** Quicker than speech, but longer for longer texts: a second at most, so that a demonstration does not bore. */
export function hearingMs(verb: Verb): number {
  if (verb.name === "Pause") return 1000 * Math.max(0, Number(verb.attributes["length"] ?? "1") || 0);
  return verb.name === "Play" ? 500 : Math.min(1000, 150 + 6 * verb.text.length);
}
