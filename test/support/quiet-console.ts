import { beforeEach } from "vitest";
import { keptByRuntime } from "./runtime.ts";

/*
 * Keeps what is logged while a test runs, and shows it when that test fails. Vitest's own way (`silent: "passed-only"`) sends
 * each line to its main process and waits, at a file's end, until all have been taken; a line that work in the background writes at
 * that moment, in another I/O context than the test's, stays behind, and the run hangs for ever.
 */

const METHODS = ["debug", "info", "log", "warn", "error"] as const;
const MOST_LINES = 200;

/** The console's own: the next file of the runtime finds `console.log` replaced. */
const print = keptByRuntime("print", () => console.log.bind(console));
let lines: unknown[][] = [];

for (const method of METHODS) {
  console[method] = (...words: unknown[]) => {
    lines.push(words);
    if (lines.length > MOST_LINES) lines.shift();
  };
}

beforeEach(({ onTestFailed }) => {
  lines = [];
  onTestFailed(() => {
    for (const words of lines) print(...words);
  });
});
