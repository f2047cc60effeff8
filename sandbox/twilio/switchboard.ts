import type { EventLog } from "../kit/event-log.ts";
import { CallbackLine, type CallbackTools } from "./callback-line.ts";
import { Handset } from "./handset.ts";
import { newSid, rfc2822 } from "./ids.ts";
import { durationS, isOver, LegControl, type CallEvent, type CallStatus, type FinalStatus, type Leg, type StatusCallback } from "./leg.ts";
import type { Numbers } from "./numbers.ts";
import type { Params } from "./signature.ts";
import { newIdempotencyToken } from "./webhooks.ts";

export interface NewLeg {
  readonly accountSid: string;
  readonly parentSid?: string;
  readonly direction: Leg["direction"];
  readonly to: string;
  readonly from: string;
  readonly statusCallback?: StatusCallback | null;
}

const EVENT_OF: Partial<Record<CallStatus, CallEvent>> = { initiated: "initiated", ringing: "ringing", "in-progress": "answered" };
/** SIP's word for how a call ended, which Twilio passes on. */
const SIP_CODE: Readonly<Record<FinalStatus, string>> = { completed: "200", busy: "486", "no-answer": "487", failed: "404", canceled: "487" };

/** Every leg there is or was, and the callbacks about how each is doing. */
export class Switchboard {
  readonly #legs = new Map<string, Leg>();
  readonly #tools: CallbackTools;
  readonly #log: EventLog;
  readonly #numbers: Numbers;
  readonly #tokens: ReadonlyMap<string, string>;
  readonly #capacity: number;
  /** Told when a leg ends; gives what is to be added to its last callback. */
  onEnd: (leg: Leg) => Params = () => [];

  constructor(tools: CallbackTools, log: EventLog, numbers: Numbers, tokens: ReadonlyMap<string, string>, capacity = 200_000) {
    this.#tools = tools;
    this.#log = log;
    this.#numbers = numbers;
    this.#tokens = tokens;
    this.#capacity = capacity;
  }

  create(wanted: NewLeg): Leg {
    const leg: Leg = {
      sid: newSid("CA"),
      accountSid: wanted.accountSid,
      parentSid: wanted.parentSid ?? null,
      direction: wanted.direction,
      to: wanted.to,
      from: wanted.from,
      behaviour: this.#numbers.behaviourOf(wanted.direction === "inbound" ? wanted.from : wanted.to),
      createdAt: Date.now(),
      statusCallback: wanted.statusCallback ?? null,
      callbacks: new CallbackLine(this.#tools),
      control: new LegControl(),
      handset: new Handset(),
      status: "queued",
      startAt: null,
      answeredAt: null,
      endAt: null,
      answeredBy: null,
      talkedMs: 0,
      gathers: 0,
      sequence: 0,
      bridge: null,
    };
    this.#legs.set(leg.sid, leg);
    if (this.#legs.size > this.#capacity) this.#forgetOldest();
    this.#note(leg);
    return leg;
  }

  find(accountSid: string, sid: string): Leg | undefined {
    const leg = this.#legs.get(sid);
    return leg?.accountSid === accountSid ? leg : undefined;
  }

  /** Newest first. */
  all(accountSid?: string): Leg[] {
    const legs = [...this.#legs.values()].reverse();
    return accountSid === undefined ? legs : legs.filter((leg) => leg.accountSid === accountSid);
  }

  remove(leg: Leg): void {
    this.#legs.delete(leg.sid);
  }

  /** Forgets every leg and ends what is going on. */
  reset(): void {
    for (const leg of this.#legs.values()) {
      leg.callbacks.mute();
      leg.control.interrupt({ kind: "end", status: "completed" });
    }
    this.#legs.clear();
  }

  tokenOf(leg: Leg): string {
    return this.#tokens.get(leg.accountSid) ?? "";
  }

  /** Moves a leg on, logs it and sends the callback that was asked for. A leg that is over stays so. */
  setStatus(leg: Leg, status: Exclude<CallStatus, FinalStatus>): void {
    if (isOver(leg) || leg.status === status) return;
    leg.status = status;
    leg.startAt ??= Date.now();
    if (status === "in-progress") leg.answeredAt = Date.now();
    this.#note(leg);
    const event = EVENT_OF[status];
    if (event !== undefined) this.#tell(leg, event, []);
  }

  end(leg: Leg, status: FinalStatus): void {
    if (isOver(leg)) return;
    leg.status = status;
    leg.endAt = Date.now();
    this.#note(leg);
    const recording = this.onEnd(leg);
    const seconds = durationS(leg);
    this.#tell(leg, "completed", [
      ["CallDuration", String(seconds)],
      ["Duration", String(Math.ceil(seconds / 60))],
      ["SipResponseCode", SIP_CODE[status]],
      ...recording,
    ]);
    leg.callbacks.flush();
  }

  #tell(leg: Leg, event: CallEvent, more: Params): void {
    const callback = leg.statusCallback;
    if (callback === null || !callback.events.has(event) || this.#forgotten(leg)) return;
    const params: Params = [
      ...voiceParams(leg),
      ...more,
      ["Timestamp", rfc2822(Date.now())],
      ["CallbackSource", "call-progress-events"],
      ["SequenceNumber", String(leg.sequence)],
    ];
    leg.sequence += 1;
    leg.callbacks.send(
      {
        purpose: "call-status", url: callback.url, method: callback.method, params, authToken: this.tokenOf(leg), idempotencyToken: newIdempotencyToken(),
        about: { call_sid: leg.sid, parent_call_sid: leg.parentSid, event },
      },
      event,
    );
  }

  /** After a reset a call may still need a moment to notice; nobody wants to hear of it then. */
  #forgotten(leg: Leg): boolean {
    return !this.#legs.has(leg.sid);
  }

  #note(leg: Leg): void {
    if (this.#forgotten(leg)) return;
    this.#log.append("call", { call_sid: leg.sid, parent_call_sid: leg.parentSid, direction: leg.direction, to: leg.to, from: leg.from, status: leg.status });
  }

  /** Running calls are kept, however old. */
  #forgetOldest(): void {
    for (const leg of this.#legs.values()) {
      if (this.#legs.size <= this.#capacity * 0.9) return;
      if (isOver(leg) || leg.status === "queued") this.#legs.delete(leg.sid);
    }
  }
}

/** The fields that every voice webhook has (CONTRACTS 1.4). */
export function voiceParams(leg: Leg): Params {
  return [
    ["CallSid", leg.sid],
    ["AccountSid", leg.accountSid],
    ["From", leg.from],
    ["To", leg.to],
    ["Caller", leg.from],
    ["Called", leg.to],
    ["CallStatus", leg.status],
    ["ApiVersion", "2010-04-01"],
    ["Direction", leg.direction],
    ...(leg.parentSid === null ? [] : [["ParentCallSid", leg.parentSid] as const]),
    ...(leg.answeredBy === null ? [] : [["AnsweredBy", leg.answeredBy] as const]),
  ];
}
