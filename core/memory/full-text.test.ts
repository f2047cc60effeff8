import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { type SQL, sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { countedDatabase, newTally } from "../../test/support/counted-database.ts";
import { createClock } from "../clock.ts";
import { systemActor } from "./actor.ts";
import { openDatabase } from "./database.ts";
import { fullTextQuery, INDEXED_BEGINNING, MOST_WORDS_OF_A_BEGINNING } from "./full-text.ts";
import { createMemory, type TenantMemory } from "./memory.ts";

const tally = newTally();
const memory = createMemory({ d1: countedDatabase(env.DB, tally), clock: createClock() });
let tenants = 0;

const newTenant = async (messages: string[]): Promise<TenantMemory> => {
  const user = await memory.directory.signUp({ email: `${++tenants}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
  const tenant = memory.for(user.tenant_id, systemActor("test"));
  for (const message of messages) await tenant.entities.create({ project_id: null, entity_type: "lead", name: "Jane", primary_contact: "+64211", metadata: { message } });
  return tenant;
};
const found = async (tenant: TenantMemory, q: string): Promise<unknown[]> => (await tenant.entities.list({ q }, { limit: 50 })).items.map(({ metadata }) => metadata["message"]).toReversed();
/** What the index is asked. */
const asked = async (q: string): Promise<string> => (await openDatabase(env.DB).get<{ query: string }>(sql`SELECT ${fullTextQuery(q, ["ten_1"])} AS query`)).query;

const MESSAGES = ["The cylinder leaks", "It is leaking", "A LEAKAGE, at O'Brien-Smiths", "Ötzi's löschwasser, 12345 litres", "Ὀδυσσεύς rang", "हिन्दी बोलते हैं"];
let tenant: TenantMemory;
beforeAll(async () => {
  tenant = await newTenant(MESSAGES);
  await newTenant(["Another's leaking, löschwasser, obrien"]);
});

describe("a search by what a person typed", () => {
  it.each([
    ["leak", [0, 1, 2]],
    ["leaki", [1]],
    ["Leakage", [2]],
    ["leaks cylind", [0]],
    ["leaks leaking", []],
    ["o'brien", [2]],
    ["o'brien-smi", [2]],
    ["obrien", []],
    ["loschw", [3]],
    ["LÖSCHWASSER", [3]],
    ["12345 ötzi", [3]],
    ["123456", []],
    ["ὀδυσσεύς", [4]],
    ["ὈΔΥΣΣΕΎ", [4]],
    ["हिन्दी", [5]],
    ['"leaki" OR (cylinder', []],
    ['leaking"', [1]],
    ["-- * ^ ( )", [0, 1, 2, 3, 4, 5]],
  ])("finds for %s what has all of its words or beginnings, of this tenant alone", async (q, expected) => {
    expect(await found(tenant, q)).toEqual(expected.map((index) => MESSAGES[index]));
  });
});

describe("a word that is looked up among those that there are", () => {
  const said = "Ὀδυσσεύς ΟΔΥΣΣΕΎΣ ΟΔΥΣΣΕΥΣ Οδυσσεύς Straße STRASSE ŁÓDŹ_İstanbul İSTANBUL ISTANBUL ıstanbul Чайковский ЧАЙКОВСКИЙ Чаиковский Tiếng_Việt cafe\u0301s CAFÉS 山田太郎です हिन्दीहैं ﬁnally O’Connor's x1y2z3 Ærøskøbing Ｆｕｌｌｗｉｄｔｈ";

  it.each(said.split(" "))("%s is the word that the index takes it for", async (word) => {
    const tenant = await newTenant(said.split(" "));
    const matching = async (query: string | SQL) => (await openDatabase(env.DB).all<{ rowid: number }>(sql`SELECT rowid FROM entities_fts WHERE entities_fts MATCH ${query} ORDER BY rowid`)).map(({ rowid }) => rowid);
    const plain = await matching(`scope : "${tenant.tenantId}" AND {name contact message} : "${word}" *`);
    expect(plain.length).toBeGreaterThan(0);
    expect(await matching(fullTextQuery(word, [tenant.tenantId]))).toEqual(plain);
  });
});

/* FTS5 gives entries one by one for whole words, and for beginnings that it has lists of; any other beginning is read to its end first, which no count of rows shows. */
describe("what the index is asked for", () => {
  const WORDS = "{name contact message}";

  it("is a list that it has, for the beginning of a word", async () => {
    const made = await env.DB.prepare("SELECT sql FROM sqlite_master WHERE name = 'entities_fts'").first<string>("sql");
    expect(made).toContain(`prefix='${Array.from({ length: INDEXED_BEGINNING }, (_, index) => index + 1).join(" ")}'`);
    expect(await asked("l LEAK o'b")).toBe(`scope : "ten_1" AND ${WORDS} : "l" * AND ${WORDS} : "LEAK" * AND ${WORDS} : "o'b" *`);
  });

  it("are the words that there are, for a longer one", async () => {
    expect(await asked("Leaking o'brien leak")).toBe(`scope : "ten_1" AND ${WORDS} : "leak" * AND ${WORDS} : ("leaking") AND ${WORDS} : ("o brien")`);
    const rows = tally.rows_read;
    await found(tenant, "leaking");
    expect(tally.rows_read - rows).toBeLessThanOrEqual(15);
  });

  it("is the beginning itself where there is no such word, or there are too many", async () => {
    await newTenant([Array.from({ length: MOST_WORDS_OF_A_BEGINNING }, (_, index) => `several${String.fromCharCode(97 + (index % 26))}${index}`).join(" ")]);
    expect(await asked("nosuchword")).toBe(`scope : "ten_1" AND ${WORDS} : "nosuchword" *`);
    expect((await asked("several")).match(/"several/g)).toHaveLength(MOST_WORDS_OF_A_BEGINNING);
    const many = await newTenant(["severals"]);
    expect(await asked("several leakage")).toBe(`scope : "ten_1" AND ${WORDS} : "several" * AND ${WORDS} : ("leakage")`);
    const rows = tally.rows_read;
    expect(await found(many, "several")).toEqual(["severals"]);
    expect(tally.rows_read - rows).toBeLessThanOrEqual(5 * MOST_WORDS_OF_A_BEGINNING);
  });

  it("is one of each where eight words have many others each", async () => {
    expect((await asked(Array.from({ length: 9 }, () => "several").join(" "))).split(" AND ")).toHaveLength(9);
  });
});
