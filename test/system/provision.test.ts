import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type CloudflareAccount, startCloudflare } from "../../sandbox/cloudflare/api.ts";
import { createWrangler } from "../../scripts/lib/release/command.ts";
import { provision } from "../../scripts/lib/release/provision.ts";
import { CONFIG, isPlaceholder, readRegion, REQUIRED_SECRETS } from "../../scripts/lib/release/region.ts";

/* Real Wrangler against an account of our own on the wire: some twenty commands, of seconds each. */

let account: CloudflareAccount;
let folder: string;
let config: string;
const said: string[] = [];

beforeAll(async () => {
  account = await startCloudflare();
  folder = mkdtempSync(path.join(tmpdir(), "apex-provision-"));
  config = path.join(folder, "wrangler.toml");
  copyFileSync(CONFIG, config);
});
afterAll(async () => {
  await account.close();
  rmSync(folder, { recursive: true });
});

const run = async (dryRun: boolean): Promise<boolean> => {
  const wrangler = createWrangler({ ...process.env, CLOUDFLARE_API_BASE_URL: account.url, CLOUDFLARE_ACCOUNT_ID: account.id, CLOUDFLARE_API_TOKEN: "a-token-for-tests" });
  said.length = 0;
  return provision("weur", { dryRun }, { wrangler, say: (line) => said.push(line), config });
};

it("makes nothing where a queue or a database of that name lies outside of the region's jurisdiction", async () => {
  account.queues.push({ queue_id: "1", queue_name: "apex-weur-jobs" });
  account.databases.push({ uuid: "2", name: "apex-weur" }, { uuid: "3", name: "somebody-elses" });
  await expect(run(false)).rejects.toThrow("queue apex-weur-jobs, D1 database apex-weur: there, but not under weur's jurisdiction");
  expect(account.changes).toEqual([]);
  account.queues.length = 0;
  account.databases.length = 0;
}, 300_000);

it("makes what a region lacks, in its jurisdiction, writes the ids down, and finds nothing to do when it is run again", async () => {
  // Half of it is there: somebody began by hand, or the last run broke off.
  account.queues.push({ queue_id: "1", queue_name: "apex-weur-jobs", jurisdiction: "eu" });
  account.buckets.push({ name: "apex-weur", jurisdiction: "eu", rules: [] });
  // The same name without jurisdiction is another bucket.
  account.buckets.push({ name: "apex-weur-backups", jurisdiction: "", rules: [] });
  expect(await run(true)).toBe(false);
  expect(account.changes).toEqual([]);
  expect(readFileSync(config, "utf8")).toBe(readFileSync(CONFIG, "utf8"));
  expect(said).toContain("missing  D1 database apex-weur: wrangler d1 create apex-weur --jurisdiction eu");
  expect(await run(false)).toBe(false);

  expect(account.databases).toMatchObject([{ name: "apex-weur", jurisdiction: "eu" }]);
  const [, , backups] = account.buckets;
  expect(backups).toMatchObject({ name: "apex-weur-backups", jurisdiction: "eu", rules: [{ id: "backups-expire", enabled: true, deleteObjectsTransition: { condition: { type: "Age", maxAge: 35 * 86_400 } } }] });
  expect(account.queues).toMatchObject([{ queue_name: "apex-weur-jobs" }, { queue_name: "apex-weur-bulk-jobs", jurisdiction: "eu" }]);
  expect(account.indexes).toMatchObject([{ name: "apex-context-weur", config: { dimensions: 768, metric: "cosine" }, metadata: [{ propertyName: "project_id", indexType: "string" }, { propertyName: "type", indexType: "string" }] }]);
  expect(account.projects).toEqual([{ name: "apex-dashboard-weur" }]);
  expect(said.filter((line) => line.startsWith("missing  secret"))).toHaveLength(REQUIRED_SECRETS.length);

  // The configuration has the new id, in its own place only, and is otherwise as it was.
  const [database] = readRegion("weur", config).databases;
  expect(database?.id).toBe(account.databases[0]?.uuid);
  expect(isPlaceholder(readRegion("oc", config).databases[0]?.id ?? "")).toBe(true);
  expect(readFileSync(config, "utf8").replace(database?.id ?? "", "20000000-0000-0000-0000-000000000001")).toBe(readFileSync(CONFIG, "utf8"));

  account.secrets.set("apex-weur", [...REQUIRED_SECRETS]);
  const made = account.changes.length;
  expect(await run(false)).toBe(true);
  expect(said.at(-1)).toBe("weur has all that it needs.");
  expect(account.changes).toHaveLength(made);
}, 600_000);
