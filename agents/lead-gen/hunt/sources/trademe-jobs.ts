import { readListPage } from "../extract/read.ts";
import { LAWFUL_WAY } from "./html-list.ts";
import type { SourceAdapter } from "./source.types.ts";

/** The address of its search for people; region parameters are not known for sure (CONTRACTS.md §7). */
const SEARCH = "https://www.trademe.co.nz/a/jobs/search?search_string={keyword}&page={page}";

/** Trade Me Jobs, New Zealand. Its pages are made by scripts. */
export const trademeJobs: SourceAdapter<"trademe_jobs"> = {
  kind: "trademe_jobs",
  permits: {
    statement: "No. Trade Me's API needs registration and approval, and its published use cases refuse scraping, exporting, aggregation and combining with other sites (developer.trademe.co.nz/api-overview/use-cases). Whoever has an agreement of their own may say so; ask at api-jobs@trademe.co.nz.",
    accepts: ["written_consent", "own_account"],
    instead: LAWFUL_WAY,
  },
  template: ({ url }) => url ?? SEARCH,
  scripts: () => true,
  accept: "text/html",
  read: async ({ text, url }, _source, reading, model) => readListPage({ html: text, url }, reading, model),
};
