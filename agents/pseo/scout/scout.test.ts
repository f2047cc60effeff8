import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createOsmCache } from "../../../core/providers/osm/osm.cache.ts";
import { createOsmClient } from "../../../core/providers/osm/osm.client.ts";
import { createOsmHttp } from "../../../core/providers/osm/osm.http.ts";
import { createOsmWire, nominatimPlace, overpassAnswer } from "../../../test/support/osm-wire.ts";
import { pipelineHouse } from "../pipeline.testing.ts";
import { placesOf } from "./geo-scope.ts";
import { scoutAgent } from "./scout.agent.ts";

let counter = 0;
/** A suburb that no other test has asked about: answers are cached for the whole file. */
const suburb = (): string => `Suburb ${(counter += 1)}${crypto.randomUUID().slice(0, 8)}`;

const dnaOf = (suburbs: readonly string[], more = ""): string =>
  `modules: {local_seo: {scout_settings: {anchor_entities: [school, hospital, police station, volcano], radius_km: 3, max_anchors: 5${more}, geo_scope: {cities: [Auckland], suburbs: ${JSON.stringify(suburbs)}}}}}`;

const house = async (suburbs: readonly string[], more?: string) => {
  const wire = createOsmWire();
  const http = (service: "nominatim" | "overpass") => createOsmHttp({ fetch: wire.fetchOf(service), userAgent: "Apex", pace: { during: async (request) => request(), hold: async () => Promise.resolve() } });
  // Another longitude for each house, so that no two ask Overpass the same.
  const lon = 174 + (counter += 1) / 1000;
  wire.answer("nominatim", ({ question }) => Response.json([nominatimPlace((question.split(",")[0] ?? "").trim(), { lon: String(lon) })]));
  const clock = { now: () => Date.now(), toRealTime: (ms: number) => ms };
  const osm = createOsmClient({ nominatim: http("nominatim"), overpass: http("overpass"), urls: { nominatim: "https://n.test", overpass: "https://o.test" }, cache: createOsmCache({ bucket: env.STORAGE, clock }) });
  const built = await pipelineHouse({ agents: [scoutAgent], dna: dnaOf(suburbs, more), tools: { osm } });
  const at = (id: number, north: number, tags: Record<string, string>) => ({ type: "node", id, lat: -36.8553 + north, lon, tags });
  return { ...built, wire, at, lon, scout: async (params = {}) => built.finish(await built.submit("scout_anchors", params)) };
};

