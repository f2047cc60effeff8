import { describeError } from "../core/errors.ts";
import { logger } from "../core/log.ts";
import type { Services } from "./services.ts";

const log = logger("live-feed");

/** Something of a tenant's has changed; `project_id` null: of none of its projects. `watched` false: of one that nobody watches; absent: whoever changed it cannot say. */
export type Announce = (place: { tenant_id: string; project_id: string | null; watched?: boolean }) => Promise<void>;

/** Tells those who watch a project, and those who listen to its tenant, at once. Never fails: the feed and the sweep look by themselves too. */
export const createAnnouncer = ({ liveFeed, couriers }: Pick<Services, "liveFeed" | "couriers">): Announce => {
  const poke = async (tenant_id: string, project_id: string): Promise<void> =>
    liveFeed.poke({ tenant_id, project_id }).catch((error: unknown) => log.warn("watchers not told at once", { tenant_id, project_id, error: describeError(error) }));
  return async ({ tenant_id, project_id, watched = true }) => {
    await Promise.all([couriers.soon(tenant_id), ...(project_id === null || !watched ? [] : [poke(tenant_id, project_id)])]);
  };
};
