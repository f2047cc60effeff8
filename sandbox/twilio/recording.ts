import type { Dialogue } from "../audio/dialogue.ts";
import type { Layout } from "../audio/recording.stream.ts";
import type { CallbackLine } from "./callback-line.ts";
import { rfc2822, rfc2822OrNull } from "./ids.ts";

export type RecordingSource = "DialVerb" | "OutboundAPI" | "RecordVerb" | "StartCallRecordingAPI";
export type RecordingEvent = "in-progress" | "completed" | "absent";

export interface RecordingCallback {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly events: ReadonlySet<RecordingEvent>;
}

/** A recording, as what was said in it: the sound is made when it is fetched. */
export interface Recording {
  readonly sid: string;
  readonly accountSid: string;
  /** Always the parent leg. */
  readonly callSid: string;
  /** The leg that it was started on, and with which it ends. */
  readonly legSid: string;
  readonly source: RecordingSource;
  /** As asked for. What two people said is stored in two channels in any case. */
  readonly channels: 1 | 2;
  readonly track: string;
  readonly createdAt: number;
  readonly callback: RecordingCallback | null;
  readonly line: CallbackLine;
  status: "in-progress" | "stopped" | "processing" | "completed" | "absent";
  sound: Dialogue;
  /** Whether a conversation, and not one person alone, is in it. */
  dual: boolean;
  /** How much of the running conversation had passed when it began, 0 to 1. */
  joinedAt: number;
  endedAt: number | null;
  durationS: number | null;
  errorCode: number;
}

const RECORDING_EVENTS: readonly RecordingEvent[] = ["in-progress", "completed", "absent"];

export function recordingEvents(names: readonly string[]): ReadonlySet<RecordingEvent> {
  const known = RECORDING_EVENTS.filter((event) => names.includes(event));
  return new Set(known.length === 0 ? ["completed"] : known);
}

/** How it is sent when this many channels are asked for; undefined when that cannot be. */
export function layoutFor(recording: Recording, requested: string | null): Layout | undefined {
  const channels = requested ?? String(recording.channels);
  if (channels === "1") return recording.dual ? "mixed" : "single";
  return channels === "2" && (recording.dual || recording.channels === 2) ? "dual" : undefined;
}

/** The recording as the API shows it. */
export function recordingResource(recording: Recording, origin: string): Record<string, unknown> {
  const path = `/2010-04-01/Accounts/${recording.accountSid}/Recordings/${recording.sid}`;
  return {
    account_sid: recording.accountSid,
    api_version: "2010-04-01",
    call_sid: recording.callSid,
    conference_sid: null,
    channels: recording.channels,
    date_created: rfc2822(recording.createdAt),
    date_updated: rfc2822OrNull(recording.endedAt) ?? rfc2822(recording.createdAt),
    start_time: rfc2822(recording.createdAt),
    duration: recording.durationS === null ? null : String(recording.durationS),
    encryption_details: null,
    error_code: recording.errorCode === 0 ? null : recording.errorCode,
    media_url: `${origin}${path}`,
    price: null,
    price_unit: "USD",
    sid: recording.sid,
    source: recording.source,
    status: recording.status,
    track: recording.track,
    uri: `${path}.json`,
    subresource_uris: { transcriptions: `${path}/Transcriptions.json` },
  };
}
