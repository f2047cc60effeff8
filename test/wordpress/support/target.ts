import { createWordpressTarget } from "../../../agents/pseo/publisher/wordpress/wordpress.target.ts";
import type { StoredMedia } from "../../../agents/pseo/publisher/wordpress/media.ts";
import { demandRights, readProfile } from "../../../agents/pseo/publisher/wordpress/profile.ts";
import { createClock } from "../../../core/clock.ts";
import type { PostType } from "../../../core/providers/wordpress/wordpress.wire.ts";
import type { UsedWordpress } from "./use-wordpress.ts";

export interface TargetOptions {
  as?: "administrator" | "author";
  type?: PostType;
  status?: "draft" | "publish";
}

/** The WordPress target on a real site; what it remembers of pictures lies in a map. */
export const openTarget = async ({ site, clientOf }: UsedWordpress, { as = "administrator", type = "page", status = "publish" }: TargetOptions = {}) => {
  const { client, root } = await clientOf(site[as]);
  const profile = await readProfile(client, root, type);
  demandRights(profile, status);
  const media = new Map<string, StoredMedia>();
  const target = createWordpressTarget({
    client,
    profile,
    status,
    withLease: async (_, work) => work(),
    media: { find: async (id) => Promise.resolve(media.get(id) ?? null), save: async (id, stored) => Promise.resolve(void media.set(id, stored)) },
    clock: createClock(),
  });
  return { target, client, profile, media };
};
