import { parseArgs } from "node:util";
import { readStartOptions, type StartOptions } from "../demo/options.ts";
import { StartError } from "../worker-process.ts";

export const USAGE = `npm run seed -- [--seed N] [--until YYYY-MM-DD] [--fresh] [--port N] [--sandbox-port N]

  A year of three businesses that have never been, in the database of \`npm start\` (of the same --port).

  --seed N            another year; the same for the same number (default 1)
  --until YYYY-MM-DD  when the year ends (default: now)
  --fresh             forget what was stored before`;

export interface SeedOptions extends StartOptions {
  seed: number;
  /** ms */
  until: number;
}

/** @throws StartError for a value that cannot be */
export const readSeedOptions = (args: string[], now: number): SeedOptions | "help" => {
  const own = { seed: { type: "string", default: "1" }, until: { type: "string" } } as const;
  const { values, tokens } = parseArgs({ args, options: own, strict: false, tokens: true });
  const ours = new Set(tokens.flatMap((token) => (token.kind === "option" && token.name in own ? [token.index, ...(token.inlineValue === false ? [token.index + 1] : [])] : [])));
  const start = readStartOptions(args.filter((_, index) => !ours.has(index)));
  if (start === "help") return "help";
  const [seed, until] = [Number(values.seed), typeof values.until === "string" ? Date.parse(`${values.until}T09:00:00Z`) : now];
  if (!Number.isSafeInteger(seed) || seed < 0) throw new StartError(`--seed must be a whole number, not "${String(values.seed)}".`);
  if (Number.isNaN(until) || until > now) throw new StartError(`--until must be a date that has been, e.g. 2026-11-26, not "${String(values.until)}".`);
  return { ...start, seed, until };
};
