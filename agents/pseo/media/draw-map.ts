import { z } from "zod";
import { vendorError } from "../../../core/errors.ts";
import type { AgentContext } from "../../../core/kernel/agent.ts";
import { cleanImage } from "../../../core/images/clean-image.ts";
import { withPalette } from "../../../core/images/palette-png.ts";
import { sha256Hex } from "../../../core/security/constant-time.ts";
import { mediaKey, putOnce } from "../hosted/storage.ts";
import type { Page } from "../page.ts";
import { anchorRecordSchema, isUsableAnchor } from "../place.schemas.ts";
import type { AgentTools } from "../../tools.ts";
import { type MapRecord, mapRecordSchema } from "./image.schemas.ts";
import { mapAlt, mapDocument } from "./map-svg.ts";
import { layOut, MAP_SIZE, type MapSpec } from "./place-map.ts";

/** Raised when the drawing changes: maps are then drawn anew. */
const STYLE = 1;
const TIMEOUT_MS = 45_000;
const ATTRIBUTION = "© OpenStreetMap contributors";

const placeSchema = z.object({ name: z.string(), lat: z.number(), lon: z.number() });

/** What there is to draw for a page; null when that would be a guess: a place without coordinates, or nothing around it that a page may rest on. */
const specOf = async ({ memory, project }: AgentContext<AgentTools>, { metadata }: Page): Promise<MapSpec | null> => {
  const place = placeSchema.safeParse(metadata.place).data;
  const ids = metadata.evidence.filter((one) => one.kind === "anchor").map((one) => one.id);
  if (place === undefined || ids.length === 0) return null;
  const anchors = (await memory.keyed.withIds(ids)).flatMap((entity) => {
    const record = entity.entity_type === "anchor" && entity.project_id === project.id ? anchorRecordSchema.safeParse(entity.metadata).data : undefined;
    return record !== undefined && isUsableAnchor(record) && entity.name !== "" ? [{ name: entity.name, lat: record.lat, lon: record.lon }] : [];
  });
  return anchors.length === 0 ? null : { place: { name: place.name, lat: place.lat, lon: place.lon }, anchors: anchors.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.lat - b.lat || a.lon - b.lon)) };
};

/**
 * Draws the map of one page, unless the one that it has shows the same. The browser is asked last and for nothing else, so that its being
 * away costs a retry and no map; a map of what is no longer so is taken away.
 */
export const drawMap = async (context: AgentContext<AgentTools>, page: Page): Promise<{ map: "drawn" | "unchanged" | "none" }> => {
  const { memory, tools, project } = context;
  const dedupe_key = `image:map:${page.id}`;
  const known = await memory.keyed.find(project.id, "image", dedupe_key);
  const spec = await specOf(context, page);
  if (spec === null) {
    if (known) await memory.keyed.remove(project.id, "image", [known.id]);
    return { map: "none" };
  }
  const fingerprint = sha256Hex(JSON.stringify([STYLE, spec]));
  if (known && mapRecordSchema.safeParse(known.metadata).data?.spec === fingerprint) return { map: "unchanged" };
  const picture = cleanImage(await tools.takeScreenshot(mapDocument(spec), { ...MAP_SIZE, timeoutMs: TIMEOUT_MS }));
  if (picture?.type !== "image/png" || picture.width !== MAP_SIZE.width || picture.height !== MAP_SIZE.height) throw vendorError("browser_unavailable", "The browser gave back something else than the picture.", { retryable: true });
  const image = { ...picture, bytes: await withPalette(picture.bytes) };
  const sha256 = sha256Hex(image.bytes);
  const key = mediaKey({ tenant_id: memory.tenantId, project_id: project.id }, sha256, image.type);
  await putOnce(tools.storage, key, image.bytes, image.type);
  const record: MapRecord = {
    kind: "map", page_id: page.id, key, sha256, content_type: image.type, bytes: image.bytes.length, width: image.width, height: image.height,
    alt: mapAlt(spec), attribution: ATTRIBUTION, spec: fingerprint, dedupe_key,
    anchors: layOut(spec).anchors.map(({ name, distance_km }) => ({ name, distance_km: Math.round(distance_km * 1000) / 1000 })),
  };
  await memory.keyed.put([{ project_id: project.id, entity_type: "image", dedupe_key, name: `Map: ${spec.place.name}`, metadata: record }]);
  return { map: "drawn" };
};
