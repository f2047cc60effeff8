import { z } from "zod";
import { notFound } from "../../core/errors.ts";
import type { Entity } from "../../core/memory/entities.store.ts";
import { folderOf } from "../../core/memory/tenant-storage.ts";
import { sha256Hex } from "../../core/security/constant-time.ts";
import { type PageContent, pageContentSchema } from "./page.schemas.ts";
import { wordsOf } from "./visible-text.ts";

/*
 * A page's text in storage: `{tenant}/pages/{page}/{version}.json`, in the tenant's own folder, so that an export holds it and the
 * deletion of the tenant (or of the page, see agents/privacy/erasers.ts) takes it along.
 */

export type ContentBucket = Pick<R2Bucket, "get" | "put">;
export type PageRef = Pick<Entity, "id" | "tenant_id">;

export const storedContentSchema = z.object({
  /** Names the text and nothing else: made of its hash, so that the same text is the same version however often it is put. */
  version: z.string(),
  /** Of the stored JSON. */
  sha256: z.string(),
  /** Words that a reader sees: body and questions, without title and description. */
  words: z.number().int(),
});
export type StoredContent = z.infer<typeof storedContentSchema>;

const VERSION = /^[0-9a-f]{32}$/;

/** Where all versions of a page lie, and nothing else. */
export const contentFolder = ({ tenant_id, id }: PageRef): string => folderOf(tenant_id, "pages", id);
const keyOf = (page: PageRef, version: string): string => `${contentFolder(page)}${version}.json`;

/**
 * Stores one version. Nothing points to it until the page's metadata does; what was stored before stays.
 * @throws ZodError for what is no page content: a bug of the caller's
 */
export const putContent = async (storage: ContentBucket, page: PageRef, content: PageContent): Promise<StoredContent> => {
  const text = JSON.stringify(pageContentSchema.parse(content));
  const sha256 = sha256Hex(text);
  const version = sha256.slice(0, 32);
  await storage.put(keyOf(page, version), text, { httpMetadata: { contentType: "application/json" } });
  return { version, sha256, words: wordsOf(content) };
};

/** @throws AppError 404 for a version that this page has not (any more) */
export const getContent = async (storage: Pick<ContentBucket, "get">, page: PageRef, version: string): Promise<PageContent> => {
  const found = VERSION.test(version) ? await storage.get(keyOf(page, version)) : null;
  if (found === null) throw notFound("page_content");
  return pageContentSchema.parse(await found.json());
};

export interface TextVersion {
  version: string;
  /** When it was first stored, ms. */
  stored_at: number;
}

/** R2's own page; a page that was written more often shows its latest of these. */
const MOST_VERSIONS = 1000;

/** Every text that the page ever had, newest first. */
export const listVersions = async (storage: Pick<R2Bucket, "list">, page: PageRef): Promise<TextVersion[]> => {
  const folder = contentFolder(page);
  const { objects } = await storage.list({ prefix: folder, delimiter: "/", limit: MOST_VERSIONS });
  return objects
    .flatMap(({ key, uploaded }) => {
      const version = key.slice(folder.length).replace(/\.json$/, "");
      return VERSION.test(version) ? [{ version, stored_at: uploaded.getTime() }] : [];
    })
    .toSorted((a, b) => b.stored_at - a.stored_at || (a.version < b.version ? -1 : 1));
};
