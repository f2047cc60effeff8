import { sha256Hex } from "../../../../core/security/constant-time.ts";
import type { WordpressClient } from "../../../../core/providers/wordpress/wordpress.client.ts";
import type { PostType, WpPost, WpPostChange } from "../../../../core/providers/wordpress/wordpress.wire.ts";
import { type JsonLdWay, type OutgoingPage, fingerprintOf } from "../target.ts";
import { metaOf } from "./json-ld.ts";
import { framed, type Losses, lossesOf, versionOf } from "./markup.ts";
import { META, type SiteProfile } from "./profile.ts";

/** What of a post a person may change that we would write over. Its status is not part of it: that is theirs to change. */
export const hashOf = (post: WpPost): string =>
  sha256Hex(JSON.stringify([post.title.raw, post.content.raw, post.excerpt?.raw ?? "", post.slug.replace(/__trashed$/, ""), post.parent ?? 0]));

export interface Written {
  post: WpPost;
  json_ld: JsonLdWay;
  losses: Losses;
}

/** The change that makes a post of a page, but for its place and status. */
export const changeFor = (page: OutgoingPage, profile: Pick<SiteProfile, "meta">, inline: boolean): WpPostChange & { content: string } => {
  const meta = metaOf(profile, page);
  const version = versionOf(fingerprintOf(page));
  return {
    title: page.h1,
    excerpt: page.meta_description,
    content: framed({ page_id: page.page_id, version }, page.body_html, inline ? page.json_ld : []),
    ...(Object.keys(meta).length === 0 ? {} : { meta }),
  };
};

const keptMeta = (post: WpPost, page: OutgoingPage): boolean => {
  const { meta } = post;
  return meta !== undefined && !Array.isArray(meta) && meta[META.json_ld] === JSON.stringify(page.json_ld);
};

/**
 * Makes sure that what the site kept is fit to be read. The worst that filters do is to take a script's tags away and leave the JSON-LD
 * as text on the page: then the page is written again without it.
 * @param post as the site answered when `sent` was written
 */
export const settle = async (client: Pick<WordpressClient, "update">, type: PostType, page: OutgoingPage, profile: SiteProfile, post: WpPost, sent: string): Promise<Written> => {
  if (profile.json_ld !== "inline" || page.json_ld.length === 0) {
    const json_ld = profile.json_ld === "meta" && !keptMeta(post, page) ? "none" : profile.json_ld;
    return { post, json_ld, losses: lossesOf(sent, post.content.raw) };
  }
  const losses = lossesOf(sent, post.content.raw);
  if (!losses.lost.includes("script") && !losses.words_changed) return { post, json_ld: "inline", losses };
  const plain = changeFor(page, profile, false).content;
  const again = await client.update(type, post.id, { content: plain });
  return { post: again, json_ld: "none", losses: lossesOf(plain, again.content.raw) };
};

/** For whoever looks at the page's state. */
export const notesOn = ({ json_ld, losses }: Pick<Written, "json_ld" | "losses">, page: Pick<OutgoingPage, "json_ld">): string[] => {
  const notes: string[] = [];
  if (json_ld === "none" && page.json_ld.length > 0) notes.push("Without structured data (JSON-LD): the site has no safe way to take it from this account.");
  if (losses.lost.length > 0) notes.push(`The site took away: ${losses.lost.slice(0, 12).join(", ")}.`);
  if (losses.words_changed) notes.push("The site changed the words of the page: have a look at it.");
  return notes.map((note) => note.slice(0, 300));
};
