import { createHash } from "node:crypto";

function position(token: string, dimensions: number): { index: number; sign: number } {
  const digest = createHash("md5").update(token).digest();
  return { index: digest.readUInt32LE(0) % dimensions, sign: (digest[4] ?? 0) % 2 === 0 ? 1 : -1 };
}

/** Crude, but similar texts come out near each other: hashed words and, weaker, their three-letter parts. Of unit length. */
export function embed(text: string, dimensions: number): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  const add = (token: string, weight: number): void => {
    const { index, sign } = position(token, dimensions);
    vector[index] = (vector[index] ?? 0) + sign * weight;
  };
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ["(nothing)"]) {
    add(word, 1);
    const padded = `<${word}>`;
    for (let i = 0; i + 3 <= padded.length; i += 1) add(padded.slice(i, i + 3), 0.3);
  }
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}
