import path from "node:path";
import { type LeashedProcess, startProcess } from "./processes.ts";

export const ROOT = path.resolve(import.meta.dirname, "../..");

export interface WranglerOptions {
  args: readonly string[];
  /** Where this Worker's state lies; sessions with different directories do not see each other. */
  stateDir: string;
  env?: NodeJS.ProcessEnv;
  onLine: (line: string) => void;
}

const CHATTER: readonly RegExp[] = [
  /^\s*$/,
  /^Cloudflare collects anonymous telemetry/,
  /^⎔ /,
  /^❓ Your types might be out of date/,
  /^Using secrets defined in /,
  /^\[wrangler:info\] Ready on /,
  // The table of bindings
  / has access to the following bindings:$/,
  /^Binding\s+Resource\s+Mode$/,
  /^env\.\S+ .* (local|remote)( \[(not )?connected\])?$/,
  /^Service bindings, Durable Object bindings, and Tail consumers connect to /,
  // We call the cron handler ourselves.
  /Scheduled Workers are not automatically triggered during local development/,
  /^\s+To manually trigger a scheduled event, run:$/,
  /^\s+curl "\S+\/cdn-cgi\/local\/scheduled"$/,
  /^\s+For more details, see \S+#test-cron-triggers-locally$/,
  /GET \/cdn-cgi\/local\/scheduled 200/,
  // And we keep its connections warm.
  /GET \/local-keep-warm 404/,
  /Your types might be out of date/,
];

/** Nothing is there, and nothing of the product runs for it. */
export const WARM_PATH = "/local-keep-warm";

/** Whether a line is Wrangler talking about itself: it says nothing about the Worker. */
export const isChatter = (line: string): boolean => CHATTER.some((pattern) => pattern.test(line));

/** Quiet, offline and by itself (docs: developers.cloudflare.com/workers/wrangler/system-environment-variables). */
const environment = (stateDir: string): NodeJS.ProcessEnv => ({
  ...process.env,
  CI: "1",
  NO_COLOR: "1",
  FORCE_COLOR: "0",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  // Only what the env file says reaches the Worker, whatever the shell has set.
  CLOUDFLARE_ENV: undefined,
  CLOUDFLARE_INCLUDE_PROCESS_ENV: "false",
  CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV: "true",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_WRITE_LOGS: "false",
  WRANGLER_REGISTRY_PATH: path.join(stateDir, "registry"),
  X_LOCAL_EXPLORER: "false",
  X_LOCAL_OBSERVABILITY: "false",
});

/** Starts the Wrangler of this project under the Node that runs us, since Wrangler refuses the Node 20 of an older system. */
export const startWrangler = ({ args, stateDir, env, onLine }: WranglerOptions): LeashedProcess =>
  startProcess({
    command: process.execPath,
    args: [path.join(ROOT, "node_modules/wrangler/bin/wrangler.js"), ...args],
    cwd: ROOT,
    env: { ...environment(stateDir), ...env },
    onLine,
  });
