import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { unstable_readConfig } from "wrangler";
import { z } from "zod";

const ROOT = path.resolve(import.meta.dirname, "../..");
const PRODUCTION = path.join(ROOT, "wrangler.toml");
const LOCAL = path.join(ROOT, "wrangler.local.toml");
const STAND_IN = path.join(ROOT, "local/wrangler.toml");
/** The product with something around it: what is bound there must be bound here, or the measurement is of something else. */
const AROUND_THE_PRODUCT = ["bench/chaos/wrangler.toml", "bench/counting/wrangler.toml"];

const configSchema = z.looseObject({
  name: z.string().optional(),
  main: z.string().optional(),
  compatibility_date: z.string(),
  definedEnvironments: z.array(z.string()).optional(),
  vars: z.record(z.string(), z.unknown()),
  durable_objects: z.object({ bindings: z.array(z.object({ name: z.string(), class_name: z.string() })) }),
  d1_databases: z.array(z.object({ database_id: z.string(), database_name: z.string(), migrations_dir: z.string() })),
  r2_buckets: z.array(z.object({ bucket_name: z.string() })),
  vectorize: z.array(z.object({ index_name: z.string() })),
  services: z.array(z.object({ service: z.string() })).default([]),
  queues: z.object({
    producers: z.array(z.object({ queue: z.string() })).default([]),
    consumers: z.array(z.object({ queue: z.string(), max_batch_size: z.number(), max_batch_timeout: z.number(), max_retries: z.number() })).default([]),
  }),
});
type Config = z.infer<typeof configSchema>;

/** As Wrangler sees it: defaults filled in, and what environments inherit inherited. Its types are not published, hence the schema. */
const readAll = (config: string, env?: string): unknown => unstable_readConfig({ config, ...(env === undefined ? {} : { env }) }, { hideWarnings: true });
const read = (config: string, env?: string): Config => configSchema.parse(readAll(config, env));

const topLevel = read(PRODUCTION);
const REGIONS = topLevel.definedEnvironments ?? [];
const local = read(LOCAL);

/** The name of every binding, of whatever kind: kinds differ on purpose, as a service stands in for Vectorize. */
const bindingNames = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(bindingNames);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => (key === "binding" && typeof part === "string" ? [part] : bindingNames(part)));
};
/** More databases are a region's own affair (docs/growth.md); all else is bound everywhere. */
const commonNames = (config: unknown): string[] => bindingNames(config).filter((name) => !/^DB_\d+$/.test(name)).sort();
const durableObjects = ({ durable_objects }: Config): Record<string, string> =>
  Object.fromEntries(durable_objects.bindings.map(({ name, class_name }) => [name, class_name]));
const consumerSettings = ({ queues }: Config): unknown[] => queues.consumers.map((consumer) => ({ ...consumer, queue: "its own" }));

/** What belongs to one region only. */
const resources = (config: Config): unknown[] => [
  config.name,
  ...config.d1_databases.flatMap(({ database_id, database_name }) => [database_id, database_name]),
  ...config.r2_buckets.map(({ bucket_name }) => bucket_name),
  ...config.queues.producers.map(({ queue }) => queue),
  ...config.vectorize.map(({ index_name }) => index_name),
];

describe.each(REGIONS)("region %s", (region) => {
  const production = read(PRODUCTION, region);

  it("binds the names that a developer's machine binds", () => {
    const names = commonNames(readAll(LOCAL));
    expect(names).toContain("DB");
    expect(commonNames(readAll(PRODUCTION, region))).toEqual(names);
    expect(durableObjects(production)).toEqual(durableObjects(local));
  });

  it("runs the same code on the same runtime, with the same migrations, crons and queue settings", () => {
    for (const key of ["main", "compatibility_date", "compatibility_flags", "migrations", "rules", "triggers"] as const) {
      const relative = (config: Config): unknown => (key === "main" ? path.relative(ROOT, config.main ?? "") : config[key]);
      expect(relative(production), key).toEqual(relative(local));
    }
    expect(consumerSettings(production)).toEqual(consumerSettings(local));
    expect(new Set(production.d1_databases.map(({ migrations_dir }) => migrations_dir))).toEqual(new Set(local.d1_databases.map(({ migrations_dir }) => migrations_dir)));
  });

  it("consumes the queue that it fills, at an address of its own, in production mode", () => {
    expect(production.queues.consumers.map(({ queue }) => queue)).toEqual(production.queues.producers.map(({ queue }) => queue));
    expect(production.vars).toMatchObject({ APEX_ENV: "production", PUBLIC_API_URL: `https://${region}.api.apex.example` });
  });
});

