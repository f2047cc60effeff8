import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { hasEnded, inspectProcess, readStat } from "./process-table.ts";
import { LEASH, startProcess } from "./processes.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "apex-processes-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const run = (script: string) => {
  const lines: string[] = [];
  const running = startProcess({ command: "/bin/sh", args: ["-c", script], cwd: scratch, env: process.env, onLine: (line) => lines.push(line) });
  return { ...running, lines, line: (text: string) => vi.waitUntil(() => lines.find((line) => line.includes(text)), { timeout: 10_000 }) };
};
const isGone = (pid: number): boolean => {
  const entry = inspectProcess(pid);
  return entry === null || hasEnded(entry);
};

describe("a process on a leash", () => {
  it("hands over its output, without colours, and its exit code", async () => {
    const running = run("printf '\\033[31mred\\033[0m\\n'; echo oops >&2; exit 7");
    expect(await running.exited).toEqual({ code: 7, signal: null });
    await running.line("oops");
    expect(running.lines.sort()).toEqual(["oops", "red"]);
  });

  it("is dead, with all that it started, once `exited` says so", async () => {
    const running = run("sleep 1000 & echo child $!; wait");
    const child = Number((await running.line("child")).split(" ")[1]);
    expect(isGone(child)).toBe(false);
    running.kill("SIGKILL");
    await running.exited;
    expect(isGone(child)).toBe(true);
  });

  it("gets the chance to end in good order, and no more than the chance", async () => {
    const polite = run("trap 'echo bye; exit 3' TERM; echo up; while :; do sleep 0.05; done");
    await polite.line("up");
    expect(await polite.stop()).toEqual({ code: 3, signal: null });
    const deaf = run("trap '' TERM; echo up; while :; do sleep 0.05; done");
    await deaf.line("up");
    expect(await deaf.stop(50)).toEqual({ code: null, signal: "SIGKILL" });
  });

  it("does not outlive a holder that was killed with -9", async () => {
    const pidFile = path.join(scratch, "pid");
    const holderScript = `
      import { spawn } from "node:child_process";
      spawn("/bin/sh", [${JSON.stringify(LEASH)}, "/bin/sh", "-c", "trap '' HUP INT TERM; echo $$ > ${pidFile}; while :; do sleep 0.05; done"], { detached: true, stdio: ["pipe", "ignore", "ignore"] });`;
    const holder = spawn(process.execPath, ["--input-type=module", "--eval", holderScript]);
    const pid = await vi.waitUntil(() => {
      try {
        return Number(readFileSync(pidFile, "utf8"));
      } catch {
        return 0;
      }
    }, { timeout: 10_000 });
    expect(isGone(pid)).toBe(false);
    holder.kill("SIGKILL");
    await once(holder, "exit");
    await vi.waitUntil(() => isGone(pid), { timeout: 10_000 });
  });

  it("says so when there is no such command", async () => {
    const running = startProcess({ command: "/no/such/command", args: [], cwd: scratch, env: process.env, onLine: () => undefined });
    expect(await running.exited).toEqual({ code: 127, signal: null });
  });
});

describe("the table of processes", () => {
  const line = (state: string, threads: number): string => `4711 (a (odd) name) ${state} 12 34 34 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 ${threads} 0 99 0 0 18446744073709551615`;

  it("is read, whatever a program is called", () => {
    expect(readStat(line("S", 3))).toEqual({ program: "a (odd) name", state: "S", parent: 12, group: 34, threads: 3 });
    expect(inspectProcess(process.pid)).toMatchObject(process.platform === "linux" ? { parent: process.ppid, threads: expect.any(Number) as number } : {});
  });

  it("knows a process whose first thread alone has ended for one that still has its ports", () => {
    expect(["S", "D", "R"].map((state) => hasEnded(readStat(line(state, 1))))).toEqual([false, false, false]);
    expect(hasEnded(readStat(line("Z", 3)))).toBe(false);
    expect(hasEnded(readStat(line("Z", 1)))).toBe(true);
  });
});
