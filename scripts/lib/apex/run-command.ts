import { UsageError } from "../operator.ts";
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

const problemSchemaText = (answer: unknown): string => {
  const { detail, errors = [] } = (answer ?? {}) as { detail?: string; errors?: { path: string; message: string; line?: number }[] };
  return [detail ?? "refused", ...errors.map(({ path, message, line }) => `  ${line === undefined ? "" : `line ${line}: `}${path}: ${message}`)].join("\n");
};

const parsed = (text: string): unknown => {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
};

const cell = (row: unknown, path: string): string => {
  const value = path.split(".").reduce<unknown>((inside, name) => (typeof inside === "object" && inside !== null ? (inside as Record<string, unknown>)[name] : undefined), row);
  // A tab or line break in a name would make another cell of it.
  return (typeof value === "string" ? value : value === null || value === undefined ? "" : JSON.stringify(value)).replaceAll(/\s+/g, " ");
};

/** Control characters in what strangers wrote would be orders to the terminal. */
const harmless = (text: string): string => text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");

/**
 * Does one command over the API.
 * @throws UsageError with the service's own words when it refuses
 */
export const runCommand = async (command: Command, given: Given, { url, key, json, limit, fetch, print }: ApexTools): Promise<void> => {
  const ask = async ({ method = "GET", path, query = {}, body, headers = {} }: ApiRequest): Promise<string> => {
    const search = new URLSearchParams(Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))).toString();
    const response = await fetch(`${url.replace(/\/+$/, "")}${path}${search === "" ? "" : `?${search}`}`, {
      method,
      headers: { ...(key === "" ? {} : { Authorization: `Bearer ${key}` }), ...(body === undefined || typeof body === "string" ? {} : { "Content-Type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new UsageError(`${url} cannot be reached: ${error instanceof Error ? error.message : String(error)}`);
    });
    const text = await response.text();
    // A service that is unwell says so with 503, and that is an answer.
    if (!response.ok && path !== "/health") throw new UsageError(`${response.status}: ${harmless(problemSchemaText(parsed(text)))}`);
    return text;
  };

  const request = command.request(given);
  if (command.columns !== undefined) {
    if (!json) print(command.columns.map((column) => column.split(".").at(-1)).join("\t"));
    let left = limit;
    for (let cursor: string | null = ""; cursor !== null && left > 0; ) {
      const page = parsed(await ask({ ...request, query: { ...request.query, limit: String(Math.min(left, MOST_A_PAGE)), ...(cursor === "" ? {} : { cursor }) } })) as ListAnswer;
      for (const row of page.items.slice(0, left)) print(json ? JSON.stringify(row) : harmless(command.columns.map((column) => cell(row, column)).join("\t")));
      left -= page.items.length;
      cursor = page.next_cursor;
    }
    return;
  }
  const text = await ask(request);
  const answer = parsed(text);
  if (command.text) print(text.replace(/\n$/, ""));
  else if (json) print(JSON.stringify(answer ?? null));
  else print(harmless(command.done?.(given, answer) ?? JSON.stringify(answer ?? null, null, 2)));
};
