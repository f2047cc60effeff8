import "../../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { standInForEmbeddings } from "../../../test/support/embeddings-wire.ts";
import { createDnaLoader } from "../../dna/loader.ts";
import type { Dna } from "../../dna/schema.ts";
import { type BrandContextTools, createBrandContext } from "./brand-context.ts";
import { holder, indexOf, newBusiness, rowsOf, serving, site, vectorsOf } from "./context.testing.ts";

const loader = createDnaLoader({ bucket: env.STORAGE });
const emptyDna = await loader.load({ id: "p", tenant_id: "t", name: "Acme", country: "NZ", dna_custom: null, dna_generated: null });
const dnaWith = (brand: Partial<Dna["brand_brain"]>, services: Dna["services"] = []): Dna => ({ ...emptyDna, services, brand_brain: { ...emptyDna.brand_brain, ...brand } });

let wire: ReturnType<typeof standInForEmbeddings>;
beforeEach(() => {
  wire = standInForEmbeddings();
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Tools of which operation number `at` (from 0) and all later ones fail: the Worker has died between it and the one before. */
const dyingAt = (at: number, business: Awaited<ReturnType<typeof newBusiness>>) => {
  let done = 0;
  const dying = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (object, name) => {
        const member: unknown = Reflect.get(object, name);
        if (typeof member !== "function" || name === "then") return member;
        return async (...given: unknown[]): Promise<unknown> => {
          if (done++ >= at) throw new Error("the Worker died");
          return await (Reflect.apply(member, object, given) as Promise<unknown>);
        };
      },
    });
  const memory = { tenantId: business.tenantId, context: dying(business.store.context) };
  const context = createBrandContext({ memory, gatewayOf: () => dying({ embed: embedOnes }), serving: { ...serving, vectors: dying(vectors) } });
  return { context, reached: () => done > at };
};
const vectors: BrandContextTools["serving"]["vectors"] = {
  upsert: async (all) => env.VECTORIZE.upsert(all),
  deleteByIds: async (ids) => env.VECTORIZE.deleteByIds(ids),
  query: async (vector, options) => env.VECTORIZE.query(vector, options),
  getByIds: async (ids) => env.VECTORIZE.getByIds(ids),
};
const embedOnes: ReturnType<BrandContextTools["gatewayOf"]>["embed"] = async ({ texts, model }) =>
  Promise.resolve({ vectors: texts.map(() => new Array<number>(768).fill(1)), usage: { input_tokens: 0, output_tokens: 0, model: model.id } });

describe("a crash", () => {
  it("at any step of following a DNA leaves what the same call then makes whole", async () => {
    const before = dnaWith({ insider_tips: ["old tip", "lasting tip"], key_differentiators: ["old difference"] });
    const after = dnaWith({ insider_tips: ["lasting tip", "new tip"], common_objections: ["new objection"] });
    let at = 0;
    for (let reached = true; reached; at++) {
      const business = await newBusiness();
      const { context, project, tenantId } = business;
      await context.followDna(project, before, { holder, version: "1" });
      const dead = dyingAt(at, business);
      await dead.context.followDna(project, after, { holder, version: "2" }).catch(() => undefined);
      reached = dead.reached();
      await context.followDna(project, after, { holder, version: "2" });
      const rows = await rowsOf(project);
      expect(rows.map(({ text, state }) => `${text} ${state}`).sort(), `died at step ${at}`).toEqual(["lasting tip ready", "new objection ready", "new tip ready"]);
      expect(await vectorsOf(tenantId), `died at step ${at}`).toEqual(rows.map(({ id }) => id).sort());
      expect(await context.lags(project, after)).toBe(false);
    }
    expect(at).toBeGreaterThan(12);
  }, 120_000);

  it("leaves a lease that the same run takes over at once, and another one after a minute", async () => {
    let now = Date.now();
    const { context, project } = await newBusiness({ clock: { now: () => now, toRealTime: (ms) => ms } });
    const { store } = await newBusiness();
    expect(await store.context.lease(project, "x", 1000).catch(() => "refused")).toBe("refused");
    await context.replace({ project_id: project, source: "page", passages: site("one") });
    await env.DB.prepare("INSERT INTO context_projects (project_id, tenant_id, lease_holder, lease_until) SELECT id, tenant_id, 'run_dead', ?1 FROM projects WHERE id = ?2").bind(now + 60_000, project).run();
    await expect(context.sync(project, { holder: "run_other" })).rejects.toMatchObject({ code: "context_busy", status: 503, retryable: true });
    expect((await context.sync(project, { holder: "run_dead" })).embedded).toBe(1);
    await env.DB.prepare("UPDATE context_projects SET lease_holder = 'run_dead', lease_until = ?1 WHERE project_id = ?2").bind(now + 60_000, project).run();
    now += 60_001;
    await expect(context.sync(project, { holder: "run_other" })).resolves.toEqual({ embedded: 0, deleted: 0 });
  });
});

