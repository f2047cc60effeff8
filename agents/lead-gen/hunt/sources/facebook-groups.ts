import { readListPage } from "../extract/read.ts";
import type { SourceAdapter } from "./source.types.ts";

/** Groups on Facebook. There is no address to look in but the group's own, which the DNA must name. */
export const facebookGroups: SourceAdapter<"facebook_groups"> = {
  kind: "facebook_groups",
  permits: {
    statement: "No. The Groups API was removed on 22 April 2024 (Graph API v19 changelog), and Meta's terms forbid automated collection without its written permission. An account of one's own is no such permission.",
    accepts: ["written_consent"],
    instead: "Members may read their group themselves: paste what you read there as `text` into sniper_agent, or forward the group's notification e-mails to the project's intake address (GET /api/projects/{id}/webhooks).",
  },
  template: ({ url }) => url ?? null,
  scripts: () => true,
  accept: "text/html",
  read: async ({ text, url }, _source, reading, model) => readListPage({ html: text, url }, reading, model),
};
