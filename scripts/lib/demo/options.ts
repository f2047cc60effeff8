import { parseArgs } from "node:util";
import { isPortFree } from "../ports.ts";
import { StartError } from "../worker-process.ts";

export const USAGE = `npm start -- [--port N] [--dashboard-port N] [--sandbox-port N] [--once] [--fresh]

  --port N          where the Worker answers (default 8787)
  --dashboard-port N  where the dashboard is (default 8788)
  --sandbox-port N  where the stand-ins for Twilio and Gemini answer (default 8790)
  --once            end after the first lead: exit code 0 when it was analysed, else 1
  --fresh           forget what earlier runs have stored, and begin anew`;

export interface StartOptions {
  port: number;
  dashboardPort: number;
  sandboxPort: number;
  once: boolean;
  fresh: boolean;
}

const DEFAULT_PORT = 8787;
const DEFAULT_DASHBOARD_PORT = 8788;
const DEFAULT_SANDBOX_PORT = 8790;

const portOf = (flag: string, text: string): number => {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) throw new StartError(`${flag} must be a number from 1 to 65535, not "${text}".`);
  return port;
};

/**
 * Reads the flags of `npm start`.
 * @throws StartError for a value that cannot be, TypeError (`ERR_PARSE_ARGS_…`) for an unknown flag
 */
export const readStartOptions = (args: string[]): StartOptions | "help" => {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string", default: String(DEFAULT_PORT) },
      "dashboard-port": { type: "string", default: String(DEFAULT_DASHBOARD_PORT) },
      "sandbox-port": { type: "string", default: String(DEFAULT_SANDBOX_PORT) },
      once: { type: "boolean", default: false },
      fresh: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  const port = portOf("--port", values.port);
  const sandboxPort = portOf("--sandbox-port", values["sandbox-port"]);
  const dashboardPort = portOf("--dashboard-port", values["dashboard-port"]);
  if (new Set([port, dashboardPort, sandboxPort]).size < 3) throw new StartError("--port, --dashboard-port and --sandbox-port must differ.");
  return { port, dashboardPort, sandboxPort, once: values.once, fresh: values.fresh };
};

/** Relative to the project. Two demos at the same time, on different ports, must not share a database. */
export const stateDirOf = ({ port }: Pick<StartOptions, "port">): string => (port === DEFAULT_PORT ? ".wrangler/demo" : `.wrangler/demo-${port}`);

type Ports = Pick<StartOptions, "port" | "dashboardPort" | "sandboxPort">;

/** What to add to `npm start` for the same ports again; "" for the usual ones. */
export const flagsOf = ({ port, dashboardPort, sandboxPort }: Ports): string => {
  const given = [["--port", port, DEFAULT_PORT], ["--dashboard-port", dashboardPort, DEFAULT_DASHBOARD_PORT], ["--sandbox-port", sandboxPort, DEFAULT_SANDBOX_PORT]] as const;
  const flags = given.flatMap(([flag, value, usual]) => (value === usual ? [] : [`${flag} ${value}`]));
  return flags.length === 0 ? "" : ` -- ${flags.join(" ")}`;
};

/** @throws StartError that names every busy port and the flag that chooses another */
export const requireFreePorts = async ({ port, dashboardPort, sandboxPort }: Ports): Promise<void> => {
  const wanted = [
    { flag: "--port", of: "the Worker", port },
    { flag: "--dashboard-port", of: "the dashboard", port: dashboardPort },
    { flag: "--sandbox-port", of: "the sandbox", port: sandboxPort },
  ];
  const free = await Promise.all(wanted.map(async (one) => isPortFree(one.port)));
  const busy = wanted.filter((_, index) => free[index] === false);
  if (busy.length === 0) return;
  const which = busy.map((one) => `Port ${one.port} (${one.of}) is in use.`).join(" ");
  const instead = busy.map((one) => `${one.flag} N`).join(" ");
  throw new StartError(`${which} Stop what listens there, or choose another: npm start -- ${instead}`);
};
