import { z } from "zod";
import { AppError, invalid } from "../../../core/errors.ts";
import { type Agent, action, type AgentContext, later } from "../../../core/kernel/agent.ts";
import type { Entity } from "../../../core/memory/entities.store.ts";
import { kindNamed } from "../../../core/providers/osm/kinds.data.ts";
import { NO_SPEND_CAPS } from "../../../core/usage/budget.ts";
import { PLACE_SEARCH_MICROS } from "../../../core/usage/prices.data.ts";
import type { AgentTools } from "../../tools.ts";
import { isUsablePlace, placeRecordSchema, placeStatuses } from "../place.schemas.ts";
import type { GoogleDesk } from "./ask-google.ts";
import { isNamed, placesOf } from "./geo-scope.ts";
import { placeKey, scoutPlace } from "./scout-place.ts";

const params = z.object({
  ids: z.array(z.string().max(60)).max(5000).optional().describe("Entities of type place; default: all places of the DNA"),
  limit: z.number().int().min(1).max(5000).optional().describe("At most so many places"),
  places: z.array(z.string().max(120)).max(500).optional().describe("Names or slugs of places of the DNA"),
});

/** Two requests each, a second or more apart: what one attempt does in some tens of seconds. */
const PLACES_AN_ATTEMPT = 8;
/** How often a place is asked for again of which Overpass could tell only a part, and after how long. */
const MOST_TRIES = 3;
const TRY_AGAIN_MS = 30_000;

const triesOf = (entity: Entity | undefined, runId: string): number => {
  const tried = z.object({ run_id: z.string(), times: z.number() }).safeParse(entity?.metadata.tried).data;
  return tried?.run_id === runId ? tried.times : 0;
};

/** Null where the project does not want Google Places, or the service has no key. What this run has asked already is in its places. */
const googleDesk = ({ dna, project, memory, tools, runId }: Pick<AgentContext<AgentTools>, "dna" | "project" | "memory" | "tools" | "runId">, places: Iterable<Entity>): GoogleDesk | null => {
  const { enabled, max_requests } = dna.modules.local_seo.scout_settings.google_places;
  if (!enabled || tools.places === null) return null;
  const own = [...places].map(({ metadata }) => placeRecordSchema.safeParse(metadata).data?.google).map((asked) => (asked?.run_id === runId ? asked.requests : 0));
  const line = { kind: "place_searches" as const, detail: "google", quantity: 1, cost_micros: PLACE_SEARCH_MICROS };
  return {
    client: tools.places,
    left: max_requests - own.reduce((sum, count) => sum + count, 0),
    book: async () => {
      await memory.usage.add({ project_id: project.id, run_id: runId, budget: "models", caps: NO_SPEND_CAPS, lines: [line] });
    },
  };
};

const scout = async (context: AgentContext<AgentTools>, { ids, limit, places: wanted }: z.infer<typeof params>) => {
  const { dna, project, memory, tools, runId, report } = context;
  const { scout_settings } = dna.modules.local_seo;
  const named = scout_settings.anchor_entities.map((text) => ({ text, kind: kindNamed(text) }));
  const kinds = [...new Set(named.flatMap(({ kind }) => kind ?? []))];
  const records = new Map<string, Entity>();
  for await (const rows of memory.keyed.each(project.id, "place")) for (const row of rows) records.set(String(row.metadata.dedupe_key), row);
  const inScope = placesOf(dna).filter((place) => isNamed(place, wanted) && (ids === undefined || ids.includes(records.get(placeKey(place.slug))?.id ?? ""))).slice(0, limit);
  if (inScope.length === 0) throw invalid([{ path: "modules.local_seo.scout_settings.geo_scope", message: "must name a suburb or a city" }], "There is no place to scout.");

  const isDone = (slug: string): boolean => records.get(placeKey(slug))?.metadata.scouted_by === runId;
  const open = inScope.filter(({ slug }) => !isDone(slug));
  let done = inScope.length - open.length;
  const google = googleDesk(context, records.values());
  for (const place of open.slice(0, PLACES_AN_ATTEMPT)) {
    const key = placeKey(place.slug);
    const tries = triesOf(records.get(key), runId) + 1;
    const task = { project_id: project.id, run_id: runId, place, country: project.country, language: dna.identity.language ?? "en", cities: scout_settings.geo_scope.cities, kinds, radius_km: scout_settings.radius_km, max_anchors: scout_settings.max_anchors, now: tools.clock.now() };
    try {
      const { partial } = await scoutPlace({ memory, osm: tools.osm, google }, task, records.get(key));
      if (partial !== null && tries < MOST_TRIES) {
        await memory.keyed.put([{ project_id: project.id, entity_type: "place", dedupe_key: key, name: place.name, metadata: { scouted_by: null, tried: { run_id: runId, times: tries } } }]);
        return later(TRY_AGAIN_MS);
      }
    } catch (error) {
      // What was done in this attempt is no failure; the next one goes on where the service stopped.
      if (error instanceof AppError && error.retryable && done > inScope.length - open.length) return later(error.retryAfterMs ?? TRY_AGAIN_MS);
      throw error;
    }
    done += 1;
    await report({ done, total: inScope.length, label: place.name });
  }
  if (done < inScope.length) return later(0);

  const counts: Record<string, number> = Object.fromEntries(placeStatuses.map((status) => [status, 0]));
  const look: { id: string; place: string; why: string[] }[] = [];
  let anchors = 0;
  const asked = { requests: 0, confirmed: 0, missing: 0, problems: new Set<string>() };
  const slugs = new Set(inScope.map(({ slug }) => slug));
  for await (const rows of memory.keyed.each(project.id, "place")) {
    for (const { id, name, metadata } of rows) {
      const record = placeRecordSchema.safeParse(metadata).data;
      if (record === undefined || !slugs.has(record.slug)) continue;
      counts[record.status] = (counts[record.status] ?? 0) + 1;
      anchors += record.anchor_ids.length;
      if (google !== null && record.google !== undefined) {
        asked.requests += record.google.run_id === runId ? record.google.requests : 0;
        asked.confirmed += Object.keys(record.google.confirmed).length;
        asked.missing += Object.values(record.google.missing).reduce((sum, ids) => sum + ids.length, 0);
        if (record.google.problem !== null) asked.problems.add(record.google.problem);
      }
      if (!isUsablePlace(record) || record.partial !== null) look.push({ id, place: name, why: [...record.doubts, ...(record.partial === null ? [] : [record.partial])] });
    }
  }
  return { places: inScope.length, ...counts, anchors, kinds, unknown_kinds: named.flatMap(({ text, kind }) => (kind === null ? [text] : [])), look_at: look.slice(0, 100), ...(google === null ? {} : { google_places: { ...asked, problems: [...asked.problems] } }) };
};

/** The ScoutAgent: finds the places of the DNA on the map, and what stands around them. */
export const scoutAgent: Agent<AgentTools> = { task: "scout_anchors", defaultAction: "scout", actions: { scout: action(params, scout) } };
