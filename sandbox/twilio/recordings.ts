import { cutAt, cutFrom, joined, secondsOf, type Dialogue } from "../audio/dialogue.ts";
import { SAMPLE_RATE } from "../audio/wav.ts";
import type { EventLog } from "../kit/event-log.ts";
import { CallbackLine, type CallbackTools } from "./callback-line.ts";
import { newSid, rfc2822 } from "./ids.ts";
import type { Leg } from "./leg.ts";
import type { Recording, RecordingCallback, RecordingEvent, RecordingSource } from "./recording.ts";
import type { Params } from "./signature.ts";
import { newIdempotencyToken } from "./webhooks.ts";

export interface RecordingWish {
  readonly source: RecordingSource;
  readonly channels: 1 | 2;
  readonly track?: string;
  readonly callback: RecordingCallback | null;
}

/** Twilio needs a moment before the file can be fetched. */
const PROCESSING_MS = 300;
/** Shorter recordings are `absent` (16101). */
const SHORTEST_S = 0.5;
/** How many recordings are remembered. */
const CAPACITY = 100_000;
const EMPTY: Dialogue = { lines: [], frames: 0 };

/** Every recording there is, what goes on in those that still run, and the callbacks about them. */
export class Recordings {
  readonly #recordings = new Map<string, Recording>();
  readonly #active = new Set<Recording>();
  readonly #tools: CallbackTools;
  readonly #log: EventLog;
  readonly #tokens: ReadonlyMap<string, string>;
  /** Where the media are fetched from; known once the server listens. */
  origin = "";

  constructor(tools: CallbackTools, log: EventLog, tokens: ReadonlyMap<string, string>) {
    this.#tools = tools;
    this.#log = log;
    this.#tokens = tokens;
  }

  start(leg: Leg, wish: RecordingWish): Recording {
    const recording: Recording = {
      sid: newSid("RE"),
      accountSid: leg.accountSid,
      callSid: leg.parentSid ?? leg.sid,
      legSid: leg.sid,
      source: wish.source,
      channels: wish.channels,
      track: wish.track ?? "both",
      createdAt: Date.now(),
      callback: wish.callback,
      line: new CallbackLine(this.#tools),
      status: "in-progress",
      sound: EMPTY,
      dual: false,
      joinedAt: leg.bridge?.progress() ?? 0,
      endedAt: null,
      durationS: null,
      errorCode: 0,
    };
    this.#recordings.set(recording.sid, recording);
    this.#active.add(recording);
    if (this.#recordings.size > CAPACITY) this.#forgetOldest();
    this.#tell(recording, "in-progress");
    return recording;
  }

  /** A recording by the API of a call that already has one running cannot start. */
  runningByApi(callSid: string): Recording | undefined {
    return [...this.#active].find((recording) => recording.callSid === callSid && (recording.source === "StartCallRecordingAPI" || recording.source === "OutboundAPI"));
  }

  /** What two legs said to each other goes into every recording that runs on either. */
  conversed(legs: readonly Leg[], dialogue: Dialogue): void {
    for (const recording of this.#active) {
      if (!legs.some((leg) => leg.sid === recording.legSid)) continue;
      this.#hear(recording, dialogue, 1);
    }
  }

  /** One person alone, into a Record verb. */
  spoke(recording: Recording, message: Dialogue): void {
    recording.sound = joined(recording.sound, message);
  }

  /** Ends it and, after a moment, makes it available. `silent`: there was time, but nobody spoke. */
  stop(recording: Recording, leg: Leg | null, silent = false): void {
    if (recording.status !== "in-progress") return;
    if (leg?.bridge != null) this.#hear(recording, leg.bridge.dialogue, leg.bridge.progress());
    this.#active.delete(recording);
    recording.status = "processing";
    recording.endedAt = Date.now();
    recording.durationS = Math.round(secondsOf(recording.sound));
    this.#tools.activity.track(this.#process(recording, silent).catch(() => undefined));
  }

  /** The recordings that end with a leg, and what its last callback says about one that was asked for with the call. */
  legEnded(leg: Leg): Params {
    const ending = [...this.#active].filter((recording) => recording.legSid === leg.sid);
    for (const recording of ending) this.stop(recording, leg);
    const own = ending.find((recording) => recording.source === "OutboundAPI");
    if (own === undefined) return [];
    return [["RecordingUrl", this.urlOf(own)], ["RecordingSid", own.sid], ["RecordingDuration", String(own.durationS ?? 0)]];
  }

  urlOf(recording: Recording): string {
    return `${this.origin}/2010-04-01/Accounts/${recording.accountSid}/Recordings/${recording.sid}`;
  }

  find(accountSid: string, sid: string): Recording | undefined {
    const recording = this.#recordings.get(sid);
    return recording?.accountSid === accountSid ? recording : undefined;
  }

  /** Newest first. */
  all(accountSid: string, callSid: string | null): Recording[] {
    return [...this.#recordings.values()].reverse().filter((recording) => recording.accountSid === accountSid && (callSid === null || recording.callSid === callSid));
  }

  remove(recording: Recording): void {
    this.#recordings.delete(recording.sid);
  }

  reset(): void {
    for (const recording of this.#recordings.values()) recording.line.mute();
    this.#recordings.clear();
    this.#active.clear();
  }

  #forgetOldest(): void {
    for (const recording of this.#recordings.values()) {
      if (this.#recordings.size <= CAPACITY) return;
      if (!this.#active.has(recording)) this.#recordings.delete(recording.sid);
    }
  }

  #hear(recording: Recording, dialogue: Dialogue, until: number): void {
    const from = Math.round(recording.joinedAt * dialogue.frames);
    recording.sound = joined(recording.sound, cutFrom(cutAt(dialogue, Math.round(until * dialogue.frames)), from));
    recording.dual = true;
    recording.joinedAt = 0;
  }

  async #process(recording: Recording, silent: boolean): Promise<void> {
    await this.#tools.clock.wait(PROCESSING_MS);
    const absent = recording.sound.frames < SHORTEST_S * SAMPLE_RATE;
    recording.status = absent ? "absent" : "completed";
    recording.errorCode = absent ? (silent ? 16102 : 16101) : 0;
    this.#tell(recording, recording.status);
    recording.line.flush();
  }

  #tell(recording: Recording, event: RecordingEvent): void {
    if (!this.#recordings.has(recording.sid)) return;
    this.#log.append("recording", { recording_sid: recording.sid, call_sid: recording.callSid, source: recording.source, status: event, duration_s: recording.durationS });
    const { callback } = recording;
    if (callback === null || !callback.events.has(event)) return;
    const params: Params = [
      ["AccountSid", recording.accountSid],
      ["CallSid", recording.callSid],
      ["RecordingSid", recording.sid],
      ["RecordingUrl", this.urlOf(recording)],
      ["RecordingStatus", event],
      ["RecordingDuration", String(recording.durationS ?? -1)],
      ["RecordingChannels", String(recording.channels)],
      ["RecordingStartTime", rfc2822(recording.createdAt)],
      ["RecordingSource", recording.source],
      ["RecordingTrack", recording.track],
      ["ErrorCode", String(recording.errorCode)],
    ];
    recording.line.send(
      {
        purpose: "recording-status", url: callback.url, method: callback.method, params, authToken: this.#tokens.get(recording.accountSid) ?? "",
        idempotencyToken: newIdempotencyToken(), about: { call_sid: recording.callSid, recording_sid: recording.sid, event },
      },
      event,
    );
  }
}
