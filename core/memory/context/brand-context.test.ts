import "../../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { countedDatabase, newTally } from "../../../test/support/counted-database.ts";
import { standInForEmbeddings } from "../../../test/support/embeddings-wire.ts";
import type { BrandContextTools } from "./brand-context.ts";
import { holder, newBusiness, rowsOf, serving, site, vectorsOf } from "./context.testing.ts";

let wire: ReturnType<typeof standInForEmbeddings>;
beforeEach(() => {
  wire = standInForEmbeddings();
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe("passages", () => {
  it("are found by meaning once the index has followed, best first, with text, type and source", async () => {
    const { context, project } = await newBusiness();
    await context.replace({ project_id: project, source: "https://acme.nz/about", passages: site("We have fixed boilers since 1987.", "Our vans carry spare parts.") });
    expect(await context.query("boilers", { project_id: project })).toEqual([]);
    expect(await context.sync(project, { holder })).toEqual({ embedded: 2, deleted: 0 });
    const [best, second] = await context.query("who has fixed boilers since when", { project_id: project });
    expect(best).toMatchObject({ text: "We have fixed boilers since 1987.", type: "site", source: "https://acme.nz/about" });
    expect(best?.score).toBeGreaterThan(second?.score ?? 1);
  });

  it("are counted before the first is embedded, and not where there are none", async () => {
    const { context, project } = await newBusiness();
    const begun: unknown[] = [];
    const sync = async () => context.sync(project, { holder, begin: async (due) => Promise.resolve(void begun.push(due, wire.texts.length)) });
    await context.replace({ project_id: project, source: "page", passages: site("four", "fives") });
    await sync();
    await sync();
    expect(begun).toEqual([[{ model: serving.model.id, passages: 2, characters: 9 }], 0, [], 2]);
  });

  it("are searched within one project, and by type where one is named", async () => {
    const { context, project, newProject } = await newBusiness();
    const other = await newProject();
    await context.replace({ project_id: project, source: "a", passages: [{ type: "insider_tip", text: "boiler tip" }, { type: "objection", text: "boiler objection" }] });
    await context.replace({ project_id: other, source: "a", passages: [{ type: "insider_tip", text: "boiler tip of the other" }] });
    for (const id of [project, other]) await context.sync(id, { holder });
    expect((await context.query("boiler", { project_id: project })).map(({ text }) => text).sort()).toEqual(["boiler objection", "boiler tip"]);
    expect((await context.query("boiler", { project_id: project, types: ["objection"] })).map(({ text }) => text)).toEqual(["boiler objection"]);
    expect(await context.query("boiler", { project_id: project, types: ["site", "service"] })).toEqual([]);
    expect((await context.query("boiler", { project_id: project, limit: 1 })).length).toBe(1);
  });

  it("of a source are replaced as a whole: what stays is not embedded again, what is gone leaves database and index", async () => {
    const { context, project, tenantId } = await newBusiness();
    const replace = async (...texts: string[]) => context.replace({ project_id: project, source: "page", passages: site(...texts) });
    expect(await replace("one", "two", "two ")).toEqual({ added: 2, removed: 0 });
    await context.sync(project, { holder });
    const before = await rowsOf(project);
    wire.texts.length = 0;
    expect(await replace("two", "three")).toEqual({ added: 1, removed: 1 });
    expect((await context.query("one", { project_id: project })).map(({ text }) => text)).toEqual(["two"]);
    wire.texts.length = 0;
    expect(await context.sync(project, { holder })).toEqual({ embedded: 1, deleted: 1 });
    expect(wire.texts.map(({ text }) => text)).toEqual(["three"]);
    const after = await rowsOf(project);
    expect(after.map(({ text, state }) => [text, state]).sort()).toEqual([["three", "ready"], ["two", "ready"]]);
    expect(after.find(({ text }) => text === "two")?.id).toBe(before.find(({ text }) => text === "two")?.id);
    expect(await vectorsOf(tenantId)).toEqual(after.map(({ id }) => id).sort());
    expect(await replace("two", "three")).toEqual({ added: 0, removed: 0 });
    expect(await context.sync(project, { holder })).toEqual({ embedded: 0, deleted: 0 });
  });

  it("that come back while they are being removed are a row of their own, and stay", async () => {
    const { context, project, tenantId } = await newBusiness();
    const from = { project_id: project, source: "page" };
    await context.replace({ ...from, passages: site("one") });
    await context.sync(project, { holder });
    await context.replace({ ...from, passages: [] });
    await context.replace({ ...from, passages: site("one") });
    expect((await rowsOf(project)).map(({ state }) => state)).toEqual(["removing", "pending"]);
    await context.sync(project, { holder });
    expect((await context.query("one", { project_id: project })).length).toBe(1);
    expect((await vectorsOf(tenantId)).length).toBe(1);
  });

  it("that are the same in several sources cost one embedding", async () => {
    const { context, project } = await newBusiness();
    for (const source of ["a", "b"]) await context.replace({ project_id: project, source, passages: site("the same words") });
    expect((await context.sync(project, { holder })).embedded).toBe(2);
    expect(wire.texts.length).toBe(1);
  });

  it.each([
    ["an empty text", { passages: site("  \n ") }, "passages.0.text"],
    ["a text that is too long", { passages: site("fine", "x".repeat(2001)) }, "passages.1.text"],
    ["too many", { passages: site(...Array.from({ length: 501 }, (_, i) => `text ${i}`)) }, "passages"],
    ["no source", { source: "", passages: site("fine") }, "source"],
  ])("are refused for %s, and change nothing", async (_, wrong, path) => {
    const { context, project } = await newBusiness();
    await expect(context.replace({ project_id: project, source: "page", ...wrong })).rejects.toMatchObject({ status: 422, errors: [{ path }] });
    expect(await rowsOf(project)).toEqual([]);
  });

  it("of 450 texts, control characters and other scripts among them, all arrive", async () => {
    const { context, project } = await newBusiness();
    const texts = Array.from({ length: 450 }, (_, i) => `${["Rohrbruch", "水道", "кран", "\u0000nul\u0007"][i % 4] ?? ""} ${i} ${"long ".repeat(i)}`.slice(0, 1900));
    await context.replace({ project_id: project, source: "page", passages: site(...texts) });
    const steps: number[] = [];
    await context.sync(project, { holder, report: async ({ left }) => Promise.resolve(void steps.push(left)) });
    expect(steps).toEqual([350, 250, 150, 50, 0]);
    expect((await context.query("水道 1", { project_id: project }))[0]?.text).toMatch(/^水道/);
  });
});

describe("another tenant", () => {
  it("cannot write to a project, and finds nothing in it", async () => {
    const [mine, theirs] = [await newBusiness(), await newBusiness()];
    await mine.context.replace({ project_id: mine.project, source: "page", passages: site("our secret price list") });
    await mine.context.sync(mine.project, { holder });
    await expect(theirs.context.replace({ project_id: mine.project, source: "page", passages: site("x") })).rejects.toMatchObject({ status: 404 });
    expect(await theirs.context.remove(mine.project, ["page"])).toBe(0);
    expect(await theirs.context.query("secret price list", { project_id: mine.project })).toEqual([]);
    await expect(theirs.context.sync(mine.project, { holder })).rejects.toThrow();
    expect((await mine.context.query("secret price list", { project_id: mine.project })).length).toBe(1);
  });
});

describe("the index", () => {
  it("is not believed: vectors that no row of this tenant, project, type and model stands behind are passed over", async () => {
    const [mine, theirs] = [await newBusiness(), await newBusiness()];
    for (const { context, project } of [mine, theirs]) {
      await context.replace({ project_id: project, source: "page", passages: site("boiler") });
      await context.sync(project, { holder });
    }
    const lies = { namespace: mine.tenantId, metadata: { tenant_id: mine.tenantId, project_id: mine.project, type: "objection" } };
    const foreign = (await rowsOf(theirs.project)).map(({ id }) => id);
    const own = (await rowsOf(mine.project)).map(({ id }) => id);
    const values = new Array<number>(768).fill(1);
    await env.VECTORIZE.upsert([...foreign, "ctx_nobodys"].map((id) => ({ id, values, ...lies })));
    expect((await mine.context.query("boiler", { project_id: mine.project })).map(({ id }) => id)).toEqual(own);
    // And of a type that the row does not have, whatever the index says.
    await env.VECTORIZE.upsert(own.map((id) => ({ id, values, ...lies })));
    expect(await mine.context.query("boiler", { project_id: mine.project, types: ["objection"] })).toEqual([]);
  });

  it("may show changes late: what is not visible yet is not found, what is gone already is not shown", async () => {
    const { context, project, brain } = await newBusiness();
    await context.replace({ project_id: project, source: "page", passages: site("one boiler", "two boilers") });
    await context.sync(project, { holder });
    const [first] = await rowsOf(project);
    await env.DB.prepare("DELETE FROM context_passages WHERE id = ?").bind(first?.id).run();
    expect((await context.query("boiler", { project_id: project })).length).toBe(1);
    const blind = brain({ serving: { ...serving, vectors: { ...accepting(), query: async () => Promise.resolve({ matches: [], count: 0 }) } } });
    expect(await blind.query("boiler", { project_id: project })).toEqual([]);
  });

  it("that fails is an outage worth another try, and loses nothing", async () => {
    const { context, project, brain } = await newBusiness();
    await context.replace({ project_id: project, source: "page", passages: site("one") });
    const failing = brain({ serving: { ...serving, vectors: { ...accepting(), upsert: async () => Promise.reject(new Error("VECTOR_UPSERT_ERROR: 503")) } } });
    await expect(failing.sync(project, { holder })).rejects.toMatchObject({ code: "vectors_unavailable", retryable: true });
    expect((await rowsOf(project)).map(({ state }) => state)).toEqual(["pending"]);
    wire.answerWith(() => new Response("{}", { status: 400 }));
    await expect(context.sync(project, { holder })).rejects.toMatchObject({ code: "gemini_rejected" });
    wire.answerNormally();
    expect(await context.sync(project, { holder })).toEqual({ embedded: 1, deleted: 0 });
  });
});

/** A binding that takes everything and keeps nothing. */
const accepting = (): BrandContextTools["serving"]["vectors"] => ({
  upsert: async () => Promise.resolve(),
  deleteByIds: async () => Promise.resolve(),
  query: async (vector, options) => env.VECTORIZE.query(vector, options),
  getByIds: async (ids) => env.VECTORIZE.getByIds(ids),
});

describe("rows read", () => {
  it("by a sync grow with what there is to do, not with what there is", async () => {
    const tally = newTally();
    const { context, project } = await newBusiness({ d1: countedDatabase(env.DB, tally) });
    await context.replace({ project_id: project, source: "page", passages: site(...Array.from({ length: 400 }, (_, i) => `text ${i}`)) });
    await context.sync(project, { holder });
    await context.replace({ project_id: project, source: "call_1", passages: site("one more") });
    const before = tally.rows_read;
    expect(await context.sync(project, { holder })).toEqual({ embedded: 1, deleted: 0 });
    expect(tally.rows_read - before).toBeLessThan(30);
  });
});

describe("audit", () => {
  it("has a row for what is added and removed, and none where nothing changed", async () => {
    const { context, project, store } = await newBusiness();
    const from = { project_id: project, source: "page" };
    await context.replace({ ...from, passages: site("one", "two") });
    await context.replace({ ...from, passages: site("one", "two") });
    await context.remove(project, ["page", "nothing"]);
    await context.remove(project, ["page"]);
    const { items } = await store.audit.list({}, { limit: 50 });
    expect(items.filter(({ action }) => action.startsWith("context.")).map(({ action, details }) => [action, details])).toEqual([
      ["context.passages_removed", { sources: ["page", "nothing"] }],
      ["context.passages_added", { source: "page", rows: 2 }],
    ]);
  });
});
