import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createClock } from "../../core/clock.ts";
import type { ReservationAnswer, ReservationRequest } from "../../core/security/consent/limiter.types.ts";
import { NO_CAPS } from "../../core/security/consent/policy.ts";
import { createRateLimiterClient, type TenantLimiter } from "./rate-limiter.client.ts";
import { RateLimiterObject } from "./rate-limiter.object.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BASE = Date.parse("2026-11-10T00:00Z");
let tenants = 0;

const tenant = (): string => `ten_${++tenants}`;
const realOf = (name: string): TenantLimiter => createRateLimiterClient({ namespace: env.RATE_LIMITER, deadlineMs: 30_000 }).for(name);
const real = (): TenantLimiter => realOf(tenant());

let attempts = 0;
const attempt = (over: Partial<ReservationRequest> = {}): ReservationRequest => ({
  attempt_id: `attempt-${++attempts}`, channel: "call", phone: "+64211234567", party: "customer", unasked: false, micros: 100, caps: NO_CAPS, ...over,
});

type Desk = Pick<RateLimiterObject, "release" | "settle" | "forget"> & { reserve: (request: ReservationRequest) => ReservationAnswer };

/** A limiter of its own on a real object's storage, with a clock that the test moves. */
const atDesk = async (work: (limiter: Desk, at: (ms: number) => void) => void | Promise<void>): Promise<void> => {
  await runInDurableObject(env.RATE_LIMITER.getByName(tenant()), async (_, ctx) => {
    let now = BASE;
    const limiter = new RateLimiterObject(ctx, env, { clock: { ...createClock(), now: () => now } });
    const reserve = (request: ReservationRequest): ReservationAnswer => {
      const [answer] = limiter.reserve([request]);
      if (!answer) throw new Error("no answer");
      return answer;
    };
    await work({ reserve, release: (id) => limiter.release(id), settle: (costs) => limiter.settle(costs), forget: (phone) => limiter.forget(phone) }, (ms) => {
      now = BASE + ms;
    });
  });
};

