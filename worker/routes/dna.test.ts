import { describe, expect, it } from "vitest";
import { z } from "zod";
import { asUser, makeProject, request, signUp, type TestProject } from "../../test/support/api.ts";
import { problemSchema } from "../router.ts";

const YAML = { "Content-Type": "application/yaml" };
const PATCH = { "Content-Type": "application/merge-patch+json" };
const versionSchema = z.object({ version: z.string(), author: z.string(), created_at: z.iso.datetime(), previous: z.string().nullable(), restored_from: z.string().nullable(), bytes: z.number(), current: z.boolean() });
const pageSchema = z.object({ items: z.array(versionSchema), next_cursor: z.string().nullable() });

const OWNERS = `# Ours. Ask Dana before you change the phones!
identity:
  niche: plumber # since 1987
modules:
  lead_gen:
    sales_bridge:
      # nights too
      destination_phone: "+64211234567"
`;

const open = async (text = OWNERS) => {
  const project = await makeProject(text);
  const path = `/api/projects/${project.id}/dna`;
  return {
    project,
    path,
    get: async (rest: string, headers: Record<string, string> = {}) => project.api("GET", `${path}${rest}`, undefined, headers),
    put: async (text: string, headers: Record<string, string> = {}) => project.api("PUT", `${path}/custom`, text, { ...YAML, ...headers }),
    patch: async (body: unknown, headers: Record<string, string> = {}) => project.api("PATCH", `${path}/custom`, body, { ...PATCH, ...headers }),
    restore: async (version: string, headers: Record<string, string> = {}) => project.api("POST", `${path}/custom/restore`, { version }, headers),
    versions: async (query = "") => pageSchema.parse(await (await project.api("GET", `${path}/custom/versions${query}`)).json()),
    etag: async () => (await project.api("GET", `${path}/custom`)).headers.get("ETag") ?? "",
  };
};
const problemOf = async (response: Response) => problemSchema.parse(await response.json());

describe("PATCH", () => {
  it("changes what it names; comments, order and everything else stay as the owner wrote them", async () => {
    const { patch, get } = await open();
    const answer = await patch({ modules: { lead_gen: { sales_bridge: { destination_phone: "+64217654321", ring_timeout_s: 30 } } } });
    expect(answer.status).toBe(200);
    const text = await answer.text();
    expect(text).toBe(OWNERS.replace("+64211234567", "+64217654321") + "      ring_timeout_s: 30\n");
    const stored = await get("/custom");
    expect([await stored.text(), stored.headers.get("ETag")]).toEqual([text, answer.headers.get("ETag")]);
    expect(await (await get("")).json()).toMatchObject({ modules: { lead_gen: { sales_bridge: { ring_timeout_s: 30 } } } });
  });

  it("with null lets the layers below speak again", async () => {
    const { patch, get } = await open("identity: {niche: plumber}\nbrand_brain: {voice_tone: loud}\n");
    await patch({ brand_brain: { voice_tone: null } });
    expect(await (await get("")).json()).toMatchObject({ brand_brain: { voice_tone: expect.stringContaining("calm and practical") as unknown } });
  });

  it("by two people at once holds both of their changes", async () => {
    const { patch, get } = await open();
    const answers = await Promise.all([patch({ brand_brain: { voice_tone: "dry" } }), patch({ identity: { language: "en-NZ" } })]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await (await get("")).json()).toMatchObject({ brand_brain: { voice_tone: "dry" }, identity: { language: "en-NZ" } });
  });

  it("is refused whole when the result is not valid, with the line of the mistake in the text that it would have made", async () => {
    const { patch, get } = await open();
    const problem = await problemOf(await patch({ identity: { language: "en" }, modules: { lead_gen: { sales_bridge: { ring_timeout_s: 1 } } } }));
    expect(problem).toMatchObject({ status: 422, code: "dna_invalid", errors: [{ path: "modules.lead_gen.sales_bridge.ring_timeout_s", line: 10 }] });
    expect(await (await get("/custom")).text()).toBe(OWNERS);
  });

  it.each([
    ["a list", [1], PATCH, 422],
    ["no JSON", "{", PATCH, 400],
    ["YAML", "a: 1", YAML, 415],
  ])("answers %s with its own status", async (_, body, headers, status) => {
    expect((await (await open()).patch(body, headers)).status).toBe(status);
  });
});

describe("two writers who read the same version", () => {
  it("the first wins, the second is told, whatever way they write", async () => {
    const { etag, put, patch, restore, versions } = await open();
    const [seen, first] = [{ "If-Match": await etag() }, (await versions()).items[0]?.version ?? ""];
    const answers = await Promise.all([put("services: []\n", seen), patch({ services: [] }, seen), restore(first, seen)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412]);
    expect((await patch({ services: [] }, { "If-Match": `"other", W/${await etag()}` })).status).toBe(200);
  });
});

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

