import { readFeedPage } from "../extract/read.ts";
import { LAWFUL_WAY } from "./html-list.ts";
import type { SourceAdapter } from "./source.types.ts";

/** JSON Feed 1.1, or any JSON whose fields the DNA names by dotted paths. */
export const jsonFeed: SourceAdapter<"json_feed"> = {
  kind: "json_feed",
  permits: {
    statement: "A feed or API is published to be read by machines, on its publisher's terms: whoever names it says which.",
    accepts: ["terms", "written_consent", "own_account", "own_site"],
    instead: LAWFUL_WAY,
  },
  template: ({ url }) => url,
  scripts: () => false,
  accept: "application/feed+json,application/json",
  read: async ({ text, url }, source, reading) => Promise.resolve(readFeedPage(source, { text, url }, reading)),
};
