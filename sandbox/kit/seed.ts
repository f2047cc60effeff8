import { createHash } from "node:crypto";

/** A whole number from 0 to `size - 1` that depends on nothing but the text, so that a run can be repeated exactly. */
export function pickIndex(text: string, size: number): number {
  return size <= 1 ? 0 : createHash("sha256").update(text).digest().readUInt32BE(0) % size;
}

export function pickFrom<T>(text: string, choices: readonly T[]): T | undefined {
  return choices[pickIndex(text, choices.length)];
}
