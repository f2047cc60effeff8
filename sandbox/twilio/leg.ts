import type { Dialogue } from "../audio/dialogue.ts";
import type { Behaviour } from "./behaviours.data.ts";
import type { CallbackLine } from "./callback-line.ts";
import type { Handset } from "./handset.ts";

export type CallStatus = "queued" | "initiated" | "ringing" | "in-progress" | "completed" | "busy" | "no-answer" | "failed" | "canceled";
export type FinalStatus = "completed" | "busy" | "no-answer" | "failed" | "canceled";
export type CallEvent = "initiated" | "ringing" | "answered" | "completed";

/** Where TwiML comes from: fetched, or given with the call. */
export type DocumentSource =
  | { readonly kind: "url"; readonly url: string; readonly method: "GET" | "POST"; readonly params?: readonly (readonly [string, string])[]; readonly fallbackUrl?: string }
  | { readonly kind: "twiml"; readonly twiml: string };

/** What somebody else does to a leg while it is busy with a verb. */
export type Interruption =
  | { readonly kind: "end"; readonly status: "completed" | "canceled" }
  | { readonly kind: "redirect"; readonly source: DocumentSource }
  /** The other side of a Dial is gone. */
  | { readonly kind: "peer-gone" };

export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** The person at this leg put the phone down. */
export class PersonHungUp extends Error {
  override readonly name = "PersonHungUp";
}

/** TwiML that could not be fetched or followed, with Twilio's code. */
export class ApplicationError extends Error {
  override readonly name = "ApplicationError";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Lets one party interrupt what another waits for, and say why. */
export class LegControl {
  #controller = new AbortController();
  #pending: Interruption | undefined;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The first interruption counts until it has been dealt with, except that an end replaces all others. */
  interrupt(interruption: Interruption): void {
    if (this.#pending === undefined || interruption.kind === "end") this.#pending = interruption;
    this.#controller.abort(new Interrupted(interruption.kind));
  }

  take(): Interruption | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    this.#controller = new AbortController();
    return pending;
  }
}

export interface StatusCallback {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly events: ReadonlySet<CallEvent>;
}

/** One leg of a call. Times are milliseconds since the epoch. */
export interface Leg {
  readonly sid: string;
  readonly accountSid: string;
  readonly parentSid: string | null;
  readonly direction: "outbound-api" | "outbound-dial" | "inbound";
  readonly to: string;
  readonly from: string;
  readonly behaviour: Behaviour;
  readonly createdAt: number;
  readonly statusCallback: StatusCallback | null;
  readonly callbacks: CallbackLine;
  readonly control: LegControl;
  readonly handset: Handset;
  status: CallStatus;
  startAt: number | null;
  answeredAt: number | null;
  endAt: number | null;
  answeredBy: string | null;
  /** Time on the telephone since the answer, before the sandbox's speed is applied; a conversation counts as long as its sound. */
  talkedMs: number;
  /** Gathers heard so far. */
  gathers: number;
  /** The next SequenceNumber. */
  sequence: number;
  /** The conversation that goes on, for recordings that are started in it. */
  bridge: Bridge | null;
}

/** Two legs that are talking. */
export interface Bridge {
  readonly dialogue: Dialogue;
  /** How much of it is over, 0 to 1. */
  progress(): number;
}

const FINAL: ReadonlySet<string> = new Set(["completed", "busy", "no-answer", "failed", "canceled"]);

export function isOver(leg: Leg): boolean {
  return FINAL.has(leg.status);
}

/** Seconds, as in CallDuration: whole, and at least one for a call that was answered. */
export function durationS(leg: Leg): number {
  return leg.answeredAt === null ? 0 : Math.max(1, Math.round(leg.talkedMs / 1000));
}
