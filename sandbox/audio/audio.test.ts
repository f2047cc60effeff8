import { describe, expect, test } from "vitest";
import { SpeechRecogniser, transcribe } from "../gemini/speech.ts";
import { channelOf } from "../testing/wav.ts";
import { planDialogue } from "./dialogue.ts";
import { wavChunks } from "./recording.stream.ts";
import { allClips } from "./voices.ts";
import { HEADER_BYTES } from "./wav.ts";

test("a recording is made in small pieces, and only as far as it is asked for", () => {
  const pieces = wavChunks(planDialogue("long", "owner", "customer", 3600), "dual");
  const sizes = Array.from({ length: 5 }, () => pieces.next()).map((piece) => (piece.done === true ? 0 : piece.value.length));
  expect(sizes).toEqual([HEADER_BYTES, 64_000, 64_000, 64_000, 64_000]);
});

describe("the clips", () => {
  test("are recognised wherever the stream is cut", () => {
    const dialogue = planDialogue("cuts", "owner", "customer");
    const wav = channelOf(Buffer.concat([...wavChunks(dialogue, "dual")]), 1);
    const recogniser = new SpeechRecogniser();
    for (let at = 0; at < wav.length; at += 777) recogniser.push(wav.subarray(at, at + 777));
    expect(recogniser.end()).toEqual(transcribe(wav));
    expect(transcribe(wav).segments.map((segment) => segment.text)).toEqual(dialogue.lines.filter((line) => line.channel === 1).map((line) => line.clip.text));
  });

  test("hold no exact silence and take little room", () => {
    let bytes = 0;
    for (const clip of allClips()) {
      expect(clip.samples.includes(0)).toBe(false);
      bytes += clip.samples.byteLength;
    }
    expect(bytes).toBeLessThan(1_500_000);
  });
});
