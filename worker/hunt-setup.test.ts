import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { z } from "zod";
import { asUser, fresh, signUp } from "../test/support/api.ts";
import { huntSetupSchema } from "./routes/hunts.schemas.ts";
import { OWN, runSchema, SITE, source, tenant, useBoard, web } from "./hunt.testing.ts";

useBoard();

describe("the estimate of a hunt", () => {
  it("says what it would come to at most, and asks nobody", async () => {
    const { token } = await signUp();
    const api = asUser(token);
    const project_id = fresh("estimate");
    await api("POST", "/api/projects", { project_id, name: "Kauri Plumbing", country: "NZ" });
    const sniper = (max_usd: number) => stringify({ modules: { lead_gen: { sniper: { platforms: ["board", "other"], max_pages: 3, max_details: 2, max_minutes: 20, max_usd, sources: { board: source(), other: source() } } } } });
    const estimate = async (params: object = {}) => z.looseObject({ status: z.string(), result: z.unknown() }).parse(await (await api("POST", "/api/run", { task: "sniper_agent", action: "estimate", project_id, params }, { Prefer: "wait=30" })).json());
    await api("PUT", `/api/projects/${project_id}/dna/custom`, sniper(0.01), { "Content-Type": "application/yaml" });
    expect(await estimate()).toMatchObject({ status: "succeeded", result: { platforms: ["board", "other"], pages_to: 10, usd_from: 0, usd_to: 0.01, minutes_to: 20 } });
    await api("PUT", `/api/projects/${project_id}/dna/custom`, sniper(100), { "Content-Type": "application/yaml" });
    const { usd_to } = z.object({ usd_to: z.number() }).parse((await estimate({ platforms: ["board"], max_pages: 1 })).result);
    expect(usd_to).toBeGreaterThan(0.01);
    expect(usd_to).toBeLessThan(1);
    expect((await estimate({ platforms: ["nowhere"] })).status).toBe("failed");
    expect([web.asked, web.questions]).toEqual([[], 0]);
  });
});

describe("the estimate of scoring", () => {
  it("is of the leads that scoring would take, and asks nobody", async () => {
    const { token } = await signUp();
    const api = asUser(token);
    const project_id = fresh("estimate");
    await api("POST", "/api/projects", { project_id, name: "Kauri Plumbing", country: "NZ" });
    for (const name of ["A tap leaks", "A drain is blocked", "A boiler is out"]) await api("POST", "/api/entities", { project_id, entity_type: "lead", name, metadata: { source: "sniper", status: "new", title: name, message: name } });
    const estimate = async (params: object) => z.object({ result: z.object({ leads: z.number(), to_ask: z.number(), usd_from: z.number(), usd_to: z.number() }) }).parse(await (await api("POST", "/api/run", { task: "lead_scorer", action: "estimate", project_id, params }, { Prefer: "wait=30" })).json()).result;
    const all = await estimate({});
    expect([all.leads, all.to_ask]).toEqual([3, 3]);
    expect(all.usd_to).toBeGreaterThan(all.usd_from);
    const [first] = z.object({ items: z.array(z.object({ id: z.string() })) }).parse(await (await api("GET", `/api/entities?type=lead&project_id=${project_id}`)).json()).items;
    expect((await estimate({ lead_ids: [first?.id] })).leads).toBe(1);
    expect(web.questions).toBe(0);
  });
});

describe("what hunts are set to", () => {
  it("says of each source whether it may be read, what the platform says, and what it would search", async () => {
    const { api, project_id } = await tenant({
      platforms: ["board", "trademe_jobs", "old", "nowhere"], geo_filter: ["Mt Eden", "Epsom"], schedule: "0 7 * * *",
      sources: { board: source({ url: `${SITE}/s/{keyword}?w={place}` }), old: source({ permission: { ...OWN, until: "2020-01-01" } }), spare: source(), facebook_groups: { kind: "facebook_groups", permission: OWN } },
    });
    const setup = huntSetupSchema.parse(await (await api("GET", `/api/projects/${project_id}/hunt`)).json());
    expect(setup.sources.map(({ name, chosen, state, searches }) => [name, chosen, state, searches])).toEqual([
      ["board", true, "ready", 4], ["trademe_jobs", true, "no_permission", 2], ["old", true, "expired", 1], ["nowhere", true, "unknown", 0], ["spare", false, "ready", 1], ["facebook_groups", false, "not_enough", 0],
    ]);
    expect(setup.sources[1]?.permits?.statement).toMatch(/Trade Me/);
    expect(setup).toMatchObject({ keywords: ["tap", "drain"], negative_keywords: ["for free"], places: ["Mt Eden", "Epsom"] });
  });
});

describe("what a hunt is told", () => {
  it.each([
    ["params that it does not know", { pages: 3 }], ["a number out of bounds", { max_pages: 1000 }], ["an address without a text", { url: "https://board.example/" }], ["an address that is none", { text: "x", url: "ftp://x" }], ["a text and platforms", { text: "x", platforms: ["a"] }],
  ])("is refused with %s", async (_, params) => {
    const { start } = await tenant({});
    expect((await start(params)).status).toBe(422);
  });

  it("is refused with nowhere to look, or somewhere unknown", async () => {
    const { start } = await tenant({ sources: { board: source() } });
    for (const params of [{}, { platforms: ["else", "constructor"] }]) expect(runSchema.parse((await start(params)).body)).toMatchObject({ status: "failed", error: { code: "invalid" } });
  });

  it.each([
    ["a selector that is none", source({ selectors: { item: "li:hover(" } })], ["an address inside braces", source({ url: "https://{keyword}.example/" })], ["a hole that is not known", source({ url: `${SITE}/{page}/{user}` })], ["no reason worth the name", source({ permission: { by: "terms", statement: "yes" } })], ["a kind that there is not", source({ kind: "ftp" })],
  ])("by the DNA is refused with %s", async (_, board) => {
    const { api, project_id } = await tenant({});
    const response = await api("PUT", `/api/projects/${project_id}/dna/custom`, stringify({ modules: { lead_gen: { sniper: { sources: { board } } } } }), { "Content-Type": "application/yaml" });
    expect(response.status).toBe(422);
  });
});
