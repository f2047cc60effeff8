import type { Heard, Transcript, TranscriptSegment } from "./transcript.schemas.ts";
import { clip, oneLine } from "./words.ts";

const MOST_SEGMENTS = 5000;
/** Two hours of uninterrupted talk. */
const MOST_CHARACTERS = 150_000;
const MOST_IN_A_SEGMENT = 20_000;

/** What models write for a channel on which nobody speaks. */
const NOTHING_SAID =
  /^(?:[[(<*]+\s*(?:no (?:audible |discernible )?(?:speech|audio|voice|sound)|silence|silent|blank[ _]audio|music|(?:background )?noise|beep|ringing|ringtone|dial tone|static)[^\])>*]{0,40}[\])>*]+|no (?:audible |discernible )?speech(?: (?:was )?detected)?)\.?$/i;

const LABEL: Record<TranscriptSegment["speaker"], string> = { owner: "Owner", customer: "Customer", unknown: "Speaker" };

const spoken = (text: string): string => {
  const line = oneLine(text);
  return NOTHING_SAID.test(line) ? "" : clip(line, MOST_IN_A_SEGMENT);
};

const seconds = (value: number, from: number, to: number): number =>
  Number.isFinite(value) ? Math.round(Math.min(Math.max(value, from), to) * 1000) / 1000 : from;

/** One channel's segments, cleaned and with times that lie inside the recording. */
export const segmentsOf = (heard: Heard, speaker: TranscriptSegment["speaker"], durationS: number | null): TranscriptSegment[] => {
  const end = durationS ?? Number.MAX_SAFE_INTEGER;
  return heard.segments
    .map(({ start_s, end_s, text }) => {
      const start = seconds(start_s, 0, end);
      return { speaker, start_s: start, end_s: seconds(end_s, start, end), text: spoken(text) };
    })
    .filter(({ text }) => text !== "");
};

/** Puts the channels' segments into the order in which they were spoken, and bounds the whole. */
export const mergeSegments = (channels: TranscriptSegment[][]): Transcript => {
  const segments: TranscriptSegment[] = [];
  let characters = 0;
  for (const segment of channels.flat().toSorted((a, b) => a.start_s - b.start_s || a.end_s - b.end_s)) {
    characters += segment.text.length;
    if (segments.length === MOST_SEGMENTS || characters > MOST_CHARACTERS) break;
    segments.push(segment);
  }
  return { segments, text: segments.map(({ speaker, text }) => `${LABEL[speaker]}: ${text}`).join("\n") };
};
