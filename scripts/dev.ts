import { parseArgs } from "node:util";
import { runMain } from "./lib/command-line.ts";
import { readEnvFile, type Vars } from "./lib/env-file.ts";
import { stopWithUs } from "./lib/shutdown.ts";
import { startWorker, StartError } from "./lib/worker-process.ts";

const USAGE = `npm run dev -- [--port N] [--state DIR] [--env-file FILE] [--no-cron] [--quiet]

  --port N         where the Worker answers (default 8787)
  --state DIR      where its data lies (default .wrangler/state)
  --env-file FILE  its environment, instead of .dev.vars
  --no-cron        do not call its cron handler every 5 s
  --quiet          print the address and failures only`;

interface DevOptions {
  port: number;
  stateDir: string;
  vars: Vars;
  cron: boolean;
  quiet: boolean;
}

/** @throws StartError for a flag or file that cannot be used */
const readOptions = (args: string[]): DevOptions | "help" => {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string", default: "8787" },
      state: { type: "string", default: ".wrangler/state" },
      "env-file": { type: "string" },
      "no-cron": { type: "boolean", default: false },
      quiet: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port < 1 || port > 65_535) throw new StartError(`--port must be a number from 1 to 65535, not "${values.port}".`);
  const file = values["env-file"] ?? ".dev.vars";
  const vars = readEnvFile(file);
  if (vars === null && values["env-file"] !== undefined) throw new StartError(`There is no file ${file}.`);
  if (vars === null) console.error("There is no .dev.vars: the Worker starts without secrets. Copy .dev.vars.example to it and fill it in.");
  return { port, stateDir: values.state, vars: vars ?? {}, cron: !values["no-cron"], quiet: values.quiet };
};

const main = async (): Promise<void> => {
  const options = readOptions(process.argv.slice(2));
  if (options === "help") {
    console.log(USAGE);
    return;
  }
  const { quiet, ...worker } = options;
  const shutdown = stopWithUs();
  const running = await startWorker({ ...worker, log: (line) => {
    if (!quiet) console.log(line);
  } });
  shutdown.stopFirst(() => running.stop());
  console.log(`Ready on ${running.url}`);
  const { code, signal } = await running.exited;
  if (shutdown.hasBegun()) return;
  console.error(`The Worker ended by itself (${signal ?? `exit code ${code ?? "unknown"}`}).\n${quiet ? running.output() : ""}`);
  process.exitCode = 1;
};

void runMain(main);
