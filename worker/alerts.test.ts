import "../test/support/database.ts";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { systemActor } from "../core/memory/actor.ts";
import { createMemory } from "../core/memory/memory.ts";
import type { Mail } from "../core/providers/mail/mail.client.ts";
import { createUnjudged } from "../durable/rate-limiter/unjudged.client.ts";
import { databaseThrough } from "../test/support/mortal-database.ts";
import { raiseAlerts } from "./alerts.ts";
import { readSettings } from "./env.ts";

const HOUR = 3_600_000;
const WEEK = 168 * HOUR;
const NOON = Date.parse("2026-11-26T12:00:00Z");
const GOOD = { requests: 100, errors: 0, slow: 0, leads: 7 };

const unjudged = createUnjudged({ namespace: env.RATE_LIMITER });

beforeEach(async () => {
  for (const table of ["service_minutes", "alerts"]) await env.DB.exec(`DELETE FROM ${table}`);
  await unjudged.over();
});

interface Troubled {
  tenant: string;
  project: string;
}

/** A service whose operator has a mailbox and a webhook, which may be down, as its database may. */
const service = () => {
  let now = NOON;
  let isDown = false;
  let isDatabaseDown = false;
  const texts: string[] = [];
  const clock = { now: () => now, toRealTime: (ms: number) => ms };
  const memory = createMemory({ d1: databaseThrough(env.DB, async (work) => (isDatabaseDown ? Promise.reject(new Error("D1 is away")) : work())), clock });
  const mails: Mail[] = [];
  const posted: { id: string; rule: string; state: string; detail: string }[] = [];
  const tools = {
    memory, clock, unjudged,
    settings: readSettings({ ...env, ALERT_MAIL_TO: "op@apex.test", ALERT_SMS_TO: "+64211230001, +64211230002", ALERT_WEBHOOK_URL: "https://ops.test/hook", ALERT_DAILY_SPEND_USD: "5" }),
    mailer: { configured: true, send: async (mail: Mail) => Promise.resolve(void mails.push(mail)) },
    sendAlertSms: async (phone: string, body: string) => Promise.resolve(void texts.push(`${phone} ${body}`)),
    sendAlert: async (_: RequestInfo | URL, init?: RequestInit) => {
      if (isDown) return Promise.resolve(new Response("no", { status: 503 }));
      posted.push(JSON.parse(typeof init?.body === "string" ? init.body : "{}") as (typeof posted)[number]);
      return Promise.resolve(new Response());
    },
  };
  return {
    memory, mails, posted, texts,
    sweep: async () => raiseAlerts(tools),
    at: async (ms: number, counts: typeof GOOD) => {
      now = ms;
      await memory.operations.add(counts);
      now = ms + 60_000;
    },
    states: () => posted.map(({ rule, state }) => `${rule} ${state}`),
    webhook: (state: "up" | "down") => void (isDown = state === "down"),
    database: (state: "up" | "down") => void (isDatabaseDown = state === "down"),
    clock: (ms: number) => void (now = ms),
  };
};

describe("an alert", () => {
  it("is told once when it begins and once when it is over, however often the sweep looks", async () => {
    const house = service();
    await house.at(NOON, { ...GOOD, errors: 2 });
    for (let i = 0; i < 3; i++) await house.sweep();
    expect(house.states()).toEqual(["error_rate firing"]);
    expect(house.posted[0]?.detail).toBe("2.0 % of 100 requests in ten minutes ended in a failure of ours.");
    house.clock(NOON + HOUR / 2);
    for (let i = 0; i < 3; i++) await house.sweep();
    expect(house.states()).toEqual(["error_rate firing", "error_rate recovered"]);
    expect(house.mails.map(({ to, subject }) => [to, subject])).toEqual([["op@apex.test", "[Apex] error_rate: firing"], ["op@apex.test", "[Apex] error_rate: recovered"]]);
    await house.at(NOON + HOUR, { ...GOOD, errors: 50 });
    await house.sweep();
    expect(new Set(house.posted.map(({ id }) => id)).size).toBe(3);
  });

  it("that could not be told is told by the next sweep under the same id; one that was over by then is not told at all", async () => {
    const house = service();
    house.webhook("down");
    await house.at(NOON, { ...GOOD, slow: 6 });
    await house.sweep();
    await house.sweep();
    expect([house.posted, house.mails.length]).toEqual([[], 1]);
    house.webhook("up");
    await house.sweep();
    expect(house.states()).toEqual(["slow_responses firing"]);
    house.clock(NOON + HOUR / 2);
    await house.sweep();
    house.webhook("down");
    await house.at(NOON + HOUR, { ...GOOD, slow: 6 });
    await house.sweep();
    house.clock(NOON + 2 * HOUR);
    house.webhook("up");
    await house.sweep();
    expect(house.states()).toEqual(["slow_responses firing", "slow_responses recovered"]);
  });
});

