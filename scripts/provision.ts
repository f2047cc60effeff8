import { parseArgs } from "node:util";
import { createWrangler } from "./lib/release/command.ts";
import { provision } from "./lib/release/provision.ts";
import { CONFIG, regionNames } from "./lib/release/region.ts";

const USAGE = `npm run provision -- --env <${regionNames().join("|")}> [--dry-run]

Says what the region lacks at Cloudflare (D1, R2, queues, Vectorize, Pages, secrets), then makes it and writes the databases' ids into
wrangler.toml. May be repeated at any time. --dry-run makes nothing; without an account it says what a region consists of.
Needs CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID.`;

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options: { env: { type: "string" }, "dry-run": { type: "boolean", default: false }, help: { type: "boolean", default: false } } });
  if (values.help || values.env === undefined) {
    console.log(USAGE);
    process.exitCode = values.help ? 0 : 1;
    return;
  }
  const dryRun = values["dry-run"];
  const wrangler = process.env["CLOUDFLARE_API_TOKEN"] === undefined ? null : createWrangler(process.env);
  const complete = await provision(values.env, { dryRun }, { wrangler, say: (line) => console.log(line), config: CONFIG });
  if (!complete && !dryRun) process.exitCode = 1;
};

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
