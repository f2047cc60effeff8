import { runMain, UsageError } from "./lib/command-line.ts";
import { readEnvFile } from "./lib/env-file.ts";
import { readRunsCommand, runRunsCommand } from "./lib/runs.ts";

const main = async (): Promise<void> => {
  const { command, json } = readRunsCommand(process.argv.slice(2));
  const vars = { ...readEnvFile(".dev.vars"), ...process.env };
  const key = vars["APEX_API_KEY"] ?? "";
  if (key === "" && command.name !== "help") throw new UsageError("APEX_API_KEY is not set.");
  const fine = await runRunsCommand(command, { url: vars["APEX_API_URL"] || "http://127.0.0.1:8787", key, json, fetch, print: (line) => console.log(line) });
  if (!fine) process.exitCode = 1;
};

void runMain(main);
