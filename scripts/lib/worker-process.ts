import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { prepareBrowser } from "./browser-cache.ts";
import { UsageError } from "./command-line.ts";
import { startCron, startRepeating } from "./cron.ts";
import { type Vars, writeEnvFile } from "./env-file.ts";
import { applyMigrations } from "./migrations.ts";
import { isPortFree } from "./ports.ts";
import type { Exit, LeashedProcess } from "./processes.ts";
import { superviseProcess } from "./supervisor.ts";
import { isChatter, startWrangler, WARM_PATH } from "./wrangler.ts";

export interface Place {
  port: number;
  stateDir: string;
  /** The Worker's environment, in dotenv's syntax. */
  envFile: string;
  /** Of the process itself. */
  env: NodeJS.ProcessEnv;
  onLine: (line: string) => void;
}

/** Starts the process that serves a Worker at a place until a signal ends it. */
export type Launch = (place: Place) => LeashedProcess;

export interface WorkerOptions {
  port: number;
  /** Database, objects, queues and vectors lie below it (Wrangler's `--persist-to`), and survive a restart and a kill -9. */
  stateDir: string;
  /** The Worker's environment, all of it: .dev.vars is not read here. */
  vars: Vars;
  /** Whether to call its cron handler every 5 s. */
  cron: boolean;
  /** Gets every line that Wrangler and the Worker print. */
  log: (line: string) => void;
  /** Wrangler's configuration files, relative to the project; the first one's Worker answers. */
  configs?: readonly [string, ...string[]];
  /** What serves it; `wrangler dev` with those files when left out. */
  launch?: Launch;
  /** The D1 binding whose migrations are applied first; null for a Worker without a database. */
  database?: string | null;
  startTimeoutMs?: number;
}

export interface RunningWorker {
  /** `http://127.0.0.1:<port>`, no slash at its end. */
  readonly url: string;
  /** Resolves when it has ended for good: by our signal, or because it kept ending by itself. Nothing of it is left then. */
  readonly exited: Promise<Exit>;
  /** Sends a signal to Wrangler, workerd and all: `SIGKILL` is the crash of a machine. */
  kill(signal: NodeJS.Signals): void;
  /** Ends it in good order. */
  stop(): Promise<void>;
  /** The last lines that it printed (up to 2,000), for a failing test's message. */
  output(): string;
}

/** What keeps a command from beginning. */
export class StartError extends UsageError {
  override name = "StartError";
}

const CONFIGS = ["wrangler.local.toml", "local/wrangler.toml"] as const;
const CRON_INTERVAL_MS = 5_000;
const MAX_LINES = 2_000;

const wranglerDev = (configs: readonly string[]): Launch => ({ port, stateDir, envFile, env, onLine }) =>
  startWrangler({
    args: ["dev", ...configs.flatMap((config) => ["--config", config]), "--ip", "127.0.0.1", "--port", String(port), "--inspector-port", "0", "--persist-to", stateDir, "--env-file", envFile, "--show-interactive-dev-session=false"],
    stateDir,
    env,
    onLine,
  });

/** Whether anything answers, whatever it says. */
const answers = async (url: string): Promise<boolean> => {
  try {
    await (await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(5_000) })).arrayBuffer();
    return true;
  } catch {
    return false;
  }
};

/**
 * A connection between Wrangler's proxy and the Worker that is used again after 5 s of idleness may be closing at that very
 * moment, which ends the Wrangler of this version (see supervisor.ts). One that is never idle is not.
 */
const WARM_INTERVAL_MS = 1_500;
const keepWarm = (url: string) => async (signal: AbortSignal): Promise<void> => {
  await fetch(`${url}${WARM_PATH}`, { signal }).then(
    async (response) => response.arrayBuffer(),
    () => undefined,
  );
};

/** Waits until something answers at the address: null then, else what happened instead. */
const whyNotReady = async (url: string, exited: Promise<Exit>, timeoutMs: number): Promise<string | null> => {
  const deadline = AbortSignal.timeout(timeoutMs);
  const ended = exited.then(() => "ended" as const);
  for (;;) {
    const seen = await Promise.race([ended, answers(url)]);
    if (seen === "ended") return "The Worker ended before it answered";
    if (seen) return null;
    if (deadline.aborted) return `The Worker did not answer within ${timeoutMs / 1000} s`;
    await sleep(100);
  }
};

/**
 * Starts the whole Worker on this machine (workerd, D1, R2, queues, objects, and the stand-ins behind VECTORIZE and BROWSER), and
 * resolves when it answers. It ends with us, however we end.
 * @throws StartError port busy, code that does not build, or no answer in time (default 60 s); MigrationError
 */
export const startWorker = async (options: WorkerOptions): Promise<RunningWorker> => {
  const { port, vars, cron, log, configs = CONFIGS, launch = wranglerDev(configs), database = "DB", startTimeoutMs = 60_000 } = options;
  const stateDir = path.resolve(options.stateDir);
  const url = `http://127.0.0.1:${port}`;
  if (!(await isPortFree(port))) throw new StartError(`Port ${port} is in use. Choose another with --port, or stop what listens there.`);

  mkdirSync(stateDir, { recursive: true });
  const browser = prepareBrowser(path.join(stateDir, "cache"));
  if (browser.note !== undefined) log(browser.note);
  if (database !== null) await applyMigrations(stateDir, { config: configs[0], database, env: browser.env });

  const envFile = path.join(stateDir, "vars.env");
  writeEnvFile(envFile, vars);
  const lines: string[] = [];
  const onLine = (line: string): void => {
    if (isChatter(line)) return;
    lines.push(line);
    if (lines.length > MAX_LINES) lines.shift();
    log(line);
  };
  const served = superviseProcess({ start: () => launch({ port, stateDir, envFile, env: browser.env, onLine }), log: onLine });

  const failure = await whyNotReady(url, served.exited, startTimeoutMs);
  if (failure !== null) {
    await served.stop();
    rmSync(envFile, { force: true });
    throw new StartError(`${failure}:\n${lines.slice(-40).join("\n")}`);
  }

  served.supervise();
  const stopKeepingWarm = options.launch === undefined ? startRepeating(keepWarm(url), WARM_INTERVAL_MS) : () => undefined;
  const stopCron = cron ? startCron({ url, intervalMs: CRON_INTERVAL_MS, log }) : () => undefined;
  const exited = served.exited.finally(() => {
    stopCron();
    stopKeepingWarm();
    rmSync(envFile, { force: true });
  });
  return {
    url,
    exited,
    kill: (signal) => served.kill(signal),
    stop: async () => {
      stopCron();
      stopKeepingWarm();
      await served.stop();
      await exited;
    },
    output: () => lines.join("\n"),
  };
};
