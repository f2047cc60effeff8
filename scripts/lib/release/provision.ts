import { readFileSync, writeFileSync } from "node:fs";
import { ensured, type Wrangler } from "./command.ts";
import { databaseIds, EXPIRY_RULE, type Inventory, jurisdictionArgs, takeInventory } from "./inventory.ts";
import { ADVISED_SECRETS, BACKUP_BINDING, readRegion, type Region, REQUIRED_SECRETS } from "./region.ts";

/** Something to be made, by a command that makes it and nothing else. */
export interface Step {
  what: string;
  args: string[];
}

/** As the product asks the index: core/memory/context and local/vectorize. */
const VECTORS = { dimensions: 768, metric: "cosine", metadata: ["project_id", "type"] } as const;
/** Longer than the longest that anybody waits to find out that something is lost; what a person had erased is gone from backups by then (SECURITY.md). */
export const BACKUPS_KEPT_DAYS = 35;

const placementArgs = (region: Region): string[] => ("location" in region.placement ? ["--location", region.placement.location] : jurisdictionArgs(region));

/** What is missing, in the order in which it may be made. Empty once all is there. */
export const plan = (region: Region, there: Inventory): Step[] => {
  const make = (what: string, ...args: string[]): Step => ({ what, args });
  const { databases, buckets, queues, index, dashboard } = region;
  const backups = buckets.find(({ binding }) => binding === BACKUP_BINDING);
  return [
    ...databases.filter(({ name }) => !there.databases.has(name)).map(({ name }) => make(`D1 database ${name}`, "d1", "create", name, ...placementArgs(region))),
    ...buckets.filter(({ name }) => !there.buckets.has(name)).map(({ name }) => make(`R2 bucket ${name}`, "r2", "bucket", "create", name, ...placementArgs(region))),
    ...(backups === undefined || there.backupsExpire
      ? []
      : [make(`backups are kept for ${BACKUPS_KEPT_DAYS} days`, "r2", "bucket", "lifecycle", "add", backups.name, EXPIRY_RULE, "--expire-days", String(BACKUPS_KEPT_DAYS), "--force", ...jurisdictionArgs(region))]),
    ...queues.filter((name) => !there.queues.has(name)).map((name) => make(`queue ${name}`, "queues", "create", name, ...jurisdictionArgs(region))),
    ...(there.index.exists ? [] : [make(`Vectorize index ${index}`, "vectorize", "create", index, "--dimensions", String(VECTORS.dimensions), "--metric", VECTORS.metric)]),
    // Before the first vector: those that were inserted earlier are not found by it.
    ...VECTORS.metadata.filter((name) => !there.index.metadata.has(name)).map((name) => make(`index of ${name} in ${index}`, "vectorize", "create-metadata-index", index, "--propertyName", name, "--type", "string")),
    ...(there.dashboard ? [] : [make(`Pages project ${dashboard.project}`, "pages", "project", "create", dashboard.project, "--production-branch", "main")]),
  ];
};

/** The configuration with these ids in the places of the databases that they are of; all else as it was, comments too. */
export const withDatabaseIds = (toml: string, ids: ReadonlyMap<string, string>): string =>
  toml.replaceAll(/(database_name\s*=\s*"([^"]+)"\s*\n\s*database_id\s*=\s*")([^"]*)(")/g, (whole, before: string, name: string, _old: string, after: string) => {
    const id = ids.get(name);
    return id === undefined ? whole : `${before}${id}${after}`;
  });

interface ProvisionTools {
  wrangler: Wrangler;
  say: (line: string) => void;
  /** The path of wrangler.toml. */
  config: string;
}

const sayOfSecrets = ({ secrets }: Inventory, region: Region, say: ProvisionTools["say"]): boolean => {
  const missing = REQUIRED_SECRETS.filter((name) => secrets?.has(name) !== true);
  for (const name of missing) say(`missing  secret ${name}: wrangler secret put ${name} --env ${region.name}`);
  for (const name of ADVISED_SECRETS) if (secrets?.has(name) !== true) say(`advised  secret ${name}`);
  return missing.length === 0;
};

/**
 * Makes what a region lacks; what is there is left alone, so it may be run at any time, and after a failure it goes on where it stopped.
 * @param apply without it, nothing is made: what would be is said
 * @returns whether the region has all that it needs, its secrets too
 * @throws Error with Wrangler's own words
 */
export const provision = async (name: string, { apply }: { apply: boolean }, { wrangler, say, config }: ProvisionTools): Promise<boolean> => {
  const region = readRegion(name, config);
  const before = await takeInventory(region, wrangler);
  const steps = plan(region, before);
  for (const { what, args } of steps) {
    if (apply) ensured(await wrangler(args), what);
    say(`${apply ? "made   " : "to make"}  ${what}${apply ? "" : `: wrangler ${args.join(" ")}`}`);
  }
  const ids = apply && steps.length > 0 ? await databaseIds(wrangler) : before.databases;
  const old = readFileSync(config, "utf8");
  const written = withDatabaseIds(old, new Map([...ids].filter(([database]) => region.databases.some((own) => own.name === database))));
  if (written !== old) {
    if (apply) writeFileSync(config, written);
    say(`${apply ? "wrote  " : "to write"} database_id in wrangler.toml: commit it`);
  }
  const hasSecrets = sayOfSecrets(before, region, say);
  const complete = apply || (steps.length === 0 && written === old);
  if (!complete) say(`Nothing was changed. To do it: npm run provision -- --env ${name} --apply`);
  else say(hasSecrets ? `${name} has all that it needs.` : `${name} has all but its secrets.`);
  return complete && hasSecrets;
};
