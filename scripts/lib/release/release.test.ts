import { describe, expect, it } from "vitest";
import { rehearse, release, SmokeTestFailed } from "./release.ts";
import { health, region, stage } from "./release.testing.ts";

describe("a release", () => {
  it("migrates every database, deploys the Worker, tests it, then deploys the dashboard", async () => {
    const { tools, changes, said } = stage();
    await release(region, tools);
    expect(changes()).toEqual(["d1 migrations apply DB --remote", "d1 migrations apply DB_2 --remote", "deploy --var APEX_RELEASE:new", "pages deploy dist --project-name apex-dashboard-oc --branch main --commit-dirty=true"]);
    expect(said).toContain("bookmark apex-oc: 0001");
  });

  it("is taken back when the Worker does not answer as it should, and leaves the dashboard as it was", async () => {
    const { tools, changes } = stage({ site: (url) => (url.includes("/webhooks/") ? new Response("", { status: 500 }) : undefined) });
    await expect(release(region, tools)).rejects.toThrow(/POST \/api\/webhooks\/wordpress[^]*|version old serves again/);
    expect(changes().slice(-2)).toEqual(["deploy --var APEX_RELEASE:new", "rollback old --message smoke test failed --yes"]);
  });

  it.each<[string, (url: string) => Response | undefined]>([
    ["unhealthy", (url) => (url.endsWith("/health") ? health("0.1.0+new", "unhealthy") : undefined)],
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
    expect(changes().at(-1)).toBe("deploy --var APEX_RELEASE:new");
  });

  it.each([["nothing", () => new Response("", { status: 522 })], ["the version of before", () => health("0.1.0+old", "healthy")]])("waits while the edge still serves %s", async (_, before) => {
    let looks = 0;
    const { tools, changes } = stage({ site: (url) => (url.endsWith("/health") && (looks += 1) < 4 ? before() : undefined) });
    await release(region, tools);
    // Once more when it is there, by what it says of itself.
    expect(looks).toBe(5);
    expect(changes().some((command) => command.startsWith("rollback"))).toBe(false);
  });

  it("is taken back when it is broken, though the version of before answers well for as long as the edge serves that one", async () => {
    let looks = 0;
    const { tools, changes } = stage({ site: (url) => {
      if (url.endsWith("/health") && (looks += 1) < 4) return health("0.1.0+old", "healthy");
      return looks >= 4 && url.includes("/webhooks/") ? new Response("", { status: 500 }) : undefined;
    } });
    await expect(release(region, tools)).rejects.toThrow(/POST \/api\/webhooks\/wordpress/);
    expect(changes().at(-1)).toMatch(/^rollback old/);
  });

  it("is taken back when it never comes to serve, and says so", async () => {
    const { tools, changes } = stage({ site: (url) => (url.endsWith("/health") ? health("0.1.0+old", "healthy") : undefined) });
    await expect(release(region, tools)).rejects.toThrow(/not so: GET \/health names the release new/);
    expect(changes().at(-1)).toMatch(/^rollback old/);
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
