import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { inOneBreath } from "../../../core/in-one-breath.ts";
import type { ContactLimiter, ReservationRequest } from "../../../core/security/consent/limiter.types.ts";
import { RateLimiterObject } from "../../../durable/rate-limiter/rate-limiter.object.ts";
import { ago, OUR_NUMBER, openHouse, OWNER, type ReactivationHouse } from "./reactivation.testing.ts";

afterEach(() => vi.restoreAllMocks());

/*
 * A thousand customers of old, in three countries, among three hundred who must not be written to. The Worker dies again and again,
 * at any line. What is checked is what Twilio was asked for, and when; the hours are told by the platform's own calendar.
 */

const DAY = 86_400_000;
const MINUTE = 60_000;
/** A Thursday, 23:00 in Auckland: nobody's hour but some Americans'. */
const NIGHT = Date.parse("2026-11-26T10:00:00Z");
const PER_MINUTE = 30;
const DAILY = 400;

/** Where they live, and when they may be written to there: [from, to) by weekday, Monday first; the narrowest of what the law's table says. */
interface Group {
  count: number;
  phone: (n: number) => string;
  zones: readonly string[];
  hours: (weekday: number) => readonly [number, number] | null;
}
const pad = (n: number, width: number): string => String(n).padStart(width, "0");
const american = (weekday: number): readonly [number, number] => (weekday === 7 ? [12, 20] : [9, 20]);
const GROUPS: readonly Group[] = [
  { count: 700, phone: (n) => `+6421${pad(5_000_000 + n, 7)}`, zones: ["Pacific/Auckland"], hours: () => [8, 20] },
  // An Australian mobile tells no place: it must be day in all of Australia.
  { count: 150, phone: (n) => `+614${pad(12_000_000 + n, 8)}`, zones: ["Australia/Sydney", "Australia/Perth"], hours: (weekday) => (weekday === 7 ? null : weekday === 6 ? [9, 17] : [9, 20]) },
  { count: 75, phone: (n) => `+1212555${pad(n, 4)}`, zones: ["America/New_York"], hours: american },
  { count: 75, phone: (n) => `+1808555${pad(n, 4)}`, zones: ["Pacific/Honolulu"], hours: american },
];
const groupOf = (phone: string): Group | undefined => GROUPS.find((group) => phone.startsWith(group.phone(0).slice(0, 5)));

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const formats = new Map<string, Intl.DateTimeFormat>();
const wallClock = (at: number, timeZone: string): { weekday: number; hour: number; date: string } => {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat("en-GB", { timeZone, weekday: "short", hour: "2-digit", minute: "2-digit", year: "numeric", month: "2-digit", day: "2-digit", hourCycle: "h23" });
  formats.set(timeZone, format);
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return { weekday: WEEKDAYS.indexOf(parts.weekday ?? "") + 1, hour: Number(parts.hour) + Number(parts.minute) / 60, date: `${parts.year}-${parts.month}-${parts.day}` };
};

/** Rows as an import would leave them: one statement a kind. */
const insert = async (house: ReactivationHouse, kind: string, phones: readonly string[], metadata: Record<string, unknown>): Promise<void> => {
  const rows = phones.map((phone, n) => ({ id: `ent_${kind}_${pad(n, 6)}_${house.tenantId.slice(-8)}`, phone, n }));
  await env.DB.prepare(
    `INSERT INTO entities (id, tenant_id, project_id, entity_type, name, primary_contact, metadata, created_at, updated_at)
     SELECT value ->> 'id', ?1, ?2, 'lead', 'Jane ' || (value ->> 'n'), value ->> 'phone', json_patch(json_object('phone', value ->> 'phone', 'status', 'won', 'source', 'import', 'service', 'hot water', 'last_contacted_at', ?4), ?5), ?6, ?6 FROM json_each(?3)`,
  ).bind(house.tenantId, house.project.id, JSON.stringify(rows), ago(300, NIGHT), JSON.stringify(metadata), NIGHT - DAY).run();
};