describe("the configuration", () => {
  it("may give one region a further database by the lines of docs/growth.md, and no other binding", () => {
    const lines = /```toml\n([^]*?)```/.exec(readFileSync(path.join(ROOT, "docs/growth.md"), "utf8"))?.[1]?.replaceAll(/^ +/gm, "") ?? "";
    const folder = mkdtempSync(path.join(tmpdir(), "apex-growth-"));
    const grown = (more: string): unknown => {
      writeFileSync(path.join(folder, "wrangler.toml"), readFileSync(PRODUCTION, "utf8").replace("[[env.oc.r2_buckets]]", () => `${more}\n[[env.oc.r2_buckets]]`));
      return readAll(path.join(folder, "wrangler.toml"), "oc");
    };
    try {
      expect(bindingNames(grown(lines))).toContain("DB_2");
      expect(commonNames(grown(lines))).toEqual(commonNames(readAll(LOCAL)));
      expect(commonNames(grown(lines.replace("DB_2", "ARCHIVE")))).toContain("ARCHIVE");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("has regions, and binds nothing outside of them, so that a bare deploy has nothing to ship", () => {
    expect(REGIONS).toEqual(expect.arrayContaining(["oc", "weur", "enam"]));
    expect(bindingNames(readAll(PRODUCTION))).toEqual([]);
    expect(durableObjects(topLevel)).toEqual({});
  });

  it("shares no resource between regions", () => {
    const regional = REGIONS.map((region) => new Set(resources(read(PRODUCTION, region))));
    const total = regional.reduce((sum, { size }) => sum + size, 0);
    expect(new Set(regional.flatMap((names) => [...names])).size).toBe(total);
  });

  it("runs the Vectorize stand-in on the product's compatibility date, under the name that the binding asks for", () => {
    const standIn = read(STAND_IN);
    expect(standIn.compatibility_date).toBe(local.compatibility_date);
    expect([...new Set(local.services.map(({ service }) => service))]).toEqual([standIn.name]);
  });
});

describe.each(AROUND_THE_PRODUCT)("%s", (file) => {
  const around = path.join(ROOT, file);

  it("binds what the product binds, to the same objects, on the same runtime", () => {
    expect(bindingNames(readAll(around)).sort()).toEqual(bindingNames(readAll(LOCAL)).sort());
    const config = read(around);
    expect(durableObjects(config)).toEqual(durableObjects(local));
    for (const key of ["compatibility_date", "compatibility_flags", "migrations", "rules"] as const) expect(config[key], key).toEqual(local[key]);
  });

  it("fills and empties the same queues", () => {
    const names = ({ queues }: Config): string[][] => [queues.producers, queues.consumers].map((list) => list.map(({ queue }) => queue));
    expect(names(read(around))).toEqual(names(local));
  });

  it("exports every object's class", () => {
    const { main } = read(around);
    const source = readFileSync(main ?? "", "utf8");
    for (const name of Object.values(durableObjects(local))) expect(source, name).toMatch(new RegExp(`export (?:(?:class|const) ${name}\\b|\\{[^}]*\\b${name}\\b)`));
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

describe("what is left out of the bundle", () => {
  const { alias } = z.looseObject({ alias: z.record(z.string(), z.string()) }).parse(readAll(PRODUCTION));

  it("is what Zod still asks for by that name", () => {
    const [name] = Object.keys(alias);
    for (const file of ["core/index.js", "classic/external.js"]) expect(readFileSync(path.join(ROOT, "node_modules/zod/v4", file), "utf8")).toContain(`from "${name}"`);
  });
});
