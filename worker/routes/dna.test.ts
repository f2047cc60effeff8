import { describe, expect, it } from "vitest";
import { z } from "zod";
import { asUser, fresh, makeProject, request, signUp } from "../../test/support/api.ts";
import { problemSchema } from "../router.ts";
import { open, OWNERS, PATCH, YAML } from "./dna.testing.ts";

const problemOf = async (response: Response) => problemSchema.parse(await response.json());

describe("the custom layer", () => {
  it("is empty with an ETag before anything was written, and effective from defaults", async () => {
    const { token } = await signUp();
    const api = asUser(token);
    const id = fresh("dna");
    await api("POST", "/api/projects", { project_id: id, name: "Acme", country: "NZ" });
    const custom = await api("GET", `/api/projects/${id}/dna/custom`);
    expect([custom.status, await custom.text(), custom.headers.get("ETag")]).toEqual([200, "", '"empty"']);
    expect(await (await api("GET", `/api/projects/${id}/dna`)).json()).toMatchObject({ identity: { business_name: "Acme", country: "NZ" }, modules: { lead_gen: { sales_bridge: { ring_timeout_s: 25 } } } });
    expect(await (await api("GET", `/api/projects/${id}/dna`, undefined, { Accept: "application/yaml" })).text()).toContain("business_name: Acme");
  });

  it("is laid over the defaults at once, and null removes a value", async () => {
    const project = await makeProject();
    await project.api("PUT", `/api/projects/${project.id}/dna/custom`, "services: [{name: Drains}]\nmodules: {lead_gen: {sales_bridge: {ring_timeout_s: 40}}}\nbrand_brain: {voice_tone: dry}\nextra: null", YAML);
    expect(await (await project.api("GET", `/api/projects/${project.id}/dna`)).json()).toMatchObject({ services: [{ name: "Drains" }], brand_brain: { voice_tone: "dry" }, modules: { lead_gen: { sales_bridge: { ring_timeout_s: 40 } } } });
  });

  it("refuses a stale If-Match with 412 and keeps what was there", async () => {
    const project = await makeProject();
    const path = `/api/projects/${project.id}/dna/custom`;
    const first = await project.api("PUT", path, "services: []", { ...YAML, "If-Match": (await project.api("GET", path)).headers.get("ETag") ?? "" });
    expect(first.status).toBe(200);
    expect((await project.api("PUT", path, "services: [{name: x}]", { ...YAML, "If-Match": '"stale"' })).status).toBe(412);
    expect(await (await project.api("GET", path)).text()).toBe("services: []");
    expect((await project.api("GET", path)).headers.get("ETag")).toBe(first.headers.get("ETag"));
  });

  it.each([
    ["a phone that is none", "modules: {lead_gen: {sales_bridge: {destination_phone: hello}}}", "modules.lead_gen.sales_bridge.destination_phone"],
    ["a number out of bounds", "modules: {lead_gen: {sales_bridge: {ring_timeout_s: 0}}}", "modules.lead_gen.sales_bridge.ring_timeout_s"],
    ["YAML that cannot be read", "a: [1", "line 1"],
    ["a list instead of a map", "- a", ""],
    ["a YAML bomb", `a: &a [${"x,".repeat(9)}x]\n${Array.from({ length: 9 }, (_, i) => `b${i}: &b${i} [${`*${i === 0 ? "a" : `b${i - 1}`},`.repeat(9)}0]`).join("\n")}`, ""],
  ])("answers %s with 422, says where, and changes nothing", async (_, text, path) => {
    const project = await makeProject();
    const before = await (await project.api("GET", `/api/projects/${project.id}/dna/custom`)).text();
    const problem = await problemOf(await project.api("PUT", `/api/projects/${project.id}/dna/custom`, text, YAML));
    expect(problem.status).toBe(422);
    expect(problem.errors?.some((error) => error.path.startsWith(path))).toBe(true);
    expect(await (await project.api("GET", `/api/projects/${project.id}/dna/custom`)).text()).toBe(before);
  });
});

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
