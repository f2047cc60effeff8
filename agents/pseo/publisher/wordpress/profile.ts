import { z } from "zod";
import { AppError } from "../../../../core/errors.ts";
import type { WordpressClient } from "../../../../core/providers/wordpress/wordpress.client.ts";
import { type PostType, postTypes, type WpUser } from "../../../../core/providers/wordpress/wordpress.wire.ts";
import { jsonLdWays, type JsonLdWay } from "../target.ts";

/** The meta fields that our helper plugin registers (`core/providers/wordpress/apex-pages.php`). */
export const META = { json_ld: "jsonld", title: "apex_title", description: "apex_description", canonical: "apex_canonical" } as const;

/** What a site and an account let us do, as found by asking. */
export const siteProfileSchema = z.object({
  /** REST root. */
  root: z.string(),
  type: z.enum(postTypes),
  account: z.object({ id: z.number(), name: z.string(), roles: z.array(z.string()) }),
  may: z.object({ edit: z.boolean(), publish: z.boolean(), upload: z.boolean(), unfiltered_html: z.boolean() }),
  json_ld: z.enum(jsonLdWays),
  /** Registered meta fields of ours. */
  meta: z.array(z.string()),
  rank_math: z.boolean(),
});
export type SiteProfile = z.infer<typeof siteProfileSchema>;

const may = ({ capabilities }: WpUser, capability: string): boolean => capabilities[capability] === true || capabilities[capability] === 1 || capabilities[capability] === "1";

/** The safest way first. `unfiltered_html` is promised to administrators that do not have it in the end (multisite), so what is written is read back all the same. */
const wayOf = (meta: readonly string[], rankMath: boolean, unfiltered: boolean): JsonLdWay => {
  if (meta.includes(META.json_ld)) return "meta";
  if (rankMath) return "rank_math";
  return unfiltered ? "inline" : "none";
};

/** @throws WordpressError */
export const readProfile = async (client: WordpressClient, root: string, type: PostType): Promise<SiteProfile> => {
  const user = await client.me();
  const features = await client.features(type);
  const rankMath = features.namespaces.includes("rankmath/v1");
  const unfiltered = may(user, "unfiltered_html");
  const known: readonly string[] = Object.values(META);
  return {
    root,
    type,
    account: { id: user.id, name: user.name, roles: user.roles },
    may: { edit: may(user, `edit_${type}s`), publish: may(user, `publish_${type}s`), upload: may(user, "upload_files"), unfiltered_html: unfiltered },
    json_ld: wayOf(features.meta, rankMath, unfiltered),
    meta: features.meta.filter((name) => known.includes(name)),
    rank_math: rankMath,
  };
};

/** What stands in the way of publishing, and what will be less than it could be; in words for the owner. */
export const findingsOf = ({ type, may, json_ld }: SiteProfile, status: "draft" | "publish"): { problems: string[]; hints: string[] } => {
  const problems: string[] = [];
  if (!may.edit) problems.push(`The account may not write ${type}s: give it the role ${type === "page" ? "Editor" : "Author"}, or set post_type to ${type === "page" ? "post" : "page"}.`);
  else if (status === "publish" && !may.publish) problems.push(`The account may write ${type}s but not publish them: give it another role, or set status to draft.`);
  const hints: string[] = [];
  if (!may.upload) hints.push("The account may not upload files: pages go out without their pictures.");
  if (json_ld === "none") hints.push("Search engines get no structured data (JSON-LD): install Apex's helper plugin, or Rank Math.");
  if (json_ld === "inline") hints.push("Structured data (JSON-LD) stands in the text of pages; with Apex's helper plugin it would stand in their head.");
  return { problems, hints };
};

/** @throws AppError 422 `wordpress_forbidden` */
export const demandRights = (profile: SiteProfile, status: "draft" | "publish"): void => {
  const [problem] = findingsOf(profile, status).problems;
  if (problem !== undefined) throw new AppError({ code: "wordpress_forbidden", status: 422, message: problem });
};
