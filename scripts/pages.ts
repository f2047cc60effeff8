import path from "node:path";
import { runMain } from "./lib/command-line.ts";
import { openState } from "./lib/demo/account.ts";
import { openHouse } from "./lib/demo/house.ts";
import { readStartOptions, requireFreePorts, stateDirOf } from "./lib/demo/options.ts";
import { paintFor } from "./lib/demo/text.ts";
import { publishDemo } from "./lib/pages/publish-demo.ts";
import { type Shutdown, stopWithUs } from "./lib/shutdown.ts";
import { startWordpress, type WordpressSite } from "./lib/wordpress/site.ts";
import { ROOT } from "./lib/wrangler.ts";

const USAGE = `npm run pages -- [--wordpress] [--port N] [--sandbox-port N] [--once] [--fresh]

  Takes the demo business (profiles/demo.yaml) from the map to live pages: scout, strategist, writer, critic, librarian, media,
  publisher. Vendors are the sandbox's. Then every page is fetched and looked at: HTML, JSON-LD, links. It stays up, so that the
  pages can be looked at, until Ctrl-C.

  --wordpress       to a real WordPress as well, on this machine, from npm packages alone (about 1 GB the first time); begins anew
                    each time, as the WordPress does
  --port N          where the Worker answers (default 8787)
  --sandbox-port N  where the stand-ins answer (default 8790)
  --once            end when the pages are out: exit code 0 when at least 12 are live on each target, and nothing is wrong with any
  --fresh           forget what earlier runs have stored, and begin anew`;

const WORDPRESS_FLAG = "--wordpress";
const screen = { paint: paintFor(process.stdout, process.env), width: Math.min(process.stdout.isTTY ? process.stdout.columns : 120, 140) };
const print = (text: string): void => console.log(text);

const openWordpress = async (stateDir: string, shutdown: Shutdown): Promise<WordpressSite> => {
  print("Starting WordPress (half a minute) …");
  const site = await startWordpress({ dir: path.join(stateDir, "wordpress"), log: print });
  shutdown.stopFirst(() => site.stop());
  site.setHelperPlugin(true);
  return site;
};

const main = async (): Promise<void> => {
  const args = process.argv.slice(2);
  const withWordpress = args.includes(WORDPRESS_FLAG);
  const options = readStartOptions(args.filter((arg) => arg !== WORDPRESS_FLAG));
  if (options === "help") {
    print(USAGE);
    return;
  }
  await requireFreePorts(options);
  const stateDir = path.join(ROOT, `${stateDirOf(options)}${withWordpress ? "-wordpress" : ""}`);
  // What was stored of a WordPress that is no more would be taken for a person's deleting it.
  const { account, accountFile } = openState(stateDir, { fresh: options.fresh || withWordpress });
  const shutdown = stopWithUs();
  const wordpress = withWordpress ? await openWordpress(stateDir, shutdown) : null;
  print("Starting Apex and the sandbox (some seconds) …\n");
  const house = await openHouse({ ...options, dashboardPort: null }, { account, stateDir, shutdown, allowHosts: wordpress === null ? [] : [`127.0.0.1:${wordpress.port}`] });
  try {
    const done = await publishDemo({ url: house.worker.url, account, accountFile, wordpress: wordpress === null ? null : { url: wordpress.url, ...wordpress.administrator }, print, screen });
    process.exitCode = done ? 0 : 1;
    print(`Their log: ${path.relative(process.cwd(), house.logFile)}`);
    if (!options.once) {
      print("The pages stay up until Ctrl-C.");
      await house.worker.exited;
    }
  } catch (error) {
    // Ctrl-C takes the Worker from under a request; that is no news.
    if (shutdown.hasBegun()) return;
    throw error;
  } finally {
    if (!shutdown.hasBegun()) {
      await house.stop();
      await wordpress?.stop();
    }
  }
};

void runMain(main).then(() => process.exit());
