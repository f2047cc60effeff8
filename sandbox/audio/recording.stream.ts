import type { Dialogue } from "./dialogue.ts";
import { BYTES_PER_SAMPLE, HEADER_BYTES, SAMPLE_RATE, wavHeader } from "./wav.ts";

const CHUNK_FRAMES = SAMPLE_RATE * 2;

/**
 * `single`: one person alone. `dual`: two people, a channel each. `mixed`: two
 * people in one channel, each sample the mean of both, so that what was said can
 * no longer be told by comparing samples.
 */
export type Layout = "single" | "dual" | "mixed";

function channelsOf(layout: Layout): 1 | 2 {
  return layout === "dual" ? 2 : 1;
}

/** The length of what `wavChunks` will give, for Content-Length. */
export function wavBytes(dialogue: Dialogue, layout: Layout): number {
  return HEADER_BYTES + dialogue.frames * channelsOf(layout) * BYTES_PER_SAMPLE;
}

/** A WAV file piece by piece: however long the recording, only a few seconds of it are ever in memory. */
export function* wavChunks(dialogue: Dialogue, layout: Layout): Generator<Buffer> {
  yield wavHeader(channelsOf(layout), dialogue.frames);
  let firstLine = 0;
  for (let from = 0; from < dialogue.frames; from += CHUNK_FRAMES) {
    const frames = Math.min(CHUNK_FRAMES, dialogue.frames - from);
    const sides = [new Int16Array(frames), new Int16Array(frames)] as const;
    for (let i = firstLine; i < dialogue.lines.length; i += 1) {
      const line = dialogue.lines[i];
      if (line === undefined || line.startFrame >= from + frames) break;
      const end = line.startFrame + line.clip.samples.length;
      if (end <= from) {
        if (i === firstLine) firstLine += 1;
        continue;
      }
      const begin = Math.max(line.startFrame, from);
      sides[line.channel].set(line.clip.samples.subarray(begin - line.startFrame, Math.min(end, from + frames) - line.startFrame), begin - from);
    }
    yield interleave(sides[0], sides[1], layout);
  }
}

function interleave(parent: Int16Array, child: Int16Array, layout: Layout): Buffer {
  const out = Buffer.allocUnsafe(parent.length * channelsOf(layout) * BYTES_PER_SAMPLE);
  for (let i = 0; i < parent.length; i += 1) {
    const left = parent[i] ?? 0;
    const right = child[i] ?? 0;
    if (layout === "dual") {
      out.writeInt16LE(left, i * 4);
      out.writeInt16LE(right, i * 4 + 2);
    } else {
      out.writeInt16LE(layout === "mixed" ? (left + right) >> 1 : left, i * 2);
    }
  }
  return out;
}
