export const linkKinds = ["contents", "up", "same_place", "nearby"] as const;

/** A link between two pages, as an entity of type `link` keeps it. `position`: its place among those of its page, from 0. */
export interface PageLink {
  from: string;
  to: string;
  anchor_text: string;
  /** 0 to 1. */
  relevance: number;
  kind: (typeof linkKinds)[number];
  position: number;
}

/** What a page says of itself that links need. */
export interface PageNode {
  id: string;
  service: { name: string; slug: string };
  place: { name: string; slug: string; city: string | null; lat: number | null; lon: number | null } | null;
  intent: string;
  primary_keyword: string;
  path: string;
  expected_value: number;
}
