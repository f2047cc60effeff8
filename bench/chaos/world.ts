import { rmSync } from "node:fs";
import path from "node:path";
import { freePortToKeep } from "../../scripts/lib/ports.ts";
import type { RunningWorker } from "../../scripts/lib/worker-process.ts";
import { startHouse, STATE_DIR } from "../lib/house.ts";
import type { StandIn } from "../lib/stand-in.ts";

/** Those whose every use can be made to fail (failing.worker.ts). */
export type Binding = "database" | "storage" | "queue";

/** What a scenario may do to the Worker and the world around it. */
export interface World {
  readonly url: string;
  readonly standIn: StandIn;
  /** Ends the Worker as a power cut would, and starts it again on what it had stored, by a clock that is `aheadS` seconds ahead of ours. */
  crash(aheadS?: number): Promise<void>;
  /** From now on each use of these bindings fails; [] mends all. */
  fail(names: readonly Binding[]): Promise<void>;
  stop(): Promise<void>;
}

interface Options {
  standIn: StandIn;
  /** The folder of its state, which is emptied. */
  stateDir?: string;
  /** Told of each Worker that is started. */
  track?: (worker: RunningWorker) => void;
}

/** Ten in the morning where these telephones are (Auckland, UTC+13 or +12): who may be rung at what hour is not what is tried here. */
const MORNING_UTC_H = 21;
const HOUR_S = 3_600;

/** Seconds from now until the next such hour. */
const untilMorningS = (): number => {
  const now = Date.now() / 1000;
  const today = new Date().setUTCHours(MORNING_UTC_H, 0, 0, 0) / 1000;
  return Math.round(today > now ? today - now : today - now + 24 * HOUR_S);
};

/** The product before bindings that can fail, and vendors that can be made to. Its cron comes by every 5 s. */
export const openWorld = async ({ standIn, stateDir = path.join(STATE_DIR, "chaos"), track = () => undefined }: Options): Promise<World> => {
  rmSync(stateDir, { recursive: true, force: true });
  const port = await freePortToKeep();
  const morningS = untilMorningS();
  const start = async (aheadS: number, again: boolean): Promise<RunningWorker> => {
    const vars = { APEX_CLOCK_OFFSET_S: String(morningS + aheadS) };
    const started = await startHouse({ kind: "failing", stateDir, sandbox: standIn.sandbox, callsPerSecond: 1000, cron: true, port, vars, again });
    track(started);
    return started;
  };
  let worker = await start(0, false);
  return {
    url: worker.url,
    standIn,
    crash: async (aheadS = 0) => {
      worker.kill("SIGKILL");
      await worker.exited;
      worker = await start(aheadS, true);
    },
    fail: async (names) => {
      const response = await fetch(`${worker.url}/__chaos/failing?${names.map((name) => `name=${name}`).join("&")}`, { method: "POST" });
      if (!response.ok) throw new Error(`The bindings could not be told: ${response.status}`);
      await response.arrayBuffer();
    },
    stop: async () => worker.stop(),
  };
};
