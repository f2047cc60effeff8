import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { vendorError } from "../../../core/errors.ts";
import { pngOf, webpOf } from "../../../core/images/images.testing.ts";
import type { ResizeImage } from "../../../core/providers/browser/resize.ts";
import type { TakeScreenshot } from "../../../core/providers/browser/screenshot.ts";
import { pageMetadata, putPage } from "../page.testing.ts";
import { pipelineHouse } from "../pipeline.testing.ts";
import { mapRecordSchema, photoRecordSchema } from "./image.schemas.ts";
import { mediaAgent } from "./media.agent.ts";
import { MAP_SIZE } from "./place-map.ts";

const anchor = (name: string, status = "found", lat = -36.8466) => ({
  name,
  metadata: { status, kind: "courthouse", place: { slug: "ponsonby", name: "Ponsonby" }, lat, lon: 174.7638, osm: { type: "node", id: 1 }, distance_km: 2, address: null, doubts: [], attribution: "© OpenStreetMap contributors", source_url: "https://www.openstreetmap.org/node/1" },
});

let photos = 0;

/** A house with a browser that the test holds: the pictures asked for, and what is answered. */
const studio = async () => {
  const asked: string[] = [];
  let answer: () => Promise<Uint8Array> = async () => Promise.resolve(pngOf(MAP_SIZE));
  const takeScreenshot: TakeScreenshot = async (html) => {
    asked.push(html);
    return answer();
  };
  const resized: number[][] = [];
  let scale: ResizeImage = async ({ width, height }, widths) => Promise.resolve(widths.map((one) => ({ width: one, height: Math.round((height * one) / width), bytes: webpOf({ width: one, height: Math.round((height * one) / width) }) })));
  const resizeImage: ResizeImage = async (image, widths, options) => {
    resized.push([...widths]);
    return scale(image, widths, options);
  };
  const house = await pipelineHouse({ agents: [mediaAgent], dna: "", tools: { takeScreenshot, resizeImage } });
  const { store, projectId } = house;
  const anchorOf = async (name: string, status?: string, lat?: number): Promise<string> => {
    const { name: named, metadata } = anchor(name, status, lat);
    const [put] = await store.keyed.put([{ project_id: projectId, entity_type: "anchor", dedupe_key: `anchor:ponsonby:${name}`, name: named, metadata }]);
    return put?.id ?? "";
  };
  const pageWith = async (anchors: string[], given: Parameters<typeof pageMetadata>[2] = {}, place = "Ponsonby") =>
    putPage(store, projectId, pageMetadata("Drains", place, { evidence: anchors.map((id) => ({ kind: "anchor" as const, id })), ...given }));
  /** One that somebody of the business has uploaded. */
  const photo = async (width: number, given: Record<string, unknown> = {}): Promise<string> => {
    const sha256 = String(photos += 1).padStart(64, "0");
    const key = `${house.tenant_id}/hosted/${projectId}/media/${sha256}.jpg`;
    await env.STORAGE.put(key, "a photo");
    const record = { kind: "photo", status: "uploaded", key, sha256, content_type: "image/jpeg", bytes: 7, width, height: Math.round((width * 2) / 3), alt: "Our van", attribution: null, service: null, page_id: null, caption: null, ...given };
    return (await store.keyed.putOnce({ project_id: projectId, entity_type: "image", dedupe_key: `image:photo:${sha256}`, name: "van", metadata: record })).id;
  };
  const photoOf = async (id: string) => photoRecordSchema.parse((await store.entities.get(id)).metadata);
  const images = async () => (await house.entities("image")).map(({ metadata }) => mapRecordSchema.parse(metadata));
  const enhance = async (ids?: string[]) => house.finish(await house.submit("enhance_media", ids === undefined ? {} : { ids }));
  return { ...house, photo, photoOf, resized, scaleBy: (next: ResizeImage) => void (scale = next), asked, anchorOf, pageWith, images, enhance, answerWith: (next: typeof answer) => void (answer = next) };
};

