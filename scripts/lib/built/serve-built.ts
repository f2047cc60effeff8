import path from "node:path";
import { startProcess } from "../processes.ts";
import type { Launch } from "../worker-process.ts";
import { ROOT } from "../wrangler.ts";

/** Serves what `buildWorker` has built in a folder. */
export const serveBuilt = (built: string): Launch => ({ port, stateDir, envFile, env, onLine }) =>
  startProcess({
    command: process.execPath,
    args: [path.join(import.meta.dirname, "serve-worker.ts"), "--built", built, "--port", String(port), "--state", stateDir, "--env", envFile],
    cwd: ROOT,
    env: { ...process.env, ...env },
    onLine,
  });
