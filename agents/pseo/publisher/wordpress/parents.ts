import type { WordpressClient } from "../../../../core/providers/wordpress/wordpress.client.ts";
import type { WpPost } from "../../../../core/providers/wordpress/wordpress.wire.ts";
import { sameSlug, slugTaken } from "./address.ts";
import { framed, PLACEHOLDER } from "./markup.ts";

/** Does something while nobody else of ours touches what has this slug on the site. */
export type WithSlugLease = <T>(slug: string, work: () => Promise<T>) => Promise<T>;

export const isTrashed = (post: Pick<WpPost, "status">): boolean => post.status === "trash";

/** Pages of one slug below one parent, those in the trash left out. */
export const livingAt = (posts: readonly WpPost[], slug: string, parent: number): WpPost[] =>
  posts.filter((post) => !isTrashed(post) && sameSlug(post.slug, slug) && (post.parent ?? 0) === parent);

const wordsOf = (slug: string): string => slug.replaceAll("-", " ").replace(/^./u, (letter) => letter.toUpperCase());

/**
 * The page that others are to stand below. Whatever page has that address is taken; where none has, a draft is made that nobody sees
 * and that a page of ours takes over when it gets there.
 * @returns ids, from the highest; empty: pages stand at the top
 */
export const ensureParents = async (client: WordpressClient, slugs: readonly string[], withLease: WithSlugLease): Promise<number[]> => {
  const ids: number[] = [];
  for (const slug of slugs) {
    const parent = ids.at(-1) ?? 0;
    const id = await withLease(slug, async () => {
      const [found] = livingAt(await client.withSlug("page", slug), slug, parent);
      if (found) return found.id;
      const made = await client.create("page", { title: wordsOf(slug), slug, parent, status: "draft", content: framed({ page_id: PLACEHOLDER, version: "0" }, "") });
      if (sameSlug(made.slug, slug)) return made.id;
      await client.destroy("page", made.id);
      throw slugTaken(slug);
    });
    ids.push(id);
  }
  return ids;
};
