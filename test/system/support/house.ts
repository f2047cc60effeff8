import { cpSync, mkdtempSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject } from "vitest";
import { type Sandbox, startSandbox } from "../../../sandbox/index.ts";
import { freePortToKeep, isPortFree } from "../../../scripts/lib/ports.ts";
import { applyMigrations } from "../../../scripts/lib/migrations.ts";
import { sandboxVars } from "../../../scripts/lib/sandbox-vars.ts";
import { type RunningWorker, startWorker } from "../../../scripts/lib/worker-process.ts";
import { type Client, OWN_CONNECTION, signUp } from "./client.ts";
import { eventually } from "./eventually.ts";
import { madeOnce } from "./made-once.ts";
import { readLog, type SandboxLog } from "./sandbox-log.ts";
import { serveBuilt } from "../../../scripts/lib/built/serve-built.ts";

export interface HouseOptions {
  /** How fast telephones are; 0, the default: as fast as can be, and each step waits for what the product made of the one before. */
  speed?: number;
  /** Whether callbacks may fail, because this file kills the Worker. */
  interrupted?: boolean;
  /** Whether the Worker may read the sandbox's websites. */
  sites?: boolean;
  /** Whether `wrangler dev` serves it, as `npm start` has it, with all that this puts before a Worker. */
  wrangler?: boolean;
  /** More of the Worker's environment. */
  vars?: Record<string, string>;
  /** The business's "now" when the Worker is started for the first time, ms; the real one when left out. */
  at?: number;
}

/** A Worker, the vendors around it, and one tenant, from `beforeAll` to `afterAll`. */
export interface House {
  readonly url: string;
  readonly sandbox: Sandbox;
  readonly log: SandboxLog;
  /** Signed in as the owner of the house's tenant. */
  readonly client: Client;
  readonly tenantId: string;
  /** Where its database and objects lie. */
  readonly stateDir: string;
  /** The last lines that the Worker has logged. */
  logLines(): string[];
  /** False once the Worker has ended without having been asked to. */
  isAlive(): boolean;
  /** Ends the Worker as a power cut would. What it has stored stays. */
  kill(): Promise<void>;
  /** Starts it again on what was stored. `vars` are laid over its environment, for good: no clock goes back. */
  restart(vars?: Record<string, string>): Promise<void>;
  /** Stops the Worker and starts it at another hour of the business's, ms. */
  moveTo(at: number): Promise<void>;
  /** Calls the Worker's cron handler once, as Cloudflare does every minute. Nothing else calls it here. */
  sweep(): Promise<void>;
}

const SETTLE_MS = 20_000;

const offsetTo = (at: number): Record<string, string> => ({ APEX_CLOCK_OFFSET_S: String(Math.round((at - Date.now()) / 1000)) });

/** Loads Wrangler, a second of work, for whoever is the first. */
const buildWorker = async (dir: string): Promise<void> => (await import("../../../scripts/lib/built/build-worker.ts")).buildWorker(dir);

const open = async ({ speed = 0, sites = false, wrangler = false, vars = {}, at }: HouseOptions) => {
  const sandbox = await startSandbox({ speed });
  const port = await freePortToKeep();
  const url = `http://127.0.0.1:${port}`;
  const stateDir = mkdtempSync(path.join(inject("runDir"), "house-"));
  cpSync(await madeOnce("empty-house", applyMigrations), stateDir, { recursive: true });
  const server = wrangler ? {} : { launch: serveBuilt(await madeOnce("worker", buildWorker)) };
  let changed: Record<string, string> = at === undefined ? {} : offsetTo(at);
  const ended = new Set<RunningWorker>();
  const start = async (more: Record<string, string> = {}): Promise<RunningWorker> => {
    changed = { ...changed, ...more };
    const worker = await startWorker({
      port,
      stateDir,
      ...server,
      cron: false,
      log: () => undefined,
      // Its tables came with its state.
      database: null,
      vars: {
        APEX_ENV: "local",
        PUBLIC_API_URL: url,
        ...sandboxVars(sandbox),
        TWILIO_CALLS_PER_SECOND: "1000",
        OSM_INTERVAL_MS: "0",
        ...(sites ? { EGRESS_ALLOW_HOSTS: `127.0.0.1:${sandbox.port}` } : {}),
        ...changed,
      },
    });
    void worker.exited.then(() => ended.add(worker));
    return worker;
  };
  return { sandbox, log: readLog(sandbox), url, port, stateDir, start, ended, worker: await start(vars) };
};

