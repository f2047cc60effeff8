import { parseArgs } from "node:util";
import { ask, baseOf, jsonOf, refusalOf } from "./ask.ts";
import { UsageError } from "./command-line.ts";

const USAGE = `npm run runs -- <command> [--json]

  list                      dead letters, newest first: id, task, attempts, when, error
      --status S            queued, running, succeeded, failed or dead (default)
      --task T, --project P only those
      --limit N             so many at most (default: all)
  show <run_id>             all of one run: input, attempts, error, parts
  retry <run_id>...         run them again with their original input
      --params JSON         … or with this input in its place (one run only; checked before anything changes)
  retry --all               every dead letter, or those of
      --task T, --project P, --code C
  cancel <run_id>           call it off, with its parts

  --json                    the service's own answers, for programs

APEX_API_URL (default http://127.0.0.1:8787) says where, APEX_API_KEY (leads:read, runs:write) who. A key is never an argument: those are
seen by others.`;

export interface RunFilter {
  status?: string | undefined;
  task?: string | undefined;
  project?: string | undefined;
  code?: string | undefined;
}

export type RunsCommand =
  | { name: "help" }
  | { name: "list"; filter: RunFilter; limit: number }
  | { name: "show" | "cancel"; id: string }
  | { name: "retry"; ids: string[]; params: unknown }
  | { name: "retry-all"; filter: RunFilter };

const parsedParams = (text: string | undefined): unknown => {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`--params is not JSON: ${text}`);
  }
};

const parsedLimit = (text: string | undefined): number => {
  const limit = text === undefined ? Infinity : Number(text);
  if (text !== undefined && (!Number.isInteger(limit) || limit < 1)) throw new UsageError("--limit must be a number of rows, 1 or more.");
  return limit;
};

/** @throws UsageError in words for the person at the keyboard */
export const readRunsCommand = (args: string[]): { command: RunsCommand; json: boolean } => {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { status: text, task: text, project: text, code: text, params: text, limit: text, all: { type: "boolean", default: false }, json: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  });
  const [name, ...ids] = positionals;
  const [id] = ids;
  const { status, task, project, code } = values;
  const params = parsedParams(values.params);
  const read = (): RunsCommand | undefined => {
    if (values.help || name === undefined || name === "help") return { name: "help" };
    if (name === "list" && id === undefined) return { name, filter: { status: status ?? "dead", task, project }, limit: parsedLimit(values.limit) };
    if ((name === "show" || name === "cancel") && id !== undefined && ids.length === 1) return { name, id };
    if (name === "retry" && values.all && id === undefined && params === undefined) return { name: "retry-all", filter: { task, project, code } };
    if (name === "retry" && !values.all && id !== undefined && (params === undefined || ids.length === 1)) return { name, ids, params };
    return undefined;
  };
  const command = read();
  if (command === undefined) throw new UsageError(`That is not a command: ${args.join(" ")}\n\n${USAGE}`);
  return { command, json: values.json };
};

const MOST_A_PAGE = 200;

interface RunsTools {
  url: string;
  key: string;
  json: boolean;
  fetch: typeof globalThis.fetch;
  print: (line: string) => void;
}

interface ShownRun {
  id: string;
  task: string;
  action: string | null;
  status: string;
  attempts: number;
  created_at: string;
  error: { code: string; message: string } | null;
}
interface Retried {
  run_ids: string[];
  skipped: string[];
}

/**
 * Does one command over the API.
 * @returns whether all of it could be done
 * @throws UsageError with the service's own words when it refuses
 */
export const runRunsCommand = async (command: RunsCommand, { url, key, json, fetch, print }: RunsTools): Promise<boolean> => {
  const call = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await ask(`${baseOf(url)}/api/runs${path}`, { method, token: key, body, fetch });
    if (!answer.ok) throw refusalOf(answer);
    return jsonOf(answer) as Answer;
  };
  const say = (answer: unknown, ...lines: string[]): void => {
    if (json) print(JSON.stringify(answer));
    else for (const line of lines) print(line);
  };
  const path = (id: string, verb = ""): string => `/${encodeURIComponent(id)}${verb}`;

  switch (command.name) {
    case "help":
      print(USAGE);
      return true;
    case "list": {
      const { status, task, project } = command.filter;
      const query = new URLSearchParams(Object.entries({ status, task, project_id: project }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
      let found = 0;
      for (let cursor: string | null = ""; cursor !== null && found < command.limit; ) {
        query.set("limit", String(Math.min(MOST_A_PAGE, command.limit - found)));
        if (cursor !== "") query.set("cursor", cursor);
        const page: { items: ShownRun[]; next_cursor: string | null } = await call("GET", `?${query.toString()}`);
        for (const run of page.items) say(run, [run.id, `${run.task}${run.action === null ? "" : `/${run.action}`}`, run.status, `${run.attempts} attempts`, run.created_at, run.error === null ? "" : `${run.error.code}: ${run.error.message}`].join("\t"));
        found += page.items.length;
        cursor = page.next_cursor;
      }
      if (found === 0 && !json) print(`No runs are ${status ?? "there"}.`);
      return true;
    }
    case "show": {
      const run: unknown = await call("GET", path(command.id));
      say(run, JSON.stringify(run, null, 2));
      return true;
    }
    case "cancel": {
      const answer: { canceled: number; still_running: number } = await call("POST", path(command.id, "/cancel"));
      say(answer, `${answer.canceled} called off, ${answer.still_running} still at work until their next step.`);
      return true;
    }
    case "retry": {
      const [id] = command.ids;
      if (command.params !== undefined && id !== undefined) {
        const answer: unknown = await call("POST", path(id, "/retry"), { params: command.params });
        say(answer, `${id} is queued with the new input.`);
        return true;
      }
      const answer: Retried = await call("POST", "/retry", { ids: command.ids });
      say(answer, ...answer.run_ids.map((one) => `${one} is queued.`), ...answer.skipped.map((one) => `${one} was left: unknown, not over, or not yours to run.`));
      return answer.skipped.length === 0;
    }
    case "retry-all": {
      const { task, project: project_id, code } = command.filter;
      let queued = 0;
      for (;;) {
        const answer: Retried = await call("POST", "/retry", { filter: { task, project_id, code } });
        queued += answer.run_ids.length;
        say(answer);
        // What may not be run stays dead, and would be found again.
        if (answer.run_ids.length === 0 || answer.skipped.length > 0) {
          if (!json) print(`${queued} queued${answer.skipped.length === 0 ? "" : `, ${answer.skipped.length} of those that are left are not yours to run`}.`);
          return answer.skipped.length === 0;
        }
      }
    }
  }
};
