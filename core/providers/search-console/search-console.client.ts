import { z } from "zod";
import { AppError, describeError, vendorError } from "../../errors.ts";

/*
 * Google Search Console's API (developers.google.com/webmaster-tools/v1/api_reference_index), read only: what people searched for and
 * saw, and whether a page is in the index.
 */

export const SEARCH_CONSOLE_SCOPE = "https://www.googleapis.com/auth/webmasters.readonly";

/** One page for one query over the range asked for. `position`: the average of its topmost link, 1 is the top. */
export interface SearchRow {
  page: string;
  query: string;
  clicks: number;
  impressions: number;
  position: number;
}

export type IndexVerdict = "indexed" | "not_indexed" | "unknown";

const rowsSchema = z.looseObject({
  rows: z.array(z.looseObject({ keys: z.array(z.string()).length(2), clicks: z.number(), impressions: z.number(), position: z.number() })).default([]),
});
const inspectionSchema = z.looseObject({
  inspectionResult: z.looseObject({ indexStatusResult: z.looseObject({ verdict: z.string().default("VERDICT_UNSPECIFIED"), coverageState: z.string().default("") }).optional() }),
});
const errorSchema = z.looseObject({ error: z.looseObject({ status: z.string().default(""), message: z.string().default("") }) });

/** The most that one question returns. */
const ROWS_A_QUESTION = 25_000;
/** Of one audit; what is beyond it was seen hardly ever. */
const MOST_ROWS = 100_000;
const TIMEOUT_MS = 30_000;

export interface SearchConsoleOptions {
  /** Without a slash at its end. */
  baseUrl: string;
  accessToken: string;
  fetch: (input: string, init: RequestInit) => Promise<Response>;
}

/**
 * Every verb throws AppError: 422 `search_console_refused` for what a person must mend (no such property, or the account is not a user of
 * it), 502 `search_console_unavailable`, retryable.
 */
export const createSearchConsoleClient = ({ baseUrl, accessToken, fetch }: SearchConsoleOptions) => {
  const ask = async <Schema extends z.ZodType>(schema: Schema, path: string, body: unknown): Promise<z.infer<Schema>> => {
    try {
      const response = await fetch(`${baseUrl}${path}`, { method: "POST", headers: { Authorization: `Bearer ${accessToken}`, "Content-Type": "application/json" }, body: JSON.stringify(body), signal: AbortSignal.timeout(TIMEOUT_MS) });
      const answer: unknown = await response.json().catch(() => null);
      if (response.ok) return schema.parse(answer);
      const status = errorSchema.safeParse(answer).data?.error.status ?? "";
      if (response.status === 429 || response.status >= 500) throw vendorError("search_console_unavailable", `Search Console answered ${response.status} (${status}).`, { retryable: true });
      throw new AppError({ code: "search_console_refused", status: 422, message: `Search Console refuses (${response.status} ${status}): is the service account a user of the property?` });
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw vendorError("search_console_unavailable", `Search Console was not reached: ${describeError(error)}`, { retryable: true, cause: error });
    }
  };

  return {
    /** Figures by page and query, most clicks first. @param range days as `2026-11-26`, both included; the last two are not complete yet */
    async searches(siteUrl: string, range: { from: string; to: string }): Promise<SearchRow[]> {
      const found: SearchRow[] = [];
      for (let startRow = 0; startRow < MOST_ROWS; startRow += ROWS_A_QUESTION) {
        const { rows } = await ask(rowsSchema, `/webmasters/v3/sites/${encodeURIComponent(siteUrl)}/searchAnalytics/query`, { startDate: range.from, endDate: range.to, dimensions: ["page", "query"], rowLimit: ROWS_A_QUESTION, startRow });
        found.push(...rows.map(({ keys: [page = "", query = ""], clicks, impressions, position }) => ({ page, query, clicks, impressions, position })));
        if (rows.length < ROWS_A_QUESTION) break;
      }
      return found;
    },

    /** What the index knows of a page. Google allows 2,000 a day for a property. */
    async inspect(siteUrl: string, url: string): Promise<{ verdict: IndexVerdict; coverage: string }> {
      const { inspectionResult } = await ask(inspectionSchema, "/v1/urlInspection/index:inspect", { inspectionUrl: url, siteUrl });
      const { verdict = "", coverageState = "" } = inspectionResult.indexStatusResult ?? {};
      return { verdict: verdict === "PASS" ? "indexed" : verdict === "NEUTRAL" || verdict === "FAIL" ? "not_indexed" : "unknown", coverage: coverageState.slice(0, 120) };
    },
  };
};

export type SearchConsoleClient = ReturnType<typeof createSearchConsoleClient>;
