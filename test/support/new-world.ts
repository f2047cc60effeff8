import { vi } from "vitest";
import { askForUnknownModulesOnly } from "./known-modules.ts";
import { expectSameGlobals } from "./same-globals.ts";
import { emptyWorld } from "./world.ts";

/*
 * Every test file begins here, in a runtime that has run others: starting one and loading some eight hundred modules into it takes
 * longer than most files' tests. What a new runtime would give, a file has nonetheless: nothing goes on, nothing is stored, no global is
 * another's, and each module is loaded anew. What cannot be had fails the file that would begin in it.
 */

vi.useRealTimers();
vi.unstubAllGlobals();
vi.unstubAllEnvs();
expectSameGlobals();
await emptyWorld();
askForUnknownModulesOnly();
vi.resetModules();
