import { isLayer, type Layer } from "./document.ts";

export interface Change {
  /** Keys joined by dots; a list is one value. */
  path: string;
  change: "added" | "removed" | "changed";
  /** Absent when added. */
  from?: unknown;
  /** Absent when removed. */
  to?: unknown;
}

const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What differs between two layers, in the order of their keys. Order of keys, comments and spelling are no difference. */
export const diffLayers = (from: Layer, to: Layer, path: readonly string[] = []): Change[] => {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return names.flatMap((name): Change[] => {
    const [before, after] = [from[name], to[name]];
    const here = [...path, name];
    const at = here.join(".");
    if (!Object.hasOwn(from, name)) return [{ path: at, change: "added", to: after }];
    if (!Object.hasOwn(to, name)) return [{ path: at, change: "removed", from: before }];
    if (isLayer(before) && isLayer(after)) return diffLayers(before, after, here);
    return equal(before, after) ? [] : [{ path: at, change: "changed", from: before, to: after }];
  });
};
