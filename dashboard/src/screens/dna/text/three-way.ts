import { diff } from "@codemirror/merge";

export interface Merged {
  text: string;
  /** Lines that both have changed, each differently: mine are in the text. */
  conflicts: { mine: string; theirs: string }[];
}

interface Change {
  fromA: number;
  toA: number;
  fromB: number;
  toB: number;
}

const FIRST = 0x100;

/** One character a line, so that what compares characters compares lines. */
const asCharacters = (known: Map<string, string>, lines: readonly string[]): string =>
  lines
    .map((line) => {
      const character = known.get(line) ?? String.fromCharCode(FIRST + known.size);
      known.set(line, character);
      return character;
    })
    .join("");

const touches = (a: Change, from: number, to: number): boolean => (a.fromA < to && from < a.toA) || (a.fromA === from && (a.fromA === a.toA || from === to));

/** What a side has of the base's lines `from` to `to`; its changes within lie in `changes`, of which there is one. */
const sideOf = (lines: readonly string[], changes: readonly [Change, ...Change[]], from: number, to: number): string[] => {
  const [first, last] = [changes[0], changes.at(-1) ?? changes[0]];
  return lines.slice(first.fromB - (first.fromA - from), last.toB + (to - last.toA));
};

const some = <T>(list: readonly T[]): list is readonly [T, ...T[]] => list.length > 0;

/**
 * Two people's changes of one text, laid together line by line. Lines that only one has changed are theirs; neighbours do
 * not disturb each other, since in YAML they are values of their own.
 */
export const mergeTexts = (base: string, mine: string, theirs: string): Merged => {
  const [baseLines, mineLines, theirLines] = [base.split("\n"), mine.split("\n"), theirs.split("\n")];
  const known = new Map<string, string>();
  const [a, b, c] = [asCharacters(known, baseLines), asCharacters(known, mineLines), asCharacters(known, theirLines)];
  const [mineChanges, theirChanges]: [readonly Change[], readonly Change[]] = [diff(a, b), diff(a, c)];

  const merged: string[] = [];
  const conflicts: Merged["conflicts"] = [];
  let at = 0;
  const left = { mine: [...mineChanges], theirs: [...theirChanges] };
  for (;;) {
    const first = [left.mine[0], left.theirs[0]].filter((change) => change !== undefined).sort((x, y) => x.fromA - y.fromA || x.toA - y.toA)[0];
    if (first === undefined) break;
    let [from, to] = [first.fromA, first.toA];
    const taken: { mine: Change[]; theirs: Change[] } = { mine: [], theirs: [] };
    for (let grew = true; grew; ) {
      grew = false;
      for (const side of ["mine", "theirs"] as const) {
        const next = left[side][0];
        if (next === undefined || (next !== first && !touches(next, from, to))) continue;
        taken[side].push(next);
        left[side].shift();
        [from, to, grew] = [Math.min(from, next.fromA), Math.max(to, next.toA), true];
      }
    }
    merged.push(...baseLines.slice(at, from));
    const own = some(taken.mine) ? sideOf(mineLines, taken.mine, from, to) : null;
    const other = some(taken.theirs) ? sideOf(theirLines, taken.theirs, from, to) : null;
    merged.push(...(own ?? other ?? []));
    if (own !== null && other !== null && own.join("\n") !== other.join("\n")) conflicts.push({ mine: own.join("\n"), theirs: other.join("\n") });
    at = to;
  }
  merged.push(...baseLines.slice(at));
  return { text: merged.join("\n"), conflicts };
};
