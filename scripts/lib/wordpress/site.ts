import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { freePort } from "../ports.ts";
import { startProcess } from "../processes.ts";
import { ROOT } from "../wrangler.ts";
import { openFrontDoor, type FrontDoor } from "./front-door.ts";
import { wordpressPackages } from "./packages.ts";
import { unzip } from "./unzip.ts";

const loginSchema = z.object({ username: z.string(), application_password: z.string() });
const accountsSchema = z.object({ administrator: loginSchema, author: loginSchema });
export type WordpressAccounts = z.infer<typeof accountsSchema>;

export interface WordpressSite extends WordpressAccounts {
  /** `http://127.0.0.1:<port>`, no slash at its end. */
  url: string;
  port: number;
  door: FrontDoor;
  /** Puts our helper plugin in or takes it out; from the next request on. */
  setHelperPlugin: (there: boolean) => void;
  /** More PHP, from the next request on; null takes it out. */
  setPlugin: (name: string, php: string | null) => void;
  stop: () => Promise<void>;
}

const PLUGIN = path.join(ROOT, "core", "providers", "wordpress", "apex-pages.php");
const SETUP = path.join(ROOT, "test", "wordpress", "mu-plugins", "apex-test-setup.php");
/** Application passwords over plain http (`local`), and no waiting for an internet that a test has not. */
const CONSTANTS = "define('WP_ENVIRONMENT_TYPE','local');define('WP_HTTP_BLOCK_EXTERNAL',true);define('DISABLE_WP_CRON',true);define('AUTOMATIC_UPDATER_DISABLED',true);";
const START_MS = 180_000;

const answers = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
};

const layOut = (archive: string, dir: string): string => {
  const wordpress = path.join(dir, "wordpress");
  unzip(archive, wordpress);
  const config = path.join(wordpress, "wp-config.php");
  writeFileSync(config, readFileSync(config, "utf8").replace(/^<\?php/, `<?php ${CONSTANTS}`));
  const plugins = path.join(wordpress, "wp-content", "mu-plugins");
  mkdirSync(plugins, { recursive: true });
  copyFileSync(SETUP, path.join(plugins, path.basename(SETUP)));
  return wordpress;
};

/**
 * Brings up a WordPress of its own with an administrator and an author: PHP in WebAssembly, its database in a file, nothing but npm.
 * @param dir empty or not there; everything lies below it
 * @param port where it answers; default: any
 * @throws Error with what it said last, when it is not up in time
 */
export const startWordpress = async ({ dir, port, log }: { dir: string; port?: number; log: (line: string) => void }): Promise<WordpressSite> => {
  const { cli, archive } = await wordpressPackages(log);
  const wordpress = layOut(archive, dir);
  const behind = await freePort();
  const door = await openFrontDoor(() => behind, port ?? 0);
  const url = `http://127.0.0.1:${door.port}`;
  const said: string[] = [];
  const server = startProcess({
    command: process.execPath,
    args: [cli, "server", "--port", String(behind), "--site-url", url, "--php", "8.3", "--wordpress-install-mode", "install-from-existing-files", "--mount-before-install", `${wordpress}:/wordpress`],
    cwd: dir,
    env: process.env,
    onLine: (line) => said.push(line),
  });
  const stop = async (): Promise<void> => {
    await door.close();
    await server.stop();
  };
  const watched = { ended: false };
  void server.exited.then(() => (watched.ended = true));
  const deadline = Date.now() + START_MS;
  while (!(await answers(`${url}/wp-json/`))) {
    if (watched.ended || Date.now() > deadline) {
      await stop();
      throw new Error(`WordPress did not start:\n${said.slice(-20).join("\n")}`);
    }
    await sleep(250);
  }
  const accounts = accountsSchema.parse(await (await fetch(`${url}/?apex_test_setup=1`)).json());
  const plugins = path.join(wordpress, "wp-content", "mu-plugins");
  const setPlugin = (name: string, php: string | null): void => {
    const file = path.join(plugins, `${name}.php`);
    if (php === null) rmSync(file, { force: true });
    else writeFileSync(file, php);
  };
  door.requests();
  return { ...accounts, url, port: door.port, door, setPlugin, setHelperPlugin: (there) => setPlugin("apex-pages", there ? readFileSync(PLUGIN, "utf8") : null), stop };
};
