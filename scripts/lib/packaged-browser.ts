import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { ROOT } from "./wrangler.ts";

const CACHE = path.join(ROOT, "node_modules/.cache/apex-browser");

const INFLATE = 'const { default: chromium } = await import("@sparticuz/chromium"); await chromium.executablePath();';

const versionOf = (packageJson: string): string => z.object({ version: z.string() }).parse(JSON.parse(readFileSync(packageJson, "utf8"))).version;

const script = (folder: string): string => `#!/bin/sh
LD_LIBRARY_PATH='${folder}/al2023/lib'"\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
FONTCONFIG_PATH='${folder}/fonts'
export LD_LIBRARY_PATH FONTCONFIG_PATH
exec '${folder}/chromium' "$@"
`;

/**
 * Where its fonts are. The package's own configuration names the folders of Amazon's Lambda and /tmp/fonts: elsewhere no font is found, and Chromium ends
 * at the first letter that it has to draw. Only these fonts, so that a page looks the same on all machines.
 */
const fontsConfig = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts/fonts</dir>
  <cachedir>${folder}/fonts/cache</cachedir>
</fontconfig>
`;

/**
 * The Chromium that an npm package carries, with the libraries and fonts that a bare machine lacks: unpacked once (200 MB) into
 * node_modules. The package takes only Amazon's Lambda for a machine that lacks them, so it is told that it is there.
 * @returns the path of a program; undefined on systems that the package has none for
 */
export const packagedChromium = (): string | undefined => {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  const version = versionOf(path.join(ROOT, "node_modules/@sparticuz/chromium/package.json"));
  const folder = path.join(CACHE, version);
  const program = path.join(folder, "start");
  if (existsSync(program)) return program;
  mkdirSync(CACHE, { recursive: true });
  // Beside its place, and moved there whole: of two that unpack at once, one wins, and nobody starts half a program.
  const unpacked = mkdtempSync(path.join(CACHE, "unpacking-"));
  try {
    execFileSync(process.execPath, ["--input-type=module", "--eval", INFLATE], { cwd: ROOT, env: { ...process.env, TMPDIR: unpacked, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x" }, stdio: ["ignore", "ignore", "inherit"] });
    writeFileSync(path.join(unpacked, "fonts/fonts.conf"), fontsConfig(folder));
    writeFileSync(path.join(unpacked, "start"), script(folder), { mode: 0o755 });
    renameSync(unpacked, folder);
  } catch (error) {
    rmSync(unpacked, { recursive: true, force: true });
    if (!existsSync(program)) throw error;
  }
  return program;
};
