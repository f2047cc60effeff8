import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createOsmWire, nominatimPlace, overpassAnswer } from "../../../test/support/osm-wire.ts";
import { kmBetween } from "./distance.ts";
import { kindNamed } from "./kinds.data.ts";
import { createOsmCache } from "./osm.cache.ts";
import { createOsmClient } from "./osm.client.ts";
import { createOsmHttp } from "./osm.http.ts";

const PONSONBY = { name: "Ponsonby", city: "Auckland", country: "NZ", language: "en-NZ" };
let longitude = 100;

const aClient = (urls = { nominatim: "https://nominatim.test", overpass: "https://overpass.test/" }) => {
  const wire = createOsmWire();
  const turns: string[] = [];
  const held: number[] = [];
  let now = Date.now();
  const http = (service: "nominatim" | "overpass") =>
    createOsmHttp({ fetch: wire.fetchOf(service), userAgent: "Apex/0.1 (+https://apex.test)", pace: { during: async (request) => (turns.push(service), request()), hold: async (ms) => Promise.resolve(void held.push(ms)) } });
  const client = createOsmClient({ nominatim: http("nominatim"), overpass: http("overpass"), urls, cache: createOsmCache({ bucket: env.STORAGE, clock: { now: () => now, toRealTime: (ms) => ms } }) });
  // Storage is shared in this file: each client asks about another point.
  return { wire, client, turns, held, point: { lat: -36.85, lon: (longitude += 0.01) }, pass: (ms: number) => void (now += ms), question: { ...PONSONBY, name: `Ponsonby ${longitude}` } };
};

describe("Nominatim", () => {
  it("is asked in our turn, by name, in one country, and says who we are", async () => {
    const { wire, client, turns, question } = aClient();
    await client.search(question);
    expect(turns).toEqual(["nominatim"]);
    const url = new URL(wire.asked[0]?.url ?? "");
    expect([url.origin + url.pathname, url.searchParams.get("countrycodes"), wire.asked[0]?.question, wire.asked[0]?.userAgent]).toEqual(["https://nominatim.test/search", "nz", `${question.name}, Auckland`, "Apex/0.1 (+https://apex.test)"]);
  });

  it("is not asked again for what it has said lately, nor in our turn", async () => {
    const { wire, client, turns, question, pass } = aClient();
    await client.search(question);
    await client.search(question);
    expect([wire.count("nominatim"), turns.length]).toEqual([1, 1]);
    pass(91 * 86_400_000);
    await client.search(question);
    expect(wire.count("nominatim")).toBe(2);
  });

  it("that refuses us is left alone by everybody for an hour", async () => {
    const { wire, client, held, question } = aClient();
    wire.once("nominatim", () => new Response("Access blocked", { status: 403 }));
    await expect(client.search(question)).rejects.toMatchObject({ code: "osm_refused", retryable: true, retryAfterMs: 3_600_000 });
    expect(held).toEqual([3_600_000]);
  });

  it.each([["a page of HTML", () => new Response("<html>")], ["another shape", () => Response.json({ error: "Unable to geocode" })], ["coordinates that there are not", () => Response.json([nominatimPlace("x", { lat: "123" })])]])("that answers %s is an outage, and nothing is remembered of it", async (_, answer) => {
    const { wire, client, question } = aClient();
    wire.once("nominatim", answer);
    await expect(client.search(question)).rejects.toMatchObject({ code: "osm_unavailable", retryable: true });
    expect(await client.search(question)).toHaveLength(1);
  });
});

