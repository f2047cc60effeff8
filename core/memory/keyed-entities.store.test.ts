import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { countedDatabase, newTally } from "../../test/support/counted-database.ts";
import { auditOf } from "../../test/support/identity.ts";
import { createClock } from "../clock.ts";
import { systemActor } from "./actor.ts";
import type { KeyedEntity } from "./keyed-entities.store.ts";
import { createMemory } from "./memory.ts";

const tally = newTally();
const memory = createMemory({ d1: countedDatabase(env.DB, tally), clock: createClock() });

const newProject = async () => {
  const user = await memory.directory.signUp({ email: `${crypto.randomUUID()}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
  const store = memory.for(user.tenant_id, systemActor("test"));
  const project_id = `p-${crypto.randomUUID()}`;
  await store.projects.create({ id: project_id, name: "x", country: "NZ", keys: [{ source: "wordpress", key_hash: "x", key_sealed: "x" }] });
  const page = (key: string, metadata: Record<string, unknown> = {}): KeyedEntity => ({ project_id, entity_type: "page", dedupe_key: key, name: key, metadata: { status: "planned", ...metadata } });
  const actions = async () => (await auditOf(user.tenant_id)).map(({ action }) => action).filter((action) => action.startsWith("entity."));
  return { store, project_id, page, actions };
};

describe("an entity with a key", () => {
  it("is made once, by however many at the same moment, with one line in the audit log", async () => {
    const { store, page, actions } = await newProject();
    const answers = await Promise.all(Array.from({ length: 8 }, async () => store.keyed.putOnce(page("a"))));
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await actions()).toEqual(["entity.created"]);
  });

  it("is left as it is by putOnce, and by put when nothing differs", async () => {
    const { store, project_id, page, actions } = await newProject();
    await store.keyed.put([page("a", { drafts: 1, content: null, evidence: [{ kind: "anchor", id: "é\"\\" }] })]);
    expect(await store.keyed.put([page("a", { drafts: 1, content: null, evidence: [{ kind: "anchor", id: "é\"\\" }] })])).toMatchObject([{ outcome: "unchanged" }]);
    await store.keyed.putOnce(page("a", { drafts: 7 }));
    expect((await store.keyed.find(project_id, "page", "a"))?.metadata).toEqual({ status: "planned", drafts: 1, content: null, evidence: [{ kind: "anchor", id: "é\"\\" }], dedupe_key: "a" });
    expect(await actions()).toEqual(["entity.created"]);
  });

  it("takes the given fields whole, nulls too, and keeps those that are not named", async () => {
    const { store, project_id, page, actions } = await newProject();
    const [created] = await store.keyed.put([page("a", { place: { name: "Ponsonby", lat: 1 }, kept: true })]);
    const [changed] = await store.keyed.put([{ ...page("a", { place: { name: "Ponsonby" }, content: null }), name: "new" }]);
    expect(changed).toEqual({ id: created?.id, outcome: "changed" });
    expect(await store.keyed.find(project_id, "page", "a")).toMatchObject({ name: "new", metadata: { place: { name: "Ponsonby" }, content: null, kept: true } });
    expect((await store.keyed.find(project_id, "page", "a"))?.metadata.place).toEqual({ name: "Ponsonby" });
    expect(await actions()).toEqual(["entity.created", "entity.changed"]);
  });

  it("is not written over where what is expected does not hold", async () => {
    const { store, project_id, page } = await newProject();
    await store.keyed.put([page("a", { status: "held" })]);
    expect(await store.keyed.put([page("a", { rank: 2 }), page("b")], { status: ["planned", "refused"] })).toMatchObject([{ outcome: "unchanged" }, { outcome: "created" }]);
    expect((await store.keyed.find(project_id, "page", "a"))?.metadata.rank).toBeUndefined();
  });

  it("has its key to itself in a project and a type only", async () => {
    const [one, other] = [await newProject(), await newProject()];
    await one.store.keyed.putOnce(one.page("a"));
    expect(await other.store.keyed.putOnce(other.page("a"))).toMatchObject({ created: true });
    expect(await one.store.keyed.putOnce({ ...one.page("a"), entity_type: "anchor" })).toMatchObject({ created: true });
    await expect(other.store.keyed.putOnce({ ...one.page("z") })).rejects.toThrow();
    expect(await other.store.keyed.find(one.project_id, "page", "a")).toBeUndefined();
  });

  it("is put in an order that the answers keep, beyond what one batch holds", async () => {
    const { store, page, project_id } = await newProject();
    const answers = await store.keyed.put(Array.from({ length: 45 }, (_, n) => page(`k${n}`)));
    const found = await store.keyed.find(project_id, "page", "k33");
    expect(answers[33]).toEqual({ id: found?.id, outcome: "created" });
    expect(new Set(answers.map(({ id }) => id)).size).toBe(45);
  });
});

describe("changing one", () => {
  it("is compare and set: of many who expect the same, one gets it", async () => {
    const { store, page } = await newProject();
    const { id } = await store.keyed.putOnce(page("a", { drafts: 0, live: true }));
    const answers = await Promise.all([1, 2, 3, 4].map(async (n) => store.keyed.change(id, { set: { drafts: n, status: "written" }, expect: { status: "planned", drafts: 0, live: true } })));
    expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
  });

  it("can expect a field below, one that is not there, and one of several", async () => {
    const { store, page } = await newProject();
    const { id } = await store.keyed.putOnce(page("a", { content: { version: "v1" } }));
    expect(await store.keyed.change(id, { set: { n: 1 }, expect: { "content.version": "v2" } })).toBeNull();
    expect(await store.keyed.change(id, { set: { n: 1 }, expect: { "content.version": ["v1", "v2"], review: null } })).toMatchObject({ metadata: { n: 1 } });
    await expect(store.keyed.change(id, { set: { "x') --": 1 } })).rejects.toThrow("not a field's name");
  });

  it("does nothing to another tenant's", async () => {
    const [one, other] = [await newProject(), await newProject()];
    const { id } = await one.store.keyed.putOnce(one.page("a"));
    expect(await other.store.keyed.change(id, { set: { status: "held" } })).toBeNull();
    expect(await other.store.keyed.remove(one.project_id, "page", [id])).toBe(0);
    expect(await other.store.keyed.withIds([id])).toEqual([]);
    expect(await one.store.keyed.withIds([id])).toHaveLength(1);
  });
});

describe("all of a type", () => {
  it("come in pages, oldest first, each reading little more than it shows, however much else there is", async () => {
    const { store, project_id, page } = await newProject();
    await store.keyed.put(Array.from({ length: 25 }, (_, n) => page(`k${n}`, { status: n % 5 === 0 ? "passed" : "planned", heavy: "x".repeat(1000) })));
    await store.keyed.put(Array.from({ length: 200 }, (_, n) => ({ ...page(`a${n}`), entity_type: "anchor" })));
    const read = async (options: Parameters<typeof store.keyed.each>[2]) => {
      const before = tally.rows_read;
      const pages: string[][] = [];
      for await (const rows of store.keyed.each(project_id, "page", options)) {
        expect(rows.every((row) => row.metadata.heavy === undefined)).toBe(true);
        pages.push(rows.map(({ name }) => name));
      }
      return { pages, rows: tally.rows_read - before };
    };
    const all = await read({ pageSize: 10, without: ["heavy"] });
    expect(all.pages.map((names) => names.length)).toEqual([10, 10, 5]);
    expect(new Set(all.pages.flat()).size).toBe(25);
    expect(all.rows).toBeLessThanOrEqual(60);
    const passed = await read({ status: "passed", without: ["heavy"] });
    expect(passed.pages.flat().toSorted()).toEqual(["k0", "k10", "k15", "k20", "k5"]);
    expect(passed.rows).toBeLessThanOrEqual(15);
    expect(await store.keyed.countByStatus(project_id, "page", ["passed", "planned", "held"])).toEqual({ passed: 5, planned: 20 });
  });

  it("can be removed, and are not found by words any more", async () => {
    const { store, project_id, page } = await newProject();
    const answers = await store.keyed.put([page("kauri"), page("rimu")]);
    expect(await store.keyed.remove(project_id, "page", answers.slice(0, 1).map(({ id }) => id))).toBe(1);
    expect((await store.entities.list({ q: "kauri", project_id }, { limit: 5 })).items).toEqual([]);
    expect((await store.entities.list({ q: "rimu", project_id }, { limit: 5 })).items).toHaveLength(1);
  });
});
