import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createGooglePlaces } from "../../../core/providers/google-places/google-places.client.ts";
import { createOsmCache } from "../../../core/providers/osm/osm.cache.ts";
import { createOsmClient } from "../../../core/providers/osm/osm.client.ts";
import { PLACE_SEARCH_MICROS } from "../../../core/usage/prices.data.ts";
import { createOsmHttp } from "../../../core/providers/osm/osm.http.ts";
import { createOsmWire, nominatimPlace, overpassAnswer } from "../../../test/support/osm-wire.ts";
import { pipelineHouse } from "../pipeline.testing.ts";
import { placeRecordSchema } from "../place.schemas.ts";
import { scoutAgent } from "./scout.agent.ts";

const DAY_MS = 86_400_000;
const [LAT, LON] = [-36.8553, 174.7437];
const bodySchema = z.looseObject({ textQuery: z.string(), includedType: z.string().optional() });
let houses = 0;

type Found = { id: string; name: string; north: number; closed?: boolean };
interface Options {
  google_places?: Record<string, unknown>;
  hasKey?: boolean;
  answer?: (kind: string) => Found[] | Response;
  suburbs?: number;
}

/** A suburb with a courthouse, two schools and what Google says of them. */
const house = async ({ google_places = { enabled: true }, hasKey = true, answer = () => [], suburbs = 1 }: Options = {}) => {
  const wire = createOsmWire();
  const names = Array.from({ length: suburbs }, (_, n) => `Suburb ${n}${crypto.randomUUID().slice(0, 8)}`);
  // Another longitude for each house, so that no two ask Overpass the same.
  const lon = LON + (houses += 1) / 1000;
  wire.answer("nominatim", ({ question }) => Response.json([nominatimPlace((question.split(",")[0] ?? "").trim(), { lon: String(lon) })]));
  const at = (id: number, north: number, tags: Record<string, string>) => ({ type: "node", id, lat: LAT + north, lon, tags });
  wire.answer("overpass", () => Response.json(overpassAnswer([at(1, 0.01, { amenity: "courthouse", name: "Ponsonby District Court" }), at(2, 0.005, { amenity: "school", name: "Ponsonby School" }), at(3, 0.02, { amenity: "school", name: "Bayfield School" })])));
  const http = (service: "nominatim" | "overpass") => createOsmHttp({ fetch: wire.fetchOf(service), userAgent: "Apex", pace: { during: async (request) => request(), hold: async () => Promise.resolve() } });
  const clock = { now: () => Date.now(), toRealTime: (ms: number) => ms };
  const osm = createOsmClient({ nominatim: http("nominatim"), overpass: http("overpass"), urls: { nominatim: "https://n.test", overpass: "https://o.test" }, cache: createOsmCache({ bucket: env.STORAGE, clock }) });
  const asked: string[] = [];
  const places = createGooglePlaces({
    baseUrl: "https://places.test",
    apiKey: "key",
    admit: async (ask) => ask(),
    fetch: async (_, init) => {
      const { textQuery } = bodySchema.parse(JSON.parse(typeof init.body === "string" ? init.body : "{}"));
      asked.push(textQuery);
      const answered = answer(textQuery.split(" in ")[0] ?? "");
      if (answered instanceof Response) return Promise.resolve(answered);
      return Promise.resolve(Response.json({ places: answered.map(({ id, name, north, closed }) => ({ id, displayName: { text: name }, location: { latitude: LAT + north, longitude: lon }, businessStatus: closed === true ? "CLOSED_PERMANENTLY" : "OPERATIONAL" })) }));
    },
  });
  const dna = `identity: {language: en}\nmodules: {local_seo: {scout_settings: {anchor_entities: [courthouse, school], radius_km: 3, google_places: ${JSON.stringify(google_places)}, geo_scope: {cities: [Auckland], suburbs: ${JSON.stringify(names)}}}}}`;
  const built = await pipelineHouse({ agents: [scoutAgent], dna, tools: { osm, places: hasKey ? places : null } });
  const scout = async () => {
    const run = await built.finish(await built.submit("scout_anchors"));
    expect(run).toMatchObject({ status: "succeeded" });
    return run.result as Record<string, unknown>;
  };
  const anchors = async () => Object.fromEntries((await built.entities("anchor")).map(({ name, metadata }) => [name, metadata]));
  const findings = async () => (await built.entities("place")).map(({ metadata }) => placeRecordSchema.parse(metadata).google);
  const paid = async () => (await built.store.usage.ofMonth(new Date(built.clock.now()).toISOString().slice(0, 7), null)).filter(({ kind }) => kind === "place_searches");
  return { ...built, scout, asked, anchors, findings, paid };
};

