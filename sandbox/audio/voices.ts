import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isObject, textIn } from "../kit/json.ts";
import { readWavFormat } from "./wav.ts";

/** A recorded sentence: who says it, when in a conversation it fits, and the exact words. */
export interface Clip {
  readonly name: string;
  readonly voice: "owner" | "customer" | "machine";
  readonly stage: string;
  readonly text: string;
  /** Mono, 8 kHz. Holds no sample of exact silence, so that silence separates clips. */
  readonly samples: Int16Array;
}

const FOLDER = new URL("../voices/", import.meta.url);

function readClip(entry: unknown): Clip {
  if (!isObject(entry)) throw new Error("voices/script.json: an entry is not an object");
  const name = textIn(entry, "clip");
  const voice = textIn(entry, "voice");
  const stage = textIn(entry, "stage");
  const text = textIn(entry, "text");
  if (name === undefined || stage === undefined || text === undefined || (voice !== "owner" && voice !== "customer" && voice !== "machine")) {
    throw new Error("voices/script.json: an entry lacks its clip, voice, stage or text");
  }
  const file = readFileSync(fileURLToPath(new URL(`${name}.wav`, FOLDER)));
  const format = readWavFormat(file);
  if (format?.channels !== 1) throw new Error(`voices/${name}.wav is not mono 16-bit PCM`);
  const samples = new Int16Array(Math.floor((file.length - format.dataOffset) / 2));
  for (let i = 0; i < samples.length; i += 1) samples[i] = file.readInt16LE(format.dataOffset + i * 2);
  return { name, voice, stage, text, samples };
}

let loaded: readonly Clip[] | undefined;

/** Every clip of voices/, read from disk once. */
export function allClips(): readonly Clip[] {
  if (loaded === undefined) {
    const script: unknown = JSON.parse(readFileSync(fileURLToPath(new URL("script.json", FOLDER)), "utf8"));
    if (!Array.isArray(script)) throw new Error("voices/script.json is not a list");
    loaded = script.map(readClip);
  }
  return loaded;
}

export function clipsFor(stage: string, voice?: Clip["voice"]): readonly Clip[] {
  return allClips().filter((clip) => clip.stage === stage && (voice === undefined || clip.voice === voice));
}
