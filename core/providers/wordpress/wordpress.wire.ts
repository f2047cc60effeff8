import { z } from "zod";

/*
 * WordPress's REST API as far as we speak it (developer.wordpress.org/rest-api/reference; behaviour seen on 6.6 and 6.7). Sites
 * differ by their plugins: what we do not need is not looked at.
 */

export const postTypes = ["page", "post"] as const;
export type PostType = (typeof postTypes)[number];

const textSchema = z.looseObject({ raw: z.string() });

/** A page or post in the context `edit`. `slug` of one in the trash ends in `__trashed`. */
export const wpPostSchema = z.looseObject({
  id: z.number().int().positive(),
  slug: z.string(),
  /** publish, future, draft, pending, private, trash, and what plugins add. */
  status: z.string(),
  link: z.string(),
  /** GMT, without a zone: `2026-11-26T02:14:34`. */
  modified_gmt: z.string(),
  /** Pages only. */
  parent: z.number().int().optional(),
  title: textSchema,
  content: textSchema,
  excerpt: textSchema.optional(),
  // PHP writes an empty map as a list.
  meta: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]).optional(),
});
export type WpPost = z.infer<typeof wpPostSchema>;

/** What is written of one. What is not named stays as it is. */
export interface WpPostChange {
  title?: string;
  content?: string;
  excerpt?: string;
  slug?: string;
  status?: "draft" | "publish";
  parent?: number;
  meta?: Record<string, string>;
}

/** The account that an application password is of, in the context `edit`. */
export const wpUserSchema = z.looseObject({
  id: z.number().int(),
  name: z.string(),
  roles: z.array(z.string()),
  capabilities: z.record(z.string(), z.union([z.boolean(), z.string(), z.number()])),
});
export type WpUser = z.infer<typeof wpUserSchema>;

/** The REST root's index: who the site is, and what its plugins have added. */
export const wpIndexSchema = z.looseObject({ name: z.string().default(""), namespaces: z.array(z.string()) });

/** `OPTIONS` of a collection: which meta keys are registered. */
export const wpCollectionSchema = z.looseObject({
  schema: z.looseObject({ properties: z.looseObject({ meta: z.looseObject({ properties: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]).optional() }).optional() }) }),
});

export const wpMediaSchema = z.looseObject({
  id: z.number().int().positive(),
  slug: z.string(),
  source_url: z.string(),
  alt_text: z.string().default(""),
  media_details: z.looseObject({ sizes: z.union([z.record(z.string(), z.looseObject({ width: z.coerce.number(), source_url: z.string() })), z.array(z.unknown())]).optional() }).optional(),
});
export type WpMedia = z.infer<typeof wpMediaSchema>;

export const wpErrorSchema = z.looseObject({ code: z.union([z.string(), z.number()]).transform(String), message: z.string().default("") });
