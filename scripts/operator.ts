import { runMain, UsageError } from "./lib/command-line.ts";
import { readEnvFile } from "./lib/env-file.ts";
import { readCommand, runCommand } from "./lib/operator.ts";

const main = async (): Promise<void> => {
  const { command, url } = readCommand(process.argv.slice(2));
  const vars = { ...readEnvFile(".dev.vars"), ...process.env };
  const secret = vars["APEX_OPERATOR_SECRET"] ?? "";
  if (secret === "" && command.name !== "help") throw new UsageError("APEX_OPERATOR_SECRET is not set.");
  const fine = await runCommand(command, {
    url: url ?? (vars["PUBLIC_API_URL"] || "http://127.0.0.1:8787"),
    secret,
    fetch,
    print: (line) => console.log(line),
  });
  if (!fine) process.exitCode = 1;
};

void runMain(main);
