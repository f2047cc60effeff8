import { setTimeout as sleep } from "node:timers/promises";
import type { Exit, LeashedProcess } from "./processes.ts";

export interface SupervisorOptions {
  start: () => LeashedProcess;
  log: (line: string) => void;
}

export interface Supervised {
  /** Resolves when it has ended for good: by our signal, or because it kept ending by itself. */
  readonly exited: Promise<Exit>;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<Exit>;
  /** From now on an end that nobody asked for is followed by a new start. */
  supervise(): void;
}

/** One that ends again so soon is not hit by chance. */
const TOO_SOON_MS = 2_000;

/**
 * Keeps `wrangler dev` alive. Versions before 4.133 exit when a proxied request fails on its way to the Worker: a client that
 * disconnects in the middle of an upload, or a pooled connection that closes at the moment it is used again
 * (cloudflare/workers-sdk issues 14641, 15203, 15317); ours is newer, and none was seen to. All state is on disk, so a new
 * start on it loses nothing but the requests under way.
 */
export const superviseProcess = ({ start, log }: SupervisorOptions): Supervised => {
  let current = start();
  let isWanted = true;
  let supervised = false;
  /** `stop`, `kill` and `supervise` change them while we wait, which the compiler cannot see. */
  const mayGoOn = (): boolean => isWanted && supervised;

  const run = async (): Promise<Exit> => {
    for (;;) {
      const startedAt = Date.now();
      const exit = await current.exited;
      const tooSoon = Date.now() - startedAt < TOO_SOON_MS;
      if (!mayGoOn() || tooSoon) return exit;
      log(`wrangler dev ended by itself (${exit.signal ?? `exit code ${exit.code ?? "unknown"}`}); starting it again`);
      await sleep(100);
      if (!mayGoOn()) return exit;
      current = start();
    }
  };
  const exited = run();

  return {
    exited,
    kill: (signal) => {
      isWanted = false;
      current.kill(signal);
    },
    stop: async () => {
      isWanted = false;
      await current.stop();
      return exited;
    },
    supervise: () => {
      supervised = true;
    },
  };
};
