import { readdirSync, readFileSync } from "node:fs";
import { inspectProcess } from "../../scripts/lib/process-table.ts";

/** Whether a process descends from this one. */
const isOurs = (pid: number): boolean => {
  for (let next = pid; next > 1; ) {
    if (next === process.pid) return true;
    next = inspectProcess(next)?.parent ?? 0;
  }
  return false;
};

const residentBytes = (pid: number): number => {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    // It has ended meanwhile.
    return 0;
  }
};

/**
 * What all processes of workerd that we started hold in memory (VmRSS, proc_pid_status(5)); null on systems without /proc.
 * There is one for each Worker that is up: it runs the Worker, its objects and D1.
 */
export const workerdBytes = (): number | null => {
  if (process.platform !== "linux") return null;
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number);
  return pids.filter((pid) => inspectProcess(pid)?.program === "workerd" && isOurs(pid)).reduce((sum, pid) => sum + residentBytes(pid), 0);
};
