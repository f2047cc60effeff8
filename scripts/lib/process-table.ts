import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

export interface ProcessEntry {
  program: string;
  /** One letter, `Z` for a zombie: it has ended and waits for its parent to take notice. */
  state: string;
  parent: number;
  group: number;
  threads: number;
}

/** Reads a line of /proc/PID/stat (proc_pid_stat(5)). A program's name may have anything in it. */
export const readStat = (stat: string): ProcessEntry => {
  const [, program = "", rest = ""] = /^\d+ \((.*)\) (.*)/s.exec(stat) ?? [];
  const fields = rest.split(" ");
  return { program, state: fields[0] ?? "", parent: Number(fields[1]), group: Number(fields[2]), threads: Number(fields[17]) };
};

/** Whether nothing of it runs any more. One whose first thread has ended is a zombie too, while the others still hold its ports and files. */
export const hasEnded = ({ state, threads }: Pick<ProcessEntry, "state" | "threads">): boolean => state === "Z" && threads <= 1;

/** What /proc says about a process; null when it is gone, and on systems without /proc. */
export const inspectProcess = (pid: number): ProcessEntry | null => {
  try {
    return readStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
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
    return entry?.group === group && !hasEnded(entry);
  });
};

/** Resolves when the last process of a group has ended, and with it given up its ports and files; at the latest after 20 s. */
export const waitForGroupToEnd = async (group: number): Promise<void> => {
  const deadline = Date.now() + 20_000;
  while (isGroupAlive(group) && Date.now() < deadline) await sleep(10);
};
