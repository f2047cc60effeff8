import { describe, expect, it } from "vitest";
import { request } from "./consent.testing.ts";
import type { ContactRequest } from "./consent.types.ts";
import { judge, reservationFor } from "./judge.ts";
import type { ContactLimiter, ReservationRequest } from "./limiter.types.ts";
import { NO_CAPS } from "./policy.ts";
import { type Trust, withTrust } from "./trust.ts";

const OWNER = "+64211110001";
const UNKNOWN: Trust = { plan: "pro", trusted: false, verified: new Set() };
const KNOWN: Trust = { plan: "pro", trusted: true, verified: new Set([OWNER]) };

/** A limiter that has no room for whoever has a cap. */
const full = (asked: ReservationRequest[]): ContactLimiter => ({
  reserve: (one) => {
    asked.push(one);
    const cap = one.channel === "call" ? "calls_per_day" : "sms_per_day";
    return Promise.resolve(one.caps[cap] === null ? { reserved: true, last_unasked_at: null } : { reserved: false, cap, retry_at: 5_000_000_000_000, last_unasked_at: null });
  },
  release: () => Promise.resolve(),
  settle: () => Promise.resolve(),
});

const verdictOn = async (over: Partial<ContactRequest>, trust: Trust, perDay = 3) => {
  const asked: ReservationRequest[] = [];
  const contact = request({ asked_at: Date.now(), channel: "call", ...over });
  const reservation = await withTrust(full(asked), () => Promise.resolve(trust), perDay).reserve(reservationFor(contact));
  return { verdict: judge(contact, { suppressed: [], suspended: false, reservation }, Date.now()), caps: asked[0]?.caps };
};

describe("a tenant that nobody vouches for", () => {
  it.each([["call", "customer"], ["call", "owner"], ["sms", "customer"], ["sms", "owner"]] as const)("has a few contacts a day by %s with a %s, and the next waits", async (channel, party) => {
    const { verdict, caps } = await verdictOn({ channel, party }, UNKNOWN);
    expect(caps).toEqual({ ...NO_CAPS, calls_per_day: 6, sms_per_day: 3 });
    expect(verdict).toMatchObject({ answer: "not_before", reason: "cap", detail: expect.stringContaining("not verified") as string });
  });

  it("has no more where its own caps are narrower", async () => {
    const { caps } = await verdictOn({ policy: request().policy.caps === NO_CAPS ? { ...request().policy, caps: { ...NO_CAPS, calls_per_day: 1 } } : request().policy }, UNKNOWN);
    expect(caps?.calls_per_day).toBe(1);
  });

  it("has none where the operator gives none", async () => {
    expect((await verdictOn({}, UNKNOWN, 0)).caps).toMatchObject({ calls_per_day: 0, sms_per_day: 0 });
  });
});

describe("a tenant with a verified phone", () => {
  it("reaches its customers and that phone as its plan allows", async () => {
    for (const over of [{ party: "customer" as const }, { party: "owner" as const, phone: OWNER }]) {
      expect(await verdictOn(over, KNOWN)).toEqual({ verdict: { answer: "yes" }, caps: NO_CAPS });
    }
  });

  it("has another phone of its own passed over, not waited for, once the few contacts are used up", async () => {
    expect((await verdictOn({ party: "owner", phone: "+64211110002" }, KNOWN)).verdict).toMatchObject({ answer: "no", reason: "unverified" });
  });
});

describe("a warning that a cap is nearly met", () => {
  it("is about the account's own caps, not about the few contacts of whoever is in doubt", async () => {
    const asked: ReservationRequest[] = [];
    const contact = request({ asked_at: Date.now(), channel: "call", party: "owner", phone: "+64211110002" });
    await withTrust(full(asked), () => Promise.resolve(KNOWN), 3).reserve({ ...reservationFor(contact), caps: { ...NO_CAPS, calls_per_day: 100 } });
    expect(asked.map(({ caps, warned_caps }) => [caps.calls_per_day, warned_caps?.calls_per_day])).toEqual([[6, 100]]);
  });
});

describe("what is known of a tenant", () => {
  it("is looked up once for those who ask together, and anew for whoever asks later", async () => {
    let looks = 0;
    const lookUp = async (): Promise<Trust> => {
      looks += 1;
      return Promise.resolve(looks === 1 ? UNKNOWN : KNOWN);
    };
    const asked: ReservationRequest[] = [];
    const limiter = withTrust(full(asked), lookUp, 3);
    const reserve = async (attempt_id: string) => limiter.reserve(reservationFor(request({ attempt_id, channel: "call", party: "owner", phone: OWNER })));
    await Promise.all([reserve("a"), reserve("b")]);
    expect(looks).toBe(1);
    expect(await reserve("c")).toMatchObject({ reserved: true });
    expect(looks).toBe(2);
    expect(asked.map(({ caps }) => caps.calls_per_day)).toEqual([6, 6, null]);
  });

  it("is asked for again where it could not be had", async () => {
    let looks = 0;
    const limiter = withTrust(full([]), async () => (++looks === 1 ? Promise.reject(new Error("away")) : Promise.resolve(KNOWN)), 3);
    const one = reservationFor(request({ channel: "call", party: "owner", phone: OWNER }));
    await expect(limiter.reserve(one)).rejects.toThrow("away");
    expect(await limiter.reserve(one)).toMatchObject({ reserved: true });
  });
});
