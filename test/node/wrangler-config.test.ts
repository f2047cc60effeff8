import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { experimental_readRawConfig, unstable_readConfig } from "wrangler";

const ROOT = path.resolve(import.meta.dirname, "../..");
const PRODUCTION = path.join(ROOT, "wrangler.toml");
const LOCAL = path.join(ROOT, "wrangler.local.toml");
const STAND_IN = path.join(ROOT, "local/wrangler.toml");

/** As Wrangler sees it: defaults filled in, and what environments inherit inherited. */
const read = (config: string, env?: string) => unstable_readConfig({ config, ...(env === undefined ? {} : { env }) }, { hideWarnings: true });
type Config = ReturnType<typeof read>;

const { rawConfig } = experimental_readRawConfig({ config: PRODUCTION });
const REGIONS = Object.keys(rawConfig.env ?? {});
const local = read(LOCAL);

/** The name of every binding, of whatever kind: kinds differ on purpose, as a service stands in for Vectorize. */
const bindingNames = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(bindingNames);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => (key === "binding" && typeof part === "string" ? [part] : bindingNames(part)));
};
const durableObjects = ({ durable_objects }: Config) => Object.fromEntries(durable_objects.bindings.map(({ name, class_name }) => [name, class_name]));
const consumers = ({ queues }: Config) => queues.consumers?.map(({ max_batch_size, max_batch_timeout, max_retries }) => ({ max_batch_size, max_batch_timeout, max_retries }));

/** What belongs to one region only. */
const resources = (config: Config): (string | undefined)[] => [
  config.name,
  ...config.d1_databases.flatMap(({ database_id, database_name }) => [database_id, database_name]),
  ...config.r2_buckets.map(({ bucket_name }) => bucket_name),
  ...(config.queues.producers ?? []).map(({ queue }) => queue),
  ...config.vectorize.map(({ index_name }) => index_name),
];

describe.each(REGIONS)("region %s", (region) => {
  const production = read(PRODUCTION, region);

  it("binds the names that a developer's machine binds", () => {
    expect(bindingNames(production).sort()).toEqual(bindingNames(local).sort());
    expect(durableObjects(production)).toEqual(durableObjects(local));
  });

  it("runs the same code on the same runtime, with the same migrations, crons and queue settings", () => {
    for (const key of ["main", "compatibility_date", "compatibility_flags", "migrations", "rules", "triggers"] as const) {
      const relative = (config: Config): unknown => (key === "main" ? path.relative(ROOT, config.main ?? "") : config[key]);
      expect(relative(production), key).toEqual(relative(local));
    }
    expect(consumers(production)).toEqual(consumers(local));
    expect(production.d1_databases.map(({ migrations_dir }) => migrations_dir)).toEqual(local.d1_databases.map(({ migrations_dir }) => migrations_dir));
  });

  it("consumes the queue that it fills, at an address of its own, in production mode", () => {
    expect(production.queues.consumers?.map(({ queue }) => queue)).toEqual(production.queues.producers?.map(({ queue }) => queue));
    expect(production.vars).toMatchObject({ APEX_ENV: "production", PUBLIC_API_URL: `https://${region}.api.apex.example` });
  });
});

describe("the configuration", () => {
  it("has regions, and binds nothing outside of them, so that a bare deploy has nothing to ship", () => {
    expect(REGIONS).toEqual(expect.arrayContaining(["oc", "weur", "enam"]));
    const { env: _, ...topLevel } = rawConfig;
    expect(bindingNames(topLevel)).toEqual([]);
    expect(topLevel.durable_objects).toBeUndefined();
  });

  it("shares no resource between regions", () => {
    const all = REGIONS.flatMap((region) => resources(read(PRODUCTION, region)));
    expect(new Set(all).size).toBe(all.length);
  });

  it("runs the Vectorize stand-in on the product's compatibility date, under the name that the binding asks for", () => {
    const standIn = read(STAND_IN);
    expect(standIn.compatibility_date).toBe(local.compatibility_date);
    expect(local.services?.map(({ service }) => service)).toEqual([standIn.name]);
  });
});

describe("migrations", () => {
  const directory = path.join(ROOT, "migrations");
  const files = readdirSync(directory).filter((file) => file.endsWith(".sql"));
  /** On D1 the pragma does nothing, so that the DROP TABLE after it cascades: reproduced, with every child row lost. */
  const switchesKeysOff = /foreign_keys\W*(off|0|no|false)\b/i;

  it.each(["PRAGMA foreign_keys=OFF;", "pragma foreign_keys = off", "PRAGMA foreign_keys(0)", 'PRAGMA "foreign_keys" = \'no\'', "PRAGMA main.foreign_keys=false"])(
    "are searched for every spelling, %s among them",
    (sql) => {
      expect(sql).toMatch(switchesKeysOff);
      expect("PRAGMA defer_foreign_keys=on; PRAGMA foreign_keys=ON").not.toMatch(switchesKeysOff);
    },
  );

  it("exist", () => {
    expect(files.length).toBeGreaterThan(0);
  });

  it.each(files)("do not switch foreign keys off: %s", (file) => {
    expect(readFileSync(path.join(directory, file), "utf8")).not.toMatch(switchesKeysOff);
  });
});
