import { looseJson } from "../../../core/providers/gemini/output.ts";
import type { Heard } from "./transcript.schemas.ts";

/** "1:02.5", "00:01:02", "62.5", "62.5s" or a number: seconds. */
const secondsIn = (value: unknown): number | null => {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return null;
  const match = /^(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)\s*s?$/.exec(value.trim());
  if (match === null) return null;
  const [hours = "0", minutes = "0", rest = "0"] = match.slice(1);
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
};

const WORDS = ["text", "transcript", "transcription", "content"];

const wordsOf = (value: Record<string, unknown>): string | null => {
  const words = WORDS.map((name) => value[name]).find((candidate) => typeof candidate === "string");
  return typeof words === "string" ? words : null;
};

const timeOf = (value: Record<string, unknown>, prefix: string): number | null => {
  const name = Object.keys(value).find((key) => key.toLowerCase().startsWith(prefix));
  return name === undefined ? null : secondsIn(value[name]);
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

const fromList = (list: unknown[]): Heard | undefined => {
  const segments = [];
  for (const entry of list) {
    const words = isRecord(entry) ? wordsOf(entry) : null;
    if (!isRecord(entry) || words === null) return undefined;
    const start = timeOf(entry, "start") ?? 0;
    segments.push({ start_s: start, end_s: timeOf(entry, "end") ?? start, text: words });
  }
  return { segments };
};

/**
 * Makes a transcript of a finished answer that is not in our schema: a transcript is text anyway, and models differ.
 * Other JSON shapes of the same are read as far as they can be; plain text becomes one segment over the whole audio.
 * @returns undefined for what looks like JSON but is broken or holds no words, so that the model may try again
 */
export const acceptHeard =
  (durationS: number | null) =>
  (answer: string): Heard | undefined => {
    const whole = (text: string): Heard => ({ segments: [{ start_s: 0, end_s: durationS ?? 0, text }] });
    const json = looseJson(answer);
    if (typeof json === "string") return whole(json);
    if (Array.isArray(json)) return fromList(json);
    if (isRecord(json)) {
      const list = Object.values(json).find((value) => Array.isArray(value));
      if (Array.isArray(list)) return fromList(list);
      const words = wordsOf(json);
      return words === null ? undefined : whole(words);
    }
    if (json !== undefined) return undefined;
    const text = answer.replaceAll(/^\s*```\w*\s*$/gm, "").trim();
    return /^[{[]\s*["{[\]}]/.test(text) ? undefined : whole(text);
  };
