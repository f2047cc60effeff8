import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyMigrations, MigrationError } from "./migrations.ts";
import { ROOT } from "./wrangler.ts";

/* With Wrangler itself, which takes its time. */
const PATIENCE_MS = 240_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "apex-migrations-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** All that a database consists of, but for what D1 keeps for itself. */
const schemaOf = (database: DatabaseSync): unknown[] =>
  database.prepare("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\' AND name <> 'd1_migrations' ORDER BY type, name").all().map((row) => ({ ...row }));

/** Looks into the one database of a state. */
const inside = <T>(stateDir: string, look: (database: DatabaseSync) => T): T => {
  const files = path.join(stateDir, "v3/d1/miniflare-D1DatabaseObject");
  const name = readdirSync(files).find((file) => /^[0-9a-f]{64}\.sqlite$/.test(file));
  const database = new DatabaseSync(path.join(files, name ?? "none"));
  try {
    return look(database);
  } finally {
    database.close();
  }
};
const applied = (database: DatabaseSync): unknown[] => database.prepare("SELECT name FROM d1_migrations ORDER BY id").all().map((row) => row["name"]);

describe("a new database", () => {
  it("has what the migrations one by one would have made, and Wrangler finds none to apply", async () => {
    const names = readdirSync(path.join(ROOT, "migrations")).filter((name) => name.endsWith(".sql")).toSorted();
    const oneByOne = new DatabaseSync(":memory:");
    for (const name of names) oneByOne.exec(readFileSync(path.join(ROOT, "migrations", name), "utf8"));
    await applyMigrations(folder);
    const look = (database: DatabaseSync) => ({ schema: schemaOf(database), applied: applied(database) });
    const made = inside(folder, look);
    expect(made).toEqual({ schema: schemaOf(oneByOne), applied: names });
    // Wrangler's own command, now that the database is there.
    await applyMigrations(folder);
    expect(inside(folder, look)).toEqual(made);
  }, PATIENCE_MS);

  it("gets all of them or none, and what was mended at the next try", async () => {
    const config = path.join(folder, "wrangler.toml");
    writeFileSync(config, 'name = "x"\ncompatibility_date = "2026-08-01"\n[[d1_databases]]\nbinding = "DB"\ndatabase_name = "x"\ndatabase_id = "1"\nmigrations_dir = "steps"\n');
    const step = (name: string, sql: string): void => writeFileSync(path.join(folder, "steps", name), sql);
    mkdirSync(path.join(folder, "steps"));
    step("0000_a.sql", "CREATE TABLE a (id INTEGER);\n");
    step("0001_b.sql", "CREATE TABLE b (id INTEGER);\nINSERT INTO nowhere VALUES (1);\n");
    const state = path.join(folder, "state");
    await expect(applyMigrations(state, { config })).rejects.toThrow(MigrationError);
    expect(inside(state, schemaOf)).toEqual([]);
    step("0001_b.sql", "CREATE TABLE b (id INTEGER);\n");
    await applyMigrations(state, { config });
    expect(inside(state, (database) => [schemaOf(database).length, applied(database)])).toEqual([2, ["0000_a.sql", "0001_b.sql"]]);
  }, PATIENCE_MS);
});
