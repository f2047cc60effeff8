import type { LiveFeedObject } from "./live-feed.object.ts";
import type { Watcher } from "./live-feed.types.ts";

/** The object's name carries the tenant: a project's id alone opens nothing. */
const nameOf = ({ tenant_id, project_id }: Pick<Watcher, "tenant_id" | "project_id">): string => `${tenant_id}/${project_id}`;

/** The typed way to a project's live feed. */
export const createLiveFeedClient = ({ namespace }: { namespace: DurableObjectNamespace<LiveFeedObject> }) => ({
  /**
   * Hands a WebSocket upgrade over.
   * @param protocol the subprotocol to answer with, where one was offered
   * @returns 101, or 429 when the project has too many watchers
   */
  async connect(watcher: Watcher, protocol: string | null): Promise<Response> {
    const headers = new Headers({ Upgrade: "websocket", "X-Apex-Watcher": JSON.stringify(watcher) });
    if (protocol !== null) headers.set("X-Apex-Protocol", protocol);
    return namespace.getByName(nameOf(watcher)).fetch("https://live-feed/", { headers });
  },

  /** Something of the project has changed. Best effort: the feed looks by itself too. */
  async poke(address: Pick<Watcher, "tenant_id" | "project_id">): Promise<void> {
    await namespace.getByName(nameOf(address)).poke();
  },
});

export type LiveFeedClient = ReturnType<typeof createLiveFeedClient>;
