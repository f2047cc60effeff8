import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../wrangler.ts";

const MANIFEST = path.join(ROOT, "test", "wordpress");
/** Not in git; kept between runs. */
const CACHE = path.join(ROOT, ".wordpress");
const FILES = ["package.json", "package-lock.json"] as const;

export interface WordpressPackages {
  /** The program that serves a WordPress. */
  cli: string;
  /** WordPress as it comes: 6.7 (alpha), the newest that the packages hold. */
  archive: string;
}

const npmCi = async (cwd: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd, stdio: ["ignore", "ignore", "inherit"] });
    child.once("error", reject);
    child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`npm ci in ${cwd} ended with ${code ?? "a signal"}`))));
  });

/** Installs what WordPress is made of, from npm alone, unless it is there in this very version. About a gigabyte. */
export const wordpressPackages = async (log: (line: string) => void): Promise<WordpressPackages> => {
  const wanted = createHash("sha256").update(FILES.map((file) => readFileSync(path.join(MANIFEST, file))).join("\n")).digest("hex");
  const stamp = path.join(CACHE, "installed");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
    log("Installing WordPress's packages (about 1 GB, once) …");
    const began = Date.now();
    mkdirSync(CACHE, { recursive: true });
    rmSync(stamp, { force: true });
    for (const file of FILES) copyFileSync(path.join(MANIFEST, file), path.join(CACHE, file));
    await npmCi(CACHE);
    // Last: what was cut short is done again.
    writeFileSync(stamp, wanted);
    log(`… installed in ${Math.round((Date.now() - began) / 1000)} s`);
  }
  const packages = path.join(CACHE, "node_modules", "@wp-playground");
  return { cli: path.join(packages, "cli", "wp-playground.js"), archive: path.join(packages, "wordpress-builds", "src", "wordpress", "wp-nightly.zip") };
};
