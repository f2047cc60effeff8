import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { packagedChromium } from "./packaged-browser.ts";
import { LEASH } from "./processes.ts";

const CANDIDATES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

export interface BrowserCache {
  /** For Wrangler's environment: where it finds "its" Chrome. */
  env: { XDG_CACHE_HOME?: string };
  /** What a person should know, e.g. that there is no browser. */
  note?: string;
}

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The browser that CHROME_PATH names, else one that is installed, else the one that came from npm. */
export const findChromium = (): string | undefined => {
  const named = process.env["CHROME_PATH"];
  if (named !== undefined && named !== "") return [named].find(isExecutable);
  return CANDIDATES.find(isExecutable) ?? packagedChromium();
};

const firstMatch = (text: string, pattern: RegExp): string | undefined => pattern.exec(text)?.[1];

/** Which Chrome the installed Miniflare asks for, and how it marks one as complete. Neither is part of an interface of its. */
const readMiniflare = (): { version: string; marker: string } | null => {
  const require = createRequire(createRequire(import.meta.url).resolve("wrangler/package.json"));
  const source = readFileSync(require.resolve("miniflare"), "utf8");
  const version = firstMatch(source, /BROWSER_VERSION\s*=\s*"([\d.]+)"/);
  const marker = firstMatch(source, /INSTALL_COMPLETE_MARKER\s*=\s*"([\w.-]+)"/);
  return version === undefined || marker === undefined ? null : { version, marker };
};

/** The folder of a Chrome and the program in it, as @puppeteer/browsers lays them out. */
const layout = (version: string): [folder: string, program: string] | null => {
  const arm = process.arch === "arm64";
  if (process.platform === "linux") return [`${arm ? "linux_arm" : "linux"}-${version}`, "chrome-linux64/chrome"];
  if (process.platform === "darwin") {
    return [`${arm ? "mac_arm" : "mac"}-${version}`, `chrome-mac-${arm ? "arm64" : "x64"}/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing`];
  }
  return null;
};

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Chromium refuses to run its sandbox as root. */
const asRoot = (): boolean => process.getuid?.() === 0;

const wrapper = (chromium: string | undefined): string =>
  chromium === undefined
    ? "#!/bin/sh\necho 'There is no Chromium or Chrome on this machine. Install one (e.g. apt install chromium), or set CHROME_PATH, and start again.' >&2\nexit 1\n"
    : `#!/bin/sh\nexec /bin/sh ${quote(LEASH)} ${quote(chromium)}${asRoot() ? " --no-sandbox" : ""} "$@"\n`;

/**
 * Lets the local BROWSER binding run on an installed Chromium or Chrome: Wrangler looks for a version of its own in its cache
 * and downloads 150 MB when it is not there, so it finds a small script there instead. Nothing is ever downloaded: without
 * a browser, the script says so to whoever asks for a page. The browser is on a leash too, or a kill -9 of Wrangler would
 * leave it running.
 * @param cacheDir ours alone: a directory below the project's state
 */
export const prepareBrowser = (cacheDir: string): BrowserCache => {
  const miniflare = readMiniflare();
  const place = miniflare === null ? null : layout(miniflare.version);
  if (miniflare === null || place === null) {
    return { env: {}, note: "The local browser binding was not prepared (another system or Wrangler than this was made for); Wrangler will look after it." };
  }
  const [folder, program] = place;
  const installation = path.join(cacheDir, ".wrangler", "chrome", folder);
  const executable = path.join(installation, program);
  const chromium = findChromium();
  rmSync(installation, { recursive: true, force: true });
  mkdirSync(path.dirname(executable), { recursive: true });
  writeFileSync(executable, wrapper(chromium), { mode: 0o755 });
  // Without the mark, Miniflare takes a browser that fails to start for a broken download, deletes it and downloads another.
  writeFileSync(path.join(installation, miniflare.marker), "");
  return {
    env: { XDG_CACHE_HOME: cacheDir },
    ...(chromium === undefined ? { note: "No Chromium or Chrome found, and npm has none for this system: pages that need a browser will fail (set CHROME_PATH to use one from elsewhere)." } : {}),
  };
};
