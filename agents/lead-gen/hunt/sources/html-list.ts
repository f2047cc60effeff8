import { readListPage } from "../extract/read.ts";
import type { SourceAdapter } from "./source.types.ts";

/** What an owner does whose platform may not be read by machines. */
export const LAWFUL_WAY = "Save the search on the platform and have its e-mails forwarded to the project's intake address (GET /api/projects/{id}/webhooks), or paste what you read there as `text` into sniper_agent.";

/** Any site with a list of posts: its address and, where it has no JSON-LD, the selectors of what is in it. */
export const htmlList: SourceAdapter<"html_list"> = {
  kind: "html_list",
  permits: {
    statement: "Unknown to Apex: whoever names the site says by what it may be read. Its robots.txt is obeyed besides.",
    accepts: ["terms", "written_consent", "own_account", "own_site"],
    instead: LAWFUL_WAY,
  },
  template: ({ url }) => url,
  scripts: ({ render }) => render === true,
  accept: "text/html,application/xhtml+xml",
  read: async ({ text, url }, { selectors, next }, reading, model) => readListPage({ html: text, url, selectors, next }, reading, model),
};
