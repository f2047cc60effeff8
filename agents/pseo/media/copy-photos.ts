import { vendorError } from "../../../core/errors.ts";
import { cleanImage } from "../../../core/images/clean-image.ts";
import type { AgentContext } from "../../../core/kernel/agent.ts";
import { belongsTo } from "../../../core/memory/tenant-storage.ts";
import { sha256Hex } from "../../../core/security/constant-time.ts";
import type { AgentTools } from "../../tools.ts";
import { mediaKey, putOnce } from "../hosted/storage.ts";
import type { Page } from "../page.ts";
import { MOST_PHOTOS_READ, photosFor } from "../publisher/pictures.ts";
import type { PhotoCopy, PhotoRecord } from "./image.schemas.ts";

/** A telephone's width, the column's (44rem), and the column's on a screen of twice the pixels. */
const WIDTHS = [480, 720, 1440] as const;
const TIMEOUT_MS = 60_000;

type Context = AgentContext<AgentTools>;

const copiesOf = async ({ memory, tools, project }: Context, { key, content_type, width, height }: PhotoRecord): Promise<PhotoCopy[] | null> => {
  const wanted = WIDTHS.filter((one) => one < width);
  if (wanted.length === 0) return [];
  // The key comes from a row: one that leads out of the tenant's folder leads nowhere.
  const object = belongsTo(memory.tenantId, key) ? await tools.storage.get(key) : null;
  if (object === null) return null;
  const resized = await tools.resizeImage({ bytes: new Uint8Array(await object.arrayBuffer()), content_type, width, height }, wanted, { timeoutMs: TIMEOUT_MS });
  const copies: PhotoCopy[] = [];
  for (const one of resized) {
    const clean = cleanImage(one.bytes);
    if (clean?.type !== "image/webp" || clean.width !== one.width) throw vendorError("browser_unavailable", "The browser gave back something else than the picture.", { retryable: true });
    const sha256 = sha256Hex(clean.bytes);
    await putOnce(tools.storage, mediaKey({ tenant_id: memory.tenantId, project_id: project.id }, sha256, clean.type), clean.bytes, clean.type);
    copies.push({ width: clean.width, height: clean.height, sha256, content_type: clean.type, bytes: clean.bytes.length });
  }
  return copies;
};

/**
 * Makes narrower copies of the photos that a page shows, once for each photo, so that a telephone is not sent the camera's own file.
 * Interrupted, it is done again: the same copy lies under the same name.
 * @returns how many photos got copies now
 */
export const copyPhotos = async (context: Context, page: Page): Promise<number> => {
  const { memory, project } = context;
  let copied = 0;
  for (const { entity, record } of photosFor(page, await memory.keyed.startingWith(project.id, "image", "image:photo:", MOST_PHOTOS_READ))) {
    if (record.copies !== undefined) continue;
    const copies = await copiesOf(context, record);
    if (copies === null) continue;
    if ((await memory.keyed.change(entity.id, { set: { copies }, expect: { sha256: record.sha256 } })) !== null) copied += 1;
  }
  return copied;
};
