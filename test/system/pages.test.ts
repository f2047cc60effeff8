import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { findChromium } from "../../scripts/lib/browser-cache.ts";
import { entitySchema } from "./support/api.schemas.ts";
import { eventually } from "./support/eventually.ts";
import { useHouse } from "./support/house.ts";

const house = useHouse();

/** Node's fetch lets nobody choose the host; a browser takes it from the address. */
const visit = async (host: string, path: string): Promise<{ status: number; headers: Record<string, unknown>; body: string }> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(house.url);
    const asking = request({ host: "127.0.0.1", port, path, headers: { Host: `${host}:${port}` }, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }));
    });
    asking.on("error", reject);
    asking.end();
  });

const page = (place: string, anchors: string[]): Record<string, unknown> => ({
  status: "passed", dedupe_key: `page:drains/${place}/service`, service: { name: "Drains", slug: "drains" }, place: { name: place, slug: place.toLowerCase(), city: "Auckland", lat: -36.8525, lon: 174.7409 },
  intent: "service", primary_keyword: `drains ${place}`, secondary_keywords: [], evidence: anchors.map((id) => ({ kind: "anchor", id })), demand: { volume: null, competition: null, source: "estimated" },
  expected_value: 1, path: `/drains/${place.toLowerCase()}`, content: null, review: null, drafts: 1,
});
const anchor = (lat: number, lon: number): Record<string, unknown> => ({
  status: "found", dedupe_key: `anchor:${randomUUID()}`, kind: "courthouse", place: { slug: "ponsonby", name: "Ponsonby" }, lat, lon, osm: { type: "node", id: 1 }, distance_km: 2, address: null, doubts: [], attribution: "© OpenStreetMap contributors", source_url: "https://www.openstreetmap.org/node/1",
});

const project = async (): Promise<string> => {
  const project_id = `p-${randomUUID().slice(0, 13)}`;
  await house.client.createProject({ project_id, name: "Harbour Plumbing", country: "NZ" });
  return project_id;
};
const made = async (project_id: string, entity_type: string, name: string, metadata: Record<string, unknown>): Promise<string> =>
  (await house.client.ask("POST", "/api/entities", { json: { project_id, entity_type, name, metadata } })).as(entitySchema).id;
const done = async (task: string, project_id: string, params: Record<string, unknown> = {}): Promise<unknown> => {
  const { run_id } = await house.client.startRun({ task, project_id, params });
  const run = await eventually(`${task} to end`, async () => {
    const current = await house.client.run(run_id);
    return ["succeeded", "failed", "dead"].includes(current.status) && current;
  });
  expect([run.status, run.error]).toEqual(["succeeded", null]);
  return run.result;
};
const entities = async (project_id: string, type: string) => (await house.client.entities({ project_id, type })).items;

describe("the two origins of the Worker", () => {
  it("are told apart by the host, over the wire", async () => {
    const site = await visit("nobody.pages.localhost", "/api/projects");
    expect([site.status, site.headers["content-type"]]).toEqual([404, "text/html; charset=utf-8"]);
    const api = await visit("127.0.0.1", "/api/projects");
    expect([api.status, api.headers["content-type"]]).toEqual([401, "application/problem+json"]);
  });
});

describe("the pages of a project", () => {
  it("are linked by a run, once", async () => {
    const project_id = await project();
    for (const place of ["Ponsonby", "Grey Lynn", "Parnell"]) await made(project_id, "page", place, page(place, []));
    expect(await done("librarian_link", project_id)).toMatchObject({ pages: 3, removed: 0 });
    expect(await done("librarian_link", project_id)).toMatchObject({ pages: 3, added: 0, removed: 0 });
    expect((await entities(project_id, "link")).length).toBeGreaterThan(3);
  });

  // The rest of the chain needs no browser and is tested in workerd; a machine without one skips this.
  it.skipIf(findChromium() === undefined)("get a map that the browser has drawn", async () => {
    const project_id = await project();
    const anchors = [await made(project_id, "anchor", "Auckland District Court", anchor(-36.8466, 174.7638)), await made(project_id, "anchor", "Ponsonby Police Station", anchor(-36.8512, 174.7437))];
    const id = await made(project_id, "page", "Ponsonby", page("Ponsonby", anchors));
    expect(await done("enhance_media", project_id, { ids: [id] })).toMatchObject({ map: "drawn" });
    const [image] = await entities(project_id, "image");
    expect(image?.metadata).toMatchObject({ kind: "map", page_id: id, width: 960, height: 720, content_type: "image/png" });
    // Drawn: a picture of one colour would be a tenth of it.
    expect(z.number().parse(image?.metadata.bytes)).toBeGreaterThan(8_000);
    expect(await done("enhance_media", project_id, { ids: [id] })).toMatchObject({ map: "unchanged" });
  });
});
