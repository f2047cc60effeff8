import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { readSettings } from "./env.ts";
import { forgetAlerts, GOOD, HOUR, NOON, service } from "./alerts.testing.ts";

beforeEach(forgetAlerts);

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

  it("that could not be told is told by the next sweep under the same id; one that was over by then is not told any more", async () => {
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

  it("that was over before each way had taken it: whoever has heard of it hears that it is over, once, and nobody else", async () => {
    const house = service();
    house.webhook("down");
    await house.at(NOON, { ...GOOD, slow: 6 });
    await house.sweep();
    house.clock(NOON + HOUR / 2);
    house.webhook("up");
    for (let i = 0; i < 3; i++) await house.sweep();
    expect(house.texts.map((text) => text.replace(/\. .*/, ""))).toEqual(["firing", "firing", "recovered", "recovered"].map((state, i) => `+6421123000${(i % 2) + 1} [Apex] slow_responses: ${state}`));
    expect([house.mails.map(({ subject }) => subject), house.states()]).toEqual([["[Apex] slow_responses: firing", "[Apex] slow_responses: recovered"], []]);
  });

  it("that nobody has heard of is not told to be over", async () => {
    const house = service();
    await house.memory.operations.begin("error_rate", "x");
    house.clock(NOON + HOUR / 2);
    await house.sweep();
    expect([house.texts, house.mails, house.states()]).toEqual([[], [], []]);
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

  it("is not sent by a sweep that comes to it late, once the alert is over", async () => {
    const { memory, clock } = service();
    clock(NOON);
    await memory.operations.begin("error_rate", "x");
    const [alert] = await memory.operations.untold();
    if (alert === undefined) throw new Error("none has begun");
    await memory.operations.end("error_rate");
    expect(await memory.operations.take(alert, "told_at")).toBeNull();
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