const populate = async (house: ReactivationHouse): Promise<{ wanted: string[]; unwanted: string[] }> => {
  const wanted: string[] = [];
  const unwanted: string[] = [];
  for (const [index, group] of GROUPS.entries()) {
    const phones = Array.from({ length: group.count }, (_, n) => group.phone(n));
    await insert(house, `a${index}`, phones, {});
    wanted.push(...phones);
  }
  const others = (kind: number, count: number): string[] => Array.from({ length: count }, (_, n) => `+6422${kind}${pad(n, 6)}`);
  const kinds: [phones: string[], metadata: Record<string, unknown>][] = [
    [others(1, 40), { status: "quoted" }],
    [others(2, 40), { last_contacted_at: ago(30, NIGHT) }],
    [others(3, 40), { no_campaigns: ago(10, NIGHT) }],
    [others(4, 40), { status: "opted_out" }],
    [Array.from({ length: 40 }, (_, n) => `+649300${pad(n, 4)}`), {}],
    [[OWNER], {}],
    [others(5, 20), { canary: true }],
    [others(6, 20), { phone_textable: false }],
    [others(7, 19), { follow_up_at: new Date(NIGHT + 30 * DAY).toISOString() }],
  ];
  for (const [index, [phones, metadata]] of kinds.entries()) {
    await insert(house, `b${index}`, phones, metadata);
    unwanted.push(...phones);
  }
  const stopped = others(8, 20);
  await insert(house, "c0", stopped, {});
  for (const phone of stopped) await house.store.optOuts.add(phone, "sms", "test");
  // The same people under another entity: by phone (the older is not written to, so that each gets one), and by e-mail, of whom the other is being called.
  await insert(house, "0a", GROUPS[0] ? Array.from({ length: 20 }, (_, n) => GROUPS[0]?.phone(n) ?? "") : [], {});
  const twins = others(9, 20);
  for (const [n, phone] of twins.entries()) {
    await insert(house, `d${n}`, [phone], { email: `jane${n}@x.nz` });
    await insert(house, `e${n}`, [`+64229${pad(900_000 + n, 6)}`], { email: `Jane${n}@X.nz`, status: "new" });
  }
  unwanted.push(...stopped, ...twins);
  return { wanted, unwanted };
};

/** Lives until the campaign is over, dying at chosen trips to the database; the next life comes when the claim of the last has expired. */
const liveAndDie = async (house: ReactivationHouse, deathEvery: () => number): Promise<number> => {
  let deaths = 0;
  house.mortal.killAfter(deathEvery());
  for (let [next] = await house.open(); next !== undefined; [next] = await house.open()) {
    house.pass(Math.max(0, next.at - house.now()));
    await house.jobs.execute({ tenant_id: house.tenantId, run_id: next.id }).catch(() => null);
    if (!house.mortal.isDead()) continue;
    deaths += 1;
    house.mortal.revive();
    house.mortal.killAfter(deathEvery());
  }
  house.mortal.revive();
  return deaths;
};

const withLimiter = async (work: (limiter: (clock: { now: () => number }) => ContactLimiter) => Promise<void>): Promise<void> => {
  await runInDurableObject(env.RATE_LIMITER.getByName(crypto.randomUUID()), async (_, ctx) => {
    await work((clock) => {
      const object = new RateLimiterObject(ctx, env, { clock: { now: clock.now, toRealTime: (ms) => ms } });
      return {
        reserve: inOneBreath(async (requests: ReservationRequest[]) => Promise.resolve(object.reserve(requests))),
        release: async (id) => {
          object.release(id);
          return Promise.resolve();
        },
        settle: async (costs) => {
          object.settle([...costs]);
          return Promise.resolve();
        },
      };
    });
  });
};

