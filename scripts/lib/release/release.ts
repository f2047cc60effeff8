import path from "node:path";
import { z } from "zod";
import { ROOT } from "../wrangler.ts";
import { BUNDLE_BUDGET_BYTES } from "./bundle.ts";
import { type CommandResult, ensured, type Wrangler } from "./command.ts";
import { envArgs, obstacles, type Region } from "./region.ts";
import { smokeTestDashboard, smokeTestWorker, type SmokeTools } from "./smoke.ts";

export interface ReleaseTools extends SmokeTools {
  wrangler: Wrangler;
  npm: (script: string) => Promise<CommandResult>;
  /** See bundle.ts and pages-folder.ts. */
  bundleSize: (folder: string) => number;
  stageDashboard: (region: Region, to: string) => string;
  say: (line: string) => void;
  /** What is released, as `/health` is to name it (release-id.ts). */
  releaseId: string;
}

const WORK = path.join(ROOT, ".wrangler/release");
const kib = (bytes: number): string => `${Math.ceil(bytes / 1024)} KiB`;

/** Type checks, lint and the dashboard's build: once, however many regions follow. @throws Error with what they said */
export const prepare = async ({ npm, say }: ReleaseTools, { checks }: { checks: boolean }): Promise<void> => {
  if (checks) {
    ensured(await npm("check"), "npm run check");
    say("checked  types and lint");
  }
  ensured(await npm("dashboard:build"), "npm run dashboard:build");
  say("built    the dashboard");
};

/**
 * All of a release that needs no account: the Worker as it would be uploaded, below its budget; the dashboard with its function.
 * @returns the dashboard's folder
 * @throws Error in words
 */
export const rehearse = async (region: Region, { wrangler, bundleSize, stageDashboard, say }: ReleaseTools): Promise<string> => {
  const folder = path.join(WORK, "worker", region.name);
  ensured(await wrangler(["deploy", ...envArgs(region), "--dry-run", "--outdir", folder]), `the bundle of ${region.name}`);
  const bytes = bundleSize(folder);
  if (bytes > BUNDLE_BUDGET_BYTES) throw new Error(`The Worker is ${kib(bytes)} gzipped; its budget is ${kib(BUNDLE_BUDGET_BYTES)}.`);
  say(`bundled  ${region.worker}: ${kib(bytes)} gzipped of ${kib(BUNDLE_BUDGET_BYTES)}`);
  const dashboard = stageDashboard(region, path.join(WORK, "dashboard"));
  ensured(await wrangler(["pages", "functions", "build", "functions", "--outdir", path.join(WORK, "functions", region.name)], { cwd: dashboard }), `the dashboard's function for ${region.name}`);
  say(`bundled  ${region.dashboard.project}, before ${region.worker}`);
  return dashboard;
};

const statusSchema = z.object({ versions: z.array(z.object({ version_id: z.string(), percentage: z.number() })) });

/** The version that serves now; null before the first release. @throws Error when Cloudflare does not say */
const servingVersion = async (region: Region, wrangler: Wrangler): Promise<string | null> => {
  const answer = await wrangler(["deployments", "status", ...envArgs(region), "--json"]);
  if (answer.code !== 0 && /not found|does not exist|has no deployments|10007/i.test(answer.output)) return null;
  const { versions } = statusSchema.parse(JSON.parse(ensured(answer, "wrangler deployments status")));
  return versions.toSorted((one, other) => other.percentage - one.percentage)[0]?.version_id ?? null;
};

/** Where each database was before this release: what it can be taken back to (D1 Time Travel). */
const noteBookmarks = async (region: Region, { wrangler, say }: ReleaseTools): Promise<void> => {
  for (const database of region.databases) {
    const { bookmark } = z.object({ bookmark: z.string() }).parse(JSON.parse(ensured(await wrangler(["d1", "time-travel", "info", database.name, ...envArgs(region), "--json"]), "wrangler d1 time-travel info")));
    say(`bookmark ${database.name}: ${bookmark}`);
  }
};

export class SmokeTestFailed extends Error {}

const takeBack = async (region: Region, version: string | null, failed: readonly string[], { wrangler, say }: ReleaseTools): Promise<never> => {
  const found = failed.map((what) => `  not so: ${what}`).join("\n");
  if (version === null) throw new SmokeTestFailed(`The smoke test of ${region.name} failed, and there is no earlier version to go back to:\n${found}`);
  ensured(await wrangler(["rollback", version, ...envArgs(region), "--message", "smoke test failed", "--yes"]), `Rolling ${region.name} back to ${version}`);
  say(`rolled back to ${version}`);
  throw new SmokeTestFailed(`The smoke test of ${region.name} failed; version ${version} serves again:\n${found}`);
};

/**
 * Releases to one region: rehearsal, migrations, Worker, smoke test, dashboard, smoke test. Migrations come first and only ever add, so that the
 * version that serves meanwhile, or again after a roll-back, works on the newer schema too.
 * @throws Error before anything was changed, where something is not ready; SmokeTestFailed once the Worker was taken back
 */
export const release = async (region: Region, tools: ReleaseTools): Promise<void> => {
  const { wrangler, say, releaseId } = tools;
  const inTheWay = obstacles(region);
  if (inTheWay.length > 0) throw new Error(`${region.name} cannot be released yet:\n${inTheWay.map((line) => `  ${line}`).join("\n")}`);
  const dashboard = await rehearse(region, tools);
  const before = await servingVersion(region, wrangler);
  await noteBookmarks(region, tools);
  for (const { binding, name } of region.databases) {
    ensured(await wrangler(["d1", "migrations", "apply", binding, "--remote", ...envArgs(region)]), `Migrating ${name}`);
    say(`migrated ${name}`);
  }
  ensured(await wrangler(["deploy", ...envArgs(region), "--var", `APEX_RELEASE:${releaseId}`]), `Deploying ${region.worker}`);
  say(`deployed ${region.worker} ${releaseId}`);
  const failed = await smokeTestWorker(region, releaseId, tools);
  if (failed.length > 0) await takeBack(region, before, failed, tools);
  say(`tested   ${region.api}`);
  ensured(await wrangler(["pages", "deploy", "dist", "--project-name", region.dashboard.project, "--branch", "main", "--commit-dirty=true"], { cwd: dashboard }), `Deploying ${region.dashboard.project}`);
  const unserved = await smokeTestDashboard(region, tools);
  if (unserved.length > 0) throw new SmokeTestFailed(`The Worker of ${region.name} is released; its dashboard does not answer as it should:\n${unserved.map((what) => `  not so: ${what}`).join("\n")}\nPages keeps earlier deployments: roll back in its own dashboard.`);
  say(`tested   ${region.dashboard.url}`);
};
