import { isRecord, type Path } from "./yaml-text.ts";

const step = (value: unknown, key: string | number): unknown => (typeof value === "object" && value !== null && Object.hasOwn(value, key) ? (value as Record<string | number, unknown>)[key] : undefined);

const over = (below: unknown, own: unknown): unknown => {
  if (own === null) return undefined;
  if (!isRecord(own) || !isRecord(below)) return own;
  return Object.fromEntries([...new Set([...Object.keys(below), ...Object.keys(own)])].map((key) => [key, Object.hasOwn(own, key) ? over(below[key], own[key]) : below[key]]));
};

export interface Look {
  /** What holds there; undefined: nothing. */
  value: unknown;
  /** Whether the custom layer says it. */
  own: boolean;
  /** What would hold if the custom layer did not. */
  below: unknown;
}

/** What holds at `path`: maps merge, lists replace, null removes, as the API lays one layer over the others. */
export const lookAt = (custom: unknown, beneath: unknown, path: Path): Look => {
  let [said, below, own]: [unknown, unknown, boolean] = [custom, beneath, true];
  for (const key of path) {
    // What is no map shuts off what lies below it.
    if (own && !isRecord(said)) below = undefined;
    own &&= typeof said === "object" && said !== null && Object.hasOwn(said, key);
    if (own) said = step(said, key);
    below = step(below, key);
  }
  return { value: own ? over(below, said) : below, own, below };
};

/** The layer that says what holds at `path` beneath the custom one; null where none does. */
export const originOf = (origins: Readonly<Record<string, string>>, path: Path): string | null => {
  for (let depth = path.length; depth > 0; depth--) {
    const known = origins[path.slice(0, depth).join(".")];
    if (known !== undefined) return known;
  }
  const inside = `${path.join(".")}.`;
  return Object.entries(origins).find(([name]) => name.startsWith(inside))?.[1] ?? null;
};

/** The list around `path` that the custom layer does not have yet: to change a part of it is to say all of it. */
export const inheritedList = (custom: unknown, beneath: unknown, path: Path): Path | null => {
  for (let depth = 1; depth < path.length; depth++) {
    const here = path.slice(0, depth);
    const { value, own } = lookAt(custom, beneath, here);
    if (Array.isArray(value)) return own ? null : here;
  }
  return null;
};
