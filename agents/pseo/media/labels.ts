import { MAP_SIZE, type Spot } from "./place-map.ts";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Which way a name is written from its point, so that it stays close to it. */
export type Alignment = "start" | "middle" | "end";

export interface Label extends Box {
  lines: string[];
  align: Alignment;
}

export const LABEL = { size: 23, line: 28, most: 20 } as const;
/** Sans-serif letters are about half as wide as high; a little more is on the safe side. */
const CHARACTER = LABEL.size * 0.56;
const RADIUS = 19;

export const overlap = (a: Box, b: Box): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
export const inside = ({ x, y, width, height }: Box): boolean => x >= 12 && y >= 12 && x + width <= MAP_SIZE.width - 12 && y + height <= MAP_SIZE.height - 12;

/** Two lines at most, cut between words; what is longer ends in dots, and is told in full beside the map. */
export const linesOf = (name: string): string[] => {
  const lines: string[] = [];
  for (const word of name.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= LABEL.most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  const shown = lines.slice(0, 2).map((line) => (line.length > LABEL.most ? `${line.slice(0, LABEL.most - 1)}…` : line));
  if (lines.length > 2) shown[1] = `${(shown[1] ?? "").slice(0, LABEL.most - 1)}…`;
  return shown;
};

const candidates = ({ x, y }: Pick<Spot, "x" | "y">, width: number, height: number): (Box & { align: Alignment })[] => {
  const gap = RADIUS + 6;
  const corners: { x: number; y: number; align: Alignment }[] = [
    { x: x + gap, y: y - height / 2, align: "start" }, { x: x - gap - width, y: y - height / 2, align: "end" },
    { x: x - width / 2, y: y + gap - 2, align: "middle" }, { x: x - width / 2, y: y - gap - height + 2, align: "middle" },
    { x: x + gap * 0.7, y: y + gap * 0.6, align: "start" }, { x: x + gap * 0.7, y: y - gap * 0.6 - height, align: "start" },
    { x: x - gap * 0.7 - width, y: y + gap * 0.6, align: "end" }, { x: x - gap * 0.7 - width, y: y - gap * 0.6 - height, align: "end" },
  ];
  return corners.map((corner) => ({ ...corner, width, height }));
};

/**
 * Where each name can stand without hiding anything: beside its point, where there is room. Null where there is none; the number of the
 * point is told beside the map.
 * @param taken what names must not lie on: points, and what else is written
 */
export const placeLabels = (spots: readonly Pick<Spot, "name" | "x" | "y">[], taken: readonly Box[]): (Label | null)[] => {
  const occupied = [...taken, ...spots.map(({ x, y }) => ({ x: x - RADIUS, y: y - RADIUS, width: RADIUS * 2, height: RADIUS * 2 }))];
  return spots.map((spot) => {
    const lines = linesOf(spot.name);
    const width = Math.max(...lines.map((line) => line.length)) * CHARACTER + 8;
    const box = candidates(spot, width, lines.length * LABEL.line).find((candidate) => inside(candidate) && !occupied.some((other) => overlap(other, candidate)));
    if (box === undefined) return null;
    occupied.push(box);
    return { ...box, lines };
  });
};
