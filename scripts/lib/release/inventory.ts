import { z } from "zod";
import { ensured, type Wrangler } from "./command.ts";
import { BACKUP_BINDING, type Region } from "./region.ts";

/** What of a region is there at Cloudflare already. */
export interface Inventory {
  /** Ids by name. */
  databases: Map<string, string>;
  buckets: Set<string>;
  /** Of the bucket for backups: whether it lets go of what is old. */
  backupsExpire: boolean;
  queues: Set<string>;
  /** By name; of each, which properties it can be asked by. */
  indexes: Map<string, Set<string>>;
  dashboard: boolean;
  /** What is there by name, and not under the region's jurisdiction: neither a database nor a queue can be moved into one. */
  astray: string[];
  /** Null: there is no Worker yet that could have any. */
  secrets: Set<string> | null;
}

/** What Wrangler says of its own may stand before the JSON. */
const parsed = <Schema extends z.ZodType>(schema: Schema, stdout: string): z.infer<Schema> => schema.parse(JSON.parse(stdout.slice(Math.max(0, stdout.search(/^[[{]/m)))));

const databasesSchema = z.array(z.object({ uuid: z.string(), name: z.string(), jurisdiction: z.string().nullish() }));
const indexesSchema = z.array(z.object({ name: z.string() }));
const metadataSchema = z.array(z.object({ propertyName: z.string() }));
/** Wrangler prints a table for people, even as JSON; the first column is the name. */
const projectsSchema = z.array(z.looseObject({ "Project Name": z.string() }));
const secretsSchema = z.array(z.object({ name: z.string() }));

export const EXPIRY_RULE = "backups-expire";

export const jurisdictionArgs = ({ placement }: Region): string[] => ("jurisdiction" in placement ? ["--jurisdiction", placement.jurisdiction] : []);

/** A queue is asked for by its name: the list comes in pages. @returns its jurisdiction; null: none; undefined: there is no such queue */
const queueJurisdiction = async (wrangler: Wrangler, name: string): Promise<string | null | undefined> => {
  const answer = await wrangler(["queues", "info", name]);
  if (answer.code !== 0 && answer.output.includes(`Queue "${name}" does not exist`)) return undefined;
  return /^Jurisdiction:\s+(\S+)\s*$/m.exec(ensured(answer, `wrangler queues info ${name}`))?.[1] ?? null;
};

const listDatabases = async (wrangler: Wrangler) => parsed(databasesSchema, ensured(await wrangler(["d1", "list", "--json"]), "wrangler d1 list"));

/** Every D1 database of the account, by name. */
export const databaseIds = async (wrangler: Wrangler): Promise<Map<string, string>> => new Map((await listDatabases(wrangler)).map(({ name, uuid }) => [name, uuid]));

/** @throws Error when Cloudflare cannot be asked: nothing is planned on half of the truth */
export const takeInventory = async (region: Region, wrangler: Wrangler): Promise<Inventory> => {
  const ask = async (...args: string[]): Promise<string> => ensured(await wrangler(args), `wrangler ${args.join(" ")}`);
  const bucketNames = [...(await ask("r2", "bucket", "list", ...jurisdictionArgs(region))).matchAll(/^name:\s+(\S+)\s*$/gm)].map(([, name = ""]) => name);
  const backups = region.buckets.find(({ binding }) => binding === BACKUP_BINDING);
  const backupsExpire = backups !== undefined && bucketNames.includes(backups.name) && (await ask("r2", "bucket", "lifecycle", "list", backups.name, ...jurisdictionArgs(region))).includes(EXPIRY_RULE);
  const queues = new Set<string>();
  const astray: string[] = [];
  const isStray = (jurisdiction: string | null | undefined): boolean => "jurisdiction" in region.placement && jurisdiction !== region.placement.jurisdiction;
  for (const name of region.queues) {
    const jurisdiction = await queueJurisdiction(wrangler, name);
    if (jurisdiction === undefined) continue;
    queues.add(name);
    if (isStray(jurisdiction)) astray.push(`queue ${name}`);
  }
  const databases = await listDatabases(wrangler);
  astray.push(...databases.filter(({ name, jurisdiction }) => region.databases.some((own) => own.name === name) && isStray(jurisdiction)).map(({ name }) => `D1 database ${name}`));
  const indexNames = parsed(indexesSchema, await ask("vectorize", "list", "--json")).map(({ name }) => name);
  const indexes = new Map<string, Set<string>>();
  for (const name of region.indexes.filter((own) => indexNames.includes(own))) {
    indexes.set(name, new Set(parsed(metadataSchema, await ask("vectorize", "list-metadata-index", name, "--json")).map(({ propertyName }) => propertyName)));
  }
  const projects = parsed(projectsSchema, await ask("pages", "project", "list", "--json"));
  const secrets = await wrangler(["secret", "list", "--name", region.worker, "--format", "json"]);
  const noWorker = secrets.code !== 0 && /not found|does not exist|10007/i.test(secrets.output);
  return {
    databases: new Map(databases.map(({ name, uuid }) => [name, uuid])),
    buckets: new Set(bucketNames),
    backupsExpire,
    queues,
    indexes,
    dashboard: projects.some((project) => project["Project Name"] === region.dashboard.project),
    astray,
    secrets: noWorker ? null : new Set(parsed(secretsSchema, ensured(secrets, "wrangler secret list")).map(({ name }) => name)),
  };
};
