import type { TenantMemory } from "../../../core/memory/memory.ts";
import type { Entity } from "../../../core/memory/entities.store.ts";
import type { OsmClient } from "../../../core/providers/osm/osm.client.ts";
import { OSM_ATTRIBUTION } from "../../../core/providers/osm/osm.wire.ts";
import { isUsablePlace, type PlaceRecord, placeRecordSchema } from "../place.schemas.ts";
import type { ScopedPlace } from "./geo-scope.ts";
import { askGoogle, type GoogleDesk, takenTogether, withFindings } from "./ask-google.ts";
import { judgeAnchor, judgePlace, selectAnchors } from "./judge.ts";

export interface ScoutTools {
  memory: Pick<TenantMemory, "keyed">;
  osm: OsmClient;
  /** Null: nobody is asked but the map. */
  google: GoogleDesk | null;
}

export interface ScoutTask {
  project_id: string;
  run_id: string;
  place: ScopedPlace;
  country: string;
  language: string;
  /** Of the DNA: what a place may be in. */
  cities: readonly string[];
  kinds: readonly string[];
  radius_km: number;
  max_anchors: number;
  /** Business time in ms. */
  now: number;
}

/** Places open and close by the month; each question costs money. */
const GOOGLE_MAX_AGE_MS = 30 * 86_400_000;

/** What a machine may write over: a person's word on a place or an anchor stays. */
const PLACE_BY_MACHINE = { status: ["located", "doubtful", "not_found"] };
const ANCHOR_BY_MACHINE = { status: ["found", "doubtful", "gone"] };

export const placeKey = (slug: string): string => `place:${slug}`;

const isPersons = (known: PlaceRecord | null): known is PlaceRecord => known?.status === "approved" || known?.status === "rejected";

/** Where the place is: as a person has said, else as the map says. */
const locate = async ({ osm }: ScoutTools, { place, country, language, cities }: ScoutTask, known: PlaceRecord | null) => {
  if (isPersons(known)) {
    return { status: known.status, city: known.city ?? place.city, lat: known.lat, lon: known.lon, doubts: known.doubts };
  }
  return judgePlace(place, await osm.search({ name: place.name, city: place.city, country, language }), { country, cities });
};

/**
 * Scouts one place: where it is, and what is around it. Everything is put by a key, so that doing it again, after a crash or next
 * month, changes only what is different on the map. What is not there any more is marked `gone`, unless the answer was cut short.
 * Google Places, where the project wants it, is asked about a place once a month.
 * @returns what kept it from being whole, else null
 * @throws as `OsmClient`
 */
export const scoutPlace = async (tools: ScoutTools, task: ScoutTask, entity: Entity | undefined): Promise<{ anchors: number; usable: number; partial: string | null }> => {
  const { memory, osm } = tools;
  const { project_id, place, kinds, radius_km, max_anchors, run_id } = task;
  const known = entity === undefined ? null : (placeRecordSchema.safeParse(entity.metadata).data ?? null);
  const found = await locate(tools, task, known);
  const { lat, lon } = found;
  const around = lat === null || lon === null || !isUsablePlace(found) ? null : { point: { lat, lon }, ...(await osm.around({ lat, lon }, radius_km, kinds)) };
  const judged = around === null ? [] : around.elements.flatMap((element) => judgeAnchor(element, { ...around.point, slug: place.slug, name: place.name }, radius_km) ?? []);
  const last = known?.google;
  const isDue = last === undefined || last.problem !== null || task.now - last.at > GOOGLE_MAX_AGE_MS;
  const google = around === null || tools.google === null || !isDue ? last : takenTogether(last, await askGoogle(tools.google, judged, { ...task, point: around.point, place: { name: place.name, city: found.city } }));
  const kept = selectAnchors(google === undefined ? judged : withFindings(judged, google), max_anchors);
  const answers = await memory.keyed.put(kept.map(({ name, metadata }) => ({ project_id, entity_type: "anchor", dedupe_key: metadata.dedupe_key, name, metadata })), ANCHOR_BY_MACHINE);
  const partial = around?.partial ?? null;
  const before = known?.anchor_ids ?? [];
  const now = new Set(answers.map(({ id }) => id));
  // Those that a person has approved are kept although the map has forgotten them.
  const missing = before.filter((id) => !now.has(id));
  const stillThere: string[] = [];
  for (const old of await memory.keyed.withIds(missing)) {
    if (partial !== null || old.metadata.status === "approved") stillThere.push(old.id);
    else await memory.keyed.change(old.id, { set: { status: "gone" }, expect: ANCHOR_BY_MACHINE });
  }
  const metadata = {
    ...found,
    slug: place.slug,
    anchor_ids: [...now, ...stillThere],
    partial: partial ?? (around !== null && around.cut.length > 0 ? `more than could be asked for: ${around.cut.join(", ")}` : null),
    ...(google === undefined ? {} : { google }),
    attribution: OSM_ATTRIBUTION,
    scouted_by: run_id,
  };
  await memory.keyed.put([{ project_id, entity_type: "place", dedupe_key: placeKey(place.slug), name: place.name, metadata }], isPersons(known) ? { status: known.status } : PLACE_BY_MACHINE);
  return { anchors: kept.length, usable: kept.filter(({ metadata: { status } }) => status === "found").length, partial };
};
