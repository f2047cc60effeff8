import type { ImageType } from "../../../core/images/clean-image.ts";
import { folderOf } from "../../../core/memory/tenant-storage.ts";

/*
 * What hosted sites show, in the tenant's own folder, each object under the SHA-256 of its bytes: written once, never changed.
 * `{tenant}/hosted/{project}/documents/{sha256}.html`, `{tenant}/hosted/{project}/media/{sha256}.{png|jpg|webp}`.
 */

const SHA256 = /^[0-9a-f]{64}$/;

const EXTENSIONS: Readonly<Record<ImageType, string>> = { "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp" };
const TYPES = new Map<string, ImageType>([["png", "image/png"], ["jpg", "image/jpeg"], ["webp", "image/webp"]]);

export interface SiteRef {
  tenant_id: string;
  project_id: string;
}

const checked = (sha256: string): string => {
  if (!SHA256.test(sha256)) throw new Error("not a SHA-256");
  return sha256;
};

export const documentKey = ({ tenant_id, project_id }: SiteRef, sha256: string): string => `${folderOf(tenant_id, "hosted", project_id, "documents")}${checked(sha256)}.html`;
export const mediaKey = ({ tenant_id, project_id }: SiteRef, sha256: string, type: ImageType): string => `${folderOf(tenant_id, "hosted", project_id, "media")}${checked(sha256)}.${EXTENSIONS[type]}`;

const MEDIA_PATH = /^\/-\/media\/([0-9a-f]{64})\.(png|jpg|webp)$/;
export const mediaPath = (sha256: string, type: ImageType): string => `/-/media/${checked(sha256)}.${EXTENSIONS[type]}`;

/** What a picture's address names; null for what is none. */
export const readMediaPath = (path: string): { sha256: string; type: ImageType } | null => {
  const [, sha256 = "", extension = ""] = MEDIA_PATH.exec(path) ?? [];
  const type = TYPES.get(extension);
  return type === undefined ? null : { sha256, type };
};

export type SiteBucket = Pick<R2Bucket, "get" | "head" | "put">;

/** Puts what is not there yet: what is, has the same bytes. */
export const putOnce = async (bucket: SiteBucket, key: string, bytes: string | Uint8Array, contentType: string): Promise<void> => {
  if ((await bucket.head(key)) === null) await bucket.put(key, bytes, { httpMetadata: { contentType } });
};
