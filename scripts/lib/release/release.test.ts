import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../wrangler.ts";
import type { CommandResult } from "./command.ts";
import type { Inventory } from "./inventory.ts";
import { plan, provision, withDatabaseIds } from "./provision.ts";
import { ADVISED_SECRETS, CONFIG, obstacles, readRegion, type Region, regionNames, REQUIRED_SECRETS } from "./region.ts";
import { rehearse, release, type ReleaseTools, SmokeTestFailed } from "./release.ts";

const region: Region = {
  name: "oc", worker: "apex-oc", api: "https://oc.api.test", dashboard: { project: "apex-dashboard-oc", url: "https://oc.test" },
  databases: [{ binding: "DB", name: "apex-oc", id: "7c9e6679-7425-40de-944b-e07fc1f90ae7" }, { binding: "DB_2", name: "apex-oc-2", id: "0f8fad5b-d9cb-469f-a165-70867728950e" }],
  buckets: [{ binding: "STORAGE", name: "apex-oc" }, { binding: "BACKUPS", name: "apex-oc-backups" }], queues: ["apex-oc-jobs"], index: "apex-context-oc", placement: { location: "oc" },
};

const done: CommandResult = { code: 0, stdout: "", output: "" };
const unauthorized = (): Response => Response.json({ code: "unauthorized" }, { status: 401 });

/** Wrangler, npm and the deployed region as far as a release sees them; what was run is written down. */
const stage = (options: { wrangler?: (command: string) => CommandResult | undefined; bytes?: number; site?: (url: string) => Response | undefined } = {}) => {
  const ran: string[] = [];
  const said: string[] = [];
  const standard = (command: string): CommandResult => {
    if (command.startsWith("deployments status")) return { ...done, stdout: JSON.stringify({ versions: [{ version_id: "old", percentage: 100 }] }) };
    if (command.startsWith("d1 time-travel info")) return { ...done, stdout: JSON.stringify({ bookmark: "0001" }) };
    return done;
  };
  const serve = (url: string): Response => {
    if (url.endsWith("/health")) return Response.json({ status: "degraded", checks: {} });
    if (url.endsWith("/openapi.json")) return Response.json({});
    return url === "https://oc.test/" ? new Response('<div id="root">') : unauthorized();
  };
  const tools: ReleaseTools = {
    wrangler: async (args) => {
      const command = args.join(" ").replace(" --config wrangler.toml", "").replace(" --env oc", "");
      ran.push(command);
      return Promise.resolve(options.wrangler?.(command) ?? standard(command));
    },
    npm: async () => Promise.resolve(done),
    bundleSize: () => options.bytes ?? 1000,
    stageDashboard: () => "staged/dashboard",
    fetch: async (input) => Promise.resolve(options.site?.(input as string) ?? serve(input as string)),
    wait: async () => Promise.resolve(),
    say: (line) => said.push(line),
  };
  const changes = () => ran.filter((command) => /^(d1 migrations|deploy(?!ments|.*--dry-run)|pages deploy|rollback)/.test(command));
  return { tools, ran, said, changes };
};

