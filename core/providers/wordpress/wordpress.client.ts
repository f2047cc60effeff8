import { z } from "zod";
import type { WordpressHttp } from "./wordpress.http.ts";
import { WordpressError } from "./wordpress.errors.ts";
import { type PostType, type WpMedia, type WpPost, type WpPostChange, type WpUser, wpCollectionSchema, wpIndexSchema, wpMediaSchema, wpPostSchema, wpUserSchema } from "./wordpress.wire.ts";

export interface UploadedImage {
  bytes: Uint8Array;
  content_type: string;
  filename: string;
  slug: string;
  alt: string;
}

/** What of a site's own helps us. */
export interface SiteFeatures {
  namespaces: string[];
  /** Meta keys of the post type that REST takes. */
  meta: string[];
}

const EDIT = { context: "edit" };
const anything = z.unknown();
/** `{"new-0": 123}`; PHP writes none as `[]`. */
const rankMathIdsSchema = z.union([z.record(z.string(), z.number()), z.array(z.unknown()).transform((): Record<string, number> => ({}))]);
const none = (error: unknown): null => {
  if (error instanceof WordpressError && error.failure === "gone") return null;
  throw error;
};

/** One site's REST API with one account's application password. Every verb throws WordpressError, which says whether to try again. */
export const createWordpressClient = (http: WordpressHttp) => {
  const collection = (type: PostType): string => `/wp/v2/${type}s`;
  return {
    /** Who the password is of, and what they may do. */
    me: async (): Promise<WpUser> => http(wpUserSchema, { method: "GET", path: "/wp/v2/users/me", query: EDIT }),

    async features(type: PostType): Promise<SiteFeatures> {
      const { namespaces } = await http(wpIndexSchema, { method: "GET", path: "/", query: { _fields: "name,namespaces" } });
      const { schema } = await http(wpCollectionSchema, { method: "OPTIONS", path: collection(type) });
      return { namespaces, meta: Object.keys(schema.properties.meta?.properties ?? {}) };
    },

    /** Null when it is not there; one in the trash is. */
    get: async (type: PostType, id: number): Promise<WpPost | null> => http(wpPostSchema, { method: "GET", path: `${collection(type)}/${id}`, query: EDIT }).catch(none),

    /** Whatever its status, in the trash too: there its slug has been changed. Pages of the same slug may have different parents. */
    withSlug: async (type: PostType, slug: string): Promise<WpPost[]> =>
      http(z.array(wpPostSchema), { method: "GET", path: collection(type), query: { ...EDIT, slug: `${slug},${slug}__trashed`, status: "any,trash", per_page: "20" } }),

    /** Not idempotent: look by slug before it is done again. A slug that is taken comes back with a number behind it. */
    create: async (type: PostType, post: WpPostChange): Promise<WpPost> => http(wpPostSchema, { method: "POST", path: collection(type), query: EDIT, json: post }),
    update: async (type: PostType, id: number, change: WpPostChange): Promise<WpPost> => http(wpPostSchema, { method: "POST", path: `${collection(type)}/${id}`, query: EDIT, json: change }),

    /** Into the trash, where WordPress keeps it for 30 days. @returns false when it is there or gone already */
    trash: async (type: PostType, id: number): Promise<boolean> => (await http(anything, { method: "DELETE", path: `${collection(type)}/${id}` }).catch(none)) !== null,
    /** For good. For what was made a moment ago and must not be. */
    destroy: async (type: PostType, id: number): Promise<void> => {
      await http(anything, { method: "DELETE", path: `${collection(type)}/${id}`, query: { force: "true" } }).catch(none);
    },

    mediaWithSlug: async (slug: string): Promise<WpMedia | null> => (await http(z.array(wpMediaSchema), { method: "GET", path: "/wp/v2/media", query: { ...EDIT, slug } }))[0] ?? null,
    /** Not idempotent either. */
    upload: async ({ bytes, content_type, filename, slug, alt }: UploadedImage): Promise<WpMedia> =>
      http(wpMediaSchema, { method: "POST", path: "/wp/v2/media", query: { slug, alt_text: alt, title: alt }, upload: { bytes, content_type, filename } }),
    describeMedia: async (id: number, alt: string): Promise<WpMedia> => http(wpMediaSchema, { method: "POST", path: `/wp/v2/media/${id}`, json: { alt_text: alt } }),

    /** Rank Math's own routes. An id of 0 would be the home page. @returns the ids of what is new, by the names that it was given */
    async rankMath(id: number, { meta, schemas }: { meta: Record<string, string>; schemas: Record<string, Record<string, unknown>> }): Promise<Record<string, number>> {
      if (id < 1) throw new Error("not a post's id");
      await http(anything, { method: "POST", path: "/rankmath/v1/updateMeta", json: { objectType: "post", objectID: id, meta } });
      if (Object.keys(schemas).length === 0) return {};
      return http(rankMathIdsSchema, { method: "POST", path: "/rankmath/v1/updateSchemas", json: { objectType: "post", objectID: id, schemas } });
    },
  };
};

export type WordpressClient = ReturnType<typeof createWordpressClient>;
