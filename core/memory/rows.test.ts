import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { countedDatabase, newTally } from "../../test/support/counted-database.ts";
import { createClock } from "../clock.ts";
import { systemActor } from "./actor.ts";
import { createMemory, type TenantMemory } from "./memory.ts";

/* What a question costs must depend on what it returns, not on what the tenant has. */

const ROWS = 3000;
const tally = newTally();
const memory = createMemory({ d1: countedDatabase(env.DB, tally), clock: createClock() });
const during = async (work: () => Promise<unknown>): Promise<{ read: number; written: number }> => {
  const before = { ...tally };
  await work();
  return { read: tally.rows_read - before.rows_read, written: tally.rows_written - before.rows_written };
};
let big: TenantMemory;
let id = 0;
const key = { source: "wordpress" as const, key_hash: crypto.randomUUID(), key_sealed: "x" };

const newTenant = async (): Promise<TenantMemory> => {
  const user = await memory.directory.signUp({ email: `${++id}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
  return memory.for(user.tenant_id, systemActor("test"));
};

beforeAll(async () => {
  big = await newTenant();
  for (const project of ["big-a", "big-b"]) await big.projects.create({ id: project, name: "x", country: "NZ", keys: [key] });
  // One statement, since the rows are not what is tested: types, statuses (leads only) and projects as a business would have them.
  const kinds = `CASE i % 10 WHEN 0 THEN 'note' ELSE 'lead' END`;
  await env.DB.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
     INSERT INTO entities (id, tenant_id, project_id, entity_type, name, primary_contact, metadata, created_at, updated_at)
     SELECT printf('ent_%08d', i), ?1, CASE i % 50 WHEN 3 THEN 'big-b' WHEN 0 THEN 'big-b' ELSE 'big-a' END, ${kinds}, 'Jane ' || i, '+6421' || i,
            json_object('status', CASE WHEN i % 10 = 0 THEN NULL WHEN i % 20 = 1 THEN 'won' ELSE 'called' END, 'message', 'leaking tap number ' || i), i, i FROM n`,
  ).bind(big.tenantId).run();
  await env.DB.prepare(
    `INSERT INTO calls (id, tenant_id, project_id, lead_id, direction, status, end_reason, received_at, timeline, latency, revision, created_at, updated_at)
     SELECT 'call_' || id, tenant_id, project_id, id, 'outbound', 'ended', 'connected', 1, '[]', '{}', 1, 1, 1 FROM entities WHERE tenant_id = ?1`,
  ).bind(big.tenantId).run();
});

describe("rows read", () => {
  it.each([
    {},
    { type: "lead" },
    { status: "won" },
    { type: "lead", status: "called" },
    { project_id: "big-a" },
    { project_id: "big-b", type: "note" },
    { project_id: "big-b", status: "called" },
    { project_id: "big-a", type: "lead", status: "won" },
    { q: "leaking" },
    { q: "tap", project_id: "big-b", type: "lead" },
    { q: "jane 1999" },
  ])("a page of entities by %j reads little more than it shows", async (filter) => {
    const limit = 20;
    const pageAfter = async (cursor: string | undefined) => {
      const pages: Awaited<ReturnType<TenantMemory["entities"]["list"]>>[] = [];
      const { read } = await during(async () => pages.push(await big.entities.list(filter, { limit, cursor })));
      const [page] = pages;
      if (!page) throw new Error("no page");
      expect(read).toBeLessThanOrEqual(3 * (page.items.length + 1) + 10);
      return page;
    };
    const first = await pageAfter(undefined);
    if (first.next_cursor !== null) await pageAfter(first.next_cursor);
  });

  it("a search costs a small tenant nothing of what a big one has", async () => {
    const small = await newTenant();
    const { read } = await during(async () => small.entities.list({ q: "leaking" }, { limit: 20 }));
    // To look up the words that begin so.
    expect(read).toBeLessThanOrEqual(12);
  });

  it.each([{}, { project_id: "big-b" }, { lead_id: "ent_00000050" }, { lead_id: "ent_00000050", project_id: "big-b" }])("a page of calls by %j reads little more than it shows", async (filter) => {
    const { read } = await during(async () => big.calls.list(filter, { limit: 20 }));
    expect(read).toBeLessThanOrEqual(3 * 21 + 10);
  });

  it("a page of a project's hunts reads little more than it shows, whatever else the business has done", async () => {
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
       INSERT INTO runs (id, tenant_id, project_id, task, params, status, attempts, progress, created_at)
       SELECT printf('run_%08d', i), ?1, CASE i % 2 WHEN 0 THEN 'big-a' ELSE 'big-b' END, CASE WHEN i % 100 < 2 THEN 'sniper_agent' ELSE 'lead_gen_manager' END, '{}', 'succeeded', 1, '{}', i FROM n`,
    ).bind(big.tenantId).run();
    const { read } = await during(async () => expect((await big.runs.list({ project_id: "big-a", task: "sniper_agent" }, { limit: 20 })).items).toHaveLength(20));
    expect(read).toBeLessThanOrEqual(3 * 21 + 10);
  });

  it.each([{}, { action: "recording.read" }])("a page of the audit log by %j reads little more than it shows", async (filter) => {
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
       INSERT INTO audit (id, tenant_id, at, actor, action, resource, details) SELECT printf('aud_%s_%08d', ?2, i), ?1, i, 'user:x', 'recording.read', 'call:x', '{}' FROM n`,
    ).bind(big.tenantId, String(++id)).run();
    const pages: Awaited<ReturnType<TenantMemory["audit"]["list"]>>[] = [];
    const first = await during(async () => pages.push(await big.audit.list(filter, { limit: 20 })));
    const second = await during(async () => pages.push(await big.audit.list(filter, { limit: 20, cursor: pages[0]?.next_cursor ?? "" })));
    for (const { read } of [first, second]) expect(read).toBeLessThanOrEqual(3 * 21 + 10);
    expect(new Set(pages.flatMap((page) => page.items.map((row) => row.id))).size).toBe(40);
  });

  it("a lead is taken at the same price in a tenant that has thousands", async () => {
    const accept = async (store: TenantMemory, project: string) =>
      during(async () =>
        store.leads.accept(store.leads.ticket({ ring: true, tellOwner: false }), { project_id: project, name: "Jo", primary_contact: "+64211111111", metadata: { status: "new", source: "wordpress", message: "Hi" }, dedupe: { key: `k${++id}`, withinMs: 600_000 }, phones: ["+64211111111"], dutyDueInMs: 1000 }),
      );
    const small = await newTenant();
    await small.projects.create({ id: `small-${small.tenantId}`, name: "x", country: "NZ", keys: [key] });
    const [inBig, inSmall] = [await accept(big, "big-a"), await accept(small, `small-${small.tenantId}`)];
    expect(inBig.read).toBeLessThanOrEqual(inSmall.read + 5);
    expect(inBig.written).toBeLessThanOrEqual(inSmall.written + 5);
    expect(inBig.read).toBeLessThanOrEqual(20);
    expect(inBig.written).toBeLessThanOrEqual(30);
  });
});
