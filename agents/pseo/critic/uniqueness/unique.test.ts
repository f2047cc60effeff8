import "../../../../test/support/database.ts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { env } from "cloudflare:workers";
import { newBusiness, serving } from "../../../../core/memory/context/context.testing.ts";
import type { TenantMemory } from "../../../../core/memory/memory.ts";
import { createSimilarTexts } from "../../../../core/memory/similar/similar-texts.ts";
import { createGeminiGateway } from "../../../../core/providers/gemini/gateway.ts";
import { countedDatabase, newTally } from "../../../../test/support/counted-database.ts";
import { standInForEmbeddings } from "../../../../test/support/embeddings-wire.ts";
import type { Page } from "../../page.ts";
import type { PageContent } from "../../page.schemas.ts";
import { pageMetadata } from "../../pages.testing.ts";
import { checkUniqueness, likestByWords, printOf } from "./unique.ts";

beforeEach(() => {
  standInForEmbeddings();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const gateway = createGeminiGateway({ apiKey: "k", baseUrl: "https://gemini.test", wait: async () => Promise.resolve() });
const toolsOf = (memory: TenantMemory) => ({ memory, similar: createSimilarTexts({ memory, gatewayOf: () => gateway, serving }) });
type Tools = ReturnType<typeof toolsOf>;

let count = 0;
const pageOf = (tools: Tools, project_id: string, place = "Ponsonby"): Page => {
  count += 1;
  return { id: `ent_${String(count).padStart(32, "0")}`, tenant_id: tools.memory.tenantId, project_id, name: `Drains, ${place}`, metadata: pageMetadata({ place: { name: place, slug: "x", city: null, lat: null, lon: null } }) };
};
/** Sentences that two seeds have none of in common. */
const words = (seed: number, sentences = 60): string[] => Array.from({ length: sentences }, (_, n) => `Word${seed}a${n} word${seed}b${n} word${seed}c${n} word${seed}d${n} word${seed}e${n}.`);
const contentOf = (sentences: string[]): PageContent => ({ title: "A title", meta_description: "x", h1: "x", body_html: sentences.map((sentence) => `<p>${sentence}</p>`).join("\n"), faq: [], json_ld: [], sources: [] });
const check = async (tools: Tools, page: Page, sentences: string[], version = "v1") => (await checkUniqueness(tools, page, contentOf(sentences), version)).map(({ rule, severity, message }) => [rule, severity, message]);

describe("a page", () => {
  it("that says something else than all others is unique, and stays so when it is looked at again", async () => {
    const { store, project } = await newBusiness();
    const tools = toolsOf(store);
    const [one, two] = [pageOf(tools, project), pageOf(tools, project)];
    expect(await check(tools, one, words(1))).toEqual([]);
    expect(await check(tools, two, words(2))).toEqual([]);
    expect(await check(tools, one, words(1))).toEqual([]);
  });

  it("that is another with its place changed is a copy of it", async () => {
    const { store, project } = await newBusiness();
    const tools = toolsOf(store);
    const [one, two] = [pageOf(tools, project, "Ponsonby"), pageOf(tools, project, "Grey Lynn")];
    await check(tools, one, [...words(1), "We come to Ponsonby, 1.9 km from here."]);
    expect(await check(tools, two, [...words(1), "We come to Grey Lynn, 2.4 km from here."])).toMatchObject([["uniqueness", "error", expect.stringContaining("100 %")]]);
  });

  it.each([[0.85, 1], [0.4, 0]])("with %d of its sentences from another has %d findings", async (share, findings) => {
    const { store, project } = await newBusiness();
    const tools = toolsOf(store);
    await check(tools, pageOf(tools, project), words(1, 80));
    const mixed = [...words(1, 80).slice(0, Math.round(80 * share)), ...words(3, 80).slice(0, Math.round(80 * (1 - share)))];
    // Only words: the stand-in's embedding is made of them too.
    const page = pageOf(tools, project);
    const likest = await likestByWords(tools, printOf(page, contentOf(mixed), "v1"));
    expect((likest?.score ?? 0) > 0.6 ? 1 : 0).toBe(findings);
  });

  it("that says the same in another order is found by its meaning", async () => {
    const { store, project } = await newBusiness();
    const tools = toolsOf(store);
    await check(tools, pageOf(tools, project), ["one two three four five six seven eight nine ten eleven twelve"]);
    expect(await check(tools, pageOf(tools, project), ["twelve one eleven two ten three nine four eight five seven six"])).toMatchObject([["uniqueness", "error", expect.stringContaining("likeness 1.000")]]);
  });
});

describe("of pages that say the same", () => {
  it("that are reviewed at the same moment one is unique, and only one", async () => {
    const { store, project } = await newBusiness();
    const tools = toolsOf(store);
    const pages = Array.from({ length: 6 }, () => pageOf(tools, project));
    const findings = await Promise.all(pages.map(async (page) => check(tools, page, words(7))));
    expect(findings.filter((found) => found.length === 0)).toHaveLength(1);
  });

  it("one that is refused stands in nobody's way, and one that is rewritten comes last", async () => {
    const { store, project } = await newBusiness();
    const tools = toolsOf(store);
    const [one, two] = [pageOf(tools, project), pageOf(tools, project)];
    await check(tools, one, words(8));
    await store.pagePrints.drop(one.id);
    expect(await check(tools, two, words(8))).toEqual([]);
    expect(await check(tools, one, words(8), "v2")).toHaveLength(1);
    expect(await check(tools, one, words(9), "v3")).toEqual([]);
    expect(await check(tools, two, words(8))).toEqual([]);
  });

  it("another project's or tenant's is none", async () => {
    const [mine, theirs] = [await newBusiness(), await newBusiness()];
    const [tools, others] = [toolsOf(mine.store), toolsOf(theirs.store)];
    await check(others, pageOf(others, theirs.project), words(10));
    await check(tools, pageOf(tools, await mine.newProject()), words(10));
    expect(await check(tools, pageOf(tools, mine.project), words(10))).toEqual([]);
  });

  it("are found by reading what is likely, not all there is", async () => {
    const tally = newTally();
    const { store, project } = await newBusiness({ d1: countedDatabase(env.DB, tally) });
    const tools = toolsOf(store);
    const rowsFor = async (seed: number): Promise<number> => {
      const before = tally.rows_read;
      await likestByWords(tools, printOf(pageOf(tools, project), contentOf(words(seed, 40)), "v1"));
      return tally.rows_read - before;
    };
    const first = await rowsFor(1000);
    for (let n = 0; n < 60; n += 1) await rowsFor(2000 + n);
    expect(await rowsFor(5000)).toBeLessThanOrEqual(first + 40);
  });
});
