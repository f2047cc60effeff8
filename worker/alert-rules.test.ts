import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { systemActor } from "../core/memory/actor.ts";
import { forgetAlerts, GOOD, HOUR, NOON, service } from "./alerts.testing.ts";

const MINUTE = 60_000;
const WEEK = 168 * HOUR;

beforeEach(forgetAlerts);

interface Troubled {
  tenant: string;
  project: string;
}

describe("what raises an alert", () => {
  it.each([
    ["a failure in a hundred", { ...GOOD, errors: 1 }, []],
    ["two failures in a hundred", { ...GOOD, errors: 2 }, ["error_rate firing"]],
    ["few requests, all failed", { ...GOOD, requests: 19, errors: 19 }, []],
    ["a twentieth over two seconds", { ...GOOD, slow: 5 }, []],
    ["more than a twentieth over two seconds", { ...GOOD, slow: 6 }, ["slow_responses firing"]],
  ])("%s", async (_, counts, told) => {
    const house = service();
    await house.at(NOON, counts);
    await house.sweep();
    expect(house.states()).toEqual(told);
  });

  it("a single failure where there is hardly enough to judge by, once, until ten minutes have gone by without its like", async () => {
    const house = service();
    // Two requests a minute, then one and three by turns: 19 to 21 in ten minutes.
    const perMinute = [...Array.from({ length: 11 }, () => 2), ...Array.from({ length: 22 }, (_, i) => (i % 2 === 0 ? 1 : 3))];
    const seen: string[] = [];
    for (const [minute, requests] of perMinute.entries()) {
      await house.at(NOON + minute * MINUTE, { requests, errors: minute === 9 ? 1 : 0, slow: 0, leads: 0 });
      await house.sweep();
      for (const state of house.states().slice(seen.length)) seen.push(`${state} after ${minute + 1} min`);
    }
    // The last look that found it among enough of them was the 19th minute's.
    expect(seen).toEqual(["error_rate firing after 10 min", "error_rate recovered after 29 min"]);
  });

  it("failures, until ten minutes have gone by without too many: also where nobody asks for anything any more", async () => {
    const house = service();
    await house.at(NOON, { ...GOOD, errors: 2, slow: 6 });
    await house.sweep();
    const on = ["error_rate firing", "slow_responses firing"];
    expect(house.states()).toEqual(on);
    // The minute of the failures is in what ten sweeps judge; for ten more nothing is wrong.
    house.clock(NOON + 19 * MINUTE);
    await house.sweep();
    expect(house.states()).toEqual(on);
    house.clock(NOON + 20 * MINUTE);
    await house.sweep();
    expect(house.states()).toEqual([...on, "error_rate recovered", "slow_responses recovered"]);
  });

  it.each([
    ["at this hour of the last three weeks there were some", [7, 7, 7], 0, ["no_leads firing"]],
    ["one came in after all", [7, 7, 7], 1, []],
    ["it is a quiet hour of the week", [4, 5, 4], 0, []],
    ["the service is too young to know", [7, 7], 0, []],
  ])("no lead for an hour, where %s", async (_, weeks, now, told) => {
    const house = service();
    for (const [at, leads] of weeks.entries()) await house.at(NOON - (at + 1) * WEEK - HOUR / 2, { ...GOOD, leads });
    await house.at(NOON - HOUR / 2, { ...GOOD, leads: now });
    house.clock(NOON);
    await house.sweep();
    expect(house.states()).toEqual(told);
  });

  it("a dead letter, for an hour", async () => {
    const house = service();
    const user = await house.memory.directory.signUp({ email: `${crypto.randomUUID()}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
    const { runs } = house.memory.for(user.tenant_id, systemActor("test"));
    const { run } = await runs.create({ project_id: null, task: "t", action: null, params: {} }, 0);
    const claimed = await runs.claim(run.id, 60_000);
    if (claimed) await runs.finish(claimed, { status: "dead", error: { code: "x", message: "x" } }, run.progress);
    await house.sweep();
    house.clock(NOON + HOUR + 1);
    await house.sweep();
    expect(house.posted.map(({ rule, state, detail }) => [rule, state, detail])).toEqual([["dead_letters", "firing", "1 runs were given up on within an hour."], ["dead_letters", "recovered", "1 runs were given up on within an hour."]]);
  });

  it.each<[string, (house: Troubled) => D1PreparedStatement, (house: Troubled) => D1PreparedStatement, string, number?]>([
    [
      "a canary that has failed, until one is well again",
      ({ project }) => env.DB.prepare("UPDATE projects SET canary_failed_at = ? WHERE id = ?").bind(NOON, project),
      ({ project }) => env.DB.prepare("UPDATE projects SET canary_failed_at = NULL WHERE id = ?").bind(project),
      "canary_failed",
    ],
    [
      "a budget that is nearly used up, for an hour",
      ({ tenant }) => env.DB.prepare("INSERT INTO spend (tenant_id, budget, period, cost_micros, warned_at) VALUES (?, 'models', '2026-11', 1, ?)").bind(tenant, NOON),
      ({ tenant }) => env.DB.prepare("UPDATE spend SET warned_at = ? WHERE tenant_id = ?").bind(NOON - HOUR - 1, tenant),
      "budget_near",
    ],
    [
      "a cap on calls that is nearly met, for an hour",
      ({ tenant }) => env.DB.prepare("INSERT INTO audit (id, tenant_id, at, actor, action, resource, details) VALUES (?1, ?2, ?3, 'system:limiter', 'cap.warned', 'tenant', '{}')").bind(crypto.randomUUID(), tenant, NOON),
      () => env.DB.prepare("SELECT 1"),
      "budget_near",
      HOUR + 1,
    ],
    [
      "what all tenants cost in a day, until it is over; what their own accounts pay does not count",
      ({ tenant }) => env.DB.prepare("INSERT INTO usage (tenant_id, day, kind, detail, quantity, cost_micros) VALUES (?1, '2026-11-26', 'call_seconds', 'outbound:owner', 1, 5000000), (?1, '2026-11-26', 'call_seconds', 'outbound:own_account:owner', 1, 9000000), (?1, '2026-11-26', 'place_searches', '', 1, 1)").bind(tenant),
      () => env.DB.prepare("SELECT 1"),
      "spend_high",
      12 * HOUR,
    ],
    [
      "a call that nobody looked after for five minutes, until it is looked after",
      ({ tenant }) => env.DB.prepare("UPDATE calls SET next_due_at = ? WHERE tenant_id = ?").bind(NOON - 300_001, tenant),
      ({ tenant }) => env.DB.prepare("UPDATE calls SET next_due_at = ? WHERE tenant_id = ?").bind(NOON - 300_000, tenant),
      "duties_overdue",
    ],
  ])("%s", async (_, begin, end, rule, afterMs = 0) => {
    const house = service();
    const user = await house.memory.directory.signUp({ email: `${crypto.randomUUID()}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
    const store = house.memory.for(user.tenant_id, systemActor("test"));
    const project = await store.projects.create({ id: crypto.randomUUID(), name: "x", country: "NZ", keys: [{ source: "wordpress", key_hash: crypto.randomUUID(), key_sealed: "x" }] });
    const lead = await store.entities.create({ project_id: project.id, entity_type: "lead", name: "Jane", primary_contact: "+64211234567", metadata: {} });
    await store.calls.openFor({ id: lead.id, project_id: project.id }, HOUR);
    const troubled = { tenant: user.tenant_id, project: project.id };
    const told = () => house.posted.filter((one) => one.rule === rule).map(({ state }) => state);
    await house.sweep();
    expect(told()).toEqual([]);
    await begin(troubled).run();
    for (let i = 0; i < 2; i++) await house.sweep();
    expect(told()).toEqual(["firing"]);
    await end(troubled).run();
    house.clock(NOON + afterMs);
    for (let i = 0; i < 2; i++) await house.sweep();
    expect(told()).toEqual(["firing", "recovered"]);
    await env.DB.prepare("UPDATE calls SET next_due_at = NULL WHERE tenant_id = ?").bind(user.tenant_id).run();
  });

  it("a configured model that ends soon", async () => {
    const house = service();
    house.clock(Date.parse("2027-04-01T00:00:00Z"));
    await house.sweep();
    const [told] = house.posted.filter(({ rule }) => rule === "model_ending");
    expect(told?.state).toBe("firing");
    expect(told?.detail).toContain("gemini-3.1-flash-lite (transcription (fall-back), analysis (fall-back), scoring (fall-back)) ends on 2027-05-07");
  });
});