describe("the map of a page", () => {
  it("is drawn once, stored by its content and told in words", async () => {
    const house = await studio();
    const page = await house.pageWith([await house.anchorOf("Auckland District Court"), await house.anchorOf("Ponsonby Police", "found", -36.851)]);
    expect((await house.enhance([page])).result).toMatchObject({ map: "drawn" });
    const [image] = await house.images();
    expect(image).toMatchObject({ kind: "map", page_id: page, width: MAP_SIZE.width, height: MAP_SIZE.height, attribution: "© OpenStreetMap contributors", content_type: "image/png" });
    expect(image?.alt).toContain("Auckland District Court");
    expect(image?.key).toBe(`${house.tenant_id}/hosted/${house.projectId}/media/${image?.sha256 ?? ""}.png`);
    expect((await env.STORAGE.get(image?.key ?? ""))?.httpMetadata?.contentType).toBe("image/png");
    expect(house.asked[0]).toContain("Auckland District");

    house.pass(1);
    expect((await house.enhance([page])).result).toMatchObject({ map: "unchanged" });
    expect(house.asked).toHaveLength(1);
  });

  it("is drawn anew when what is around has changed, and taken away when nothing is left", async () => {
    const house = await studio();
    const court = await house.anchorOf("Auckland District Court");
    const page = await house.pageWith([court]);
    await house.enhance([page]);
    await house.anchorOf("Auckland District Court", "found", -36.84);
    expect((await house.enhance([page])).result).toMatchObject({ map: "drawn" });
    expect(await house.images()).toHaveLength(1);
    await house.anchorOf("Auckland District Court", "rejected");
    expect((await house.enhance([page])).result).toMatchObject({ map: "none" });
    expect(await house.images()).toEqual([]);
  });

  it("is none where it would be a guess: no coordinates, no anchor, a doubtful one", async () => {
    const house = await studio();
    const court = await house.anchorOf("Auckland District Court");
    const lost = { name: "Lost", slug: "lost", city: null, lat: null, lon: null };
    const pages = [await house.pageWith([court], { place: lost }, "Lost"), await house.pageWith([], {}, "Bare"), await house.pageWith([await house.anchorOf("Somewhere", "doubtful")], {}, "Doubtful"), await house.pageWith(["ent_nobody"], {}, "Nobody")];
    for (const page of pages) expect((await house.enhance([page])).result).toMatchObject({ map: "none" });
    expect(house.asked).toEqual([]);
  });

  it("waits for a browser that is away, and for one that answers nonsense", async () => {
    const house = await studio();
    const page = await house.pageWith([await house.anchorOf("Court")]);
    const answers = [async () => Promise.reject(vendorError("browser_unavailable", "away", { retryable: true })), async () => Promise.resolve(new TextEncoder().encode("<html>")), async () => Promise.resolve(pngOf({ width: 1, height: 1 })), async () => Promise.resolve(pngOf(MAP_SIZE))];
    house.answerWith(async () => (answers.shift() ?? (async () => Promise.reject(new Error("asked too often"))))());
    const run = await house.enhance([page]);
    expect([run.status, run.attempts]).toEqual(["succeeded", 4]);
    expect(await house.images()).toHaveLength(1);
  });

  it("is a part of its own for each page that is due", async () => {
    const house = await studio();
    const court = await house.anchorOf("Court");
    await house.pageWith([court]);
    await house.pageWith([court], {}, "Grey Lynn");
    await house.pageWith([court], { status: "written" }, "Herne Bay");
    const run = await house.enhance();
    expect(run.result).toMatchObject({ pages: 2, failed: 0 });
    expect(await house.images()).toHaveLength(2);
  });
});

describe("the photos of a page", () => {
  it("get narrower copies, each photo once however many pages show it; none that would be wider", async () => {
    const house = await studio();
    const [large, small, tiny] = [await house.photo(1600), await house.photo(600), await house.photo(400)];
    const pages = [await house.pageWith([], {}, "Ponsonby"), await house.pageWith([], {}, "Grey Lynn")];
    await house.enhance(pages);
    expect(house.resized.toSorted((a, b) => a.length - b.length)).toEqual([[480], [480, 720, 1440]]);
    expect((await house.photoOf(large)).copies?.map(({ width, height }) => [width, height])).toEqual([[480, 320], [720, 480], [1440, 960]]);
    expect([(await house.photoOf(small)).copies?.length, (await house.photoOf(tiny)).copies]).toEqual([1, []]);
    const [copy] = (await house.photoOf(large)).copies ?? [];
    expect((await env.STORAGE.get(`${house.tenant_id}/hosted/${house.projectId}/media/${copy?.sha256 ?? ""}.webp`))?.httpMetadata?.contentType).toBe("image/webp");
  });

  it("are tried again when the browser is away or gives back something else, and are as they were until then", async () => {
    const house = await studio();
    const id = await house.photo(900);
    const page = await house.pageWith([]);
    house.scaleBy(async () => Promise.reject(vendorError("browser_unavailable", "Away.", { retryable: true })));
    const run = await house.submit("enhance_media", { ids: [page] });
    await house.execute(run);
    expect([(await house.store.runs.get(run.id)).status, (await house.photoOf(id)).copies]).toEqual(["queued", undefined]);
    house.scaleBy(async (_, widths) => Promise.resolve(widths.map((width) => ({ width, height: 10, bytes: pngOf({ width, height: 10 }) }))));
    await house.execute(run);
    expect((await house.photoOf(id)).copies).toBeUndefined();
  });

  it("that lie elsewhere than in the tenant's folder are not read", async () => {
    const house = await studio();
    await env.STORAGE.put("ten_other/photo.jpg", "another's");
    await house.photo(900, { key: "ten_other/photo.jpg" });
    await house.enhance([await house.pageWith([])]);
    expect(house.resized).toEqual([]);
  });
});
