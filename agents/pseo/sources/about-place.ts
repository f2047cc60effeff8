import type { PageMetadata, Source } from "../page.schemas.ts";

/** That the business works there is said of every place alike. */
const SAYS_NO_MORE = "modules.local_seo.scout_settings.geo_scope";

/** Whether a source says something of the page's place that is not said of any other: what is near it, or what was written or asked about it. */
export const isAboutPlace = ({ kind, id, text }: Pick<Source, "kind" | "id" | "text">, place: PageMetadata["place"]): boolean => {
  if (place === null || id === SAYS_NO_MORE) return false;
  return kind === "anchor" || text.toLowerCase().includes(place.name.toLowerCase());
};
