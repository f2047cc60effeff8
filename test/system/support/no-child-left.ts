import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestProject } from "vitest/node";
import { ROOT } from "../../../scripts/lib/wrangler.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Ours alone; the state of every Worker of this run lies below it. */
    runDir: string;
  }
}

/** What is being killed needs a moment to be gone. */
const GRACE_MS = 5_000;

const read = (file: string): string => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
};

/** The processes that have a path below `dir` in their command or environment: Wrangler, and by inheritance all that it started. */
const processesOf = (dir: string): string[] => {
  if (process.platform !== "linux") {
    return execFileSync("ps", ["-Aww", "-o", "pid=,command="], { encoding: "utf8" }).split("\n").filter((line) => line.includes(dir));
  }
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return [];
    const command = read(`/proc/${pid}/cmdline`);
    return command.includes(dir) || read(`/proc/${pid}/environ`).includes(dir) ? [`${pid} ${command.replaceAll("\0", " ")}`] : [];
  });
};

/** Gives the run a directory, and fails it if any process that was started in its name is left at the end. */
export default function setup({ provide }: TestProject): () => Promise<void> {
  const runDir = mkdtempSync(path.join(tmpdir(), "apex-system-"));
  provide("runDir", runDir);
  // Wrangler and Miniflare are compiled once, not by each process that begins with them.
  process.env["NODE_COMPILE_CACHE"] ??= path.join(ROOT, "node_modules/.cache/apex-compiled");
  return async () => {
    const deadline = Date.now() + GRACE_MS;
    let left = processesOf(runDir);
    while (left.length > 0 && Date.now() < deadline) {
      await sleep(50);
      left = processesOf(runDir);
    }
    rmSync(runDir, { recursive: true, force: true, maxRetries: 5 });
    if (left.length === 0) return;
    // Vitest reports what a teardown throws and exits with 0 all the same.
    process.exitCode = 1;
    throw new Error(`Processes were left behind:\n${left.join("\n")}`);
  };
}
