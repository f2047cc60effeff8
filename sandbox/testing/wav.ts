import { readWavFormat, wavHeader } from "../audio/wav.ts";

/** One channel of a two-channel WAV as a WAV of its own, sample for sample. */
export function channelOf(wav: Buffer, channel: 0 | 1): Buffer {
  const format = readWavFormat(wav);
  if (format?.channels !== 2) throw new Error("not a WAV of two channels");
  const frames = Math.floor((wav.length - format.dataOffset) / 4);
  const samples = Buffer.alloc(frames * 2);
  for (let i = 0; i < frames; i += 1) samples.writeInt16LE(wav.readInt16LE(format.dataOffset + i * 4 + channel * 2), i * 2);
  return Buffer.concat([wavHeader(1, frames), samples]);
}
