import { keptByRuntime } from "./runtime.ts";

/** Vitest's own, and what libraries keep for all their instances: they are there from some file on. */
const KEPT_BY_TOOLS = /^__(vitest|vite|zod)_/;

const globalsNow = (): Map<string, unknown> =>
  new Map(
    Object.getOwnPropertyNames(globalThis)
      .filter((name) => !KEPT_BY_TOOLS.test(name))
      .map((name) => [name, Reflect.get(globalThis, name)]),
  );

/**
 * That each global is what it was when this runtime's first file began. Without this, what a file puts in one's place by hand stays there.
 * @throws Error naming those that are not
 */
export const expectSameGlobals = (): void => {
  const now = globalsNow();
  const first = keptByRuntime("globals", () => now);
  const changed = [...new Set([...first.keys(), ...now.keys()])].filter((name) => !Object.is(first.get(name), now.get(name)));
  if (changed.length > 0) throw new Error(`A file before this one changed these globals and did not put them back: ${changed.join(", ")}.`);
};
