import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { countedDatabase, newTally } from "../../test/support/counted-database.ts";
import { createClock } from "../clock.ts";
import { systemActor } from "./actor.ts";
import { createMemory, type TenantMemory } from "./memory.ts";

/* A search for customers of old reads in proportion to whom it looks at, whatever the project has. */

const ROWS = 3000;
const NOW = 1_790_000_000_000;
const tally = newTally();
const memory = createMemory({ d1: countedDatabase(env.DB, tally), clock: { ...createClock(), now: () => NOW } });
const readDuring = async (work: () => Promise<unknown>): Promise<number> => {
  const before = tally.rows_read;
  await work();
  return tally.rows_read - before;
};
let store: TenantMemory;

beforeAll(async () => {
  const user = await memory.directory.signUp({ email: "rows@x.nz", name: "x", password_hash: "x" }, { ip: null, request_id: null });
  store = memory.for(user.tenant_id, systemActor("test"));
  await store.projects.create({ id: "old", name: "x", country: "NZ", keys: [{ source: "wordpress", key_hash: "x", key_sealed: "x" }] });
  // One in ten is served; of those one in three was seen lately. Each has a call, a text out and a text in.
  await env.DB.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
     INSERT INTO entities (id, tenant_id, project_id, entity_type, name, primary_contact, metadata, created_at, updated_at, campaign_seen_at)
     SELECT printf('ent_%08d', i), ?1, 'old', 'lead', 'Jane ' || i, '', json_object('status', CASE WHEN i % 10 = 0 THEN 'won' ELSE 'called' END, 'phone', printf('+6421%07d', i), 'email', 'Jane' || i || '@x.nz'), i, i,
            CASE WHEN i % 30 = 0 THEN ${NOW} END FROM n`,
  ).bind(user.tenant_id).run();
  await env.DB.prepare(
    `INSERT INTO calls (id, tenant_id, project_id, lead_id, direction, status, end_reason, received_at, timeline, latency, revision, created_at, updated_at)
     SELECT 'call_' || id, tenant_id, project_id, id, 'outbound', 'ended', 'connected', 7, '[]', '{}', 1, 1, 1 FROM entities WHERE project_id = 'old'`,
  ).run();
  for (const direction of ["in", "out"]) {
    await env.DB.prepare(
      `INSERT INTO messages (id, tenant_id, project_id, lead_id, direction, party, purpose, phone_from, phone_to, body, status, attempts, created_at, updated_at)
       SELECT 'msg_${direction}_' || id, tenant_id, project_id, id, '${direction}', 'customer', 'reply', phone, phone, '', 'sent', 0, 8, 8 FROM entities WHERE project_id = 'old'`,
    ).run();
  }
});

describe("rows read", () => {
  it.each([10, 50])("by a page of %i customers of old", async (limit) => {
    let after: Parameters<TenantMemory["oldCustomers"]["page"]>[0]["after"] = null;
    for (let page = 0; page < 3; page++) {
      let found: Awaited<ReturnType<TenantMemory["oldCustomers"]["page"]>> = [];
      const read = await readDuring(async () => void (found = await store.oldCustomers.page({ project_id: "old", seenBefore: NOW - 1, after, limit })));
      expect(found).toHaveLength(limit);
      expect(found[0]).toMatchObject({ status: "won", last_call_at: 7, last_out_at: 8, last_in_at: 8, twins: [] });
      expect(read).toBeLessThanOrEqual(16 * limit + 20);
      const last = found.at(-1);
      after = last ? { seen_at: last.seen_at, id: last.id } : null;
    }
  });

  it("by a search of which nobody is due: next to none", async () => {
    expect(await readDuring(async () => store.oldCustomers.page({ project_id: "old", seenBefore: -1, after: null, limit: 50 }))).toBeLessThanOrEqual(5);
  });

  it("by customers who were looked at and left out: none, the next time", async () => {
    const campaign = await store.campaigns.open({ project_id: "old", run_id: "run_x", starts_itself: false, settings: { inactive_months: 6, cooldown_months: 6, daily_limit: 1, per_minute: 1, limit: 1, message_template: "", personalised: false, max_opt_out_percent: 3, opt_out_after: 1 } });
    const page = await store.oldCustomers.page({ project_id: "old", seenBefore: NOW - 1, after: null, limit: 200 });
    expect(page).toHaveLength(200);
    const last = page.at(-1);
    await store.campaignRecipients.addPage(campaign, { chosen: [], left_out: page.map(({ id }) => ({ id, reason: "no_phone", seen_at: NOW })), position: { seen_at: 0, id: last?.id ?? "" } });
    expect(await readDuring(async () => expect(await store.oldCustomers.page({ project_id: "old", seenBefore: NOW - 1, after: null, limit: 200 })).toEqual([]))).toBeLessThanOrEqual(5);
    expect((await store.campaigns.get(campaign.id)).left_out).toEqual({ no_phone: 200 });
  });
});