describe("following a DNA", () => {
  const dna = dnaWith({ insider_tips: ["Turn off the main valve first."], key_differentiators: ["A plumber answers, not a machine."] }, [{ name: "Hot water", primary_keywords: ["no hot water", "cylinder"], context_keywords: ["element"] }]);

  it("makes tips, differentiators, objections and services searchable, and knows when it lags", async () => {
    const { context, project } = await newBusiness();
    expect(await context.lags(project, dna)).toBe(true);
    expect(await context.followDna(project, dna, { holder, version: "dna_1" })).toMatchObject({ added: 3, embedded: 3 });
    expect(await context.lags(project, dna)).toBe(false);
    expect((await context.query("cylinder gives no hot water", { project_id: project }))[0]).toMatchObject({ type: "service", source: "dna:services", text: "Hot water. no hot water, cylinder. element" });
    const edited = dnaWith({ insider_tips: ["Another tip."] });
    expect(await context.lags(project, edited)).toBe(true);
    expect(await context.followDna(project, edited, { holder, version: "dna_2" })).toMatchObject({ added: 1, removed: 3, embedded: 1, deleted: 3 });
  });

  it("takes another order of the same texts for no change, and leaves other sources alone", async () => {
    const { context, project } = await newBusiness();
    const tips = ["first tip", "second tip"];
    await context.replace({ project_id: project, source: "page", passages: site("a page") });
    await context.followDna(project, dnaWith({ insider_tips: tips }), { holder, version: "1" });
    wire.texts.length = 0;
    expect(await context.followDna(project, dnaWith({ insider_tips: tips.toReversed() }), { holder, version: "2" })).toEqual({ added: 0, removed: 0, embedded: 0, deleted: 0 });
    expect(wire.texts).toEqual([]);
    expect((await rowsOf(project)).length).toBe(3);
  });
});

describe("another model", () => {
  // Stands behind a binding of its own in production; here any index of the same stand-in does, as ids never repeat.
  const other = indexOf(env.VECTORIZE, "gemini-embedding-9");

  it("is filled while the old one serves, then serves without a gap, and the old one's rows go", async () => {
    const { context, project, brain } = await newBusiness();
    await context.replace({ project_id: project, source: "page", passages: site("one boiler") });
    await context.sync(project, { holder });
    const both = brain({ filling: other });
    await both.replace({ project_id: project, source: "page 2", passages: site("two boilers") });
    wire.texts.length = 0;
    expect((await both.sync(project, { holder })).embedded).toBe(3);
    expect(wire.texts.map(({ model, text }) => [model, text]).sort()).toEqual([["gemini-embedding-2", "two boilers"], ["gemini-embedding-9", "one boiler"], ["gemini-embedding-9", "two boilers"]]);
    const hits = await both.query("boiler", { project_id: project });
    expect(hits.length).toBe(2);
    expect(wire.texts.at(-1)?.model).toBe("gemini-embedding-2");

    const switched = brain({ serving: other });
    expect((await switched.query("boiler", { project_id: project })).map(({ text }) => text).sort()).toEqual(["one boiler", "two boilers"]);
    expect(wire.texts.at(-1)?.model).toBe("gemini-embedding-9");
    wire.texts.length = 0;
    expect(await switched.sync(project, { holder })).toEqual({ embedded: 0, deleted: 2 });
    expect((await rowsOf(project)).map(({ model, state }) => [model, state])).toEqual([["gemini-embedding-9", "ready"], ["gemini-embedding-9", "ready"]]);
  });

  it("is noticed although the DNA is the same", async () => {
    const { context, project, brain } = await newBusiness();
    const dna = dnaWith({ insider_tips: ["a tip"] });
    await context.followDna(project, dna, { holder, version: "1" });
    expect(await brain({ filling: other }).lags(project, dna)).toBe(true);
    expect(await brain({ serving: other }).lags(project, dna)).toBe(true);
  });

  it("sees what is removed leave both", async () => {
    const { project, brain, tenantId } = await newBusiness();
    const both = brain({ filling: other });
    await both.replace({ project_id: project, source: "page", passages: site("one", "two") });
    await both.sync(project, { holder });
    expect((await vectorsOf(tenantId)).length).toBe(4);
    await both.remove(project, ["page"]);
    expect(await both.clear(project, { holder })).toBe(4);
    expect(await vectorsOf(tenantId)).toEqual([]);
    expect(await rowsOf(project)).toEqual([]);
  });
});
