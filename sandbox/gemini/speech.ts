import { createHash, type Hash } from "node:crypto";
import { allClips } from "../audio/voices.ts";
import { BYTES_PER_SAMPLE, readWavFormat } from "../audio/wav.ts";

/** Something that was said. Seconds from the beginning of the audio. */
export interface SpeechSegment {
  readonly startS: number;
  readonly endS: number;
  readonly text: string;
}

export interface Transcript {
  readonly segments: readonly SpeechSegment[];
  readonly seconds: number;
}

/** Exact silence at least this long separates two utterances. */
const GAP_S = 0.1;
/** A click is not speech. */
const SHORTEST_S = 0.05;
/** What an mp3 or ogg of speech takes, to guess the length of what cannot be decoded here. */
const COMPRESSED_BYTES_PER_S = 4000;

let known: ReadonlyMap<string, string> | undefined;

function knownClips(): ReadonlyMap<string, string> {
  known ??= new Map(
    allClips().map((clip) => [createHash("sha256").update(Buffer.from(clip.samples.buffer, clip.samples.byteOffset, clip.samples.byteLength)).digest("hex"), clip.text]),
  );
  return known;
}

/** What is heard of the samples between two silences. */
class Utterance {
  readonly startFrame: number;
  #hash: Hash = createHash("sha256");
  #buffer = new Int16Array(4096);
  #filled = 0;
  frames = 0;

  constructor(startFrame: number) {
    this.startFrame = startFrame;
  }

  add(sample: number): void {
    if (this.#filled === this.#buffer.length) this.#flush();
    this.#buffer[this.#filled] = sample;
    this.#filled += 1;
    this.frames += 1;
  }

  digest(): string {
    this.#flush();
    return this.#hash.digest("hex");
  }

  #flush(): void {
    this.#hash = this.#hash.update(Buffer.from(this.#buffer.buffer, 0, this.#filled * BYTES_PER_SAMPLE));
    this.#buffer = new Int16Array(4096);
    this.#filled = 0;
  }
}

/**
 * Recognises the sandbox's own voice clips in a WAV that comes piece by piece, by
 * the exact samples. Several channels are mixed into one first, as Gemini does:
 * that changes the samples, so a product that does not split the channels of a
 * recording gets nothing intelligible. Nothing else about audio is understood.
 */
export class SpeechRecogniser {
  #head: Buffer = Buffer.alloc(0);
  #rest: Buffer = Buffer.alloc(0);
  #format: { channels: number; sampleRate: number } | undefined;
  #bytes = 0;
  #frame = 0;
  #silence = 0;
  #utterance: Utterance | undefined;
  readonly #segments: SpeechSegment[] = [];

  push(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#format !== undefined) {
      this.#samples(chunk);
      return;
    }
    // Everything before the samples is in the first bytes of any WAV; what has no such beginning is no WAV.
    if (this.#head.length > 65_536) return;
    this.#head = Buffer.concat([this.#head, chunk]);
    const format = readWavFormat(this.#head);
    if (format === undefined) return;
    this.#format = format;
    this.#samples(this.#head.subarray(format.dataOffset));
    this.#head = Buffer.alloc(0);
  }

  end(): Transcript {
    if (this.#format === undefined) {
      const seconds = this.#bytes / COMPRESSED_BYTES_PER_S;
      return { seconds, segments: this.#bytes === 0 ? [] : [{ startS: 0, endS: seconds, text: unintelligible(seconds) }] };
    }
    this.#close();
    return { segments: this.#segments, seconds: this.#frame / this.#format.sampleRate };
  }

  #samples(chunk: Buffer): void {
    const channels = this.#format?.channels ?? 1;
    const sampleRate = this.#format?.sampleRate ?? 8000;
    const blockAlign = channels * BYTES_PER_SAMPLE;
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const whole = bytes.length - (bytes.length % blockAlign);
    for (let at = 0; at < whole; at += blockAlign) {
      let sum = 0;
      for (let channel = 0; channel < channels; channel += 1) sum += bytes.readInt16LE(at + channel * BYTES_PER_SAMPLE);
      this.#sample(channels === 1 ? sum : Math.trunc(sum / channels), GAP_S * sampleRate);
    }
    this.#rest = Buffer.from(bytes.subarray(whole));
  }

  #sample(sample: number, gapFrames: number): void {
    if (sample === 0) {
      this.#silence += 1;
      if (this.#silence >= gapFrames) this.#close();
    } else {
      this.#utterance ??= new Utterance(this.#frame);
      // Silence shorter than a gap was part of it after all.
      for (const utterance = this.#utterance; utterance.startFrame + utterance.frames < this.#frame; ) utterance.add(0);
      this.#utterance.add(sample);
      this.#silence = 0;
    }
    this.#frame += 1;
  }

  #close(): void {
    const utterance = this.#utterance;
    this.#utterance = undefined;
    const rate = this.#format?.sampleRate ?? 8000;
    if (utterance === undefined || utterance.frames < SHORTEST_S * rate) return;
    const startS = utterance.startFrame / rate;
    const seconds = utterance.frames / rate;
    this.#segments.push({ startS, endS: startS + seconds, text: knownClips().get(utterance.digest()) ?? unintelligible(seconds) });
  }
}

function unintelligible(seconds: number): string {
  return `[unintelligible ${seconds.toFixed(1)} s]`;
}

export function transcribe(audio: Buffer): Transcript {
  const recogniser = new SpeechRecogniser();
  recogniser.push(audio);
  return recogniser.end();
}
