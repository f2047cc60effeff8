import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { pageMetadata, putPage } from "../../agents/pseo/page.testing.ts";
import { createClock } from "../../core/clock.ts";
import { jpegOf, pngOf, SECRET } from "../../core/images/images.testing.ts";
import { systemActor } from "../../core/memory/actor.ts";
import { createMemory } from "../../core/memory/memory.ts";
import { makeProject, request, type TestProject } from "../../test/support/api.ts";

const photoSchema = z.object({ id: z.string(), url: z.string(), width: z.number(), height: z.number(), alt: z.string(), caption: z.string().nullable(), service: z.string().nullable(), page_id: z.string().nullable(), content_type: z.string() });
const SIZE = { width: 800, height: 600 };

const upload = async (project: TestProject, file: Uint8Array<ArrayBuffer> | string, fields: Record<string, string> = { alt: "A camera in a drain" }): Promise<Response> => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set("file", typeof file === "string" ? file : new File([file], "IMG_0001.HEIC", { type: "text/plain" }));
  return request(`/api/projects/${project.id}/photos`, { method: "POST", headers: { Authorization: `Bearer ${project.token}` }, body: form });
};

describe("a photo", () => {
  it("is kept without place and device, and comes back as it was", async () => {
    const project = await makeProject();
    const response = await upload(project, jpegOf(SIZE), { alt: "  A camera in a drain ", caption: "Our camera", service: "drains" });
    expect(response.status).toBe(201);
    const photo = photoSchema.parse(await response.json());
    expect(photo).toMatchObject({ ...SIZE, alt: "A camera in a drain", caption: "Our camera", service: "drains", content_type: "image/jpeg" });
    const file = await project.api("GET", photo.url);
    expect(file.headers.get("Content-Type")).toBe("image/jpeg");
    const bytes = new TextDecoder("latin1").decode(await file.arrayBuffer());
    expect(bytes.startsWith("\xff\xd8\xff")).toBe(true);
    expect(bytes).not.toContain(SECRET);
  });

  it("that is sent again is one photo, of which something else is said", async () => {
    const project = await makeProject();
    const first = photoSchema.parse(await (await upload(project, pngOf(SIZE))).json());
    const again = await upload(project, pngOf(SIZE), { alt: "A better description" });
    expect([again.status, photoSchema.parse(await again.json())]).toEqual([200, { ...first, alt: "A better description" }]);
  });

  it("belongs to a page of the project, or to none", async () => {
    const [project, other] = [await makeProject(), await makeProject()];
    const memory = createMemory({ d1: env.DB, clock: createClock() });
    const mine = await putPage(memory.for(project.tenant_id, systemActor("test")), project.id, pageMetadata("Drains", "Ponsonby"));
    const theirs = await putPage(memory.for(other.tenant_id, systemActor("test")), other.id, pageMetadata("Drains", "Ponsonby"));
    expect((await upload(project, pngOf(SIZE), { alt: "A drain", page_id: mine })).status).toBe(201);
    expect((await upload(project, pngOf({ ...SIZE, width: 900 }), { alt: "A drain", page_id: theirs })).status).toBe(422);
  });

  it.each([
    ["no words", pngOf(SIZE), {}, 422],
    ["words that say nothing", pngOf(SIZE), { alt: " a " }, 422],
    ["a picture that is too small", pngOf({ width: 100, height: 600 }), { alt: "A drain" }, 422],
    ["a program that calls itself a picture", Uint8Array.from(new TextEncoder().encode("<svg onload=alert(1)>")), { alt: "A drain" }, 415],
    ["words where the file should be", "file", { alt: "A drain" }, 422],
    ["more than a photo", new Uint8Array(7 * 1024 * 1024), { alt: "A drain" }, 413],
  ])("is refused with %s, and nothing is kept", async (_, file, fields, status) => {
    const project = await makeProject();
    expect((await upload(project, file, fields as Record<string, string>)).status).toBe(status);
    expect((await env.STORAGE.list({ prefix: `${project.tenant_id}/hosted/` })).objects).toEqual([]);
    expect(await (await project.api("GET", "/api/entities?type=image")).json()).toMatchObject({ items: [] });
  });

  it("is gone with its file", async () => {
    const project = await makeProject();
    const photo = photoSchema.parse(await (await upload(project, pngOf(SIZE))).json());
    expect((await project.api("DELETE", photo.url)).status).toBe(204);
    expect((await project.api("GET", photo.url)).status).toBe(404);
    expect((await env.STORAGE.list({ prefix: `${project.tenant_id}/hosted/` })).objects).toEqual([]);
  });

  it("is refused as JSON, and elsewhere nothing is that large", async () => {
    const project = await makeProject();
    expect((await project.api("POST", `/api/projects/${project.id}/photos`, {})).status).toBe(415);
    expect((await project.api("POST", "/api/entities", { entity_type: "lead", name: "x".repeat(300_000) })).status).toBe(413);
  });
});