describe("a thousand customers of old", () => {
  it("are each written to once, in their own day, at the pace of the DNA, though the Worker dies again and again; and the figures add up", { timeout: 600_000 }, async () => {
    await withLimiter(async (limiter) => {
      const house = await openHouse({ now: NIGHT, limiter, settings: [`daily_limit: ${DAILY}`, `per_minute: ${PER_MINUTE}`, "max_opt_out_percent: 90"] });
      const { wanted, unwanted } = await populate(house);
      const sent: { to: string; at: number }[] = [];
      house.twilio.holdAnswersWith(async ({ method, path, form }) => {
        if (method === "POST" && path.endsWith("/Messages.json")) sent.push({ to: form.get("To") ?? "", at: house.now() });
        // A text takes a while, and an answer now and then gets lost.
        house.pass(200);
        if (sent.length % 97 === 0) throw new TypeError("connection lost");
        return Promise.resolve();
      });

      let seed = 7;
      const deathEvery = (): number => 150 + ((seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % 700);
      await house.jobs.submit(house.store, { project_id: house.project.id, task: "reactivator_agent", action: "run", params: { dry_run: false, limit: 1500 } });
      const deaths = await liveAndDie(house, deathEvery);
      expect(deaths).toBeGreaterThan(10);

      const [campaign] = (await house.store.campaigns.list({ project_id: house.project.id }, { limit: 1 })).items;
      expect(campaign).toMatchObject({ status: "completed", sent: 1000 });
      const { id = "" } = campaign ?? {};

      // Each of them once, and nobody else.
      expect(sent.map(({ to }) => to).toSorted()).toEqual(wanted.toSorted());
      expect(sent.filter(({ to }) => unwanted.includes(to))).toEqual([]);
      for (const { from, body } of house.twilio.messages) expect([from, /Rata Plumbing/.test(body), /STOP/.test(body)]).toEqual([OUR_NUMBER, true, true]);

      // In the hours of wherever they may be.
      const rude = sent.filter(({ to, at }) => {
        const group = groupOf(to);
        return !group?.zones.every((zone) => {
          const { weekday, hour } = wallClock(at, zone);
          const hours = group.hours(weekday);
          return hours !== null && hours[0] <= hour && hour < hours[1];
        });
      });
      expect(rude).toEqual([]);

      // No minute and no day holds more than it may.
      const times = sent.map(({ at }) => at).toSorted((a, b) => a - b);
      for (const [index, at] of times.entries()) expect((times[index + PER_MINUTE] ?? Number.POSITIVE_INFINITY) - at).toBeGreaterThanOrEqual(MINUTE - 10_000);
      const days = times.map((at) => wallClock(at, "Pacific/Auckland").date);
      expect(Math.max(...[...new Set(days)].map((day) => days.filter((other) => other === day).length))).toBeLessThanOrEqual(DAILY);
      expect(new Set(days).size).toBeGreaterThanOrEqual(3);

      // What came of it: reports, answers, and one who booked.
      const { items } = await house.store.messages.list({ project_id: house.project.id }, { limit: 2000 });
      for (const [n, message] of items.entries()) if (message.sid !== null && n < 900) await house.store.messages.report(message, { sid: message.sid, status: n < 880 ? "delivered" : "undelivered", error_code: null }, []);
      const answers = [["Yes please", 30], ["No thanks", 40], ["STOP", 20], ["next month", 10]] as const;
      let next = 0;
      for (const [body, count] of answers) for (let n = 0; n < count; n++) await house.reply(wanted[next++] ?? "", body);
      const [booked] = (await house.recipients(id)).filter(({ reply }) => reply === "interested");
      await house.store.entities.patch(booked?.lead_id ?? "", { metadata: { status: "won", booked_at: new Date(house.now() + DAY).toISOString(), amount: 450.5 } });
      expect(await house.store.campaignResults.of(id)).toMatchObject({
        recipients: 1000, states: { sent: 1000, planned: 0, failed: 0 }, delivered: 880, undelivered: 20, replied: 100, replies: { interested: 30, no: 40, stop: 20, later: 10 }, booked: 1, revenue: 450.5,
        // One segment each: 700 to New Zealand, 150 to Australia, 150 to the United States.
        sent_segments: 1000, sent_cost_micros: 700 * 105_000 + 150 * 52_000 + 150 * 12_000,
      });

      // Half a year on: those who said no, stop, later (not yet) or yes are left alone; a second campaign has none of them.
      const again = await house.ask({ limit: 1500 });
      expect(again.result).toMatchObject({ recipients: 0 });
    });
  });
});