describe("the scout", () => {
  it("keeps what stands around a suburb, with its distance, where it comes from, and what is doubtful marked", async () => {
    const [name] = [suburb()];
    const { wire, at, scout, entities } = await house([name]);
    wire.answer("overpass", () => Response.json(overpassAnswer([
      at(1, 0.01, { amenity: "school", name: "Ponsonby School", "addr:housenumber": "44", "addr:street": "Curran Street", "addr:city": "Auckland" }),
      at(2, 0.005, { amenity: "hospital" }),
      at(3, 0.002, { amenity: "police", name: "Police" }),
      at(4, 0.003, { amenity: "school", name: "<b>Buy now</b> https://evil.example" }),
      at(5, 1, { amenity: "school", name: "A hundred kilometres away" }),
    ])));
    expect(await scout()).toMatchObject({ status: "succeeded", result: { places: 1, located: 1, anchors: 4, unknown_kinds: ["volcano"] } });
    const anchors = await entities("anchor");
    expect(anchors.find((one) => one.name === "Ponsonby School")?.metadata).toMatchObject({ status: "found", kind: "school", distance_km: 1.11, address: "44 Curran Street, Auckland", attribution: "© OpenStreetMap contributors", source_url: "https://www.openstreetmap.org/node/1", osm: { type: "node", id: 1 } });
    expect(Object.fromEntries(anchors.map(({ name: called, metadata }) => [called, metadata.status]))).toEqual({ "Ponsonby School": "found", "(unnamed hospital)": "doubtful", Police: "doubtful", "<b>Buy now</b> https://evil.example": "doubtful" });
    const [place] = await entities("place");
    expect(place).toMatchObject({ name, metadata: { status: "located", city: "Auckland", lat: -36.8553, partial: null, anchor_ids: expect.arrayContaining(anchors.map(({ id }) => id)) as string[] } });
  });

  it("a second time changes what changed on the map, and leaves a person's word", async () => {
    const { wire, at, scout, entities, store, pass } = await house([suburb()]);
    const both = [at(1, 0.01, { amenity: "school", name: "One" }), at(2, 0.01, { amenity: "hospital" }), at(3, 0.02, { amenity: "school", name: "Three" })];
    wire.answer("overpass", () => Response.json(overpassAnswer(both)));
    await scout();
    const before = await entities("anchor");
    const unnamed = before.find(({ metadata }) => metadata.kind === "hospital");
    await store.entities.patch(unnamed?.id ?? "", { name: "St Mary's", metadata: { status: "approved" } });
    pass(15 * 86_400_000);
    wire.answer("overpass", () => Response.json(overpassAnswer([at(1, 0.01, { amenity: "school", name: "One, renamed" })])));
    await env.STORAGE.delete((await env.STORAGE.list({ prefix: "shared/osm/" })).objects.map(({ key }) => key));
    await scout();
    const after = await entities("anchor");
    expect(after).toHaveLength(3);
    expect(Object.fromEntries(after.map(({ name, metadata }) => [name, metadata.status]))).toEqual({ "One, renamed": "found", "St Mary's": "approved", Three: "gone" });
    expect(after.find(({ name }) => name === "One, renamed")?.id).toBe(before.find(({ name }) => name === "One")?.id);
  });

  it("that is told a part asks again a few times, keeps what it has, and takes nothing away for it", async () => {
    const { wire, at, scout, entities } = await house([suburb()]);
    const remark = "runtime error: Query timed out";
    wire.answer("overpass", () => Response.json(overpassAnswer([at(1, 0.01, { amenity: "school", name: "One" })], remark)));
    expect(await scout()).toMatchObject({ status: "succeeded", result: { anchors: 1, look_at: [{ why: [remark] }] } });
    expect(wire.count("overpass")).toBe(3);
    expect((await entities("anchor")).map(({ metadata }) => metadata.status)).toEqual(["found"]);
  });

  it("goes on after a busy service where it stopped, and asks for no place twice", async () => {
    const names = Array.from({ length: 10 }, suburb);
    const { wire, scout, entities } = await house(names);
    let asked = 0;
    wire.answer("nominatim", ({ question }) => ((asked += 1) === 4 ? new Response("busy", { status: 429 }) : Response.json([nominatimPlace((question.split(",")[0] ?? "").trim(), { lon: `${(counter += 1) / 1000}` })])));
    expect(await scout()).toMatchObject({ status: "succeeded", failures: 0, result: { places: 10, located: 10 } });
    expect(wire.count("nominatim")).toBe(11);
    expect(new Set((await entities("place")).map(({ name }) => name)).size).toBe(10);
  });

  it.each([
    ["in another city", { address: { suburb: "Ponsonby", city: "Dunedin", country_code: "nz" } }, "it is not in Auckland"],
    ["a shop of that name", { category: "shop", type: "plumber" }, "not as an area"],
    ["of another name", { name: "Ponsonby Road" }, "calls it"],
  ])("finds a place that is %s doubtful, and looks for nothing around it until a person approves", async (_, over, why) => {
    const name = suburb();
    const { wire, at, scout, entities, store, lon } = await house([name]);
    wire.answer("nominatim", () => Response.json([nominatimPlace(name, { lon: String(lon), ...over })]));
    wire.answer("overpass", () => Response.json(overpassAnswer([at(1, 0.01, { amenity: "school", name: "One" })])));
    await scout();
    const [place] = await entities("place");
    expect(place?.metadata).toMatchObject({ status: "doubtful", doubts: [expect.stringContaining(why)] });
    expect(wire.count("overpass")).toBe(0);
    await store.entities.patch(place?.id ?? "", { metadata: { status: "approved" } });
    expect(await scout()).toMatchObject({ result: { approved: 1, anchors: 1 } });
  });

  it("says of a place that is not on the map that it is not, and of a scope without places that it has none", async () => {
    const { wire, scout } = await house([suburb()]);
    wire.answer("nominatim", () => Response.json([]));
    expect(await scout()).toMatchObject({ result: { not_found: 1, anchors: 0 } });
    expect(await scout({ places: ["Atlantis"] })).toMatchObject({ status: "failed", error: { code: "invalid" } });
  });

  it("takes of each kind the nearest in turns, once each, named before doubtful", async () => {
    const { wire, at, scout, entities } = await house([suburb()]);
    wire.answer("overpass", () => Response.json(overpassAnswer([
      ...Array.from({ length: 6 }, (_, n) => at(10 + n, 0.001 * (n + 1), { amenity: "school", name: `School ${n}` })),
      at(20, 0.0011, { amenity: "school", name: "School 0" }), at(30, 0.02, { amenity: "hospital", name: "Mater" }), at(31, 0.0001, { amenity: "hospital" }),
    ])));
    await scout();
    expect((await entities("anchor")).map(({ name }) => name).toSorted()).toEqual(["Mater", "School 0", "School 1", "School 2", "School 3"]);
  });
});

describe("the places of a DNA", () => {
  const scope = (cities: string[], suburbs: string[]) => placesOf({ modules: { local_seo: { scout_settings: { geo_scope: { cities, suburbs } } } } } as unknown as Parameters<typeof placesOf>[0]);

  it("are its suburbs, each once, told apart by city where two have one name", () => {
    expect(scope(["Auckland"], ["Mount Eden", "mount eden", "Ōtāhuhu"])).toEqual([{ name: "Mount Eden", city: "Auckland", slug: "mount-eden" }, { name: "Ōtāhuhu", city: "Auckland", slug: "otahuhu" }]);
    expect(scope(["Auckland", "Hamilton"], ["Newtown, Auckland", "Newtown, Hamilton", "Ponsonby"]).map(({ slug, city }) => [slug, city])).toEqual([["newtown", "Auckland"], ["newtown-hamilton", "Hamilton"], ["ponsonby", null]]);
    expect(scope(["Auckland"], [])).toEqual([{ name: "Auckland", city: null, slug: "auckland" }]);
  });
});
