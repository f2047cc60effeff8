import { parseArgs, type ParseArgsConfig } from "node:util";
import { UsageError } from "../command-line.ts";
import type { Command, Given } from "./command.types.ts";
import { COMMANDS } from "./commands.ts";

const isNeeded = (word: string): boolean => word.endsWith("!");
const shownOption = ([name, word]: [string, string]): string => (isNeeded(word) ? `--${name} ${word.slice(0, -1)}` : `[--${name} ${word}]`);
const shown = ({ name, args = [], options = {}, summary }: Command): string => `  ${[name, ...args.map((arg) => `<${arg}>`), ...Object.entries(options).map(shownOption)].join(" ")}\n      ${summary}`;

export const USAGE = `npm run apex -- <command> [--json] [--limit N]

${COMMANDS.map(shown).join("\n")}
  runs list | show | retry | cancel …
      jobs, dead letters first of all: npm run apex -- runs --help
  dna check <file> | dna schema
      without the service: npm run dna -- help

  --json      the service's own answers, for programs; a list's rows a line each
  --limit N   of a list, so many rows (default 50)

APEX_API_URL (default http://127.0.0.1:8787) says where, APEX_API_KEY who; both may stand in .dev.vars. A key is never an argument: those are
seen by others.`;

export type Read = { help: true } | { help: false; command: Command; given: Omit<Given, "read">; json: boolean; limit: number };

/** @throws UsageError in words for the person at the keyboard */
export const readCommand = (argv: readonly string[]): Read => {
  const words = argv.filter((word) => !word.startsWith("-"));
  if (argv.includes("--help") || words.length === 0 || words[0] === "help") return { help: true };
  const unknown = (): UsageError => new UsageError(`That is not a command: ${words.join(" ")}\n\nnpm run apex -- help lists them.`);
  // Its words come first, wherever its options stand.
  const command = COMMANDS.find(({ name }) => name.split(" ").every((word, at) => argv[at] === word));
  if (command === undefined) throw unknown();
  const { args = [], options = {} } = command;
  const text = Object.fromEntries([...Object.keys(options), "limit"].map((name) => [name, { type: "string" as const }]));
  const declared: NonNullable<ParseArgsConfig["options"]> = { ...text, json: { type: "boolean", default: false } };
  const parsed = parseArgs({ args: argv.slice(command.name.split(" ").length), allowPositionals: true, options: declared });
  if (parsed.positionals.length !== args.length) throw new UsageError(`It is used so:\n${shown(command)}`);
  const values: Record<string, string | undefined> = {};
  for (const name of Object.keys(options)) {
    const value = parsed.values[name];
    if (typeof value === "string") values[name] = value;
  }
  const missing = Object.entries(options).filter(([name, word]) => isNeeded(word) && values[name] === undefined);
  if (missing.length > 0) throw new UsageError(`It needs ${missing.map(([name]) => `--${name}`).join(", ")}:\n${shown(command)}`);
  const limit = Number(parsed.values["limit"] ?? 50);
  if (!Number.isInteger(limit) || limit < 1) throw new UsageError("--limit must be a number of rows, 1 or more.");
  return { help: false, command, given: { args: Object.fromEntries(args.map((name, at) => [name, parsed.positionals[at] ?? ""])), options: values }, json: parsed.values["json"] === true, limit };
};
