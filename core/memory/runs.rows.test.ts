import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { countedDatabase, newTally } from "../../test/support/counted-database.ts";
import { createClock } from "../clock.ts";
import { systemActor } from "./actor.ts";
import { createMemory } from "./memory.ts";
import type { Run } from "./runs.store.ts";

/* What an attempt costs must not depend on how many of the tenant's runs wait, since each that ends asks for the next. */

const [FEW, MANY] = [40, 4000];
/** Where a page of an index begins or ends a row earlier. */
const ASIDE = 3;
const HOUR = 3_600_000;
const tally = newTally();
const memory = createMemory({ d1: countedDatabase(env.DB, tally), clock: createClock() });

/** A tenant with sixteen runs at work and so many set aside: the older half are a batch's, which wait for fewer than four at work. */
const tenantWith = async (waiting: number) => {
  const user = await memory.directory.signUp({ email: `${crypto.randomUUID()}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
  const store = memory.for(user.tenant_id, systemActor("test"));
  const create = async (): Promise<Run> => (await store.runs.create({ project_id: null, task: "worker", action: null, params: {} }, HOUR)).run;
  const claims: Run[] = [];
  for (let n = 0; n < 16; n += 1) {
    const claim = await store.runs.claim((await create()).id, HOUR);
    if (claim) claims.push(claim);
  }
  await env.DB.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
     INSERT INTO runs (id, tenant_id, task, params, status, attempts, parked_at, parked_most, progress, created_at)
     SELECT printf('run_0000_%s_%08d', ?1, i), ?1, 'worker', '{}', 'queued', 0, 1, CASE WHEN i * 2 <= ?2 THEN 4 ELSE 16 END, '{}', i FROM n`,
  ).bind(user.tenant_id, waiting).run();
  const nth = (i: number): string => `run_0000_${user.tenant_id}_${String(i).padStart(8, "0")}`;
  return { runs: store.runs, create, claims, urgent: (n: number) => nth(waiting / 2 + n) };
};
type Tenant = Awaited<ReturnType<typeof tenantWith>>;

const rowsRead = async (work: () => Promise<unknown>): Promise<number> => {
  const before = tally.rows_read;
  await work();
  return tally.rows_read - before;
};
const idsOf = (runs: { id: string }[]): string[] => runs.map(({ id }) => id).toSorted();
const end = async ({ runs }: Tenant, claim: Run | undefined) => (claim === undefined ? null : runs.finish(claim, { status: "succeeded", result: null }, claim.progress));

/** What an attempt asks while others wait, in this order, and what it is answered. */
const QUESTIONS: [string, (tenant: Tenant) => Promise<unknown>, unknown][] = [
  ["for a place where there is none", async ({ runs, create }) => runs.claim((await create()).id, HOUR, { most: 16 }), null],
  ["to be set aside", async ({ runs, create }) => runs.park((await create()).id, 16), true],
  ["for the next, where there is no room", async ({ runs }) => runs.unpark(16, HOUR), []],
  ["to end", async (tenant) => (await end(tenant, tenant.claims[0]))?.othersWait, true],
  ["for the next: the oldest that somebody waits for", async (tenant) => idsOf(await tenant.runs.unpark(1, HOUR)).map((id) => id === tenant.urgent(1)), [true]],
  ["for as many as there is room for", async (tenant) => {
    for (const claim of tenant.claims.slice(1, 5)) await end(tenant, claim);
    return (await tenant.runs.unpark(16, HOUR)).length;
  }, 5],
];

describe("rows read do not grow with how many runs wait", () => {
  it("by what an attempt asks: for a place, to be set aside, to end, for the next", async () => {
    const [few, many] = [await tenantWith(FEW), await tenantWith(MANY)];
    for (const [question, ask, answer] of QUESTIONS) {
      const read: number[] = [];
      for (const tenant of [few, many]) read.push(await rowsRead(async () => expect(await ask(tenant), question).toEqual(answer)));
      expect(read[1], `${question}; with few that wait ${read[0]} rows are read`).toBeLessThanOrEqual((read[0] ?? 0) + ASIDE);
    }
  });

  it("by what the sweep asks: whose runs wait", async () => {
    await tenantWith(FEW);
    const before = await rowsRead(async () => memory.directory.parkedTenants());
    const tenants = (await memory.directory.parkedTenants()).length;
    await tenantWith(MANY);
    expect(await rowsRead(async () => memory.directory.parkedTenants())).toBeLessThanOrEqual(before + ASIDE);
    expect(await memory.directory.parkedTenants()).toHaveLength(tenants + 1);
  });
});

describe("a run that is to be set aside", () => {
  it("is not where a place has become free meanwhile, for its own number at work", async () => {
    const tenant = await tenantWith(2);
    await end(tenant, tenant.claims[0]);
    const { id } = await tenant.create();
    expect([await tenant.runs.park(id, 16), await tenant.runs.park(id, 4)]).toEqual([false, true]);
    expect((await tenant.runs.get(id)).parked_most).toBe(4);
    expect((await tenant.runs.claim(id, HOUR, { most: 16 }))?.parked_at).toBeNull();
  });
});
