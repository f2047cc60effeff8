import { pickFrom } from "../kit/seed.ts";
import { clipsFor, type Clip } from "./voices.ts";
import { SAMPLE_RATE } from "./wav.ts";

/** A clip at its place: channel 0 is the parent leg's person, channel 1 the child's. */
export interface Line {
  readonly channel: 0 | 1;
  readonly clip: Clip;
  readonly startFrame: number;
}

/** Who says what, when; everything that a recording of it needs except the samples. */
export interface Dialogue {
  readonly lines: readonly Line[];
  readonly frames: number;
}

export type Party = "owner" | "customer" | "machine";

const GAP_FRAMES = SAMPLE_RATE * 0.5;
const STAGES: readonly { stage: string; voice: Clip["voice"] }[] = [
  { stage: "greeting", voice: "owner" },
  { stage: "problem", voice: "customer" },
  { stage: "question", voice: "owner" },
  { stage: "detail", voice: "customer" },
  { stage: "offer", voice: "owner" },
  { stage: "reply", voice: "customer" },
  { stage: "close", voice: "owner" },
];
/** Two people who share a role would share a channel's voice, so the parent's role decides and the child gets the other. */
function clipsOf(seed: string, parent: Party, child: Party): { channel: 0 | 1; clip: Clip }[] {
  const machine = parent === "machine" || child === "machine";
  const stages = machine
    ? [
        { stage: "voicemail_greeting", voice: "machine" as const },
        { stage: "voicemail_message", voice: (parent === "machine" ? child : parent) === "customer" ? ("customer" as const) : ("owner" as const) },
      ]
    : STAGES;
  const parentVoice: Party = parent;
  return stages.flatMap(({ stage, voice }) => {
    const clip = pickFrom(`${seed}/${stage}`, clipsFor(stage, voice));
    return clip === undefined ? [] : [{ channel: voice === parentVoice ? (0 as const) : (1 as const), clip }];
  });
}

/**
 * A conversation that depends only on its seed. With `seconds` it goes on, in new
 * rounds, until it is exactly that long; without, it is one round.
 */
export function planDialogue(seed: string, parent: Party, child: Party, seconds: number | null = null): Dialogue {
  const wanted = seconds === null ? 0 : Math.round(seconds * SAMPLE_RATE);
  const lines: Line[] = [];
  let frame = GAP_FRAMES;
  for (let round = 0; round === 0 || frame < wanted; round += 1) {
    for (const { channel, clip } of clipsOf(round === 0 ? seed : `${seed}#${round}`, parent, child)) {
      lines.push({ channel, clip, startFrame: frame });
      frame += clip.samples.length + GAP_FRAMES;
    }
  }
  return seconds === null ? { lines, frames: frame } : cutAt({ lines, frames: frame }, wanted);
}

/** Cut wherever that is, also in the middle of a word. */
export function cutAt(dialogue: Dialogue, frames: number): Dialogue {
  return { lines: dialogue.lines.filter((line) => line.startFrame < frames), frames: Math.min(frames, dialogue.frames) };
}

/** Cut at the end of the line that is being said at this fraction, as by a person who hangs up between sentences. */
export function cutAfterLine(dialogue: Dialogue, fraction: number): Dialogue {
  const last = dialogue.lines[Math.max(0, Math.ceil(dialogue.lines.length * fraction) - 1)];
  return last === undefined ? dialogue : cutAt(dialogue, last.startFrame + last.clip.samples.length + GAP_FRAMES);
}

export function cutFrom(dialogue: Dialogue, frames: number): Dialogue {
  return {
    lines: dialogue.lines.map((line) => ({ ...line, startFrame: line.startFrame - frames })).filter((line) => line.startFrame + line.clip.samples.length > 0),
    frames: Math.max(0, dialogue.frames - frames),
  };
}

export function joined(first: Dialogue, second: Dialogue): Dialogue {
  return {
    lines: [...first.lines, ...second.lines.map((line) => ({ ...line, startFrame: line.startFrame + first.frames }))],
    frames: first.frames + second.frames,
  };
}

/** What one person says into a voicemail. */
export function planMessage(seed: string, speaker: Party): Dialogue {
  const clip = pickFrom(seed, clipsFor("voicemail_message", speaker === "machine" ? "customer" : speaker));
  if (clip === undefined) return { lines: [], frames: 0 };
  return { lines: [{ channel: 0, clip, startFrame: GAP_FRAMES }], frames: clip.samples.length + 2 * GAP_FRAMES };
}

export function secondsOf(dialogue: Dialogue): number {
  return dialogue.frames / SAMPLE_RATE;
}
