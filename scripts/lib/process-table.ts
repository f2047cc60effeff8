import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

export interface ProcessEntry {
  program: string;
  /** One letter, `Z` for a zombie: it has ended and waits for its parent to take notice. */
  state: string;
  parent: number;
  group: number;
}

/** What /proc says about a process (proc_pid_stat(5)); null when it is gone, and on systems without /proc. */
export const inspectProcess = (pid: number): ProcessEntry | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [, program = "", state = "", parent, group] = /^\d+ \((.*)\) (\S) (\d+) (\d+)/s.exec(stat) ?? [];
    return { program, state, parent: Number(parent), group: Number(group) };
  } catch {
    return null;
  }
};

const isGroupAlive = (group: number): boolean => {
  try {
    process.kill(-group, 0);
  } catch {
    return false;
  }
  if (process.platform !== "linux") return true;
  // Zombies can be signalled too, and stay for ever where process 1 is no init, as in many containers.
  return readdirSync("/proc").some((pid) => {
    const entry = /^\d+$/.test(pid) ? inspectProcess(Number(pid)) : null;
    return entry?.group === group && entry.state !== "Z";
  });
};

/** Resolves when the last process of a group has ended, and with it given up its ports and files; at the latest after 5 s. */
export const waitForGroupToEnd = async (group: number): Promise<void> => {
  const deadline = Date.now() + 5_000;
  while (isGroupAlive(group) && Date.now() < deadline) await sleep(10);
};
