import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describePhone, isEmergencyNumber } from "../../phone.ts";
import { type ContactCaps, contactPurposes, type ContactRequest } from "./consent.types.ts";
import { type ContactFacts, judge } from "./judge.ts";
import { nextPermitted } from "./quiet-hours.ts";

const MINUTE = 60_000;
const EVERYWHERE = ["NZ", "AU", "US", "GB", "IE", "LV", "CA"];

const phone = fc.constantFrom(
  "+64211234567", "+6493001234", "+64111", "+64900123456", "+61412345678", "+61190012345", "+61000", "+12125550123", "+14015550123", "+18085550123", "+18005550123", "+1911",
  "+19005550123", "+447400123456", "+448451234567", "+449012345678", "+881612345678", "+870773123456", "+37122123456", "+353851234567", "+", "+1",
);
const moment = fc.date({ min: new Date("2026-01-01"), max: new Date("2027-12-31"), noInvalidDate: true }).map((date) => date.getTime());
const cap = fc.option(fc.nat(3));
const caps: fc.Arbitrary<ContactCaps> = fc.record({ calls_per_hour: cap, calls_per_day: cap, sms_per_hour: cap, sms_per_day: cap, money_per_month_micros: cap });

/** Any request at any moment, with any facts. */
const situation = fc
  .record({
    now: moment,
    phone,
    // Around the edge more often than chance would have it.
    asked: fc.option(fc.oneof(fc.integer({ min: -30 * MINUTE, max: 60 * MINUTE }), fc.integer({ min: 15 * MINUTE - 1, max: 15 * MINUTE + 1 }))),
    channel: fc.constantFrom("call", "sms"),
    purpose: fc.constantFrom(...contactPurposes),
    party: fc.constantFrom("owner", "customer"),
    place: fc.option(fc.record({ state: fc.option(fc.constantFrom("US-TX", "US-RI", "AU-WA", "zz")), time_zone: fc.option(fc.constantFrom("Europe/London", "America/Denver", "x")) })),
    country: fc.constantFrom("NZ", "AU", "US", "GB"),
    time_zone: fc.option(fc.constantFrom("Pacific/Auckland", "America/New_York", "Australia/Perth", "bad")),
    allowed: fc.subarray(EVERYWHERE),
    cooldown_minutes: fc.nat(100),
    caps,
    optedOutFor: fc.option(fc.integer({ min: 0, max: 20 * MINUTE })),
    undeliverable: fc.boolean(),
    suspended: fc.boolean(),
    reserved: fc.option(fc.boolean()),
    last: fc.option(fc.nat(100 * MINUTE)),
  })
  .map((given) => {
    const { now } = given;
    const request: ContactRequest = {
      attempt_id: "a", resource: "call:c", channel: given.channel, purpose: given.purpose, phone: given.phone, party: given.party, place: given.place,
      asked_at: given.asked === null ? null : now - given.asked,
      policy: { allowed_countries: given.allowed, country: given.country, time_zone: given.time_zone, cooldown_minutes: given.cooldown_minutes, caps: given.caps },
    };
    const row = { phone: given.phone, channel: request.channel };
    const last_unasked_at = given.last === null ? null : now - given.last;
    const facts: ContactFacts = {
      suppressed: [
        ...(given.undeliverable ? [{ ...row, kind: "undeliverable" as const, since: 0 }] : []),
        ...(given.optedOutFor === null ? [] : [{ ...row, kind: "opt_out" as const, since: now - given.optedOutFor }]),
      ],
      suspended: given.suspended,
      reservation: given.reserved === null ? null : given.reserved ? { reserved: true, last_unasked_at } : { reserved: false, cap: "sms_per_day", retry_at: now + 1, last_unasked_at },
    };
    return { now, request, facts, optedOutFor: given.optedOutFor };
  });

const holds = (property: (given: { now: number; request: ContactRequest; facts: ContactFacts; optedOutFor: number | null }) => void): void => {
  fc.assert(fc.property(situation, property), { numRuns: 1500 });
};

describe("whatever the facts", () => {
  it("an opted-out person gets nothing but the text that confirms it, within five minutes", () => {
    holds(({ now, request, facts, optedOutFor }) => {
      if (optedOutFor === null || judge(request, facts, now).answer !== "yes") return;
      expect(request).toMatchObject({ purpose: "opt_out_confirmation", channel: "sms" });
      expect(optedOutFor).toBeLessThanOrEqual(5 * MINUTE);
    });
  });

  it("an emergency number and one that costs a stranger's price get nothing, now or later", () => {
    holds(({ now, request, facts }) => {
      const forbidden = isEmergencyNumber(request.phone, request.policy.country) || ["premium_rate", "satellite", "shared_cost"].includes(describePhone(request.phone).type);
      if (forbidden) expect(judge(request, facts, now).answer).toBe("no");
    });
  });

  it("nobody is contacted for a suspended tenant", () => {
    holds(({ now, request, facts }) => {
      const verdict = judge(request, { ...facts, suspended: true }, now);
      expect(verdict.answer).not.toBe("yes");
    });
  });

  it("nobody is contacted in quiet hours who did not ask within 15 minutes", () => {
    let closed = 0;
    holds(({ now, request, facts }) => {
      const asked = request.asked_at !== null && now - request.asked_at <= 15 * MINUTE;
      if (request.party === "owner" || asked || nextPermitted(request, now) <= now) return;
      closed += 1;
      // With these facts, and with all others that could hold them back out of the way.
      expect(judge(request, facts, now).answer).not.toBe("yes");
      const free = { ...request, policy: { ...request.policy, allowed_countries: EVERYWHERE } };
      expect(judge(free, { suppressed: [], suspended: false, reservation: null }, now).answer).not.toBe("yes");
    });
    expect(closed).toBeGreaterThan(100);
  });

  it("the business's own people are never put off by quiet hours or a cooldown", () => {
    holds(({ now, request, facts }) => {
      const verdict = judge({ ...request, party: "owner" }, facts, now);
      if (verdict.answer === "not_before") expect(["cap", "suspended"]).toContain(verdict.reason);
    });
  });

  it("who is put off by quiet hours may be contacted at the moment that was named, and that moment is ahead", () => {
    holds(({ now, request, facts }) => {
      const verdict = judge(request, facts, now);
      if (verdict.answer !== "not_before" || verdict.reason !== "quiet_hours") return;
      expect(verdict.at).toBeGreaterThan(now);
      expect(nextPermitted(request, verdict.at)).toBe(verdict.at);
    });
  });

  it("a reservation can only narrow a verdict, so that what is refused without one needs none", () => {
    holds(({ now, request, facts }) => {
      const without = judge(request, { ...facts, reservation: null }, now);
      if (without.answer !== "yes") expect(judge(request, facts, now)).toEqual(without);
    });
  });
});
