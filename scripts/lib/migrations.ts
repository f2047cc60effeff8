import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { UsageError } from "./command-line.ts";
import { ROOT, startWrangler } from "./wrangler.ts";

/** What Wrangler said. */
export class MigrationError extends UsageError {
  override name = "MigrationError";
}

export interface Migrated {
  /** Wrangler's configuration: absolute, or relative to the project. */
  config?: string;
  /** The D1 binding. */
  database?: string;
  env?: NodeJS.ProcessEnv;
}

const configSchema = z.object({ d1_databases: z.array(z.object({ binding: z.string(), migrations_dir: z.string().optional() })) });

const folderOf = async (config: string, database: string): Promise<string> => {
  // A second of work to load, which few who import this need.
  const { unstable_readConfig } = await import("wrangler");
  const { d1_databases } = configSchema.parse(unstable_readConfig({ config: path.resolve(ROOT, config) }, { hideWarnings: true }));
  return path.resolve(ROOT, path.dirname(config), d1_databases.find(({ binding }) => binding === database)?.migrations_dir ?? "migrations");
};

/** Where Miniflare has its D1 databases (5.20261023). */
const databasesIn = (stateDir: string): string => path.join(stateDir, "v3/d1");

/** As Wrangler makes it (4.155): `d1 migrations apply` finds there what has been applied. */
const APPLIED = `CREATE TABLE d1_migrations(
		id         INTEGER PRIMARY KEY AUTOINCREMENT,
		name       TEXT UNIQUE,
		applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
);`;

/** All migrations as one file. */
const wholeSchema = (folder: string): string => {
  const names = readdirSync(folder).filter((name) => name.endsWith(".sql")).toSorted();
  return [APPLIED, ...names.flatMap((name) => [readFileSync(path.join(folder, name), "utf8"), `INSERT INTO d1_migrations (name) VALUES ('${name.replaceAll("'", "''")}');`])].join("\n");
};

const run = async (args: readonly string[], stateDir: string, env: NodeJS.ProcessEnv): Promise<void> => {
  const lines: string[] = [];
  const { code } = await startWrangler({ args: ["d1", ...args, "--local", "--persist-to", stateDir], stateDir, env, onLine: (line) => lines.push(line) }).exited;
  if (code !== 0) throw new MigrationError(`The database migrations could not be applied:\n${lines.join("\n")}`);
};

/**
 * Brings a local database up to date. Wrangler starts a workerd for each migration: a database that does not exist yet gets
 * all of them in one transaction, as one file.
 * @throws MigrationError
 */
export const applyMigrations = async (stateDir: string, { config = "wrangler.local.toml", database = "DB", env = {} }: Migrated = {}): Promise<void> => {
  const common = [database, "--config", config];
  if (existsSync(databasesIn(stateDir))) return run(["migrations", "apply", ...common], stateDir, env);
  mkdirSync(stateDir, { recursive: true });
  const file = path.join(stateDir, "schema.sql");
  writeFileSync(file, wholeSchema(await folderOf(config, database)));
  await run(["execute", ...common, "--yes", "--file", file], stateDir, env);
  rmSync(file);
};