describe("Google Places in scouting", () => {
  it.each<[string, Options]>([["the DNA does not want it", { google_places: {} }], ["the service has no key", { hasKey: false }]])("is not asked where %s", async (_, options) => {
    const { scout, asked, anchors } = await house(options);
    expect((await scout()).google_places).toBeUndefined();
    expect(asked).toEqual([]);
    expect(Object.keys(await anchors())).toHaveLength(3);
  });

  it("tells which anchors it knows too, which have closed, and what the map lacks, and only its ids are kept", async () => {
    const { scout, asked, anchors, findings, store, projectId, paid } = await house({
      answer: (kind) => (kind === "courthouse" ? [{ id: "ChIJcourt", name: "Ponsonby District Court", north: 0.0101 }] : [
        { id: "ChIJclosed", name: "Bayfield School", north: 0.0201, closed: true },
        { id: "ChIJnew", name: "St Mary's College of Google", north: 0.002 },
        { id: "ChIJfar", name: "Ponsonby School", north: 0.5 },
      ]),
    });
    expect((await scout()).google_places).toMatchObject({ requests: 2, confirmed: 2, missing: 1, problems: [] });
    expect(asked).toHaveLength(2);
    expect(await anchors()).toMatchObject({
      "Ponsonby District Court": { status: "found", google_place_id: "ChIJcourt" },
      "Bayfield School": { status: "doubtful", google_place_id: "ChIJclosed", doubts: [expect.stringContaining("closed for good")] },
      "Ponsonby School": { status: "found" },
    });
    expect((await anchors())["Ponsonby School"]?.google_place_id).toBeUndefined();
    expect(await findings()).toMatchObject([{ missing: { school: ["ChIJnew"] }, problem: null }]);
    const rows = await env.DB.prepare("SELECT metadata || name AS kept FROM entities WHERE project_id = ?").bind(projectId).all<{ kept: string }>();
    expect(rows.results.map(({ kept }) => kept).join("\n")).not.toContain("of Google");
    expect(await paid()).toMatchObject([{ detail: "google", quantity: 2, cost_micros: 2 * PLACE_SEARCH_MICROS }]);
    expect(await store.usage.spent("models")).toMatchObject({ day_micros: 64_000 });
  });

  it("is asked again after a month and not before, and what it said holds meanwhile", async () => {
    let isAway = false;
    const { scout, asked, anchors, pass } = await house({ answer: (kind) => isAway ? new Response("", { status: 503 }) : (kind === "school" ? [{ id: "ChIJclosed", name: "Bayfield School", north: 0.02, closed: true }] : []) });
    await scout();
    expect((await scout()).google_places).toMatchObject({ requests: 0, confirmed: 1 });
    expect(asked).toHaveLength(2);
    expect((await anchors())["Bayfield School"]).toMatchObject({ status: "doubtful", google_place_id: "ChIJclosed" });
    pass(31 * DAY_MS);
    await scout();
    expect(asked).toHaveLength(4);
    // Away when it is asked again: what it said before holds.
    pass(31 * DAY_MS);
    isAway = true;
    expect((await scout()).google_places).toMatchObject({ requests: 0, problems: [expect.stringContaining("places_unavailable")] });
    expect((await anchors())["Bayfield School"]).toMatchObject({ status: "doubtful", google_place_id: "ChIJclosed" });
  });

  it("is asked no more often in a run than the DNA allows, over all its places", async () => {
    const { scout, asked, findings } = await house({ suburbs: 10, google_places: { enabled: true, max_requests: 3 } });
    expect((await scout()).google_places).toMatchObject({ requests: 3, problems: [expect.stringContaining("max_requests")] });
    expect(asked).toHaveLength(3);
    expect((await findings()).filter((one) => one?.problem === null)).toHaveLength(1);
  });

  it("that refuses or is away keeps nobody from scouting, and is asked again the next time", async () => {
    let status = 403;
    const { scout, asked, anchors, paid } = await house({ answer: () => (status === 200 ? [] : new Response("", { status })) });
    expect((await scout()).google_places).toMatchObject({ requests: 0, problems: [expect.stringContaining("places_refused")] });
    expect(Object.values(await anchors()).map((anchor) => anchor.status)).toEqual(["found", "found", "found"]);
    expect(await paid()).toEqual([]);
    status = 503;
    expect((await scout()).google_places).toMatchObject({ problems: [expect.stringContaining("places_unavailable")] });
    status = 200;
    expect((await scout()).google_places).toMatchObject({ requests: 2, problems: [] });
    expect(asked).toHaveLength(4);
  });
});
