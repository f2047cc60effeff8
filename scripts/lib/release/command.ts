import { execFile } from "node:child_process";
import path from "node:path";
import { ROOT } from "../wrangler.ts";

export interface CommandResult {
  code: number;
  stdout: string;
  /** Both streams, as a person would have seen them. */
  output: string;
}

/** Runs Wrangler with these arguments; what it answers decides, so a failure is a result, not an exception. */
export type Wrangler = (args: readonly string[], options?: { cwd?: string }) => Promise<CommandResult>;

const MAX_OUTPUT = 32 * 1024 * 1024;

const run = async (command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<CommandResult> =>
  new Promise((resolve) => {
    execFile(command, [...args], { cwd, env, maxBuffer: MAX_OUTPUT }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ code, stdout, output: [stdout, stderr, error !== null && typeof error.code !== "number" ? error.message : ""].filter((part) => part !== "").join("\n") });
    });
  });

/**
 * The project's Wrangler, by the Node that runs us, without questions. It reads CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID from `env`; no
 * argument ever holds a secret, since those are seen by others.
 */
export const createWrangler = (env: NodeJS.ProcessEnv): Wrangler => {
  const quiet = { ...env, CI: "1", NO_COLOR: "1", FORCE_COLOR: "0", WRANGLER_HIDE_BANNER: "true", WRANGLER_SEND_METRICS: "false", WRANGLER_SEND_ERROR_REPORTS: "false", CLOUDFLARE_ENV: undefined };
  return async (args, { cwd = ROOT } = {}) => run(process.execPath, [path.join(ROOT, "node_modules/wrangler/bin/wrangler.js"), ...args], cwd, quiet);
};

/** Runs one of package.json's scripts. */
export const createNpm =
  (env: NodeJS.ProcessEnv) =>
  async (script: string): Promise<CommandResult> =>
    run("npm", ["run", "--silent", script], ROOT, env);

/** Asks the project's own repository. */
export const createGit =
  (env: NodeJS.ProcessEnv) =>
  async (...args: string[]): Promise<CommandResult> =>
    run("git", args, ROOT, env);

/** @throws Error with what the command said */
export const ensured = ({ code, stdout, output }: CommandResult, what: string): string => {
  if (code !== 0) throw new Error(`${what} failed:\n${output.trim()}`);
  return stdout;
};
