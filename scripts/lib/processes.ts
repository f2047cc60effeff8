import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { stripVTControlCharacters } from "node:util";
import { waitForGroupToEnd } from "./process-table.ts";

export const LEASH = path.join(import.meta.dirname, "leash.sh");

export interface ProcessOptions {
  command: string;
  args: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Every line of standard output and error, without colours. */
  onLine: (line: string) => void;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface LeashedProcess {
  /** Resolves when the command has ended and nothing of its process group is left. */
  readonly exited: Promise<Exit>;
  /** Sends a signal to the command and all that it started. Does nothing once it has ended. */
  kill(signal: NodeJS.Signals): void;
  /** Asks it to end and, after `graceMs`, makes it. */
  stop(graceMs?: number): Promise<Exit>;
}

/**
 * Starts a command in a process group of its own that does not outlive us, however we end (see leash.sh). A Ctrl-C in the
 * terminal reaches only us, so that we decide in which order things stop.
 */
export const startProcess = ({ command, args, cwd, env, onLine }: ProcessOptions): LeashedProcess => {
  const child = spawn("/bin/sh", [LEASH, command, ...args], { cwd, env, detached: true, stdio: ["pipe", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => onLine(stripVTControlCharacters(line)));
  }
  // Its end of the pipe closes when it is killed; that is no error of ours.
  child.stdin.on("error", () => undefined);
  let ended = false;

  const killGroup = (signal: NodeJS.Signals): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // Nothing of the group is left.
    }
  };

  const exited = new Promise<Exit>((resolve) => {
    child.once("error", (error) => {
      ended = true;
      onLine(`could not start ${command}: ${error.message}`);
      resolve({ code: null, signal: null });
    });
    child.once("exit", (code, signal) => {
      ended = true;
      killGroup("SIGKILL");
      const settle = (): void => resolve({ code, signal });
      waitForGroupToEnd(child.pid ?? 0).then(settle, settle);
    });
  });

  const kill = (signal: NodeJS.Signals): void => {
    if (!ended) killGroup(signal);
  };

  return {
    exited,
    kill,
    stop: async (graceMs = 5_000) => {
      kill("SIGTERM");
      const overdue = setTimeout(() => kill("SIGKILL"), graceMs);
      try {
        return await exited;
      } finally {
        clearTimeout(overdue);
      }
    },
  };
};
