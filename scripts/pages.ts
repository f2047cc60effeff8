import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { newAccount, readAccount, writeAccount } from "./lib/demo/account.ts";
import { ApiError, createApi } from "./lib/demo/api.ts";
import { openBusiness } from "./lib/demo/business.ts";
import { type DemoHouse, openHouse } from "./lib/demo/house.ts";
import { readStartOptions, requireFreePorts, stateDirOf } from "./lib/demo/options.ts";
import { paintFor } from "./lib/demo/text.ts";
import { followRun } from "./lib/onboard/follow.ts";
import { fetchPage } from "./lib/pages/fetch-page.ts";
import { addressesOf, renderPage } from "./lib/pages/show-pages.ts";
import { stopWithUs } from "./lib/shutdown.ts";
import { StartError } from "./lib/worker-process.ts";
import { ROOT } from "./lib/wrangler.ts";

const USAGE = `npm run pages -- [--port N] [--sandbox-port N] [--once] [--fresh]

  Takes the demo business (profiles/demo.yaml) from the map to live pages: scout, strategist, writer, critic, librarian, media,
  publisher. Vendors are the sandbox's. It then stays up, so that the pages can be looked at, until Ctrl-C.

  --port N          where the Worker answers (default 8787)
  --sandbox-port N  where the stand-ins answer (default 8790)
  --once            end when the pages are out: exit code 0 when at least 12 are live
  --fresh           forget what earlier runs have stored, and begin anew`;

const ENOUGH = 12;
const PATIENCE_MS = 15 * 60_000;
const screen = { paint: paintFor(process.stdout, process.env), width: Math.min(process.stdout.isTTY ? process.stdout.columns : 120, 140) };
const { paint } = screen;
const print = (text: string): void => console.log(text);

/** Runs the pipeline and shows what came of it. @returns how many pages are live, and answer */
const publishPages = async ({ worker }: DemoHouse, accountFile: string): Promise<number> => {
  const api = createApi(worker.url);
  const account = readAccount(accountFile);
  if (account === null) throw new StartError(`${accountFile} was removed while we started. Please start again.`);
  const business = await openBusiness({ api, account, accountFile, dna: readFileSync(path.join(ROOT, "profiles/demo.yaml"), "utf8") });
  print(`${paint("strong", business.name)} (${business.project_id}): from the map to live pages\n`);
  const { run_id } = await api.startRun({ task: "manager", project_id: business.project_id, params: { publish: true } });
  const endsAt = performance.now() + PATIENCE_MS;
  let shown = "";
  const run = await followRun({
    look: async () => api.run(run_id),
    onStep: ({ done, total, label }) => {
      const line = `${total === 0 ? "" : `${done}/${total} `}${label}`;
      if (line !== shown) print(`  ${paint("quiet", (shown = line))}`);
    },
    sleep,
    isLate: () => performance.now() > endsAt,
  });
  if (run.status !== "succeeded") throw new StartError(`The pipeline ${run.status === "failed" || run.status === "dead" ? "failed" : "is not over yet"}${run.error === null ? "" : `: ${run.error.message} (${run.error.code})`}\nIts run is ${run_id}.`);

  print("");
  const pages = (await api.pages(business.project_id)).toSorted((a, b) => b.metadata.expected_value - a.metadata.expected_value);
  let live = 0;
  for (const page of pages) {
    for (const line of renderPage(page, await api.page(page.id), screen)) print(line);
    const [address] = addressesOf(page);
    if (address === undefined) continue;
    const answer = await fetchPage(address);
    if (answer.status === 200 && answer.type.startsWith("text/html")) live += 1;
    else print(`    ${paint("bad", `answers ${answer.status}`)}`);
  }
  print(`\n${paint(live >= ENOUGH ? "good" : "bad", `${live} of ${pages.length} pages are live.`)} Their log: ${path.relative(process.cwd(), path.dirname(accountFile))}/worker.log`);
  return live;
};

const main = async (): Promise<void> => {
  const options = readStartOptions(process.argv.slice(2));
  if (options === "help") {
    print(USAGE);
    return;
  }
  await requireFreePorts(options);
  const stateDir = path.join(ROOT, stateDirOf(options));
  if (options.fresh) rmSync(stateDir, { recursive: true, force: true });
  mkdirSync(stateDir, { recursive: true });
  const accountFile = path.join(stateDir, "account.json");
  const account = readAccount(accountFile) ?? newAccount();
  writeAccount(accountFile, account);
  const shutdown = stopWithUs();
  print("Starting Apex and the sandbox (some seconds) …\n");
  const house = await openHouse({ ...options, dashboardPort: null }, { account, stateDir, shutdown });
  try {
    process.exitCode = (await publishPages(house, accountFile)) >= ENOUGH ? 0 : 1;
    if (!options.once) {
      print("The pages stay up until Ctrl-C.");
      await house.worker.exited;
    }
  } catch (error) {
    // Ctrl-C takes the Worker from under a request; that is no news.
    if (shutdown.hasBegun()) return;
    throw error;
  } finally {
    if (!shutdown.hasBegun()) await house.stop();
  }
};

main().then(
  () => process.exit(),
  (error: unknown) => {
    const expected = error instanceof StartError || error instanceof ApiError || (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"));
    console.error(expected ? error.message : error);
    process.exit(1);
  },
);
