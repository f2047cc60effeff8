import type { WavFormat } from "./wav-header.ts";

/**
 * Copies one channel's samples out of interleaved frames. The source may be cut anywhere, also inside a sample: what
 * is left of a frame waits for the next cut.
 */
export interface SamplePicker {
  /**
   * Copies from `source[from…]` into `target[at…]`, whole frames only, until either is used up.
   * @returns bytes used of the source and bytes written to the target
   */
  pick(source: Uint8Array, from: number, target: Uint8Array, at: number): { used: number; written: number };
}

/** `source[i]` is inside the array wherever this is called; the fallback is for the type checker only. */
const byteAt = (bytes: Uint8Array, index: number): number => bytes[index] ?? 0;

export const createSamplePicker = (format: WavFormat, channel: number): SamplePicker => {
  const width = format.bytesPerSample;
  const stride = width * format.channels;
  const first = channel * width;
  const started = new Uint8Array(stride);
  let startedBytes = 0;

  /** Byte loops on purpose: an hour of telephone is 28.8 million frames, and a `subarray` or `set` each would dominate. */
  const copyFrames = (source: Uint8Array, from: number, frames: number, target: Uint8Array, at: number): void => {
    let read = from + first;
    let write = at;
    const end = write + frames * width;
    if (width === 1) {
      for (; write < end; write += 1, read += stride) target[write] = byteAt(source, read);
      return;
    }
    if (width === 2) {
      for (; write < end; write += 2, read += stride) {
        target[write] = byteAt(source, read);
        target[write + 1] = byteAt(source, read + 1);
      }
      return;
    }
    for (; write < end; write += 3, read += stride) {
      target[write] = byteAt(source, read);
      target[write + 1] = byteAt(source, read + 1);
      target[write + 2] = byteAt(source, read + 2);
    }
  };

  return {
    pick(source, from, target, at) {
      let read = from;
      let write = at;
      if (startedBytes > 0) {
        const missing = source.subarray(read, read + stride - startedBytes);
        started.set(missing, startedBytes);
        startedBytes += missing.byteLength;
        read += missing.byteLength;
        if (startedBytes < stride) return { used: read - from, written: 0 };
        copyFrames(started, 0, 1, target, write);
        startedBytes = 0;
        write += width;
      }
      const room = Math.floor((target.byteLength - write) / width);
      const frames = Math.min(Math.floor((source.byteLength - read) / stride), room);
      copyFrames(source, read, frames, target, write);
      read += frames * stride;
      write += frames * width;
      const rest = source.byteLength - read;
      if (rest > 0 && rest < stride) {
        started.set(source.subarray(read), 0);
        startedBytes = rest;
        read += rest;
      }
      return { used: read - from, written: write - at };
    },
  };
};
