import { z } from "zod";
import { ensured, type Wrangler } from "./command.ts";
import { envArgs, obstacles, type Region } from "./region.ts";
import { type ReleaseTools, SmokeTestFailed } from "./release.ts";
import { smokeTestWorker } from "./smoke.ts";

const deploymentsSchema = z.array(z.object({ created_on: z.string(), versions: z.array(z.object({ version_id: z.string(), percentage: z.number() })) }));
const versionSchema = z.object({ resources: z.object({ bindings: z.array(z.looseObject({ name: z.string().optional(), text: z.string().optional() })) }) });

/**
 * The version below the one that serves now, were each release laid upon the one before and taken off again by going back: what a failed
 * release has left is not gone back to. Null when Cloudflare remembers none.
 */
const versionBefore = async (region: Region, wrangler: Wrangler): Promise<string | null> => {
  const deployments = deploymentsSchema.parse(JSON.parse(ensured(await wrangler(["deployments", "list", ...envArgs(region), "--json"]), "wrangler deployments list")));
  // Null: requests were shared out among several.
  const pile: (string | null)[] = [];
  for (const { versions } of deployments.toSorted((one, other) => one.created_on.localeCompare(other.created_on))) {
    const version = versions.find(({ percentage }) => percentage === 100)?.version_id ?? null;
    const lain = version === null ? -1 : pile.indexOf(version);
    if (lain === -1) pile.push(version);
    else pile.length = lain + 1;
  }
  return pile.slice(0, -1).findLast((version) => version !== null) ?? null;
};

/** What `/health` will name once it serves; null for a version that was not deployed by `npm run deploy`. @throws Error when there is no such version */
const releaseOf = async (version: string, region: Region, wrangler: Wrangler): Promise<string | null> => {
  const { resources } = versionSchema.parse(JSON.parse(ensured(await wrangler(["versions", "view", version, ...envArgs(region), "--json"]), `wrangler versions view ${version}`)));
  return resources.bindings.find(({ name }) => name === "APEX_RELEASE")?.text ?? null;
};

/**
 * Has an earlier version of a region's Worker serve again, and tests it. Database and dashboard stay as they are: migrations only ever add.
 * @param version null: the one before
 * @param dryRun says which one, and changes nothing
 * @throws Error before anything was changed; SmokeTestFailed when it serves and does not answer as it should
 */
export const rollBack = async (region: Region, version: string | null, { dryRun }: { dryRun: boolean }, tools: ReleaseTools): Promise<void> => {
  const { wrangler, say } = tools;
  const inTheWay = obstacles(region);
  if (inTheWay.length > 0) throw new Error(`${region.name} was never released:\n${inTheWay.map((line) => `  ${line}`).join("\n")}`);
  const target = version ?? (await versionBefore(region, wrangler));
  if (target === null) throw new Error(`Cloudflare remembers no version of ${region.worker} before this one. Name one: npx wrangler versions list --env ${region.name}`);
  const release = await releaseOf(target, region, wrangler);
  const named = `${target} (${release === null ? "it names no release" : `release ${release}`})`;
  if (dryRun) {
    say(`${region.worker} would go back to ${named}`);
    return;
  }
  ensured(await wrangler(["rollback", target, ...envArgs(region), "--message", "by hand", "--yes"]), `Rolling ${region.name} back to ${target}`);
  say(`rolled back to ${named}`);
  const failed = await smokeTestWorker(region, release, tools);
  if (failed.length > 0) throw new SmokeTestFailed(`Version ${target} of ${region.name} serves, and does not answer as it should:\n${failed.map((what) => `  not so: ${what}`).join("\n")}`);
  say(`tested   ${region.api}`);
  say("The dashboard stays as it was: Pages keeps earlier deployments, and rolls back in Cloudflare's own dashboard.");
};
