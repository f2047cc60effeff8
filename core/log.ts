import { configureSync, getLogger, type Logger, type LogRecord } from "@logtape/logtape";
import { currentRequestId } from "./observe/activity.ts";
import type { ErrorLine } from "./observe/sentry.ts";
import { hideSecrets } from "./security/known-secrets.ts";

/** Names under which secrets travel. Their values never reach a log line, whatever the log line meant to say. */
const SECRET_NAME = /(^|[_-])token$|secret|password|authorization|api[-_]?key|cookie|signature|google_key|^key$/i;

const redact = (value: unknown, name = "", depth = 0): unknown => {
  if (SECRET_NAME.test(name)) return "[redacted]";
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value !== "object" || value === null || depth > 5) return value;
  if (Array.isArray(value)) return value.map((item) => redact(item, "", depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redact(item, key, depth + 1)]));
};

const requestOf = (): { request_id?: string } => {
  const request_id = currentRequestId();
  return request_id === null ? {} : { request_id };
};

/** One JSON object a line: what Workers Logs index and what grep can read. */
const formatRecord = (record: LogRecord): string =>
  hideSecrets(JSON.stringify({
    at: new Date(record.timestamp).toISOString(),
    level: record.level,
    room: record.category.slice(1).join("."),
    event: record.message.map(String).join(""),
    // Whoever was asked names it; a line that says another names that.
    ...requestOf(),
    ...(redact(record.properties) as Record<string, unknown>),
  }));

type Reporter = (line: ErrorLine) => Promise<string | null> | null;
let report: Reporter | null = null;

/**
 * Has errors told besides to whoever watches them, as the log has them: redacted. What fails in it is a warning, which tells nobody.
 * @param behind what keeps the Worker alive until it is sent
 */
export const reportErrors = (to: Reporter, behind: (work: Promise<unknown>) => void): void => {
  report = (line) => {
    const sent = to(line);
    if (sent !== null) behind(sent.then((trouble) => (trouble === null ? undefined : logger("log").warn("an error was not reported", { error: trouble }))));
    return sent;
  };
};

configureSync({
  reset: true,
  sinks: {
    line: (record) => {
      const line = formatRecord(record);
      // oxlint-disable-next-line no-console -- the one place where lines leave: Workers Logs read the console
      console.log(line);
      if (record.level === "error" || record.level === "fatal") void report?.(JSON.parse(line) as ErrorLine);
    },
  },
  loggers: [
    { category: ["logtape", "meta"], sinks: [] },
    { category: ["apex"], sinks: ["line"], lowestLevel: "info" },
  ],
});

/** A logger for one room of the house, e.g. `logger("bridge-call")`. */
export const logger = (...room: string[]): Logger => getLogger(["apex", ...room]);
