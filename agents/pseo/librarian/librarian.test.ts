import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { countedDatabase, newTally } from "../../../test/support/counted-database.ts";
import { linkKinds } from "../../../core/memory/page-links.types.ts";
import { pageMetadata, putPage } from "../page.testing.ts";
import { pipelineHouse, type PipelineHouse } from "../pipeline.testing.ts";
import { differenceOf, librarianAgent } from "./librarian.agent.ts";

const resultSchema = z.object({ pages: z.number(), links: z.number(), added: z.number(), removed: z.number() });
const linked = async (house: PipelineHouse) => {
  const run = await house.finish(await house.submit("librarian_link"));
  expect([run.status, run.error]).toEqual(["succeeded", null]);
  return resultSchema.parse(run.result);
};
const suburbs = ["Ponsonby", "Grey Lynn", "Herne Bay", "Parnell", "Newmarket"];
/** A hub, three services in five suburbs. */
const furnished = async (): Promise<PipelineHouse & { pages: string[] }> => {
  const house = await pipelineHouse({ agents: [librarianAgent], dna: "" });
  const pages = [await putPage(house.store, house.projectId, pageMetadata("All", null))];
  for (const service of ["Drains", "Hot water", "Gas"]) {
    pages.push(await putPage(house.store, house.projectId, pageMetadata(service, null)));
    for (const [at, suburb] of suburbs.entries()) {
      const metadata = pageMetadata(service, suburb);
      pages.push(await putPage(house.store, house.projectId, { ...metadata, place: metadata.place && { ...metadata.place, lat: -36.85 - at * 0.01 } }));
    }
  }
  return { ...house, pages };
};
const reached = async ({ store, projectId }: PipelineHouse, hub: string): Promise<Set<string>> => {
  const links = await store.pageLinks.all(projectId);
  const seen = new Set([hub]);
  for (let click = 0; click < 3; click++) for (const id of [...seen]) for (const { to } of links.filter((link) => link.from === id)) seen.add(to);
  return seen;
};

describe("the librarian", () => {
  it("writes links as entities, which say where they lead and why", async () => {
    const house = await furnished();
    const { pages, links, added } = await linked(house);
    expect([pages, added]).toEqual([19, links]);
    const [hub = ""] = house.pages;
    expect((await reached(house, hub)).size).toBe(19);
    const entities = await house.entities("link");
    expect(entities).toHaveLength(links);
    const [first] = entities;
    const linkSchema = z.object({ from: z.enum(house.pages), to: z.enum(house.pages), anchor_text: z.literal(first?.name ?? ""), relevance: z.number().min(0).max(1), kind: z.enum(linkKinds) });
    for (const entity of entities) expect(linkSchema.extend({ anchor_text: z.literal(entity.name) }).safeParse(entity.metadata).success).toBe(true);
    const own = await house.store.pageLinks.from(house.projectId, hub);
    expect(own.map((link) => [link.kind, link.position])).toEqual([["contents", 0], ["contents", 1], ["contents", 2]]);
  });

  it("writes nothing the second time", async () => {
    const house = await furnished();
    await linked(house);
    const before = await house.entities("link");
    expect(await linked(house)).toMatchObject({ added: 0, removed: 0 });
    expect(await house.entities("link")).toEqual(before);
  });

  it("mends what a retired page leaves behind, and links a new one", async () => {
    const house = await furnished();
    await linked(house);
    const gone = house.pages[1] ?? "";
    await house.store.entities.patch(gone, { metadata: { status: "retired" } });
    const fresh = await putPage(house.store, house.projectId, pageMetadata("Gas", "Remuera"));
    await linked(house);
    const links = await house.store.pageLinks.all(house.projectId);
    expect(links.filter((link) => link.from === gone || link.to === gone)).toEqual([]);
    expect([...(await reached(house, house.pages[0] ?? ""))].sort()).toEqual([...house.pages.filter((id) => id !== gone), fresh].sort());
  });

  it("does what is left when it was cut short in the middle", async () => {
    const house = await furnished();
    await linked(house);
    const links = await house.store.pageLinks.all(house.projectId);
    // As if the process had died between two batches: some are not there, one says something old, one leads to nobody.
    await house.store.pageLinks.replace(house.projectId, links.slice(0, 30).map((link) => link.id), []);
    const [changed] = links.slice(40);
    await env.DB.prepare("UPDATE entities SET name = 'old words' WHERE id = ?").bind(changed?.id).run();
    await house.store.pageLinks.replace(house.projectId, [], [{ from: house.pages[0] ?? "", to: "ent_nobody", anchor_text: "?", relevance: 1, kind: "nearby", position: 99 }]);
    expect(await linked(house)).toMatchObject({ added: 31, removed: 2 });
    const bare = (list: typeof links) => list.map(({ id: _, ...link }) => JSON.stringify(link)).sort();
    expect(bare(await house.store.pageLinks.all(house.projectId))).toEqual(bare(links));
  });

  it("lets two write the same link at once, and keeps one", async () => {
    const house = await furnished();
    const link = { from: house.pages[0] ?? "", to: house.pages[1] ?? "", anchor_text: "Drains", relevance: 1, kind: "contents" as const, position: 0 };
    await Promise.all([1, 2, 3].map(async () => house.store.pageLinks.replace(house.projectId, [], [link])));
    expect(await house.store.pageLinks.all(house.projectId)).toHaveLength(1);
  });

  it("touches nothing of another project's or tenant's", async () => {
    const [house, other] = [await furnished(), await furnished()];
    await linked(house);
    const theirs = await house.store.pageLinks.all(house.projectId);
    await other.store.pageLinks.replace(other.projectId, theirs.map((link) => link.id), []);
    await other.store.pageLinks.replace(house.projectId, theirs.map((link) => link.id), []);
    expect(await house.store.pageLinks.all(house.projectId)).toEqual(theirs);
    expect(await other.store.pageLinks.all(house.projectId)).toEqual([]);
    expect(await other.store.pageLinks.nodes(house.projectId)).toEqual([]);
  });

  it("asks the database little: rows by the thousand, written by the hundred", async () => {
    const tally = newTally();
    const house = await pipelineHouse({ agents: [librarianAgent], dna: "", d1: countedDatabase(env.DB, tally) });
    const rows = Array.from({ length: 400 }, (_, at) => pageMetadata(`Service ${at % 8}`, `Suburb ${at}`));
    await house.store.keyed.put(rows.map((metadata) => ({ project_id: house.projectId, entity_type: "page", dedupe_key: metadata.dedupe_key, name: "", metadata })));
    const run = await house.submit("librarian_link");
    await house.finish(run);
    expect(tally.statements).toBeLessThan(60);
    expect((await house.store.pageLinks.all(house.projectId)).length).toBeGreaterThan(1_500);
  });
});

describe("the difference between links", () => {
  const link = { from: "a", to: "b", anchor_text: "B", relevance: 1, kind: "nearby" as const, position: 0 };
  it("puts a link that changed and its successor at the same place, so that they change together", () => {
    const known = [{ id: "1", ...link, to: "x" }, { id: "2", ...link, anchor_text: "old" }];
    expect(differenceOf(known, [{ ...link, to: "y" }, link])).toEqual({ gone: ["2", "1"], fresh: [link, { ...link, to: "y" }] });
  });
  it("removes one that is there twice", () => {
    expect(differenceOf([{ id: "1", ...link }, { id: "2", ...link }], [link])).toEqual({ gone: ["2"], fresh: [] });
  });
});