describe("Overpass", () => {
  const node = (id: number, tags: Record<string, string>, over: Record<string, unknown> = {}) => ({ type: "node", id, lat: -36.85, lon: 174.74, tags, ...over });

  it("is asked by its own tags around a point, ten kinds a question", async () => {
    const { wire, client, point } = aClient({ nominatim: "https://n.test/search", overpass: "https://o.test/api/interpreter" });
    await client.around(point, 3, ["school", "hotel", "police", "hospital", "marina", "mall", "gym", "park", "library", "church", "stadium"]);
    expect(wire.asked.map(({ url }) => url)).toEqual(["https://o.test/api/interpreter", "https://o.test/api/interpreter"]);
    expect(wire.asked[0]?.question).toContain(`(nwr["amenity"="school"](around:3000,-36.85000,${point.lon.toFixed(5)}););out center tags 200;(nwr["tourism"="hotel"]`);
    expect(wire.asked[1]?.question).toContain("stadium");
  });

  it("gives points, ways by their centres, and nothing without coordinates or of another kind", async () => {
    const { wire, client, point } = aClient();
    wire.answer("overpass", () => Response.json(overpassAnswer([
      node(1, { amenity: "school", name: "Ponsonby School" }),
      { type: "way", id: 2, center: { lat: -36.86, lon: 174.75 }, tags: { amenity: "hospital", name: "Auckland City Hospital" } },
      { type: "relation", id: 3, tags: { amenity: "school" } },
      node(4, { amenity: "bench" }),
      node(1, { amenity: "school", name: "again" }),
      { type: "area", id: 5 }, "nonsense",
    ])));
    const { elements, partial } = await client.around(point, 3, ["school", "hospital"]);
    expect(elements.map(({ osm_type, osm_id, kind, point: at }) => [osm_type, osm_id, kind, at])).toEqual([["node", 1, "school", { lat: -36.85, lon: 174.74 }], ["way", 2, "hospital", { lat: -36.86, lon: 174.75 }]]);
    expect(partial).toBeNull();
  });

  it("that ran out of time says so in a 200: what it found is used, and it is asked again next time", async () => {
    const { wire, client, point } = aClient();
    wire.once("overpass", () => Response.json(overpassAnswer([node(1, { amenity: "school", name: "One" })], 'runtime error: Query timed out in "query" at line 1 after 26 seconds.')));
    expect(await client.around(point, 3, ["school"])).toMatchObject({ elements: [{ osm_id: 1 }], partial: expect.stringContaining("timed out") as string });
    expect((await client.around(point, 3, ["school"])).partial).toBeNull();
    await client.around(point, 3, ["school"]);
    expect(wire.count("overpass")).toBe(2);
  });

  it.each([[429, "30", 30_000], [504, null, 60_000], [429, "99999", 900_000]])("that answers %d (Retry-After: %s) is left alone by everybody for %d ms", async (status, retryAfter, wait) => {
    const { wire, client, held, point } = aClient();
    wire.once("overpass", () => new Response("busy", { status, headers: retryAfter === null ? {} : { "Retry-After": retryAfter } }));
    await expect(client.around(point, 3, ["school"])).rejects.toMatchObject({ code: "osm_busy", retryable: true, retryAfterMs: wait });
    expect(held).toEqual([wait]);
  });

  it("that says more than fits in memory is not read to its end", async () => {
    const { wire, client, point } = aClient();
    let sent = 0;
    wire.once("overpass", () => new Response(new ReadableStream({ pull: (controller) => { controller.enqueue(new Uint8Array(1024 * 1024)); sent += 1; } })));
    await expect(client.around(point, 3, ["school"])).rejects.toMatchObject({ code: "osm_too_large" });
    expect(sent).toBeLessThan(15);
  });
});

describe("distances and kinds", () => {
  it("are as the map says: Ponsonby to Auckland City Hospital is 2.5 km as the crow flies", () => {
    expect(kmBetween({ lat: -36.8553, lon: 174.7437 }, { lat: -36.8606, lon: 174.7702 })).toBeCloseTo(2.43, 1);
    expect(kmBetween({ lat: 0, lon: 179.9 }, { lat: 0, lon: -179.9 })).toBeCloseTo(22.24, 1);
  });

  it.each([["courthouse", "courthouse"], ["Police stations", "police"], ["hardware-store", "hardware_store"], ["Community Centres", "community_centre"], ["court houses", "courthouse"], ["churches", "church"], ["constructor", null], ["volcano", null]])("%s is the kind %s", (text, kind) => {
    expect(kindNamed(text)).toBe(kind);
  });
});
