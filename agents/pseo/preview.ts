import type { TenantMemory } from "../../core/memory/memory.ts";
import type { Project } from "../../core/memory/projects.store.ts";
import { belongsTo } from "../../core/memory/tenant-storage.ts";
import type { Dna } from "../../core/dna/schema.ts";
import { escapeHtml } from "../../core/security/html.ts";
import { type ComposeInput, composePage } from "./compose/compose-page.ts";
import type { Picture } from "./compose/pictures.ts";
import { frame, leadForm } from "./hosted/document.ts";
import { siteFrameOf } from "./hosted/site-frame.ts";
import { mediaKey } from "./hosted/storage.ts";
import { STYLE_HASH } from "./hosted/style.ts";
import { mapRecordSchema, type MapRecord, type PhotoRecord } from "./media/image.schemas.ts";
import { type ContentBucket, getContent } from "./page-content.ts";
import type { Page } from "./page.ts";
import { resolveLinks } from "./publisher/outgoing.ts";
import { MOST_PHOTOS_READ, photosFor } from "./publisher/pictures.ts";
import type { TargetName } from "./publisher/target.ts";

/*
 * A page as it would go out now, to be looked at where it must be able to do nothing: one document that fetches nothing, runs nothing
 * and leads nowhere.
 */

/** What `data:` pictures may weigh in the file, each and together: a preview is looked at, not kept. */
const MOST_BYTES_A_PICTURE = 600_000;
const MOST_BYTES = 1_800_000;
/** 44rem. */
const COLUMN_PX = 704;

/** By itself the document would obey this; in the dashboard's frame it is one lock of several. */
const POLICY = `default-src 'none'; style-src '${STYLE_HASH}'; img-src data:; form-action 'none'`;
/** Links open a window, which a sandbox does not let them. */
const HEAD = `<meta http-equiv="Content-Security-Policy" content="${escapeHtml(POLICY)}"><base target="_blank">`;

export interface PreviewTools {
  memory: TenantMemory;
  storage: Pick<ContentBucket, "get">;
  project: Project;
  dna: Dna;
}

/** In place of a picture that is too heavy to come along: its room, and nothing in it. */
const emptyPicture = ({ width, height }: { width: number; height: number }): string =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#d9dee4"/></svg>`)}`;

const base64Of = (bytes: Uint8Array): string => {
  let text = "";
  // Arguments of a call are limited, some 100,000 in V8.
  for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return btoa(text);
};

/** Of a photo a copy that is as wide as the column, where there is one. */
const fileOf = (site: { tenant_id: string; project_id: string }, record: MapRecord | PhotoRecord): Pick<PhotoRecord, "key" | "bytes" | "content_type"> => {
  const copy = record.kind === "photo" ? record.copies?.find(({ width }) => width >= COLUMN_PX) : undefined;
  return copy === undefined ? record : { key: mediaKey(site, copy.sha256, copy.content_type), bytes: copy.bytes, content_type: copy.content_type };
};

const createInliner = ({ memory, storage, project }: PreviewTools) => {
  let left = MOST_BYTES;
  return async (record: MapRecord | PhotoRecord, caption: string | null): Promise<Picture> => {
    const { width, height, alt } = record;
    const { key, bytes, content_type } = fileOf({ tenant_id: memory.tenantId, project_id: project.id }, record);
    const picture = { sizes: [], width, height, alt, caption };
    // The key comes from a row: one that leads out of the tenant's folder leads nowhere.
    if (bytes > MOST_BYTES_A_PICTURE || bytes > left || !belongsTo(memory.tenantId, key)) return { ...picture, url: emptyPicture({ width, height }) };
    const object = await storage.get(key);
    if (object === null) return { ...picture, url: emptyPicture({ width, height }) };
    left -= bytes;
    return { ...picture, url: `data:${content_type};base64,${base64Of(new Uint8Array(await object.arrayBuffer()))}` };
  };
};

const picturesOf = async (tools: PreviewTools, page: Page): Promise<ComposeInput["media"]> => {
  const { memory, project } = tools;
  const inline = createInliner(tools);
  const record = mapRecordSchema.safeParse((await memory.keyed.find(project.id, "image", `image:map:${page.id}`))?.metadata).data;
  const map = record === undefined ? null : { ...(await inline(record, null)), anchors: record.anchors };
  const photos: Picture[] = [];
  for (const { record: photo } of photosFor(page, await memory.keyed.startingWith(project.id, "image", "image:photo:", MOST_PHOTOS_READ))) photos.push(await inline(photo, photo.caption));
  return { map, photos };
};

/**
 * The whole document of a page's current text, with the links that it would have on a target.
 * @returns null for a page that has not been written
 * @throws AppError 404 where the text is not in storage any more
 */
export const previewOf = async (tools: PreviewTools, page: Page, target: TargetName): Promise<string | null> => {
  const { memory, storage, project, dna } = tools;
  const { content } = page.metadata;
  if (content === null) return null;
  const site = siteFrameOf(project, dna);
  const composed = composePage({
    page: page.metadata,
    content: await getContent(storage, page, content.version),
    links: await resolveLinks({ memory }, target, await memory.pageLinks.from(project.id, page.id)),
    media: await picturesOf(tools, page),
    site: { business_name: dna.identity.business_name, origin: null, canonical: null },
  });
  const form = target === "hosted" && site.accepts_leads ? leadForm(composed.path, site) : "";
  return frame(site, { title: composed.title, head: HEAD, main: `<h1>${escapeHtml(composed.h1)}</h1>${composed.body_html}${form}` });
};
