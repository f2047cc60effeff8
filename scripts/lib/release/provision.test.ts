import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../wrangler.ts";
import type { Inventory } from "./inventory.ts";
import { plan, provision, withDatabaseIds } from "./provision.ts";
import { ADVISED_SECRETS, CONFIG, obstacles, readRegion, regionNames, REQUIRED_SECRETS } from "./region.ts";
import { region } from "./release.testing.ts";

describe("what is to be provisioned", () => {
  const nothing: Inventory = { databases: new Map(), buckets: new Set(), backupsExpire: false, queues: new Set(), indexes: new Map(), dashboard: false, astray: [], secrets: null };
  const everything: Inventory = { databases: new Map([["apex-oc", "1"], ["apex-oc-2", "2"]]), buckets: new Set(["apex-oc", "apex-oc-backups"]), backupsExpire: true, queues: new Set(["apex-oc-jobs"]), indexes: new Map([["apex-context-oc", new Set(["project_id", "type"])]]), dashboard: true, astray: [], secrets: new Set() };

  it("is all that the region binds, near its people; and nothing once it is there", () => {
    const commands = plan(region, nothing).map(({ args }) => args.join(" "));
    expect(commands).toContain("d1 create apex-oc-2 --location oc");
    expect(commands).toContain("r2 bucket create apex-oc-backups --location oc");
    expect(commands.indexOf("r2 bucket create apex-oc-backups --location oc")).toBeLessThan(commands.findIndex((command) => command.includes("lifecycle add")));
    expect(plan(region, everything)).toEqual([]);
    expect(plan({ ...region, placement: { jurisdiction: "eu" } }, { ...everything, queues: new Set() }).map(({ args }) => args.join(" "))).toEqual(["queues create apex-oc-jobs --jurisdiction eu"]);
  });

  it("is a second index too, while a new embedding fills one beside the one that serves", () => {
    const two = { ...region, indexes: ["apex-context-oc", "apex-context-oc-2"] };
    expect(plan(two, everything).map(({ args }) => args.slice(0, 3).join(" "))).toEqual(["vectorize create apex-context-oc-2", "vectorize create-metadata-index apex-context-oc-2", "vectorize create-metadata-index apex-context-oc-2"]);
    expect(plan(two, { ...everything, indexes: new Map([...everything.indexes, ["apex-context-oc-2", new Set(["type"])]]) }).map(({ args }) => args.join(" "))).toEqual(["vectorize create-metadata-index apex-context-oc-2 --propertyName project_id --type string"]);
  });

  it("leaves the ids of other databases alone", () => {
    const toml = 'database_name = "a"\ndatabase_id = "old" # ours\n\ndatabase_name = "ab"\ndatabase_id = "other"\n';
    expect(withDatabaseIds(toml, new Map([["a", "new"]]))).toBe(toml.replace('"old"', '"new"'));
  });
});

describe("the secrets of a region", () => {
  it("are said by a dry run, whoever is told of alerts and errors among them, and named in docs/deploy.md", async () => {
    const said: string[] = [];
    await provision("oc", { dryRun: true }, { wrangler: null, say: (line) => said.push(line), config: CONFIG });
    expect(said.filter((line) => line.startsWith("advised"))).toEqual(["APEX_OPERATOR_SECRET", "RESEND_API_KEY", "MAIL_FROM", "ALERT_MAIL_TO", "ALERT_SMS_TO", "ALERT_WEBHOOK_URL", "HEARTBEAT_URL", "SENTRY_DSN"].map((name) => `advised  secret ${name}`));
    const guide = readFileSync(path.join(ROOT, "docs/deploy.md"), "utf8");
    expect([...REQUIRED_SECRETS, ...ADVISED_SECRETS].filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
  });
});

describe("wrangler.toml", () => {
  it.each(regionNames())("says all that a release of %s needs, and that it is not provisioned yet", (name) => {
    const known = readRegion(name);
    expect(known).toMatchObject({ name, worker: `apex-${name}`, indexes: expect.arrayContaining([`apex-context-${name}`]) as unknown });
    expect(known.buckets.map(({ binding }) => binding)).toEqual(["STORAGE", "BACKUPS"]);
    expect(obstacles(known)).toHaveLength(3);
  });
  it("may bind a second index, as docs/brand-brain.md says", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "apex-region-"));
    try {
      const config = path.join(folder, "wrangler.toml");
      writeFileSync(config, readFileSync(CONFIG, "utf8").replace("[env.oc.browser]", '[[env.oc.vectorize]]\nbinding = "VECTORIZE_NEXT"\nindex_name = "apex-context-oc-2"\n\n[env.oc.browser]'));
      expect(readRegion("oc", config).indexes).toEqual(["apex-context-oc", "apex-context-oc-2"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("keeps Europe's data under its jurisdiction", () => {
    expect(readRegion("weur").placement).toEqual({ jurisdiction: "eu" });
  });
});
