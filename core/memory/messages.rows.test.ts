import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { countedDatabase, newTally } from "../../test/support/counted-database.ts";
import { createClock } from "../clock.ts";
import { firstId } from "../ids.ts";
import { systemActor } from "./actor.ts";
import { createMemory, type TenantMemory } from "./memory.ts";

/* What a question about texts costs must depend on what it returns, not on how many there are. */

const ROWS = 3000;
const tally = newTally();
const memory = createMemory({ d1: countedDatabase(env.DB, tally), clock: createClock() });
const reads = async (work: () => Promise<unknown>): Promise<number> => {
  const before = tally.rows_read;
  await work();
  return tally.rows_read - before;
};
let store: TenantMemory;

beforeAll(async () => {
  const user = await memory.directory.signUp({ email: "rows@x.nz", name: "x", password_hash: "x" }, { ip: null, request_id: null });
  store = memory.for(user.tenant_id, systemActor("test"));
  await store.projects.create({ id: "rows", name: "x", country: "NZ", keys: [{ source: "wordpress", key_hash: crypto.randomUUID(), key_sealed: "x" }] });
  // Years of texts to one owner, and leads who all had one.
  await env.DB.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
     INSERT INTO messages (id, tenant_id, project_id, lead_id, direction, party, purpose, phone_from, phone_to, body, sid, status, attempts, created_at, updated_at)
     SELECT printf('msg_0%07d', i), ?1, 'rows', 'ent_' || (i % 300), CASE i % 2 WHEN 0 THEN 'out' ELSE 'in' END, 'owner', 'lead_card', '+64211', '+64211', 'x', 'SM' || i, 'delivered', 1, i, i FROM n`,
  ).bind(store.tenantId).run();
  await env.DB.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
     INSERT INTO entities (id, tenant_id, project_id, entity_type, name, primary_contact, metadata, created_at, updated_at)
     SELECT printf('ent_%08d', i), ?1, 'rows', 'lead', 'Jane', 'x', json_object('status', 'called', 'phone', '+6421' || (i % 1000)), i, i FROM n`,
  ).bind(store.tenantId).run();
});

describe("rows read", () => {
  it.each([{}, { project_id: "rows" }, { lead_id: "ent_7" }, { project_id: "rows", lead_id: "ent_7" }])("a page of texts by %j reads what it shows", async (filter) => {
    const page = await store.messages.list(filter, { limit: 5 });
    expect(page.items).toHaveLength(5);
    expect(await reads(async () => store.messages.list(filter, { limit: 5 }))).toBeLessThanOrEqual(20);
  });

  it("what decides about an incoming text is found without reading the owner's years of texts or all leads", async () => {
    expect(await reads(async () => store.inbox.situation({ project_id: "rows", sid: "SMnew", phone: "+64211" }))).toBeLessThanOrEqual(60);
    expect(await reads(async () => store.inbox.situation({ project_id: "rows", sid: "SMnew", phone: "+6421999" }))).toBeLessThanOrEqual(60);
  });

  it("storing one with its forward reads few too", async () => {
    const text = { sid: "SMfresh", project_id: "rows", account_sid: null, phone_from: "+6421998", phone_to: "+6495550100", body: "x", party: "customer" as const, purpose: "reply" as const, status: "received" as const, call_id: null, campaign_id: null };
    const forward = { project_id: "rows", lead_id: { of: "message" as const }, call_id: null, campaign_id: null, party: "owner" as const, account_sid: null, phone_from: "+6495550100", phone_to: "+64211", body: "x", purpose: "reply_forward" as const, key: "f" };
    const work = async () => store.inbox.take({ ...text, lead: { by_phone: "+6421998", create: { name: "", metadata: { status: "new" } } } }, [{ kind: "text", message: forward, unless: { per_hour: 5 } }]);
    expect(await reads(work)).toBeLessThanOrEqual(60);
  });

  it("how the newest texts to a phone fared reads those", async () => {
    expect(await reads(async () => store.messages.fateOf("rows", "+64211"))).toBeLessThanOrEqual(45);
  });

  it("ids sort after the first one of their time", () => {
    expect(firstId("msg", 1_700_000_000_000) < "msg_018bcfe56800700080000000000000000").toBe(true);
  });
});
