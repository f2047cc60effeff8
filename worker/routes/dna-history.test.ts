import { describe, expect, it } from "vitest";
import { z } from "zod";
import { asUser, makeProject, request, signUp, type TestProject } from "../../test/support/api.ts";
import { open, OWNERS, PATCH, versionSchema } from "./dna.testing.ts";

describe("the history", () => {
  it("names who wrote each version and when, and gives every one back as it was", async () => {
    const { put, versions, get, project } = await open();
    await put("services: [{name: Drains}]\n");
    const me = z.object({ user: z.object({ id: z.string() }) }).parse(await (await project.api("GET", "/api/auth/me")).json());
    const { items } = await versions();
    expect(items.map(({ author, current }) => [author, current])).toEqual([[`user:${me.user.id}`, true], [`user:${me.user.id}`, false]]);
    expect(items[0]?.previous).toBe(items[1]?.version);
    expect(items[1]).toMatchObject({ previous: null, bytes: new TextEncoder().encode(OWNERS).byteLength });
    expect(await (await get(`/custom/versions/${items[1]?.version ?? ""}`)).text()).toBe(OWNERS);
    expect((await get("/custom/versions/dna_0")).status).toBe(404);
    expect((await get("/generated/versions")).status).toBe(200);
  });

  it("comes in pages, newest first", async () => {
    const { put, versions } = await open();
    for (const n of [1, 2, 3]) await put(`brand_brain: {voice_tone: tone ${n}}\n`);
    const first = await versions("?limit=3");
    const second = await versions(`?limit=3&cursor=${first.next_cursor ?? ""}`);
    expect([first.items.length, second.items.length, second.next_cursor]).toEqual([3, 1, null]);
    expect(second.items[0]?.previous).toBeNull();
  });

  it("tells what a version changed, and what lies between any two", async () => {
    const { put, versions, get } = await open();
    await put(OWNERS.replace("+64211234567", "+64217654321").replace("# nights too", "# days"));
    await put(OWNERS.replace("+64211234567", "+64217654321"));
    const [latest, second, first] = (await versions()).items.map(({ version }) => version);
    expect(await (await get("/custom/diff")).json()).toEqual({ from: second, to: latest, same_text: false, changes: [] });
    expect(await (await get(`/custom/diff?from=${first ?? ""}`)).json()).toMatchObject({
      changes: [{ path: "modules.lead_gen.sales_bridge.destination_phone", change: "changed", from: "+64211234567", to: "+64217654321" }],
    });
    expect(await (await get(`/custom/diff?to=${first ?? ""}`)).json()).toMatchObject({ from: "empty", changes: [{ path: "identity", change: "added" }, { path: "modules", change: "added" }] });
    expect(await (await get("/generated/diff")).json()).toEqual({ from: "empty", to: "empty", same_text: true, changes: [] });
    expect((await get("/custom/diff?from=dna_0")).status).toBe(404);
  });

  it("goes back as a new version, so that nothing is lost by it", async () => {
    const { put, versions, get, restore, etag } = await open();
    const [{ version: first } = { version: "" }] = (await versions()).items;
    await put("services: []\n");
    const restored = versionSchema.parse(await (await restore(first, { "Idempotency-Key": "once" })).json());
    expect(restored).toMatchObject({ restored_from: first, current: true });
    expect(await (await get("/custom")).text()).toBe(OWNERS);
    expect(await etag()).toBe(`"${restored.version}"`);
    expect(versionSchema.parse(await (await restore(first, { "Idempotency-Key": "once" })).json()).version).toBe(restored.version);
    expect((await versions()).items).toHaveLength(3);
    expect((await restore("dna_0")).status).toBe(404);
  });

  it("is nobody else's: another tenant's version is as unknown as one that never was", async () => {
    const { path, versions } = await open();
    const [{ version } = { version: "" }] = (await versions()).items;
    const other: TestProject = await makeProject(OWNERS);
    const stranger = asUser((await signUp()).token);
    for (const rest of ["/origins", "/custom/versions", `/custom/versions/${version}`, "/custom/diff"]) expect((await stranger("GET", `${path}${rest}`)).status).toBe(404);
    expect((await stranger("PATCH", `${path}/custom`, {}, PATCH)).status).toBe(404);
    expect((await stranger("POST", `${path}/custom/restore`, { version })).status).toBe(404);
    expect((await other.api("GET", `/api/projects/${other.id}/dna/custom/versions/${version}`)).status).toBe(404);
    expect((await other.api("POST", `/api/projects/${other.id}/dna/custom/restore`, { version })).status).toBe(404);
    for (const [method, rest] of [["GET", "/origins"], ["GET", "/custom/versions"], ["GET", "/custom/diff"], ["PATCH", "/custom"], ["POST", "/custom/restore"]] as const) expect((await request(`${path}${rest}`, { method })).status).toBe(401);
  });
});
