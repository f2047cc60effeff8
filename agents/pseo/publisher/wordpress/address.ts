import { conflict } from "../../../../core/errors.ts";
import type { PostType } from "../../../../core/providers/wordpress/wordpress.wire.ts";
import type { ComposedPage } from "../target.ts";

export interface SiteAddress {
  slug: string;
  /** Slugs of the pages above it, the highest first. */
  parents: string[];
}

/** Pages stand in a tree. Posts have one name each on the whole site, so that theirs is made of the whole path. */
export const addressOn = (type: PostType, { path, slug }: Pick<ComposedPage, "path" | "slug">): SiteAddress => {
  const parts = path.split("/").filter((part) => part !== "");
  if (type === "post") return { slug: parts.length === 0 ? slug : parts.join("-"), parents: [] };
  return { slug: parts.at(-1) ?? slug, parents: parts.slice(0, -1) };
};

/** WordPress may show a slug in any script percent-encoded. */
export const sameSlug = (one: string, other: string): boolean => decoded(one) === decoded(other);
const decoded = (slug: string): string => {
  try {
    return decodeURIComponent(slug).toLowerCase();
  } catch {
    return slug.toLowerCase();
  }
};

export const slugTaken = (slug: string) => conflict("wordpress_slug_taken", `Something else on the WordPress site has the address “${slug}” already: rename one of the two.`);
