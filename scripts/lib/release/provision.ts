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
const BACKUPS_KEPT_DAYS = 35;

const placementArgs = (region: Region): string[] => ("location" in region.placement ? ["--location", region.placement.location] : jurisdictionArgs(region));

/** What is missing, in the order in which it may be made. Empty once all is there. */
export const plan = (region: Region, there: Inventory): Step[] => {
  const make = (what: string, ...args: string[]): Step => ({ what, args });
  const { databases, buckets, queues, indexes, dashboard } = region;
  const backups = buckets.find(({ binding }) => binding === BACKUP_BINDING);
  return [
    ...databases.filter(({ name }) => !there.databases.has(name)).map(({ name }) => make(`D1 database ${name}`, "d1", "create", name, ...placementArgs(region))),
    ...buckets.filter(({ name }) => !there.buckets.has(name)).map(({ name }) => make(`R2 bucket ${name}`, "r2", "bucket", "create", name, ...placementArgs(region))),
    ...(backups === undefined || there.backupsExpire
      ? []
      : [make(`backups are kept for ${BACKUPS_KEPT_DAYS} days`, "r2", "bucket", "lifecycle", "add", backups.name, EXPIRY_RULE, "--expire-days", String(BACKUPS_KEPT_DAYS), "--force", ...jurisdictionArgs(region))]),
    ...queues.filter((name) => !there.queues.has(name)).map((name) => make(`queue ${name}`, "queues", "create", name, ...jurisdictionArgs(region))),
    ...indexes.flatMap((index) => [
      ...(there.indexes.has(index) ? [] : [make(`Vectorize index ${index}`, "vectorize", "create", index, "--dimensions", String(VECTORS.dimensions), "--metric", VECTORS.metric)]),
      // Before the first vector: those that were inserted earlier are not found by it.
      ...VECTORS.metadata.filter((name) => there.indexes.get(index)?.has(name) !== true).map((name) => make(`index of ${name} in ${index}`, "vectorize", "create-metadata-index", index, "--propertyName", name, "--type", "string")),
    ]),
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
  wrangler: Wrangler | null;
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

/** Of an account that cannot be asked: what is planned then is all that the region consists of. */
const NOTHING: Inventory = { databases: new Map(), buckets: new Set(), backupsExpire: false, queues: new Set(), indexes: new Map(), dashboard: false, astray: [], secrets: null };

/**
 * Says what a region lacks, then makes it; what is there is left alone, so it may be run at any time, and after a failure it goes on where it stopped.
 * @param dryRun nothing is made
 * @param wrangler null, for a dry run: there is no account to ask
 * @returns whether the region has all that it needs, its secrets too
 * @throws Error with Wrangler's own words; or before anything is made, where something of that name lies outside of the region's jurisdiction
 */
export const provision = async (name: string, { dryRun }: { dryRun: boolean }, { wrangler, say, config }: ProvisionTools): Promise<boolean> => {
  const region = readRegion(name, config);
  if (wrangler === null) {
    if (!dryRun) throw new Error("Set CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID: without them there is no account in which to make anything.");
    say(`There is no account to ask (CLOUDFLARE_API_TOKEN): this is all that ${name} consists of.`);
  }
  const there = wrangler === null ? NOTHING : await takeInventory(region, wrangler);
  if (there.astray.length > 0) throw new Error(`${there.astray.join(", ")}: there, but not under ${name}'s jurisdiction, into which nothing can be moved. Give it another name in wrangler.toml, or remove it if it is empty.`);
  const steps = plan(region, there);
  for (const { what, args } of steps) say(`missing  ${what}: wrangler ${args.join(" ")}`);
  const hasSecrets = sayOfSecrets(there, region, say);
  if (dryRun || wrangler === null) {
    say("Nothing was made.");
    return steps.length === 0 && hasSecrets;
  }
  for (const { what, args } of steps) {
    ensured(await wrangler(args), what);
    say(`made     ${what}`);
  }
  const ids = steps.length > 0 ? await databaseIds(wrangler) : there.databases;
  const old = readFileSync(config, "utf8");
  const written = withDatabaseIds(old, new Map([...ids].filter(([database]) => region.databases.some((own) => own.name === database))));
  if (written !== old) {
    writeFileSync(config, written);
    say("wrote    database_id in wrangler.toml: commit it");
  }
  say(hasSecrets ? `${name} has all that it needs.` : `${name} has all but its secrets.`);
  return hasSecrets;
};
