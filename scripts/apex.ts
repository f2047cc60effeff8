import { readFileSync } from "node:fs";
import { runMain, UsageError } from "./lib/command-line.ts";
import { readCommand, USAGE } from "./lib/apex/read-command.ts";
import { runCommand } from "./lib/apex/run-command.ts";
import { runDna } from "./lib/dna-cli.ts";
import { readEnvFile } from "./lib/env-file.ts";
import { readRunsCommand, runRunsCommand } from "./lib/runs.ts";
import { ROOT } from "./lib/wrangler.ts";

const print = (line: string): void => console.log(line);

const textOf = (file: string): string => {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
};

const main = async (argv: string[]): Promise<void> => {
  const [area, verb] = argv;
  // What needs no service.
  if (area === "dna" && (verb === "check" || verb === "schema")) {
    process.exitCode = runDna(argv.slice(1), { root: ROOT, print, complain: (line) => console.error(line) });
    return;
  }
  const vars = { ...readEnvFile(".dev.vars"), ...process.env };
  const tools = { url: vars["APEX_API_URL"] || "http://127.0.0.1:8787", key: vars["APEX_API_KEY"] ?? "", fetch, print };
  if (area === "runs") {
    const { command, json } = readRunsCommand(argv.slice(1));
    if (!(await runRunsCommand(command, { ...tools, json }))) process.exitCode = 1;
    return;
  }
  const read = readCommand(argv);
  if (read.help) {
    print(USAGE);
    return;
  }
  if (tools.key === "" && read.command.name !== "health") throw new UsageError("APEX_API_KEY is not set. Make a key in the dashboard (Settings, API keys) or by POST /api/api-keys; `npm start` has one in .wrangler/demo/token.");
  await runCommand(read.command, { ...read.given, read: textOf }, { ...tools, json: read.json, limit: read.limit });
};

void runMain(async () => main(process.argv.slice(2)));
