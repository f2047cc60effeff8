import { rmSync } from "node:fs";
import path from "node:path";
import { buildWorker } from "../../scripts/lib/built/build-worker.ts";
import { serveBuilt } from "../../scripts/lib/built/serve-built.ts";
import { freePort } from "../../scripts/lib/ports.ts";
import { sandboxVars } from "../../scripts/lib/sandbox-vars.ts";
import { type RunningWorker, startWorker } from "../../scripts/lib/worker-process.ts";
import { ROOT } from "../../scripts/lib/wrangler.ts";
import type { Sandbox } from "../../sandbox/index.ts";

export const STATE_DIR = path.join(ROOT, ".wrangler/bench");

const CONFIGS = {
  product: "wrangler.local.toml",
  counting: "bench/counting/wrangler.toml",
  bare: "bench/bare/wrangler.toml",
  failing: "bench/chaos/wrangler.toml",
} as const;

/**
 * What is measured is served without Wrangler, whose proxy takes as long for a request as a bare Worker does; what is killed is what people
 * start, Wrangler and all.
 */
const BY_WRANGLER: ReadonlySet<keyof typeof CONFIGS> = new Set(["failing"] as const);

/** Each kind is built once a run. */
const built = new Map<keyof typeof CONFIGS, Promise<string>>();
const buildOnce = async (kind: keyof typeof CONFIGS): Promise<string> => {
  const build = async (): Promise<string> => {
    const dir = path.join(STATE_DIR, "built", kind);
    rmSync(dir, { recursive: true, force: true });
    await buildWorker(dir, CONFIGS[kind]);
    return dir;
  };
  const known = built.get(kind) ?? build();
  built.set(kind, known);
  return known;
};

export interface HouseOptions {
  kind: keyof typeof CONFIGS;
  /** Where its database, objects and queues lie. */
  stateDir: string;
  sandbox: Sandbox;
  callsPerSecond: number;
  cron: boolean;
  /** Where it listens; a free one when left out. */
  port?: number;
  /** More of its environment. */
  vars?: Readonly<Record<string, string>>;
  /** Started again, on what it had stored, while senders wait for it. */
  again?: boolean;
}

/** Those who wait keep a slow machine busy. */
const STARTED_AGAIN_MS = 240_000;

/** Starts one of the Workers with its vendors stood in for; it answers once this resolves. */
export const startHouse = async ({ kind, stateDir, sandbox, callsPerSecond, cron, vars = {}, again = false, ...options }: HouseOptions): Promise<RunningWorker> => {
  const port = options.port ?? (await freePort());
  return startWorker({
    port,
    stateDir,
    configs: [CONFIGS[kind], "local/wrangler.toml"],
    ...(BY_WRANGLER.has(kind) ? {} : { launch: serveBuilt(await buildOnce(kind)) }),
    database: again ? null : "DB",
    ...(again ? { startTimeoutMs: STARTED_AGAIN_MS } : {}),
    cron,
    log: () => undefined,
    vars: {
      APEX_ENV: "local",
      APEX_JWT_SECRET: "bench-jwt-secret-of-32-characters",
      APEX_KMS_KEY: "bench-kms-key-of-32-characters!!",
      PUBLIC_API_URL: `http://127.0.0.1:${port}`,
      ...sandboxVars(sandbox),
      TWILIO_CALLS_PER_SECOND: String(callsPerSecond),
      ...vars,
    },
  });
};