describe("reservations", () => {
  it("let exactly as many of 200 parallel attempts pass as the cap says", async () => {
    const name = tenant();
    const caps = { ...NO_CAPS, calls_per_hour: 17 };
    // By ways of their own, two by two: none waits for another.
    const pair = async (limiter: TenantLimiter) => Promise.all([limiter.reserve(attempt({ caps })), limiter.reserve(attempt({ caps }))]);
    const answers = (await Promise.all(Array.from({ length: 100 }, async () => pair(realOf(name))))).flat();
    expect(answers.filter(({ reserved }) => reserved)).toHaveLength(17);
  });

  it("count an attempt once, however often it asks", async () => {
    const limiter = real();
    const once = attempt({ caps: { ...NO_CAPS, calls_per_hour: 2 } });
    const answers = await Promise.all(Array.from({ length: 20 }, async () => limiter.reserve(once)));
    expect(answers.every(({ reserved }) => reserved)).toBe(true);
    expect(await limiter.reserve(attempt({ caps: once.caps }))).toMatchObject({ reserved: true });
    expect(await limiter.reserve(attempt({ caps: once.caps }))).toMatchObject({ reserved: false, cap: "calls_per_hour" });
  });

  it("free a place when it leaves the window, and say when that is", async () => {
    await atDesk((limiter, at) => {
      const caps = { ...NO_CAPS, calls_per_hour: 2 };
      limiter.reserve(attempt({ caps }));
      at(600_000);
      limiter.reserve(attempt({ caps }));
      expect(limiter.reserve(attempt({ caps }))).toEqual({ reserved: false, cap: "calls_per_hour", retry_at: BASE + HOUR, last_unasked_at: null });
      at(HOUR - 1);
      expect(limiter.reserve(attempt({ caps })).reserved).toBe(false);
      at(HOUR);
      expect(limiter.reserve(attempt({ caps })).reserved).toBe(true);
      expect(limiter.reserve(attempt({ caps }))).toMatchObject({ reserved: false, retry_at: BASE + 600_000 + HOUR });
    });
  });

  it("hold the day's cap beside the hour's, and name the longer wait", async () => {
    await atDesk((limiter, at) => {
      const caps = { ...NO_CAPS, sms_per_hour: 1, sms_per_day: 2 };
      const sms = (): ReturnType<typeof limiter.reserve> => limiter.reserve(attempt({ channel: "sms", caps }));
      sms();
      at(2 * HOUR);
      expect(sms().reserved).toBe(true);
      expect(sms()).toMatchObject({ reserved: false, cap: "sms_per_day", retry_at: BASE + DAY });
      at(DAY);
      expect(sms().reserved).toBe(true);
    });
  });

  it("say once a day when four fifths of a cap are used, and once a month of the money", async () => {
    await atDesk((limiter, at) => {
      const caps = { ...NO_CAPS, calls_per_day: 5, calls_per_hour: 3, money_per_month_micros: 1000 };
      const near = () => {
        const answer = limiter.reserve(attempt({ caps }));
        return answer.reserved ? (answer.near ?? []) : answer.cap;
      };
      // An hour's cap of three is met as soon as it is nearly met.
      expect([near(), near(), near()]).toEqual([[], [], []]);
      at(2 * HOUR);
      expect([near(), near()]).toEqual([["calls_per_day"], []]);
      at(DAY + 3 * HOUR);
      expect([near(), near(), near()]).toEqual([[], [], ["money_per_month_micros"]]);
      at(DAY + 5 * HOUR);
      expect(near()).toEqual(["calls_per_day"]);
    });
  });

  it("say so of each cap that projects have, whatever was said of another's, and again on the next day", async () => {
    await atDesk((limiter, at) => {
      const told = (most: number, times: number): number[] =>
        Array.from({ length: times }, (_, time) => ({ time: time + 1, answer: limiter.reserve(attempt({ caps: { ...NO_CAPS, calls_per_day: most } })) })).flatMap(({ time, answer }) =>
          answer.reserved && answer.near?.includes("calls_per_day") === true ? [time] : [],
        );
      expect(told(10, 9)).toEqual([8]);
      expect(told(100, 91)).toEqual([71]);
      at(2 * DAY);
      expect(told(10, 9)).toEqual([8]);
    });
  });

  it("say nothing of a cap that holds for this contact only", async () => {
    await atDesk((limiter) => {
      const near = (over: Partial<ReservationRequest>) => {
        const answer = limiter.reserve(attempt(over));
        return answer.reserved ? (answer.near ?? []) : answer.cap;
      };
      const few = { caps: { ...NO_CAPS, calls_per_day: 6 }, warned_caps: { ...NO_CAPS, calls_per_day: 7 } };
      expect([1, 2, 3, 4, 5, 6].map(() => near(few))).toEqual([[], [], [], [], [], ["calls_per_day"]]);
      expect(near(few)).toBe("calls_per_day");
    });
  });

  it("count calls and texts apart", async () => {
    await atDesk((limiter) => {
      const caps = { ...NO_CAPS, calls_per_hour: 1, sms_per_hour: 1 };
      expect(limiter.reserve(attempt({ caps })).reserved).toBe(true);
      expect(limiter.reserve(attempt({ caps, channel: "sms" })).reserved).toBe(true);
      expect(limiter.reserve(attempt({ caps })).reserved).toBe(false);
    });
  });

  it("never let a cap of nothing pass, nor promise that waiting helps", async () => {
    await atDesk((limiter) => {
      expect(limiter.reserve(attempt({ caps: { ...NO_CAPS, calls_per_day: 0 } }))).toMatchObject({ reserved: false, cap: "calls_per_day", retry_at: null });
    });
  });

  it("are given back", async () => {
    await atDesk((limiter) => {
      const only = attempt({ caps: { ...NO_CAPS, calls_per_hour: 1, money_per_month_micros: 100 }, unasked: true });
      limiter.reserve(only);
      limiter.release(only.attempt_id);
      limiter.release(only.attempt_id);
      limiter.release("never heard of");
      expect(limiter.reserve(attempt({ caps: only.caps }))).toEqual({ reserved: true, last_unasked_at: null });
    });
  });

  it("outlive the object's eviction", async () => {
    const name = tenant();
    const limiter = realOf(name);
    const caps = { ...NO_CAPS, calls_per_hour: 1 };
    await limiter.reserve(attempt({ caps }));
    await evictDurableObject(env.RATE_LIMITER.getByName(name));
    expect((await limiter.reserve(attempt({ caps }))).reserved).toBe(false);
  });
});