describe("the effective DNA", () => {
  it("says for each value which layer it came from", async () => {
    const { get } = await open();
    const { vertical, origins } = z.object({ vertical: z.string().nullable(), origins: z.record(z.string(), z.string()) }).parse(await (await get("/origins")).json());
    expect(vertical).toBe("plumber");
    expect(origins).toMatchObject({ services: "vertical:plumber", "identity.country": "project", "modules.lead_gen.sales_bridge.destination_phone": "custom", "modules.lead_gen.sales_bridge.ring_timeout_s": "defaults" });
  });

  it("has an ETag by which nothing is sent twice, and which a change changes", async () => {
    const { get, patch } = await open();
    for (const [rest, headers] of [["", {}], ["", { Accept: "application/yaml" }], ["/origins", {}]] as const) {
      const etag = (await get(rest, headers)).headers.get("ETag") ?? "";
      expect((await get(rest, { ...headers, "If-None-Match": etag })).status).toBe(304);
      await patch({ brand_brain: { voice_tone: `tone ${etag}` } });
      expect((await get(rest, { ...headers, "If-None-Match": etag })).status).toBe(200);
    }
  });

  it("its JSON Schema is there for editors, which have no token", async () => {
    const answer = await request("/api/schemas/dna.json");
    const schema = z.looseObject({ $schema: z.string(), $id: z.string(), properties: z.looseObject({}) }).parse(await answer.json());
    expect(schema.$schema).toContain("2020-12");
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(["identity", "brand_brain", "services", "modules"]));
    expect((await request("/api/schemas/dna.json", { headers: { "If-None-Match": answer.headers.get("ETag") ?? "" } })).status).toBe(304);
  });
});

const checkSchema = z.object({
  errors: z.array(z.object({ path: z.string(), message: z.string(), line: z.number().optional(), column: z.number().optional() })),
  warnings: z.array(z.object({ path: z.string(), message: z.string(), line: z.number().optional(), column: z.number().optional() })),
  vertical: z.string().nullable(),
  beneath: z.object({ dna: z.looseObject({ services: z.array(z.unknown()) }), origins: z.record(z.string(), z.string()) }),
});

describe("a check of a custom layer", () => {
  const checkIn = async () => {
    const { project, path, etag, versions } = await open();
    return { etag, versions, check: async (text: string) => checkSchema.parse(await (await project.api("POST", `${path}/custom/check`, text, YAML)).json()) };
  };

  it("says what a PUT would, with line and column, and stores nothing", async () => {
    const { check, etag, versions } = await checkIn();
    const before = await etag();
    const { errors } = await check("identity:\n  niche: plumber\n  country: New Zealand\n");
    expect(errors).toEqual([{ path: "identity.country", message: expect.stringContaining("ISO 3166-1") as unknown, line: 3, column: 3 }]);
    expect([await etag(), (await versions()).items.length]).toEqual([before, 1]);
  });

  it("says of a text that cannot be read where, and still what lies beneath", async () => {
    const { check } = await checkIn();
    const { errors, beneath } = await check('identity:\n  niche: "plumber\n');
    expect(errors[0]).toMatchObject({ line: expect.any(Number) as unknown });
    expect(beneath.dna).toMatchObject({ modules: { lead_gen: { sales_bridge: { ring_timeout_s: 25 } } } });
  });

  it("says what holds where the text is silent, and from which layer: the vertical of the text's own niche, not the text itself", async () => {
    const { check } = await checkIn();
    const [lawyer, nobody] = [await check("identity: {niche: lawyer}\nbrand_brain: {voice_tone: loud}\n"), await check("identity: {niche: astronaut}\n")];
    expect([lawyer.errors, lawyer.vertical, nobody.vertical]).toEqual([[], "lawyer", null]);
    expect([lawyer.beneath.origins["services"], nobody.beneath.origins["services"]]).toEqual(["vertical:lawyer", "defaults"]);
    expect(lawyer.beneath.dna["brand_brain"]).not.toMatchObject({ voice_tone: "loud" });
    expect(Object.values(lawyer.beneath.origins)).not.toContain("custom");
  });

  it("warns of keys that nobody knows, where they stand", async () => {
    const { check } = await checkIn();
    const { errors, warnings } = await check("identity:\n  nitche: plumber\n");
    expect([errors, warnings]).toEqual([[], [{ path: "identity.nitche", message: expect.stringContaining("no effect") as unknown, line: 2, column: 3 }]]);
  });
});
