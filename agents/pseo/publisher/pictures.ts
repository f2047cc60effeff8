import type { Entity } from "../../../core/memory/entities.store.ts";
import { AppError } from "../../../core/errors.ts";
import { sha256Hex } from "../../../core/security/constant-time.ts";
import type { ComposeInput } from "../compose/compose-page.ts";
import type { Picture } from "../compose/pictures.ts";
import { type MapRecord, mapRecordSchema, type PhotoRecord, photoRecordSchema } from "../media/image.schemas.ts";
import type { Page } from "../page.ts";
import type { PublishTarget } from "./target.ts";
import type { PublishContext } from "./targets.ts";

const MOST_PHOTOS = 3;
export const MOST_PHOTOS_READ = 500;

const readKey = (tools: PublishContext["tools"], key: string) => async (): Promise<Uint8Array> => {
  const object = await tools.storage.get(key);
  if (object === null) throw new AppError({ code: "image_missing", status: 500, message: `The picture ${key} is not in storage.` });
  return new Uint8Array(await object.arrayBuffer());
};

const fileName = (page: Page, kind: string): string => `${kind}-${page.metadata.path.split("/").filter((part) => /^[a-z0-9-]+$/.test(part)).join("-")}`.slice(0, 80).replace(/-$/, "");

/** Puts a picture onto the target. Null where its account may not: the page goes out without. */
const place = async (context: PublishContext, target: PublishTarget, page: Page, entity: Entity, record: MapRecord | PhotoRecord): Promise<Picture | null> => {
  const { sha256, width, height, alt, content_type, key } = record;
  try {
    const placed = await target.placeImage({ image_id: entity.id, sha256, width, height, alt, content_type, copies: record.kind === "photo" ? (record.copies ?? []) : [], name: fileName(page, record.kind), read: readKey(context.tools, key) });
    return { url: placed.url, sizes: placed.sizes, width, height, alt, caption: record.kind === "photo" ? record.caption : null };
  } catch (error) {
    if (error instanceof AppError && error.code === "wordpress_forbidden") return null;
    throw error;
  }
};

/** Photos of this page, of its service, of the business, in this order; which of many, and in which order, differs from page to page and not from day to day. */
export const photosFor = (page: Page, all: readonly Entity[]): { entity: Entity; record: PhotoRecord }[] => {
  const fits = all.flatMap((entity) => {
    const record = photoRecordSchema.safeParse(entity.metadata).data;
    if (record === undefined || (record.page_id !== null && record.page_id !== page.id)) return [];
    if (record.service !== null && record.service !== page.metadata.service.slug && record.service !== page.metadata.service.name) return [];
    return [{ entity, record, nearness: record.page_id !== null ? 0 : record.service !== null ? 1 : 2, order: sha256Hex(`${page.id} ${entity.id}`) }];
  });
  return fits.toSorted((a, b) => a.nearness - b.nearness || (a.order < b.order ? -1 : 1)).slice(0, MOST_PHOTOS);
};

/** A page's map and photos, with the addresses that they have on the target. */
export const picturesFor = async (context: PublishContext, target: PublishTarget, page: Page): Promise<ComposeInput["media"]> => {
  const { memory, project } = context;
  const mapEntity = await memory.keyed.find(project.id, "image", `image:map:${page.id}`);
  const record = mapRecordSchema.safeParse(mapEntity?.metadata).data;
  const map = mapEntity && record ? await place(context, target, page, mapEntity, record) : null;
  const photos: Picture[] = [];
  for (const photo of photosFor(page, await memory.keyed.startingWith(project.id, "image", "image:photo:", MOST_PHOTOS_READ))) {
    const placed = await place(context, target, page, photo.entity, photo.record);
    if (placed !== null) photos.push(placed);
  }
  return { map: map === null || record === undefined ? null : { ...map, anchors: record.anchors }, photos };
};