describe("a month's money", () => {
  const caps = { ...NO_CAPS, money_per_month_micros: 250 };

  it("is spent by estimate, and corrected when the price is known, however often it is told", async () => {
    await atDesk((limiter) => {
      const first = attempt({ caps });
      limiter.reserve(first);
      limiter.reserve(attempt({ caps }));
      expect(limiter.reserve(attempt({ caps }))).toMatchObject({ reserved: false, cap: "money_per_month_micros", retry_at: null });
      for (const micros of [40, 40]) limiter.settle([{ id: first.attempt_id, micros }]);
      expect(limiter.reserve(attempt({ caps })).reserved).toBe(true);
      limiter.settle([{ id: first.attempt_id, micros: 60 }]);
      expect(limiter.reserve(attempt({ caps, micros: 1 })).reserved).toBe(false);
    });
  });

  it("counts a call once, by what all its legs have cost, and nobody else's", async () => {
    await atDesk((limiter) => {
      const id = crypto.randomUUID();
      for (const leg of ["owner:1:0", "owner:2:0"]) limiter.reserve(attempt({ caps, micros: 100, attempt_id: `${id}:${leg}` }));
      limiter.reserve(attempt({ caps, micros: 50, attempt_id: `${id}x` }));
      expect(limiter.reserve(attempt({ caps, micros: 1 })).reserved).toBe(false);
      for (let i = 0; i < 2; i++) limiter.settle([{ id, micros: 30 }, { id: "nobody", micros: 1_000 }]);
      expect(limiter.reserve(attempt({ caps, micros: 171 })).reserved).toBe(false);
      expect(limiter.reserve(attempt({ caps, micros: 170 })).reserved).toBe(true);
    });
  });

  it("begins anew with the calendar month", async () => {
    await atDesk((limiter, at) => {
      at(Date.parse("2026-11-30T23:59:59Z") - BASE);
      limiter.reserve(attempt({ caps, micros: 250 }));
      expect(limiter.reserve(attempt({ caps })).reserved).toBe(false);
      at(Date.parse("2026-12-01T00:00Z") - BASE);
      expect(limiter.reserve(attempt({ caps })).reserved).toBe(true);
    });
  });
});

describe("the last unasked contact of a person", () => {
  it("is told by channel, without the attempt's own, and only of what nobody asked for", async () => {
    await atDesk((limiter, at) => {
      const first = attempt({ unasked: true });
      limiter.reserve(first);
      at(1000);
      limiter.reserve(attempt({ unasked: false }));
      expect(limiter.reserve(attempt()).last_unasked_at).toBe(BASE);
      expect(limiter.reserve(first).last_unasked_at).toBeNull();
      expect(limiter.reserve(attempt({ channel: "sms" })).last_unasked_at).toBeNull();
      expect(limiter.reserve(attempt({ phone: "+64219999999" })).last_unasked_at).toBeNull();
    });
  });

  it("is remembered for 30 days at least, and then let go", async () => {
    await atDesk((limiter, at) => {
      limiter.reserve(attempt({ unasked: true }));
      at(30 * DAY);
      expect(limiter.reserve(attempt()).last_unasked_at).toBe(BASE);
      at(41 * DAY);
      limiter.reserve(attempt());
      expect(limiter.reserve(attempt()).last_unasked_at).toBeNull();
    });
  });

  it("is forgotten with the person, whose contacts go on counting", async () => {
    await atDesk((limiter) => {
      const caps = { ...NO_CAPS, calls_per_hour: 1 };
      limiter.reserve(attempt({ unasked: true }));
      limiter.forget("+64211234567");
      expect(limiter.reserve(attempt({ caps }))).toMatchObject({ reserved: false, last_unasked_at: null });
    });
  });

  it("is seen by the second of two attempts at the same moment", async () => {
    const limiter = real();
    const answers = await Promise.all([1, 2].map(async () => limiter.reserve(attempt({ unasked: true }))));
    expect(answers.filter(({ last_unasked_at }) => last_unasked_at === null)).toHaveLength(1);
  });
});

describe("requests to the API", () => {
  const ask = { key: "user:1", class: "read", limit: { quota: 50, window_s: 3600 } } as const;

  it("pass up to the quota and not once more, of 200 at the same moment", async () => {
    const limiter = real();
    const answers = await Promise.all(Array.from({ length: 200 }, async () => limiter.take(ask)));
    expect(answers.filter(({ allowed }) => allowed)).toHaveLength(50);
  });
});
