import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../index.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
beforeEach(async () => sandbox.reset());
afterAll(async () => sandbox.close());

const AGENT = { "User-Agent": "Apex/0.1 (+https://apex.example)" };
const search = async (query: Record<string, string>, headers: Record<string, string> = AGENT): Promise<Response> => fetch(`${sandbox.url}/osm/search?${new URLSearchParams({ format: "jsonv2", ...query }).toString()}`, { headers });
const interpret = async (data: string): Promise<Response> => fetch(`${sandbox.url}/osm/api/interpreter`, { method: "POST", headers: AGENT, body: new URLSearchParams({ data }) });
const AROUND = '[out:json][timeout:25];(nwr["amenity"="school"](around:1500,-36.85530,174.74370););out center tags 200;(nwr["leisure"="marina"](around:1500,-36.85530,174.74370););out center tags 200;';

describe("Nominatim's stand-in", () => {
  test("finds by name and city, accents or not, and nothing in another country", async () => {
    expect(await (await search({ q: "Kingsland, Auckland" })).json()).toMatchObject([{ name: "Kingsland", lat: "-36.8722", address: { city: "Auckland", country_code: "nz" } }]);
    expect(await (await search({ q: "kingsland" })).json()).toHaveLength(2);
    expect(await (await search({ q: "Atlantis" })).json()).toEqual([]);
    expect(await (await search({ q: "Ponsonby", countrycodes: "au" })).json()).toEqual([]);
  });

  test("refuses whoever does not say who they are", async () => {
    for (const agent of ["node", "Mozilla/5.0", "Apex"]) expect((await search({ q: "Ponsonby" }, { "User-Agent": agent })).status).toBe(403);
  });
});

describe("Overpass' stand-in", () => {
  test("gives what is within the circle, outlines by their centres, names or not", async () => {
    const { elements } = (await (await interpret(AROUND)).json()) as { elements: { type: string; lat?: number; center?: unknown; tags: Record<string, string> }[] };
    expect(elements.some(({ type, center, lat }) => type === "way" && center !== undefined && lat === undefined)).toBe(true);
    expect(elements.map(({ tags }) => tags["name"])).toContain("Richmond Road School");
    expect(elements.map(({ tags }) => tags["name"])).not.toContain("Parnell District School");
    expect(elements.some(({ tags }) => tags["leisure"] === "marina" && tags["name"] === undefined)).toBe(true);
  });

  test("answers what it does not understand with 400", async () => {
    expect((await interpret("[out:json];area;")).status).toBe(400);
  });

  test("can run out of time, which is a 200 with a remark, and out of slots", async () => {
    sandbox.setOsmFaults({ overpass: { kind: "remark", times: 1 } });
    expect(await (await interpret(AROUND)).json()).toMatchObject({ remark: expect.stringContaining("timed out") as string });
    sandbox.setOsmFaults({ overpass: { kind: "429", times: 1 } });
    const full = await interpret(AROUND);
    expect([full.status, full.headers.get("Retry-After")]).toEqual([429, "2"]);
    expect((await interpret(AROUND)).status).toBe(200);
    expect(sandbox.events({ kind: "request" }).filter((entry) => entry["vendor"] === "overpass").map((entry) => entry["status"])).toEqual([200, 429, 200]);
  });
});
