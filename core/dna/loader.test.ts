import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createClock } from "../clock.ts";
import { systemActor } from "../memory/actor.ts";
import { createMemory } from "../memory/memory.ts";
import { createDnaEditor } from "./editor.ts";
import { createDnaLoader, dnaKey } from "./loader.ts";
import { bundledProfiles } from "./profiles.ts";

const memory = createMemory({ d1: env.DB, clock: createClock() });

const business = async (profiles = bundledProfiles) => {
  const reads: string[] = [];
  const bucket = new Proxy(env.STORAGE, {
    get: (target, name) => {
      if (name === "get") {
        return async (key: string) => {
          reads.push(key);
          return target.get(key);
        };
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? (member.bind(target) as unknown) : member;
    },
  });
  const user = await memory.directory.signUp({ email: `${crypto.randomUUID()}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
  const store = memory.for(user.tenant_id, systemActor("onboarding"));
  const { id } = await store.projects.create({ id: `p-${crypto.randomUUID()}`, name: "Acme", country: "NZ", keys: [{ source: "wordpress", key_hash: crypto.randomUUID(), key_sealed: "x" }] });
  const loader = createDnaLoader({ bucket, profiles });
  const editor = createDnaEditor({ bucket, loader, clock: createClock() });
  const write = async (layer: "custom" | "generated", text: string) => editor.edit(store, id, { layer, text: () => text });
  return { store, id, loader, editor, write, reads, project: async () => store.projects.get(id) };
};

describe("loading", () => {
  it("costs no read of storage when nothing changed, and sees a change at once", async () => {
    const { loader, project, write, reads } = await business();
    await write("custom", "brand_brain: {voice_tone: dry}");
    expect((await loader.load(await project())).brand_brain.voice_tone).toBe("dry");
    const before = reads.length;
    for (let i = 0; i < 5; i++) await loader.resolve(await project());
    expect(reads).toHaveLength(before);
    await write("custom", "brand_brain: {voice_tone: warm}");
    expect((await loader.load(await project())).brand_brain.voice_tone).toBe("warm");
  });

  it("of a project that has written nothing never asks storage", async () => {
    const { loader, project, reads } = await business();
    await loader.load(await project());
    expect(reads).toEqual([]);
  });

  it("has a fingerprint that changes with the layers, the project, the vertical and the defaults, and with nothing else", async () => {
    const { loader, project, write } = await business();
    const ref = await project();
    await write("custom", "identity: {niche: plumber}");
    const after = await project();
    const verticals = new Map([...bundledProfiles.verticals, ["plumber", "services: [{name: Other}]"], ["lawyer", "services: [{name: Other}]"]]);
    const fingerprint = async (of: typeof ref, profiles = bundledProfiles) => (await createDnaLoader({ bucket: env.STORAGE, profiles }).resolve(of)).fingerprint;
    expect((await loader.resolve(after)).fingerprint).toBe(await fingerprint(after));
    expect(await fingerprint(ref)).toBe(await fingerprint(ref, { ...bundledProfiles, verticals }));
    const others = await Promise.all([fingerprint(ref), fingerprint(after), fingerprint({ ...after, name: "Other" }), fingerprint(after, { ...bundledProfiles, verticals }), fingerprint(after, { ...bundledProfiles, defaults: `${bundledProfiles.defaults}\n# other` })]);
    expect(new Set(others).size).toBe(others.length);
  });

  it("goes on with stored values that this release does not accept any more left out", async () => {
    const { store, id, loader, project } = await business();
    const ref = await project();
    await env.STORAGE.put(dnaKey(ref, "custom", "old"), 'identity: {time_zone: GMT+13, niche: plumber}\nmodules: {lead_gen: {sales_bridge: {destination_phone: "+64211234567"}}}');
    await store.dnaVersions.advance(id, "custom", null, { version: "old", bytes: 1, restored_from: null }, null);
    const dna = await loader.load(await project());
    expect(dna.modules.lead_gen.sales_bridge.destination_phone).toBe("+64211234567");
    expect(dna.identity).toMatchObject({ niche: "plumber" });
    expect(dna.identity.time_zone).toBeUndefined();
  });
});

describe("writing", () => {
  it("a generated layer chooses the vertical and stays under the custom one", async () => {
    const { loader, project, write } = await business();
    await write("custom", "brand_brain: {voice_tone: mine}");
    await write("generated", "identity: {niche: locksmith}\nbrand_brain: {voice_tone: made}");
    const { dna, vertical } = await loader.resolve(await project());
    expect([vertical, dna.brand_brain.voice_tone, dna.services[0]?.slug]).toEqual(["locksmith", "mine", "house-lockout"]);
  });

  it("a generated layer that is wrong is refused with its own lines, and nothing is left behind", async () => {
    const { project, write, store, id } = await business();
    await expect(write("generated", "services:\n  - name: x\n  - 5\n")).rejects.toMatchObject({ status: 422, errors: [{ path: "services.1", line: 3 }] });
    expect((await project()).dna_generated).toBeNull();
    expect((await store.dnaVersions.list(id, "generated", { limit: 10 })).items).toEqual([]);
  });

  it("by many at once keeps every version, one of them in force, each in the place of the one before", async () => {
    const { project, store, id, editor } = await business();
    const results = await Promise.allSettled(Array.from({ length: 4 }, async (_, i) => editor.edit(store, id, { layer: "custom", text: () => `brand_brain: {voice_tone: tone ${i}}` })));
    const written = results.flatMap((result) => (result.status === "fulfilled" ? [result.value.version] : []));
    expect(written).toHaveLength(4);
    const { items } = await store.dnaVersions.list(id, "custom", { limit: 10 });
    expect(items.map(({ version }) => version).toSorted()).toEqual(written.toSorted());
    const previous = new Map(items.map((item) => [item.version, item.previous]));
    const chain: string[] = [];
    for (let at = (await project()).dna_custom; at !== null; at = previous.get(at) ?? null) chain.push(at);
    expect(chain.toSorted()).toEqual(written.toSorted());
  });

  it("history is written once", async () => {
    const { write } = await business();
    await write("custom", "services: []");
    await expect(env.DB.prepare("UPDATE dna_versions SET author = 'user:nobody'").run()).rejects.toThrow(/written once/);
  });

  it("another tenant's project is no project", async () => {
    const [mine, theirs] = [await business(), await business()];
    await expect(mine.editor.edit(mine.store, theirs.id, { layer: "custom", text: () => "" })).rejects.toMatchObject({ status: 404 });
    expect(await mine.store.dnaVersions.advance(theirs.id, "custom", null, { version: "x", bytes: 0, restored_from: null }, null)).toBe(false);
    expect((await mine.store.dnaVersions.list(theirs.id, "custom", { limit: 10 })).items).toEqual([]);
  });
});
