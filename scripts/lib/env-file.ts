import { readFileSync, writeFileSync } from "node:fs";
import { parseEnv } from "node:util";

export type Vars = Record<string, string>;

/**
 * Reads a file like .dev.vars (dotenv syntax, values taken literally: no `$NAME` in them is expanded).
 * @returns null when there is no such file
 */
export const readEnvFile = (file: string): Vars | null => {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  return Object.fromEntries(Object.entries(parseEnv(text)).map(([name, value]) => [name, value ?? ""]));
};

/** Wrangler expands `$NAME` in the files that it is given by `--env-file`, and knows three quotes and no escaping inside them. */
const formatValue = (name: string, value: string): string => {
  const quote = ["'", "`", '"'].find((candidate) => !value.includes(candidate) && !(candidate === '"' && /\\[nr]/.test(value)));
  if (quote === undefined) throw new Error(`The value of ${name} contains every kind of quote, which an env file cannot hold.`);
  return `${quote}${value.replaceAll("$", "\\$")}${quote}`;
};

/** Writes a file for `wrangler --env-file` that gives back exactly these values. It holds secrets: readable by its owner only. */
export const writeEnvFile = (file: string, vars: Vars): void => {
  const lines = Object.entries(vars).map(([name, value]) => `${name}=${formatValue(name, value)}\n`);
  writeFileSync(file, lines.join(""), { mode: 0o600 });
};