describe("a text about an alert", () => {
  it("goes to each phone once, however long the webhook is away", async () => {
    const house = service();
    house.webhook("down");
    await house.at(NOON, { ...GOOD, errors: 2 });
    for (let i = 0; i < 3; i++) await house.sweep();
    house.webhook("up");
    for (let i = 0; i < 3; i++) await house.sweep();
    const words = "[Apex] error_rate: firing. 2.0 % of 100 requests in ten minutes ended in a failure of ours.";
    expect(house.texts).toEqual([`+64211230001 ${words}`, `+64211230002 ${words}`]);
    expect([house.states(), house.mails.length]).toEqual([["error_rate firing"], 1]);
    house.clock(NOON + HOUR / 2);
    await house.sweep();
    expect(house.texts.slice(2)).toEqual([expect.stringContaining("recovered"), expect.stringContaining("recovered")]);
  });

  it("goes to each phone once where two sweeps overlap: one may last longer than its minute", async () => {
    const house = service();
    await house.at(NOON, { ...GOOD, errors: 2 });
    await Promise.all([house.sweep(), house.sweep(), house.sweep()]);
    expect([house.texts.length, house.mails.length, house.states()]).toEqual([2, 1, ["error_rate firing"]]);
    house.clock(NOON + HOUR / 2);
    await Promise.all([house.sweep(), house.sweep(), house.sweep()]);
    expect([house.texts.length, house.mails.length, house.states()]).toEqual([4, 2, ["error_rate firing", "error_rate recovered"]]);
    expect(await env.DB.prepare("SELECT count(*) AS n FROM sweep_marks WHERE name LIKE 'alert:%'").first("n")).toBe(0);
  });

  it("is left to another sweep once whoever took it on has been silent for two minutes, or the clock has stepped back", async () => {
    const house = service();
    const { operations } = house.memory;
    house.clock(NOON);
    await operations.begin("error_rate", "x");
    const [alert] = await operations.untold();
    if (alert === undefined) throw new Error("none has begun");
    const take = async (ms: number) => (house.clock(ms), operations.take(alert, "told_at"));
    const first = await take(NOON);
    expect([first?.until, await take(NOON + 119_999), (await take(NOON + 120_000))?.until]).toEqual([NOON + 120_000, null, NOON + 240_000]);
    // The first comes to life again: what it held is not its own any more.
    await operations.leave(alert, NOON + 120_000);
    expect(await take(NOON + 120_001)).toBeNull();
    expect((await take(NOON - HOUR))?.until).toBe(NOON - HOUR + 120_000);
  });

  it("goes to phones only", () => {
    expect(() => readSettings({ ...env, ALERT_SMS_TO: "021 123 0001" })).toThrow("ALERT_SMS_TO must be phone numbers in E.164 form");
  });
});

describe("what alerts ask of the database each minute", () => {
  it("is found by indexes: neither the audit log nor the ledger is read through", async () => {
    const planOf = async (query: string) => (await env.DB.prepare(`EXPLAIN QUERY PLAN ${query}`).all<{ detail: string }>()).results.map(({ detail }) => detail).join("; ");
    expect(await planOf("SELECT count(*) FROM audit WHERE action = 'cap.warned' AND at >= 1")).toContain("audit_cap_warned");
    expect(await planOf("SELECT sum(cost_micros) FROM usage WHERE day = '2026-11-26' AND detail NOT LIKE '%:own_account%'")).toContain("usage_day");
  });
});

describe("that alerts cannot be judged", () => {
  const MINUTE = 60_000;
  const away = /a database did not|D1 is away|Failed query/;

  it("is told without the database, once by each way, and again when it is over", async () => {
    const house = service();
    house.database("down");
    for (let minute = 0; minute < 6; minute++) {
      house.clock(NOON + minute * MINUTE);
      await expect(house.sweep()).rejects.toThrow(away);
    }
    expect([house.states(), house.mails.map(({ subject }) => subject), house.texts.length]).toEqual([["not_judged firing"], ["[Apex] not_judged: firing"], 2]);
    expect(house.posted[0]?.id).toBe(`not_judged:${NOON}:firing`);
    house.database("up");
    for (let i = 0; i < 2; i++) await house.sweep();
    expect([house.states(), house.mails.length, house.texts.length]).toEqual([["not_judged firing", "not_judged recovered"], 2, 4]);
    // Another outage is another alert.
    house.database("down");
    for (const minute of [10, 12]) {
      house.clock(NOON + minute * MINUTE);
      await expect(house.sweep()).rejects.toThrow(away);
    }
    expect(house.states()).toHaveLength(3);
  });

  it("is told once by two sweeps at the same moment, and by a way that was away as soon as that takes it", async () => {
    const house = service();
    house.database("down");
    house.webhook("down");
    await Promise.allSettled([house.sweep(), house.sweep()]);
    house.clock(NOON + 2 * MINUTE);
    await Promise.allSettled([house.sweep(), house.sweep()]);
    expect([house.states(), house.mails.length, house.texts.length]).toEqual([[], 1, 2]);
    house.webhook("up");
    house.clock(NOON + 3 * MINUTE);
    await Promise.allSettled([house.sweep(), house.sweep()]);
    expect([house.states(), house.mails.length, house.texts.length]).toEqual([["not_judged firing"], 1, 2]);
  });

  it("is not told of what one sweep alone could not do", async () => {
    const house = service();
    house.database("down");
    await expect(house.sweep()).rejects.toThrow(away);
    house.database("up");
    house.clock(NOON + MINUTE);
    await house.sweep();
    house.database("down");
    house.clock(NOON + 3 * MINUTE);
    await expect(house.sweep()).rejects.toThrow(away);
    expect([house.states(), house.mails, house.texts]).toEqual([[], [], []]);
  });
});

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
