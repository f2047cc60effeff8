import { z } from "zod";
import { AppError } from "../../../../core/errors.ts";
import { folderOf } from "../../../../core/memory/tenant-storage.ts";
import type { TenantMemory } from "../../../../core/memory/memory.ts";
import { discoverRestRoot } from "../../../../core/providers/wordpress/discover.ts";
import { createWordpressClient, type WordpressClient } from "../../../../core/providers/wordpress/wordpress.client.ts";
import { createWordpressHttp } from "../../../../core/providers/wordpress/wordpress.http.ts";
import type { PostType } from "../../../../core/providers/wordpress/wordpress.wire.ts";
import { sha256Hex } from "../../../../core/security/constant-time.ts";
import { notedVendor } from "../../../../core/observe/activity.ts";
import type { AgentTools } from "../../../tools.ts";
import { readProfile, type SiteProfile, siteProfileSchema } from "./profile.ts";

export type OpenTools = Pick<AgentTools, "vault" | "egress" | "storage" | "clock">;

export interface OpenedSite {
  client: WordpressClient;
  profile: SiteProfile;
}

/** What a site lets us do seldom changes; asked once an hour, five hundred pages cost one question. */
const PROFILE_KEPT_MS = 3_600_000;
const keptSchema = z.object({ of: z.string(), read_at: z.number(), profile: siteProfileSchema });

const SECRET = "wordpress";

const notConnected = (): AppError =>
  new AppError({ code: "wordpress_not_connected", status: 409, message: "The project has no WordPress yet: PUT /api/projects/{id}/secrets/wordpress with its address, a user name and an application password." });

/**
 * The project's WordPress, with the account that its vault holds.
 * @param fresh asks the site anew whatever was found before
 * @throws AppError 409 `wordpress_not_connected`; 422 for what a person must mend; WordpressError `unavailable`, retryable
 */
export const openWordpress = async ({ memory, tools, project_id }: { memory: TenantMemory; tools: OpenTools; project_id: string }, type: PostType, { fresh } = { fresh: false }): Promise<OpenedSite> => {
  const secret = await memory.secrets.take(project_id, SECRET);
  const { url, username } = secret?.shown ?? {};
  if (secret === undefined || url === undefined || username === undefined) throw notConnected();
  const key = `${folderOf(memory.tenantId, "wordpress", project_id)}site.json`;
  // Another password may be another account's, whatever its name.
  const of = sha256Hex(JSON.stringify([url, username, secret.sealed, type]));
  const kept = fresh ? null : await tools.storage.get(key);
  const known = kept === null ? undefined : keptSchema.safeParse(await kept.json()).data;
  const profile = known !== undefined && known.of === of && tools.clock.now() - known.read_at < PROFILE_KEPT_MS ? known.profile : null;

  const root = profile?.root ?? (await discoverRestRoot(tools.egress, url));
  const application_password = await tools.vault.open(secret.sealed, { tenant_id: memory.tenantId, project_id, name: SECRET });
  const client = createWordpressClient(createWordpressHttp({ egress: { fetch: async (request) => (notedVendor("wordpress"), tools.egress.fetch(request)) }, root, login: { username, application_password } }));
  if (profile !== null) return { client, profile };
  const read = await readProfile(client, root, type);
  await tools.storage.put(key, JSON.stringify({ of, read_at: tools.clock.now(), profile: read }), { httpMetadata: { contentType: "application/json" } });
  return { client, profile: read };
};