describe("a release", () => {
  it("migrates every database, deploys the Worker, tests it, then deploys the dashboard", async () => {
    const { tools, changes, said } = stage();
    await release(region, tools);
    expect(changes()).toEqual(["d1 migrations apply DB --remote", "d1 migrations apply DB_2 --remote", "deploy", "pages deploy dist --project-name apex-dashboard-oc --branch main --commit-dirty=true"]);
    expect(said).toContain("bookmark apex-oc: 0001");
  });

  it("is taken back when the Worker does not answer as it should, and leaves the dashboard as it was", async () => {
    const { tools, changes } = stage({ site: (url) => (url.includes("/webhooks/") ? new Response("", { status: 500 }) : undefined) });
    await expect(release(region, tools)).rejects.toThrow(/POST \/api\/webhooks\/wordpress[^]*|version old serves again/);
    expect(changes().slice(-2)).toEqual(["deploy", "rollback old --message smoke test failed --yes"]);
  });

  it.each<[string, (url: string) => Response | undefined]>([
    ["unhealthy", (url) => (url.endsWith("/health") ? Response.json({ status: "unhealthy", checks: {} }, { status: 503 }) : undefined)],
    ["open to anybody", (url) => (url.endsWith("/auth/me") ? Response.json({ user: {} }) : undefined)],
    ["another service's page", (url) => (url.endsWith("/health") ? new Response("<html>") : undefined)],
  ])("is taken back when it is %s", async (_, site) => {
    const { tools, changes } = stage({ site });
    await expect(release(region, tools)).rejects.toThrow(SmokeTestFailed);
    expect(changes().at(-1)).toMatch(/^rollback old/);
  });

  it("has nothing to go back to the first time, and says so", async () => {
    const { tools, changes } = stage({ wrangler: (command) => (command.startsWith("deployments status") ? { code: 1, stdout: "", output: "This Worker does not exist on your account. [code: 10007]" } : undefined), site: (url) => (url.endsWith("/health") ? new Response("", { status: 503 }) : undefined) });
    await expect(release(region, tools)).rejects.toThrow(/no earlier version/);
    expect(changes().at(-1)).toBe("deploy");
  });

  it("waits for a version that is not everywhere yet", async () => {
    let looks = 0;
    const { tools, changes } = stage({ site: (url) => (url.endsWith("/health") && (looks += 1) < 4 ? new Response("", { status: 522 }) : undefined) });
    await release(region, tools);
    expect(looks).toBe(4);
    expect(changes().some((command) => command.startsWith("rollback"))).toBe(false);
  });

  it.each([
    ["the account cannot be asked what serves", "deployments status"],
    ["the bundle cannot be made", "deploy --dry-run"],
    ["there is no way back for a database", "d1 time-travel info"],
  ])("changes nothing when %s", async (_, command) => {
    const { tools, changes } = stage({ wrangler: (asked) => (asked.startsWith(command) ? { code: 1, stdout: "", output: "fetch failed" } : undefined) });
    await expect(release(region, tools)).rejects.toThrow("fetch failed");
    expect(changes()).toEqual([]);
  });

  it("does not deploy a Worker whose database could not be migrated", async () => {
    const { tools, changes } = stage({ wrangler: (command) => (command.startsWith("d1 migrations apply DB_2") ? { code: 1, stdout: "", output: "no such table" } : undefined) });
    await expect(release(region, tools)).rejects.toThrow(/Migrating apex-oc-2 failed/);
    expect(changes()).toEqual(["d1 migrations apply DB --remote", "d1 migrations apply DB_2 --remote"]);
  });

  it("is refused over the bundle's budget, and of what the repository has before it is provisioned", async () => {
    await expect(rehearse(region, stage({ bytes: 1024 * 1024 + 1 }).tools)).rejects.toThrow("1025 KiB gzipped; its budget is 1024 KiB");
    const { tools, ran } = stage();
    await expect(release({ ...region, databases: [{ binding: "DB", name: "apex-oc", id: "10000000-0000-0000-0000-000000000001" }], api: "https://oc.api.apex.example" }, tools)).rejects.toThrow(/no database_id yet[^]*is a placeholder/);
    expect(ran).toEqual([]);
  });
});

describe("what is to be provisioned", () => {
  const nothing: Inventory = { databases: new Map(), buckets: new Set(), backupsExpire: false, queues: new Set(), index: { exists: false, metadata: new Set() }, dashboard: false, secrets: null };
  const everything: Inventory = { databases: new Map([["apex-oc", "1"], ["apex-oc-2", "2"]]), buckets: new Set(["apex-oc", "apex-oc-backups"]), backupsExpire: true, queues: new Set(["apex-oc-jobs"]), index: { exists: true, metadata: new Set(["project_id", "type"]) }, dashboard: true, secrets: new Set() };

  it("is all that the region binds, near its people; and nothing once it is there", () => {
    const commands = plan(region, nothing).map(({ args }) => args.join(" "));
    expect(commands).toContain("d1 create apex-oc-2 --location oc");
    expect(commands).toContain("r2 bucket create apex-oc-backups --location oc");
    expect(commands.indexOf("r2 bucket create apex-oc-backups --location oc")).toBeLessThan(commands.findIndex((command) => command.includes("lifecycle add")));
    expect(plan(region, everything)).toEqual([]);
    expect(plan({ ...region, placement: { jurisdiction: "eu" } }, { ...everything, queues: new Set() }).map(({ args }) => args.join(" "))).toEqual(["queues create apex-oc-jobs --jurisdiction eu"]);
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
    expect(said.filter((line) => line.startsWith("advised"))).toEqual(["APEX_OPERATOR_SECRET", "RESEND_API_KEY", "MAIL_FROM", "ALERT_MAIL_TO", "ALERT_SMS_TO", "ALERT_WEBHOOK_URL", "SENTRY_DSN"].map((name) => `advised  secret ${name}`));
    const guide = readFileSync(path.join(ROOT, "docs/deploy.md"), "utf8");
    expect([...REQUIRED_SECRETS, ...ADVISED_SECRETS].filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
  });
});

describe("wrangler.toml", () => {
  it.each(regionNames())("says all that a release of %s needs, and that it is not provisioned yet", (name) => {
    const known = readRegion(name);
    expect(known).toMatchObject({ name, worker: `apex-${name}`, index: `apex-context-${name}` });
    expect(known.buckets.map(({ binding }) => binding)).toEqual(["STORAGE", "BACKUPS"]);
    expect(obstacles(known)).toHaveLength(3);
  });
  it("keeps Europe's data under its jurisdiction", () => {
    expect(readRegion("weur").placement).toEqual({ jurisdiction: "eu" });
  });
});
