import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { bundleSize } from "./lib/release/bundle.ts";
import { createGit, createNpm, createWrangler } from "./lib/release/command.ts";
import { stageDashboard } from "./lib/release/pages-folder.ts";
import { readRegion, regionNames } from "./lib/release/region.ts";
import { releaseIdOf } from "./lib/release/release-id.ts";
import { rollBack } from "./lib/release/roll-back.ts";
import { prepare, rehearse, release, type ReleaseTools } from "./lib/release/release.ts";

const USAGE = `npm run deploy -- --env <${regionNames().join("|")}> [--skip-checks]
npm run deploy -- --dry-run [--env NAME] [--skip-checks]
npm run deploy -- --env NAME --rollback [VERSION] [--dry-run]

Checks, bundles (at most 1 MiB gzipped), migrates, deploys the Worker, tests it and takes it back if that fails, deploys the dashboard.
--dry-run does all of it that needs no account, for every region or the one named. --skip-checks leaves out types and lint.
--rollback has the version before, or the one that is named, serve again, and tests it; with --dry-run it says which that is.
Needs CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID, but for the dry run of a release.`;

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { rollback: { type: "boolean", default: false }, env: { type: "string" }, "dry-run": { type: "boolean", default: false }, "skip-checks": { type: "boolean", default: false }, help: { type: "boolean", default: false } } });
  const { env, rollback, "dry-run": dryRun, "skip-checks": skipChecks } = values;
  const isClear = rollback ? env !== undefined && positionals.length <= 1 : (env !== undefined || dryRun) && positionals.length === 0;
  if (values.help || !isClear) {
    console.log(USAGE);
    process.exitCode = values.help ? 0 : 1;
    return;
  }
  const releaseId = await releaseIdOf(createGit(process.env), new Date());
  const tools: ReleaseTools = { releaseId, wrangler: createWrangler(process.env), npm: createNpm(process.env), bundleSize, stageDashboard, fetch, wait: async (ms) => wait(ms), say: (line) => console.log(line) };
  const regions = (env === undefined ? regionNames() : [env]).map((name) => readRegion(name));
  if (rollback) {
    for (const region of regions) await rollBack(region, positionals[0] ?? null, { dryRun }, tools);
    return;
  }
  await prepare(tools, { checks: !skipChecks });
  for (const region of regions) await (dryRun ? rehearse : release)(region, tools);
  console.log(dryRun ? "Nothing was deployed." : `${regions.map(({ name }) => name).join(", ")} released.`);
};

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
