import { freePort } from "../../scripts/lib/ports.ts";
import type { RunningWorker } from "../../scripts/lib/worker-process.ts";
import { startHouse } from "../lib/house.ts";
import type { StandIn } from "../lib/stand-in.ts";

/** What a scenario may do to the Worker and the world around it. */
export interface World {
  readonly url: string;
  readonly standIn: StandIn;
  /** Ends the Worker as a power cut would, and starts it again on what it had stored; `vars` stay. */
  crash(vars?: Record<string, string>): Promise<void>;
  /** From now on each use of these bindings fails; [] mends all. */
  fail(names: readonly ("database" | "storage" | "queue")[]): Promise<void>;
  stop(): Promise<void>;
}

/** The product before bindings that can fail, and vendors that can be made to. Its cron comes by every 5 s. */
export const openWorld = async (standIn: StandIn, track: (worker: RunningWorker) => void): Promise<World> => {
  const port = await freePort();
  let vars: Record<string, string> = {};
  const start = async (again: boolean): Promise<RunningWorker> => {
    const started = await startHouse({ kind: "failing", state: "chaos", sandbox: standIn.sandbox, callsPerSecond: 1000, cron: true, port, vars, again });
    track(started);
    return started;
  };
  let worker = await start(false);
  return {
    url: worker.url,
    standIn,
    crash: async (more = {}) => {
      vars = { ...vars, ...more };
      worker.kill("SIGKILL");
      await worker.exited;
      worker = await start(true);
    },
    fail: async (names) => {
      const response = await fetch(`${worker.url}/__chaos/failing?${names.map((name) => `name=${name}`).join("&")}`, { method: "POST" });
      if (!response.ok) throw new Error(`The bindings could not be told: ${response.status}`);
      await response.arrayBuffer();
    },
    stop: async () => worker.stop(),
  };
};
