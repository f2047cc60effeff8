import { env } from "cloudflare:workers";

/**
 * Import it for a database with the schema of the migrations. Storage is a test file's own; tests in a file share it and use fresh ids.
 * In one transaction: `applyD1Migrations` has one for each migration, and takes three times as long, in each of a hundred files.
 */
await env.DB.batch([
  env.DB.prepare("CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)"),
  ...env.TEST_MIGRATIONS.flatMap(({ name, queries }) => [...queries.map((query) => env.DB.prepare(query)), env.DB.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name)]),
]);
