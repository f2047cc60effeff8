import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

export interface Wav {
  channels: number;
  sampleRate: number;
  bitsPerSample: number;
  /** One list of samples a channel. */
  samples: Int16Array[];
}

/** Reads a PCM WAV with nothing but the RIFF layout in mind, apart from the product's own reader. */
export const readWav = (bytes: Buffer): Wav => {
  if (bytes.toString("latin1", 0, 4) !== "RIFF" || bytes.toString("latin1", 8, 12) !== "WAVE") throw new Error("not a WAV");
  let format: { channels: number; sampleRate: number; bitsPerSample: number } | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = bytes.toString("latin1", at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const body = at + 8;
    if (name === "fmt ") format = { channels: bytes.readUInt16LE(body + 2), sampleRate: bytes.readUInt32LE(body + 4), bitsPerSample: bytes.readUInt16LE(body + 14) };
    if (name === "data" && format !== undefined) {
      const { channels } = format;
      const frames = Math.floor(Math.min(size, bytes.length - body) / (2 * channels));
      const samples = Array.from({ length: channels }, (_, channel) => Int16Array.from({ length: frames }, (__, frame) => bytes.readInt16LE(body + 2 * (frame * channels + channel))));
      return { ...format, samples };
    }
    at = body + size + (size % 2);
  }
  throw new Error("a WAV without sound");
};

/** How many samples are not silent. */
export const loudSamples = (samples: Int16Array): number => samples.reduce((count, sample) => count + (sample === 0 ? 0 : 1), 0);

const scriptSchema = z.array(z.object({ voice: z.string(), text: z.string() }));
const script = scriptSchema.parse(JSON.parse(readFileSync(path.join(import.meta.dirname, "../../../sandbox/voices/script.json"), "utf8")));

/** All that the people in the sandbox's recordings ever say. */
export const linesOf = (voice: "owner" | "customer"): Set<string> => new Set(script.filter((line) => line.voice === voice).map((line) => line.text));