/** Opens a house for the tests of this file. */
export const useHouse = (options: HouseOptions = {}): House => {
  let opened: (Awaited<ReturnType<typeof open>> & { client: Client; tenantId: string }) | undefined;
  const house = (): NonNullable<typeof opened> => {
    if (opened === undefined) throw new Error("The house is open in tests and hooks only.");
    return opened;
  };

  beforeAll(async () => {
    const built = await open(options);
    const { client, tenant_id } = await signUp(built.url);
    opened = { ...built, client, tenantId: tenant_id };
  });

  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => {
      const { worker, sandbox, ended } = house();
      if (ended.has(worker)) console.error("The Worker had ended by itself.");
      console.error(`The Worker's last words:\n${worker.output().split("\n").slice(-40).join("\n")}\nErrors at the vendors:\n${JSON.stringify(sandbox.events({ kind: "error" }).slice(-10), null, 1)}`);
    });
  });

  afterEach(() => {
    house().sandbox.setTwilioFaults({ calls: null, messages: null, updates: null, reads: null, media: null, callbacks: null });
    house().sandbox.setGeminiFaults({ generate: null, files: null });
    house().sandbox.setOsmFaults({ nominatim: null, overpass: null });
  });

  afterAll(async () => {
    if (opened === undefined) return;
    const { worker, sandbox, log } = opened;
    // What is still on its way (the report of a text's delivery, say) arrives.
    if (options.interrupted !== true) await Promise.race([sandbox.idle(), sleep(SETTLE_MS, undefined, { ref: false })]);
    await worker.stop();
    const sent = log.callbacks();
    // A connection that Wrangler dropped, of a callback that Twilio then brought again, has done no harm; a bad answer always has.
    const cameAgain = (token: string, place: number): boolean => sent.some((one) => one.idempotency_token === token && one.seq > place && one.status !== null && one.status < 300);
    const failed = sent.filter(({ status, seq, idempotency_token }) => (status === null ? !cameAgain(idempotency_token, seq) : status >= 300));
    const complaints = log.errors();
    await sandbox.close();
    if (options.interrupted === true) return;
    // Twilio calls what it got "11200" or "12100" and hangs up on people; none of that may happen while the Worker is up.
    expect(failed.map(({ url, status, error }) => ({ url, status, error })), "callbacks that the Worker did not answer well").toEqual([]);
    expect(complaints, "what the vendors complained of").toEqual([]);
  });

  return {
    get url() { return house().url; },
    get stateDir() { return house().stateDir; },
    get sandbox() { return house().sandbox; },
    get log() { return house().log; },
    get client() { return house().client; },
    get tenantId() { return house().tenantId; },
    logLines: () => house().worker.output().split("\n"),
    isAlive: () => !house().ended.has(house().worker),
    kill: async () => {
      const { worker, port } = house();
      worker.kill("SIGKILL");
      await worker.exited;
      // The last threads of a killed process may hold its sockets a moment longer than it is listed as alive.
      await eventually("the port to be free", async () => isPortFree(port));
    },
    moveTo: async (at) => {
      const current = house();
      await Promise.race([current.sandbox.idle(), sleep(SETTLE_MS, undefined, { ref: false })]);
      await current.worker.stop();
      await eventually("the port to be free", async () => isPortFree(current.port));
      opened = { ...current, worker: await current.start(offsetTo(at)) };
    },
    restart: async (vars) => {
      const current = house();
      opened = { ...current, worker: await current.start(vars) };
    },
    sweep: async () => {
      const response = await fetch(`${house().url}/cdn-cgi/local/scheduled?cron=*+*+*+*+*&format=json`, { headers: OWN_CONNECTION });
      const text = await response.text();
      if (!text.includes('"ok"')) throw new Error(`The sweep failed: ${response.status} ${text}`);
    },
  };
};
