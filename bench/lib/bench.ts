import { rmSync } from "node:fs";
import path from "node:path";
import type { Shutdown } from "../../scripts/lib/shutdown.ts";
import type { RunningWorker } from "../../scripts/lib/worker-process.ts";
import { type HouseOptions, startHouse, STATE_DIR } from "./house.ts";
import { type StandIn, startStandIn } from "./stand-in.ts";

/** What a phase measures with. Nothing of it outlives the phase. */
export interface Bench {
  readonly standIn: StandIn;
  /** The short form: fewer rates, smaller sizes. */
  readonly quick: boolean;
  /** This phase's own folder, empty when it begins and gone when it ends. */
  readonly stateDir: string;
  readonly start: (options: Omit<HouseOptions, "sandbox" | "stateDir"> & { state: string }) => Promise<RunningWorker>;
  /** Something else that is to be closed however the phase ends; what was opened last is closed first. */
  readonly closing: (close: () => Promise<void>) => void;
  readonly say: (line: string) => void;
}

/** Runs a phase with stand-ins and a state of its own, and closes what it opened, whether or not it succeeds. */
export const withBench = async <Result>({ name, quick, shutdown, say }: { name: string; quick: boolean; shutdown: Shutdown; say: (line: string) => void }, work: (bench: Bench) => Promise<Result>): Promise<Result> => {
  const stateDir = path.join(STATE_DIR, name);
  rmSync(stateDir, { recursive: true, force: true });
  const opened: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (let next = opened.pop(); next !== undefined; next = opened.pop()) await next();
    rmSync(stateDir, { recursive: true, force: true });
  };
  shutdown.stopFirst(close);
  try {
    const standIn = await startStandIn();
    opened.push(() => standIn.sandbox.close());
    standIn.acceptOnly(true);
    return await work({
      standIn,
      quick,
      stateDir,
      say,
      closing: (one) => void opened.push(one),
      start: async ({ state, ...options }) => {
        const worker = await startHouse({ ...options, stateDir: path.join(stateDir, state), sandbox: standIn.sandbox });
        opened.push(() => worker.stop());
        return worker;
      },
    });
  } finally {
    await close();
  }
};
