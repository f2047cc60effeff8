import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runMain } from "./lib/command-line.ts";
import { openState, readAccount } from "./lib/demo/account.ts";
import { type Api, ApiError, createApi } from "./lib/demo/api.ts";
import { signInAs } from "./lib/demo/business.ts";
import { openHouse } from "./lib/demo/house.ts";
import { flagsOf, stateDirOf } from "./lib/demo/options.ts";
import { BUSINESSES, type Business, dnaOf } from "./lib/seed/businesses.data.ts";
import { makeHistory } from "./lib/seed/history.ts";
import { localDatabase } from "./lib/seed/local-database.ts";
import { readSeedOptions, type SeedOptions, USAGE } from "./lib/seed/options.ts";
import { stopWithUs } from "./lib/shutdown.ts";
import { StartError } from "./lib/worker-process.ts";
import { ROOT } from "./lib/wrangler.ts";

const LOOK_EVERY_MS = 4000;
const PATIENCE_MS = 15 * 60_000;
const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Makes sure that the business is there, DNA and all. */
const openBusiness = async (api: Api, business: Business): Promise<void> => {
  await api.project(business.projectId).catch(async (error: unknown) => {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
    return api.createProject({ project_id: business.projectId, name: business.name, country: business.country });
  });
  await api.putCustomDna(business.projectId, dnaOf(business));
};

const seed = async (options: SeedOptions): Promise<void> => {
  const stateDir = path.join(ROOT, stateDirOf(options));
  const { account, accountFile } = openState(stateDir, options);
  const shutdown = stopWithUs();
  const database = localDatabase(stateDir);
  const open = async () => openHouse({ ...options, dashboardPort: null }, { account, stateDir, shutdown });

  print("Making the businesses (some seconds) …");
  const first = await open();
  try {
    const api = createApi(first.worker.url);
    await signInAs({ api, account, accountFile });
    for (const business of BUSINESSES) await openBusiness(api, business);
  } finally {
    await first.stop();
  }

  const statements: string[] = [];
  for (const business of BUSINESSES) {
    const [project] = await database.query(`SELECT tenant_id, (SELECT count(*) FROM entities WHERE project_id = projects.id) AS leads FROM projects WHERE id = '${business.projectId}'`);
    if (Number(project?.["leads"]) > 0) {
      print(`  ${business.name} has a history already; --fresh begins anew.`);
      continue;
    }
    const history = makeHistory(business, { tenantId: String(project?.["tenant_id"]), until: options.until, seed: options.seed });
    statements.push(...history.statements);
    print(`  ${business.name} (${business.projectId}): ${history.leads} leads, ${history.calls} calls, ${history.booked} booked`);
  }
  if (statements.length > 0) await database.run(statements);

  print("Rolling the figures up …");
  const second = await open();
  try {
    const endsAt = performance.now() + PATIENCE_MS;
    while (database.hoursToRollUp(Date.now()) > 0) {
      await sleep(LOOK_EVERY_MS);
      if (performance.now() > endsAt) throw new StartError("The figures are not rolled up yet; `npm start` goes on with it.");
    }
  } finally {
    await second.stop();
  }
  const { email, password } = readAccount(accountFile) ?? account;
  print(`Done. npm start${flagsOf(options)}, then sign in as ${email}, password ${password}.`);
};

const main = async (): Promise<void> => {
  const options = readSeedOptions(process.argv.slice(2), Date.now());
  if (options === "help") {
    print(USAGE);
    return;
  }
  await seed(options);
  process.exit();
};

void runMain(main);
