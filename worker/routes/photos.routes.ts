import { createRoute, z } from "@hono/zod-openapi";
import { mediaKey, putOnce } from "../../agents/pseo/hosted/storage.ts";
import { type PhotoRecord, photoRecordSchema } from "../../agents/pseo/media/image.schemas.ts";
import { AppError, conflict, fieldErrors, invalid, malformed, notFound } from "../../core/errors.ts";
import { cleanImage } from "../../core/images/clean-image.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import { belongsTo } from "../../core/memory/tenant-storage.ts";
import { sha256Hex } from "../../core/security/constant-time.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { accepts } from "../middleware/body.ts";
import { bearer, createRouter, json, problems, projectParam } from "../router.ts";

/** Photos of a project: more is a library, not what pages show. */
const MOST_PHOTOS = 300;
const SMALLEST_SIDE = 200;
const LARGEST_SIDE = 8000;
const STATUS = "uploaded";

const photoParam = projectParam.extend({ id: z.string().min(1).max(80) });
const aboutSchema = z.object({
  alt: z.string().trim().min(3, "must say what is on the photo").max(300),
  caption: z.string().trim().max(300).transform((text) => (text === "" ? null : text)).nullable().default(null),
  service: z.string().regex(/^[a-z0-9-]{1,120}$/, "must be a service's slug").nullable().default(null),
  page_id: z.string().max(80).nullable().default(null),
});
const photoSchema = z
  .object({ id: z.string(), url: z.string(), content_type: z.string(), bytes: z.number(), width: z.number(), height: z.number(), alt: z.string(), caption: z.string().nullable(), service: z.string().nullable(), page_id: z.string().nullable() })
  .openapi("Photo");

const post = createRoute({
  method: "post",
  path: "/api/projects/{project_id}/photos",
  summary: "Upload a photo of the business's own work for its pages",
  description: "A form with `file` (JPEG, PNG or WebP, told by its content, 6 MiB at most) and `alt` (what is on it); `caption`, `service` (a slug) and `page_id` say where it belongs. Place, time and device are taken out of the file. The same file again changes what is said of it.",
  security: bearer,
  middleware: [requires(), accepts("multipart/form-data")] as const,
  request: { params: projectParam },
  responses: { 200: json(photoSchema, "It was there; what is said of it was changed"), 201: json(photoSchema, "Kept"), ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
});
const get = createRoute({
  method: "get",
  path: "/api/projects/{project_id}/photos/{id}",
  summary: "The photo itself",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: photoParam },
  responses: { 200: { description: "The file", content: { "image/*": { schema: z.string().openapi({ format: "binary" }) } } }, ...problems(401, 403, 404, 422) },
});
const remove = createRoute({
  method: "delete",
  path: "/api/projects/{project_id}/photos/{id}",
  summary: "Remove a photo and its file; pages that show it show it no more",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: photoParam },
  responses: { 204: { description: "Gone" }, ...problems(401, 403, 404, 422) },
});

const shown = (projectId: string, id: string, { content_type, bytes, width, height, alt, caption, service, page_id }: PhotoRecord) => ({ id, url: `/api/projects/${projectId}/photos/${id}`, content_type, bytes, width, height, alt, caption, service, page_id });

const photoOf = async (memory: TenantMemory, projectId: string, id: string): Promise<PhotoRecord> => {
  const project = await memory.projects.get(projectId);
  const entity = await memory.entities.find(id);
  const record = entity?.entity_type === "image" && entity.project_id === project.id ? photoRecordSchema.safeParse(entity.metadata).data : undefined;
  // The key comes from a row: one that leads out of the tenant's folder leads nowhere.
  if (record === undefined || !belongsTo(memory.tenantId, record.key)) throw notFound("photo");
  return record;
};

export const photosRoutes = createRouter()
  .openapi(post, async (c) => {
    const memory = memoryOf(c);
    const project = await memory.projects.get(c.req.valid("param").project_id);
    const form = await c.req.raw.formData().catch(() => {
      throw malformed("The body is no form.");
    });
    const { file, ...fields } = Object.fromEntries(form.entries());
    const about = aboutSchema.safeParse(fields);
    if (!about.success) throw invalid(fieldErrors(about.error.issues));
    if (!(file instanceof File)) throw invalid([{ path: "file", message: "must be a file" }]);
    const image = cleanImage(new Uint8Array(await file.arrayBuffer()));
    if (image === null) throw new AppError({ code: "unsupported_media_type", status: 415, message: "Send a JPEG, PNG or WebP file." });
    const { type, bytes, width, height } = image;
    if (Math.min(width, height) < SMALLEST_SIDE || Math.max(width, height) > LARGEST_SIDE) throw invalid([{ path: "file", message: `must have ${SMALLEST_SIDE} to ${LARGEST_SIDE} pixels on each side` }]);
    const page = about.data.page_id === null ? undefined : await memory.entities.find(about.data.page_id);
    if (about.data.page_id !== null && (page?.entity_type !== "page" || page.project_id !== project.id)) throw invalid([{ path: "page_id", message: "must be a page of this project" }]);

    const sha256 = sha256Hex(bytes);
    const dedupe_key = `image:photo:${sha256}`;
    const known = await memory.keyed.find(project.id, "image", dedupe_key);
    const counted = await memory.keyed.countByStatus(project.id, "image", [STATUS]);
    if (!known && (counted[STATUS] ?? 0) >= MOST_PHOTOS) throw conflict("too_many_photos", "The project has as many photos as it may; remove some first.");
    const key = mediaKey({ tenant_id: memory.tenantId, project_id: project.id }, sha256, type);
    await putOnce(c.var.services.storage, key, bytes, type);
    const record: PhotoRecord = { kind: "photo", status: STATUS, key, sha256, content_type: type, bytes: bytes.length, width, height, attribution: null, dedupe_key, ...about.data };
    const [put] = await memory.keyed.put([{ project_id: project.id, entity_type: "image", dedupe_key, name: record.alt.slice(0, 200), metadata: record }]);
    return c.json(shown(project.id, put?.id ?? "", record), put?.outcome === "created" ? 201 : 200);
  })
  .openapi(get, async (c) => {
    const { project_id, id } = c.req.valid("param");
    const record = await photoOf(memoryOf(c), project_id, id);
    const object = await c.var.services.storage.get(record.key);
    if (object === null) throw notFound("photo");
    return new Response(object.body, { headers: { "Content-Type": record.content_type, "Content-Length": String(object.size), ETag: `"${record.sha256}"`, "Cache-Control": "private, max-age=3600" } });
  })
  .openapi(remove, async (c) => {
    const { project_id, id } = c.req.valid("param");
    const memory = memoryOf(c);
    const record = await photoOf(memory, project_id, id);
    // First the row: a file that nothing names is nobody's to see, a row without its file is a broken picture.
    await memory.keyed.remove(project_id, "image", [id]);
    const site = { tenant_id: memory.tenantId, project_id };
    await c.var.services.storage.delete([record.key, ...(record.copies ?? []).map(({ sha256, content_type }) => mediaKey(site, sha256, content_type))]);
    return c.body(null, 204);
  });
