import { type Answer, ask, baseOf, harmless, jsonOf, refusalOf } from "../ask.ts";
import { UsageError } from "../command-line.ts";
import type { ApiRequest, Command, Given } from "./command.types.ts";

export interface ApexTools {
  url: string;
  /** Empty: asked without one. */
  key: string;
  json: boolean;
  /** Rows of a list at most. */
  limit: number;
  fetch: typeof globalThis.fetch;
  print: (line: string) => void;
}

interface ListAnswer {
  items: unknown[];
  next_cursor: string | null;
}
const MOST_A_PAGE = 200;

const cell = (row: unknown, path: string): string => {
  const value = path.split(".").reduce<unknown>((inside, name) => (typeof inside === "object" && inside !== null ? (inside as Record<string, unknown>)[name] : undefined), row);
  // A tab or line break in a name would make another cell of it.
  return (typeof value === "string" ? value : value === null || value === undefined ? "" : JSON.stringify(value)).replaceAll(/\s+/g, " ");
};

/**
 * Does one command over the API.
 * @throws UsageError with the service's own words when it refuses; with `json`, its problem document (RFC 9457) on a line
 */
export const runCommand = async (command: Command, given: Given, { url, key, json, limit, fetch, print }: ApexTools): Promise<void> => {
  const answerTo = async ({ method, path, query = {}, body, headers }: ApiRequest): Promise<Answer> => {
    const search = new URLSearchParams(Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))).toString();
    const answer = await ask(`${baseOf(url)}${path}${search === "" ? "" : `?${search}`}`, { ...(method === undefined ? {} : { method }), ...(headers === undefined ? {} : { headers }), token: key, body, fetch });
    // A service that is unwell says so with 503, and that is an answer.
    if (!answer.ok && path !== "/health") throw json && jsonOf(answer) !== undefined ? new UsageError(JSON.stringify(jsonOf(answer))) : refusalOf(answer);
    return answer;
  };

  const request = command.request(given);
  if (command.columns !== undefined) {
    let left = limit;
    for (let cursor: string | null = ""; cursor !== null && left > 0; ) {
      const page = jsonOf(await answerTo({ ...request, query: { ...request.query, limit: String(Math.min(left, MOST_A_PAGE)), ...(cursor === "" ? {} : { cursor }) } })) as ListAnswer;
      if (!json && cursor === "") print(command.columns.map((column) => column.split(".").at(-1)).join("\t"));
      for (const row of page.items.slice(0, left)) print(json ? JSON.stringify(row) : harmless(command.columns.map((column) => cell(row, column)).join("\t")));
      left -= page.items.length;
      cursor = page.next_cursor;
    }
    return;
  }
  const answer = await answerTo(request);
  const told = jsonOf(answer);
  if (command.text) print(answer.text.replace(/\n$/, ""));
  else if (json) print(JSON.stringify(told ?? null));
  else print(harmless(command.done?.(given, told) ?? JSON.stringify(told ?? null, null, 2)));
};
