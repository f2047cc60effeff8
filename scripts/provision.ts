import { parseArgs } from "node:util";
import { createWrangler } from "./lib/release/command.ts";
import { provision } from "./lib/release/provision.ts";
import { CONFIG, regionNames } from "./lib/release/region.ts";

const USAGE = `npm run provision -- --env <${regionNames().join("|")}> [--apply]

Says what the region lacks at Cloudflare (D1, R2, queues, Vectorize, Pages, secrets); with --apply, makes it and writes the
databases' ids into wrangler.toml. May be repeated at any time. Needs CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID.`;

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options: { env: { type: "string" }, apply: { type: "boolean", default: false }, help: { type: "boolean", default: false } } });
  if (values.help || values.env === undefined) {
    console.log(USAGE);
    process.exitCode = values.help ? 0 : 1;
    return;
  }
  const complete = await provision(values.env, { apply: values.apply }, { wrangler: createWrangler(process.env), say: (line) => console.log(line), config: CONFIG });
  if (!complete) process.exitCode = 1;
};

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
