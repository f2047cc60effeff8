import "../../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { bagOfWords, standInForEmbeddings } from "../../../test/support/embeddings-wire.ts";
import { indexOf, newBusiness } from "./context.testing.ts";
import type { ContextRow } from "./context.store.ts";
import { vectorOf } from "./follow.ts";

/* Two tenants with ten thousand passages each, in one index, about the same things: none ever sees the other's. */

const PASSAGES = 10_000;
/** Of few dimensions, so that filling it takes seconds; all else is as in the product's own. */
const narrow = indexOf(env.VECTORIZE_NARROW, "narrow-model", 64);
const VECTORS_AN_UPSERT = 1000;
const TOPICS = ["boiler", "tap", "drain", "alarm", "cylinder", "roof", "socket", "lock", "will", "crown"];

beforeAll(() => {
  standInForEmbeddings();
});
afterAll(() => {
  vi.restoreAllMocks();
});

const textOf = (i: number): string => `${TOPICS[i % TOPICS.length] ?? ""} ${TOPICS[Math.floor(i / 10) % TOPICS.length] ?? ""}`;
// A hundred different texts in all: each vector is made once.
const vectorOfText = new Map(Array.from({ length: 100 }, (_, i) => [textOf(i), Float32Array.from(bagOfWords(textOf(i), narrow.model.dimensions))]));

/** A tenant with as many passages as `sync` would have left, written in bulk, since how they are written is tested elsewhere. */
const withPassages = async () => {
  const business = await newBusiness();
  const { tenantId, project } = business;
  const other = await business.newProject();
  const { id: model, dimensions } = narrow.model;
  const rowOf = (i: number): ContextRow => ({ id: `ctx_${tenantId.slice(-20)}_${i}`, tenant_id: tenantId, project_id: i % 2 === 0 ? project : other, type: i % 3 === 0 ? "objection" : "site", source: `page ${i}`, version: null, text: textOf(i), hash: `h${i}`, model, dimensions, state: "ready", created_at: 1 });
  for (let first = 0; first < PASSAGES; first += VECTORS_AN_UPSERT) {
    const rows = Array.from({ length: VECTORS_AN_UPSERT }, (_, i) => rowOf(first + i));
    const columns = ["id", "tenant_id", "project_id", "type", "source", "text", "hash", "model", "dimensions", "state", "created_at"];
    await env.DB.prepare(`INSERT INTO context_passages (${columns.join(", ")}) SELECT ${columns.map((column) => `json_extract(value, '$.${column}')`).join(", ")} FROM json_each(?)`).bind(JSON.stringify(rows)).run();
    await narrow.vectors.upsert(rows.map((row) => ({ ...vectorOf(row, []), values: vectorOfText.get(row.text) ?? [] })));
  }
  return { ...business, other, context: business.brain({ serving: narrow }) };
};

it("two tenants with 10,000 passages each in one index never see each other's, by any topic, type or project", async () => {
  const tenants = [await withPassages(), await withPassages()];
  const owners = new Map<string, string>();
  for (const { tenantId } of tenants) {
    const { results } = await env.DB.prepare("SELECT id FROM context_passages WHERE tenant_id = ?").bind(tenantId).all<{ id: string }>();
    expect(results.length).toBe(PASSAGES);
    for (const { id } of results) owners.set(id, tenantId);
  }
  expect(await env.VECTORIZE_NARROW.describe()).toMatchObject({ vectorCount: 2 * PASSAGES });

  for (const [at, mine] of tenants.entries()) {
    const theirs = tenants[1 - at];
    for (const topic of TOPICS.slice(0, 5)) {
      for (const project_id of [mine.project, mine.other]) {
        const hits = await mine.context.query(topic, { project_id, types: topic === "tap" ? ["objection"] : [], limit: 50 });
        expect(hits.length).toBe(50);
        expect(new Set(hits.map(({ id }) => owners.get(id)))).toEqual(new Set([mine.tenantId]));
        for (const hit of hits) expect(hit.text).toContain(topic);
      }
      // The other's project, asked for by name.
      expect(await mine.context.query(topic, { project_id: theirs?.project ?? "" })).toEqual([]);
    }
  }
}, 60_000);
