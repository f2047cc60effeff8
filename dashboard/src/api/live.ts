import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { accessToken, refreshSession } from "./session.ts";

export interface LiveEvent {
  seq: number;
  at: string;
  kind: "entity" | "call" | "run";
  id: string;
  project_id: string;
  data: Record<string, unknown> | null;
}

export type LiveState = "connecting" | "live" | "polling";

const PLURAL = { entity: "entities", call: "calls", run: "runs" } as const;
/** The server's own: docs/design/0018-live-feed.md. */
const GAP = 4010;
const SLOWEST_MS = 15_000;
const POLL_MS = 4_000;
/** After so many connections that failed in a row there is somebody in between who lets no WebSocket through. */
const PATIENCE = 3;

/** Rows are told as lists show them, and lists do not say which parts a run has; the parts do. */
const told = ({ data }: LiveEvent): Record<string, unknown> => {
  const { children: _, ...row } = data ?? {};
  return row;
};
const addPart = (cache: QueryClient, { id, data }: LiveEvent): void => {
  cache.setQueryData(["runs", "one", data?.["parent_id"]], (parent: { children: string[] } | undefined) => (parent === undefined || parent.children.includes(id) ? parent : { ...parent, children: [...parent.children, id] }));
};

/** Reads again what is shown. What is on its way may be older than what has just been told; where nothing was there before, only calling it off helps. */
const readAgain = async (cache: QueryClient, queryKey: readonly unknown[]): Promise<void> => {
  await cache.cancelQueries({ queryKey });
  await cache.invalidateQueries({ queryKey });
};

/** What lies in the cache by id is what has just been told; lists are read again, since what belongs on them may have changed. */
export const applyEvent = (cache: QueryClient, event: LiveEvent): void => {
  const kind = PLURAL[event.kind];
  const one = [kind, "one", event.id];
  if (event.data === null) cache.removeQueries({ queryKey: one });
  else if (cache.isFetching({ queryKey: one }) > 0) void readAgain(cache, one);
  else cache.setQueryData(one, (known: Record<string, unknown> | undefined) => known && { ...known, ...told(event) });
  void readAgain(cache, [kind, "list", event.project_id]);
  // What a hunt has found, and how far a campaign is, are told by their runs, of which each has several.
  if (event.kind === "run") {
    if (typeof event.data?.["parent_id"] === "string") addPart(cache, event);
    void readAgain(cache, ["hunts", event.project_id]);
    void readAgain(cache, ["campaigns", event.project_id]);
  }
  void readAgain(cache, ["timeline", event.kind === "call" ? event.data?.["lead_id"] : event.id]);
  void cache.invalidateQueries({ queryKey: ["stats", event.project_id], refetchType: "none" });
};

let shown: LiveState = "connecting";
const listeners = new Set<() => void>();
const show = (next: LiveState): void => {
  shown = next;
  for (const listener of listeners) listener();
};
export const useLiveState = (): LiveState =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => shown,
  );

/** Follows a project until told to stop: by WebSocket, which goes on where it was after any break; where none gets through, by asking. */
const follow = (projectId: string, cache: QueryClient): (() => void) => {
  let since: number | null = null;
  let failures = 0;
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  const take = (event: LiveEvent): void => {
    since = event.seq;
    applyEvent(cache, event);
  };
  const afresh = (): void => {
    since = null;
    void cache.invalidateQueries();
  };
  const url = (): string => `/api/live?project_id=${encodeURIComponent(projectId)}${since === null ? "" : `&since=${since}`}`;
  const later = (work: () => void, ms: number): void => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(work, ms);
  };

  const poll = async (): Promise<void> => {
    try {
      const response = await fetch(url(), { headers: { Authorization: `Bearer ${accessToken() ?? ""}` } });
      if (response.status === 401) await refreshSession();
      else if (response.status === 410) afresh();
      else if (response.ok) {
        const { items, seq } = (await response.json()) as { items: LiveEvent[]; seq: number };
        items.forEach(take);
        since = seq;
        show("polling");
      }
    } catch {
      show("connecting");
    }
    later(() => void poll(), POLL_MS);
  };

  const connect = (): void => {
    const token = accessToken();
    if (stopped || token === null) return;
    const opened = new WebSocket(url().replace(/^/, window.location.origin.replace(/^http/, "ws")), [`bearer.${token}`]);
    socket = opened;
    opened.onopen = () => {
      failures = 0;
      show("live");
      // What changed while nobody was connected, and before the first number was known.
      if (since === null) void cache.invalidateQueries();
    };
    opened.onmessage = ({ data }: MessageEvent<string>) => {
      if (data !== "pong") take(JSON.parse(data) as LiveEvent);
    };
    opened.onclose = ({ code }) => {
      if (stopped) return;
      show("connecting");
      if (code === GAP) afresh();
      if (code < 4000) failures += 1;
      if (failures > PATIENCE) void poll();
      else later(() => void refreshSession().then(connect), code >= 4000 ? 0 : Math.min(SLOWEST_MS, 500 * 2 ** failures) * (0.75 + Math.random() / 2));
    };
  };
  connect();

  return () => {
    stopped = true;
    clearTimeout(timer);
    socket?.close(1000);
  };
};

export const useLive = (projectId: string): void => {
  const cache = useQueryClient();
  useEffect(() => follow(projectId, cache), [projectId, cache]);
};
