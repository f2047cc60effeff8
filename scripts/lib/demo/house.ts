import { randomBytes } from "node:crypto";
import { openSync, writeSync } from "node:fs";
import path from "node:path";
import { DEFAULT_AUTH_TOKEN, type Sandbox, startSandbox } from "../../../sandbox/index.ts";
import { buildDashboard, type Dashboard, serveDashboard } from "../dashboard.ts";
import { sandboxVars } from "../sandbox-vars.ts";
import type { Shutdown } from "../shutdown.ts";
import { type RunningWorker, startWorker } from "../worker-process.ts";
import type { DemoAccount } from "./account.ts";

export interface DemoHouse {
  sandbox: Sandbox;
  worker: RunningWorker;
  /** Null where none was asked for. */
  dashboard: Dashboard | null;
  logFile: string;
  /** Ends both, the Worker first. Safe to repeat. */
  stop: () => Promise<void>;
}

/** Two looks a second at the calls would bury what the log is read for. */
export const isOurPolling = (line: string): boolean => /GET \/api\/calls(\?\S*)?(\/\S+)? (200|304)/.test(line);

/** Lines go to the file at once, so that the last ones before a crash are there. */
const openLog = (file: string): ((line: string) => void) => {
  const fd = openSync(file, "w", 0o600);
  return (line) => {
    if (!isOurPolling(line)) writeSync(fd, `${new Date().toISOString()} ${line}\n`);
  };
};

const openDashboard = async (port: number, api: string, outDir: string): Promise<Dashboard> => {
  await buildDashboard(outDir);
  return serveDashboard({ port, api, outDir });
};

export interface HousePlace {
  account: DemoAccount;
  /** Absolute; exists. */
  stateDir: string;
  shutdown: Shutdown;
  /** Besides the sandbox: hosts with their ports that the Worker may reach on this machine. */
  allowHosts?: readonly string[];
}

/**
 * Starts the stand-ins in this process and the Worker beside it. The Worker's environment is all here: .dev.vars is neither
 * needed nor read. What is started ends with `shutdown`.
 * @throws StartError as `startWorker` does
 */
export const openHouse = async ({ port, dashboardPort, sandboxPort }: { port: number; dashboardPort: number | null; sandboxPort: number }, { account, stateDir, shutdown, allowHosts = [] }: HousePlace): Promise<DemoHouse> => {
  // Another account each time. The stand-in forgets its calls when it ends; to the Worker they would be calls that still go on,
  // and an owner who is on the phone is not rung. Leases are kept by account.
  const accountSid = `AC${randomBytes(16).toString("hex")}`;
  const sandbox = await startSandbox({ port: sandboxPort, accounts: { [accountSid]: DEFAULT_AUTH_TOKEN } });
  shutdown.stopFirst(() => sandbox.close());
  const logFile = path.join(stateDir, "worker.log");
  const worker = await startWorker({
    port,
    stateDir,
    cron: true,
    log: openLog(logFile),
    vars: {
      APEX_ENV: "local",
      APEX_JWT_SECRET: account.jwt_secret,
      APEX_KMS_KEY: account.kms_key,
      PUBLIC_API_URL: `http://127.0.0.1:${port}`,
      ...sandboxVars(sandbox),
      // The stand-in has no policy to keep; a second is what the real ones ask for.
      OSM_INTERVAL_MS: "100",
      ...(dashboardPort === null ? {} : { DASHBOARD_ORIGINS: `http://localhost:${dashboardPort}` }),
      // The sandbox's websites are on this machine.
      EGRESS_ALLOW_HOSTS: [`127.0.0.1:${sandbox.port}`, ...allowHosts, ...(process.env["EGRESS_ALLOW_HOSTS"] ?? "").split(",").filter((host) => host !== "")].join(","),
    },
  });
  shutdown.stopFirst(() => worker.stop());
  const dashboard = dashboardPort === null ? null : await openDashboard(dashboardPort, worker.url, path.join(stateDir, "dashboard"));
  let stopped: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    await dashboard?.close();
    await worker.stop();
    await sandbox.close();
  };
  return { sandbox, worker, dashboard, logFile, stop: () => (stopped ??= stop()) };
};
