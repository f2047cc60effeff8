import { z } from "zod";

const imageFields = {
  /** Of the file: the same bytes lie in storage once. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** In R2, in the tenant's folder. */
  key: z.string().max(500),
  content_type: z.enum(["image/png", "image/jpeg", "image/webp"]),
  bytes: z.number().int().positive(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** What is on it. */
  alt: z.string().min(1).max(1000),
  attribution: z.string().max(200).nullable(),
  dedupe_key: z.string(),
};

/** Metadata of an entity of type `image`: a map that was drawn for a page. */
export const mapRecordSchema = z.looseObject({
  ...imageFields,
  kind: z.literal("map"),
  page_id: z.string(),
  /** SHA-256 of what was drawn: the same again is not drawn again. */
  spec: z.string(),
  /** As they are numbered on it. */
  anchors: z.array(z.object({ name: z.string(), distance_km: z.number() })),
});
export type MapRecord = z.infer<typeof mapRecordSchema>;

/** A narrower copy of a photo, in the same folder of storage, under its own hash. */
const photoCopySchema = z.object({ width: z.number().int().positive(), height: z.number().int().positive(), sha256: imageFields.sha256, content_type: z.literal("image/webp"), bytes: z.number().int().positive() });
export type PhotoCopy = z.infer<typeof photoCopySchema>;

/** A photo that somebody of the business uploaded. */
export const photoRecordSchema = z.looseObject({
  ...imageFields,
  kind: z.literal("photo"),
  /** Pages of this service show it; null: of any. */
  service: z.string().max(120).nullable(),
  /** Only this page shows it; null: any. */
  page_id: z.string().nullable(),
  caption: z.string().max(300).nullable(),
  /** Narrowest first; not there: not made yet. */
  copies: z.array(photoCopySchema).max(10).optional(),
});
export type PhotoRecord = z.infer<typeof photoRecordSchema>;
