import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inject } from "vitest";
import { eventually } from "./eventually.ts";

/** Longer than anything takes that is made so, on the slowest machine. */
const LONGEST_MS = 240_000;

/** @returns whether we are the first, in whatever process */
const isFirst = (dir: string): boolean => {
  try {
    mkdirSync(dir);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  }
};

/** What every file of a run needs and takes long to make: made by the first that asks, in a folder of the run's. @returns the folder */
export const madeOnce = async (name: string, make: (dir: string) => Promise<void>): Promise<string> => {
  const dir = path.join(inject("runDir"), name);
  if (isFirst(`${dir}.begun`)) {
    await make(dir);
    writeFileSync(`${dir}.made`, "");
  } else {
    await eventually(`${name} to be made by another file`, () => existsSync(`${dir}.made`), () => undefined, LONGEST_MS);
  }
  return dir;
};
