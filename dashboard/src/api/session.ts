import { useSyncExternalStore } from "react";

/*
 * Who is signed in. The access token is in memory alone, where it ends with the tab; the refresh token is in a cookie that no
 * script can read. A reload asks for a new access token by it.
 */

export interface Session {
  token: string;
  user: { id: string; email: string; name: string };
  tenant_id: string;
}

/** `unknown`: the cookie has not been asked yet. */
type State = { kind: "unknown" } | { kind: "out" } | { kind: "in"; session: Session };

let state: State = { kind: "unknown" };
const listeners = new Set<() => void>();
const setState = (next: State): void => {
  state = next;
  for (const listener of listeners) listener();
};

export const useSession = (): State =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => state,
  );

export const accessToken = (): string | null => (state.kind === "in" ? state.session.token : null);
export const beginSession = (session: Session): void => setState({ kind: "in", session });

/** Says to the API that it is one of our own pages, whose refresh token belongs into the cookie. */
export const SESSION_HEADERS = { "Content-Type": "application/json", "X-Apex-Session": "cookie" };

let refreshing: Promise<string | null> | null = null;

/** A new access token, asked for once however many requests want it. @returns null when there is no session any more */
export const refreshSession = async (): Promise<string | null> => {
  refreshing ??= (async () => {
    try {
      const response = await fetch("/api/auth/refresh", { method: "POST", headers: SESSION_HEADERS, body: "{}" });
      if (response.ok) {
        const session = (await response.json()) as Session;
        beginSession(session);
        return session.token;
      }
      setState({ kind: "out" });
      return null;
    } catch {
      // Offline is no reason to forget who is signed in.
      if (state.kind === "unknown") setState({ kind: "out" });
      return null;
    } finally {
      refreshing = null;
    }
  })();
  return refreshing;
};

export const endSession = async (): Promise<void> => {
  const token = accessToken();
  setState({ kind: "out" });
  if (token !== null) await fetch("/api/auth/logout", { method: "POST", headers: { ...SESSION_HEADERS, Authorization: `Bearer ${token}` }, body: "{}" }).catch(() => undefined);
};
