import { describe, expect, it } from "vitest";
import { createGooglePlaces } from "./google-places.client.ts";

const QUESTION = { text: "police station in Ponsonby, Auckland", type: "police", country: "NZ", language: "en", around: { lat: -36.85, lon: 174.74 }, radius_km: 8 };

const client = (answer: () => Response | Promise<Response>) => {
  const asked: { url: string; headers: Headers; body: unknown }[] = [];
  const places = createGooglePlaces({
    baseUrl: "https://places.test",
    apiKey: "the-key",
    admit: async (ask) => ask(),
    fetch: async (url, init) => {
      asked.push({ url, headers: new Headers(init.headers), body: JSON.parse(typeof init.body === "string" ? init.body : "null") as unknown });
      return answer();
    },
  });
  return { places, asked };
};

describe("Google Places", () => {
  it("is asked as its reference says, and read for what can be compared", async () => {
    const { places, asked } = client(() => Response.json({ places: [
      { id: "ChIJ1", displayName: { text: "Ponsonby Police", languageCode: "en" }, location: { latitude: -36.851, longitude: 174.741 }, types: ["police"], businessStatus: "OPERATIONAL" },
      { id: "ChIJ2", displayName: { text: "Old Station" }, location: { latitude: -36.86, longitude: 174.75 }, businessStatus: "CLOSED_PERMANENTLY" },
      { id: "ChIJ3", location: { latitude: -36.86, longitude: 174.75 } },
    ] }));
    expect(await places.search(QUESTION)).toEqual([
      { id: "ChIJ1", name: "Ponsonby Police", point: { lat: -36.851, lon: 174.741 }, closed: false },
      { id: "ChIJ2", name: "Old Station", point: { lat: -36.86, lon: 174.75 }, closed: true },
    ]);
    expect(asked).toMatchObject([{ url: "https://places.test/v1/places:searchText", body: { textQuery: QUESTION.text, includedType: "police", strictTypeFiltering: true, regionCode: "NZ", languageCode: "en", pageSize: 20, locationBias: { circle: { center: { latitude: -36.85, longitude: 174.74 }, radius: 8000 } } } }]);
    expect([asked[0]?.headers.get("X-Goog-Api-Key"), asked[0]?.headers.get("X-Goog-FieldMask")]).toEqual(["the-key", "places.id,places.displayName,places.location,places.businessStatus"]);
  });

  it("has found nothing when it answers an empty object", async () => {
    expect(await client(() => Response.json({})).places.search({ ...QUESTION, type: null })).toEqual([]);
  });

  it.each<[string, () => Response | Promise<Response>, string, boolean]>([
    ["a key that is not valid", () => Response.json({ error: { status: "INVALID_ARGUMENT" } }, { status: 400 }), "places_refused", false],
    ["an API that is not enabled", () => Response.json({ error: { status: "PERMISSION_DENIED" } }, { status: 403 }), "places_refused", false],
    ["a quota that is used up", () => new Response("", { status: 429 }), "places_busy", true],
    ["an outage", () => new Response("", { status: 503 }), "places_unavailable", true],
    ["a page of something else", () => new Response("<h1>hello</h1>"), "places_unavailable", true],
    ["an answer of another shape", () => Response.json({ places: "many" }), "places_unavailable", true],
    ["no answer", async () => Promise.reject(new TypeError("network")), "places_unavailable", true],
  ])("says of %s what it is", async (_, answer, code, retryable) => {
    await expect(client(answer).places.search(QUESTION)).rejects.toMatchObject({ code, retryable });
  });
});
