import "../../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { standInForEmbeddings } from "../../../test/support/embeddings-wire.ts";
import { createDnaLoader } from "../../../core/dna/loader.ts";
import { newBusiness, serving } from "../../../core/memory/context/context.testing.ts";
import type { TenantMemory } from "../../../core/memory/memory.ts";
import { createSimilarTexts } from "../../../core/memory/similar/similar-texts.ts";
import { createGeminiGateway } from "../../../core/providers/gemini/gateway.ts";
import { keepListings } from "./keep.ts";
import type { Listing } from "./listing.ts";

const dna = await createDnaLoader({ bucket: env.STORAGE }).load({ id: "p", tenant_id: "t", name: "Acme", country: "NZ", dna_custom: null, dna_generated: null });
const gateway = createGeminiGateway({ apiKey: "k", baseUrl: "https://gemini.test", wait: async () => Promise.resolve() });
const similarOf = (memory: TenantMemory) => createSimilarTexts({ memory, gatewayOf: () => gateway, serving });

let wire: ReturnType<typeof standInForEmbeddings>;
beforeEach(() => {
  wire = standInForEmbeddings();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const listing = (over: Partial<Listing> = {}): Listing => ({
  platform: "board",
  url: "https://jobs.test/l/1",
  title: "Kitchen tap leaks",
  description: "The mixer under our kitchen sink drips all night and the cupboard floor is wet.",
  location: "Ponsonby, Auckland",
  phone: null,
  urgency: null,
  posted_at: null,
  extraction: "markup",
  ...over,
});
const another = (over: Partial<Listing> = {}): Listing =>
  listing({ url: "https://jobs.test/l/2", title: "Fence to be painted", description: "Forty metres of timber fence want two coats of white paint before Christmas.", location: "Devonport", ...over });

const hunting = async (d1?: D1Database) => {
  const business = await newBusiness(d1 === undefined ? {} : { d1 });
  const keep = async (listings: Listing[], run_id = "run_a", memory = business.store) => keepListings({ memory, similarOf }, { project: { id: business.project }, dna, listings, run_id });
  const leads = async () => (await business.store.entities.list({ type: "lead", project_id: business.project }, { limit: 50 })).items;
  const only = async () => {
    const [lead, ...rest] = await leads();
    if (!lead || rest.length > 0) throw new Error(`${rest.length + 1} leads`);
    return lead;
  };
  return { ...business, keep, leads, only };
};

describe("a find", () => {
  it("becomes a lead that says where it was found, and rings nobody", async () => {
    const { keep, only, store, project } = await hunting();
    const { created, joined, dropped } = await keep([listing({ phone: "+6421555001", urgency: "high", posted_at: Date.UTC(2026, 10, 25) })]);
    expect({ joined, dropped }).toEqual({ joined: [], dropped: [] });
    const lead = await only();
    expect(created).toEqual([lead.id]);
    expect(lead).toMatchObject({
      name: "Kitchen tap leaks",
      primary_contact: "+6421555001",
      metadata: { status: "new", source: "sniper", platform: "board", source_url: "https://jobs.test/l/1", urls: ["https://jobs.test/l/1"], platforms: ["board"], phone: "+6421555001", place: "Ponsonby, Auckland", posted_urgency: "high", posted_at: "2026-11-25T00:00:00.000Z", found_by: "run_a", project_id: project },
    });
    expect(lead.metadata.message).toMatch(/^Kitchen tap leaks\nThe mixer/);
    expect((await store.calls.list({ lead_id: lead.id }, { limit: 5 })).items).toEqual([]);
  });

  it.each([
    ["with another way to write its address", { url: "https://WWW.jobs.test/l/1/?utm_source=mail#x", description: "Still dripping, now into the hall." }],
    ["elsewhere with the same phone", { platform: "group", url: "https://group.test/77", phone: "+6421555001", title: "Plumber", description: "Please call me." }],
    ["elsewhere in the very same words", { platform: "group", url: "https://group.test/77" }],
    ["elsewhere in nearly the same words", { platform: "group", url: "https://group.test/77", title: "KITCHEN TAP LEAKS!", description: "the mixer under our kitchen sink drips all night, the cupboard floor is soaking wet" }],
    ["without any address", { platform: "mail", url: null }],
  ])("that is posted again %s joins its lead, in this run and in a later one", async (_, over) => {
    for (const runs of [[[listing({ phone: "+6421555001" }), listing({ phone: "+6421555001", ...over })]], [[listing({ phone: "+6421555001" })], [listing({ ...over })]]]) {
      const { keep, only } = await hunting();
      for (const [at, listings] of runs.entries()) await keep(listings, `run_${at}`);
      const lead = await only();
      expect(lead.metadata.found_by).toBe("run_0");
      expect(lead.metadata.urls).toEqual(["https://jobs.test/l/1", ...(over.url === null ? [] : [over.url])]);
      expect(String(lead.metadata.message)).toContain("description" in over ? over.description : "Kitchen tap leaks");
    }
  });

  it("that is seen again unchanged changes nothing but the time", async () => {
    const { keep, only } = await hunting();
    await keep([listing(), listing()]);
    const before = await only();
    const paid = wire.texts.length;
    for (let i = 0; i < 3; i++) expect(await keep([listing()], "run_b")).toEqual({ created: [], joined: [before.id], dropped: [] });
    const { last_seen: _, ...after } = (await only()).metadata;
    const { last_seen: _before, ...expected } = before.metadata;
    expect(after).toEqual(expected);
    expect(wire.texts.length).toBe(paid);
  });

  it.each([
    ["another job", another()],
    ["the same words at another phone", listing({ url: "https://jobs.test/l/3", phone: "+6421555002" })],
    ["the same words in another place", listing({ url: "https://jobs.test/l/3", location: "Grey Lynn, Auckland" })],
  ])("that is %s is a lead of its own", async (_, other) => {
    const { keep, leads } = await hunting();
    await keep([listing({ phone: "+6421555001" })]);
    expect((await keep([other])).created).toHaveLength(1);
    expect(await leads()).toHaveLength(2);
  });

  it("gives its lead the phone that it had not", async () => {
    const { keep, only } = await hunting();
    await keep([listing()]);
    await keep([listing({ url: "https://group.test/1", phone: "+6421555009" })]);
    expect(await only()).toMatchObject({ primary_contact: "+6421555009", metadata: { phone: "+6421555009" } });
  });

  it("of somebody who has sent a form joins that lead", async () => {
    const { keep, only, store, project } = await hunting();
    await store.entities.create({ project_id: project, entity_type: "lead", name: "Ann", primary_contact: "+6421555001", metadata: { status: "new", source: "wordpress", phone: "+6421555001", message: "My tap leaks" } });
    await keep([listing({ phone: "+6421555001" })]);
    expect((await only()).metadata).toMatchObject({ source: "wordpress", urls: ["https://jobs.test/l/1"] });
  });

  it("is another project's and another tenant's affair there only", async () => {
    const [mine, theirs] = [await hunting(), await hunting()];
    await mine.keep([listing({ phone: "+6421555001" })]);
    expect((await theirs.keep([listing({ phone: "+6421555001" })])).created).toHaveLength(1);
    expect(await mine.leads()).toHaveLength(1);
  });
});

describe("two runs that find the same at once", () => {
  it.each([[{}], [{ phone: "+6421555001", second: { url: "https://other.test/1" } }], [{ second: { url: "https://other.test/1" } }]])("make one lead (%j)", async ({ second, ...over }: { phone?: string; second?: Partial<Listing> }) => {
    const { keep, only } = await hunting();
    const kept = await Promise.all(Array.from({ length: 8 }, async (_, at) => keep([listing({ ...over, ...(at % 2 === 0 ? {} : second) })], `run_${at}`)));
    const lead = await only();
    expect(kept.flatMap(({ created }) => created)).toEqual([lead.id]);
    expect(new Set(kept.flatMap(({ created, joined }) => [...created, ...joined]))).toEqual(new Set([lead.id]));
  });
});

describe("a run that dies", () => {
  it("after any of its writes, and is run again, leaves each find once and to be compared with", async () => {
    let died = 0;
    for (let at = 0; ; at++) {
      const { keep, leads, memory, tenantId, store } = await hunting();
      const dying = memory.for(tenantId, { actor: "system:test", ip: null, request_id: null });
      let writes = 0;
      const mortal = <Verb extends (...input: never[]) => Promise<unknown>>(verb: Verb): Verb =>
        (async (...input: Parameters<Verb>) => {
          if (writes++ >= at) throw new Error("the Worker died");
          return verb(...input);
        }) as Verb;
      const { foundLeads } = dying;
      const first = await keep([listing(), another()], "run_a", { ...dying, foundLeads: { ...foundLeads, create: mortal<typeof foundLeads.create>(async (find) => foundLeads.create(find)), join: mortal<typeof foundLeads.join>(async (id, find) => foundLeads.join(id, find)) } }).then(
        () => "done",
        () => "died",
      );
      if (first === "died") died += 1;
      await keep([listing(), another()], "run_a");
      expect(await leads()).toHaveLength(2);
      expect(await store.similar.known((await leads()).map(({ id }) => id))).toHaveLength(2);
      if (first === "done") break;
    }
    expect(died).toBe(2);
  });

  it("does not lose a find to vectors that cannot be had", async () => {
    const { keep, leads, store } = await hunting();
    wire.answerWith(() => new Response("{}", { status: 400 }));
    expect((await keep([listing()])).created).toHaveLength(1);
    expect((await keep([listing({ url: "https://group.test/1", title: "Kitchen tap leaks again" })])).joined).toHaveLength(1);
    wire.answerNormally();
    await keep([listing()]);
    expect(await store.similar.known((await leads()).map(({ id }) => id))).toHaveLength(1);
  });
});

describe("somebody who was erased", () => {
  it("does not come back with what is still public of them", async () => {
    const { keep, leads, only, store } = await hunting();
    await keep([listing({ phone: "+6421555001" })]);
    await store.erasure.begin((await only()).id, 0);
    expect(await keep([listing({ phone: "+6421555001" })])).toEqual({ created: [], joined: [], dropped: [{ url: "https://jobs.test/l/1", reason: "erased" }] });
    expect(await leads()).toEqual([]);
    const { results } = await env.DB.prepare("SELECT kind, lead_id FROM lead_keys WHERE tenant_id = ?").bind(store.tenantId).all();
    expect(results).toEqual([{ kind: "url", lead_id: null }]);
  });
});
