import { spawn } from "node:child_process";
import { ROOT } from "./lib/wrangler.ts";

/* Types and linter at once: each of them waits for its slowest part by itself. */

const SCRIPTS = ["typecheck", "lint"];

/** @returns whether one of package.json's scripts found nothing */
const passes = async (script: string): Promise<boolean> =>
  new Promise((resolve) => {
    const child = spawn("npm", ["run", "--silent", script], { cwd: ROOT, stdio: "inherit" });
    child.once("error", () => resolve(false));
    child.once("exit", (code) => resolve(code === 0));
  });

const passed = await Promise.all(SCRIPTS.map(passes));
const failed = SCRIPTS.filter((_, place) => passed[place] !== true);
if (failed.length > 0) console.error(`Not passed: ${failed.join(", ")}`);
process.exitCode = failed.length > 0 ? 1 : 0;
