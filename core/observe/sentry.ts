import { describeError } from "../errors.ts";

/*
 * Errors to Sentry, or to whatever speaks its protocol, as envelopes (develop.sentry.dev/sdk/data-model/envelopes): one POST of three lines of
 * JSON. Its own SDK for Workers wraps the whole Worker, for more than the rest of the bundle's budget; what we have to say is in our log
 * lines already, without secrets and without people.
 */

export interface Dsn {
  url: string;
  key: string;
}

/** `https://<key>@<host>/<path>/<project>`. @returns null for what is none */
export const parseDsn = (dsn: string): Dsn | null => {
  if (!URL.canParse(dsn)) return null;
  const { protocol, username, host, pathname } = new URL(dsn);
  const [, path = "", project] = /^(.*)\/(\d+)$/.exec(pathname) ?? [];
  if (!/^https?:$/.test(protocol) || username === "" || project === undefined) return null;
  return { url: `${protocol}//${host}${path}/api/${project}/envelope/`, key: username };
};

/** An error as the log has it. */
export interface ErrorLine {
  at: string;
  room: string;
  event: string;
  [field: string]: unknown;
}

export interface SentryTools {
  dsn: Dsn;
  environment: string;
  release: string;
  server: string;
  fetch: (input: string, init: RequestInit) => Promise<Response>;
  now: () => number;
}

const TIMEOUT_MS = 5_000;
/** In a minute and of one isolate: the hundredth of a storm says nothing that the first did not, and is paid for. */
const MOST_A_MINUTE = 30;
const MINUTE_MS = 60_000;
/** What an event is found by; the rest is its context. */
const TAGS = ["request_id", "tenant_id", "project_id", "lead_id", "call_id", "run_id", "task", "action", "code", "route"] as const;

/** `TypeError: x is not a function` in its two halves. */
const exceptionOf = (error: unknown): { type: string; value: string } | null => {
  if (typeof error !== "string") return null;
  const [, type, value] = /^([A-Z]\w*): (.*)$/s.exec(error) ?? [];
  return type === undefined || value === undefined ? { type: "Error", value: error } : { type, value };
};

/** One error as an event. Alike are those of one room, event, code and kind of error. */
const eventOf = ({ at, room, event, error, stack, ...fields }: ErrorLine, id: string, { environment, release, server }: Pick<SentryTools, "environment" | "release" | "server">): Record<string, unknown> => {
  const exception = exceptionOf(error);
  const tags = Object.fromEntries(TAGS.flatMap((tag) => (typeof fields[tag] === "string" ? [[tag, fields[tag]]] : [])));
  return {
    event_id: id, timestamp: at, platform: "javascript", level: "error", logger: room, environment, release, server_name: server,
    message: { formatted: event },
    fingerprint: [room, event, typeof fields["code"] === "string" ? fields["code"] : "", exception?.type ?? ""],
    tags,
    extra: { ...fields, ...(typeof stack === "string" ? { stack } : {}) },
    ...(exception === null ? {} : { exception: { values: [exception] } }),
  };
};

/** How long the service wants to be left alone, ms (`Retry-After`, `X-Sentry-Rate-Limits: 60:error:…`); 0: it does not. */
const quietFor = (response: Response): number => {
  const [seconds] = /^\d+/.exec(response.headers.get("X-Sentry-Rate-Limits") ?? response.headers.get("Retry-After") ?? "") ?? [];
  return seconds === undefined ? (response.status === 429 ? MINUTE_MS : 0) : Number(seconds) * 1000;
};

/**
 * Tells of errors. Never fails and never logs an error of its own, which would tell of itself.
 * @returns what sends one line; null when it is not to be sent
 */
export const createSentry = ({ dsn, fetch, now, ...about }: SentryTools) => {
  let quietUntil = 0;
  let minute = 0;
  let sent = 0;
  return (line: ErrorLine): Promise<string | null> | null => {
    const at = now();
    if (at < quietUntil) return null;
    if (Math.floor(at / MINUTE_MS) !== minute) [minute, sent] = [Math.floor(at / MINUTE_MS), 0];
    if (++sent > MOST_A_MINUTE) return null;
    const id = crypto.randomUUID().replaceAll("-", "");
    const body = [{ event_id: id, sent_at: new Date(at).toISOString() }, { type: "event" }, eventOf(line, id, about)].map((part) => JSON.stringify(part)).join("\n");
    const headers = { "Content-Type": "application/x-sentry-envelope", "X-Sentry-Auth": `Sentry sentry_version=7, sentry_client=apex/${about.release}, sentry_key=${dsn.key}` };
    return fetch(dsn.url, { method: "POST", headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) }).then(
      async (response) => {
        await response.body?.cancel();
        quietUntil = at + quietFor(response);
        return response.ok ? null : `the error service answered ${response.status}`;
      },
      (error: unknown) => describeError(error),
    );
  };
};

export type Sentry = ReturnType<typeof createSentry>;
