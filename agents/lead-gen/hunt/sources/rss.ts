import { readFeedPage } from "../extract/read.ts";
import { LAWFUL_WAY } from "./html-list.ts";
import type { SourceAdapter } from "./source.types.ts";

/** RSS 2.0, RSS 1.0 and Atom. */
export const rss: SourceAdapter<"rss"> = {
  kind: "rss",
  permits: {
    statement: "A feed is published to be read by machines; what may be made of it is for its publisher's terms to say, and for whoever names it to have read.",
    accepts: ["terms", "written_consent", "own_account", "own_site"],
    instead: LAWFUL_WAY,
  },
  template: ({ url }) => url,
  scripts: () => false,
  accept: "application/rss+xml,application/atom+xml,application/xml;q=0.9,text/xml;q=0.8",
  read: async ({ text, url }, source, reading) => Promise.resolve(readFeedPage(source, { text, url }, reading)),
};
