import { describe, expect, it } from "vitest";
import defaultsYaml from "../../../profiles/defaults.yaml";
import { effectiveDna, parseLayer } from "../../dna/layers.ts";
import { PLANS } from "../limits.ts";
import type { ReservationRequest } from "./limiter.types.ts";
import { NO_CAPS, policyOf, withCaps } from "./policy.ts";

const own = { identity: { project_id: "acme", business_name: "Acme", country: "NZ" } };
const dnaWith = (yaml: string) => effectiveDna(parseLayer(defaultsYaml), own, parseLayer(yaml));

describe("the policy of a business", () => {
  it("has a cooldown, no caps of its own, and its own country and clock", () => {
    expect(policyOf(dnaWith("identity: {time_zone: Pacific/Chatham}"))).toEqual({
      allowed_countries: ["NZ", "AU", "GB", "IE", "US", "CA"], country: "NZ", time_zone: "Pacific/Chatham", cooldown_minutes: 60, caps: NO_CAPS,
    });
    expect(policyOf(dnaWith("")).time_zone).toBe("Pacific/Auckland");
  });

  it("has the caps that its DNA names", () => {
    expect(policyOf(dnaWith("consent: {caps: {calls_per_hour: 10, money_per_month_usd: 0.5}}")).caps).toEqual({ ...NO_CAPS, calls_per_hour: 10, money_per_month_micros: 500_000 });
    expect(policyOf(dnaWith("consent: {caps: null}")).caps).toEqual(NO_CAPS);
  });

  it("is held to the narrower of its own caps and its plan's", async () => {
    const asked: ReservationRequest[] = [];
    const limiter = { reserve: async (request: ReservationRequest) => Promise.resolve((asked.push(request), { reserved: true as const, last_unasked_at: null })), release: async () => Promise.resolve(), settle: async () => Promise.resolve() };
    const caps = policyOf(dnaWith("consent: {caps: {calls_per_hour: 10, sms_per_day: null}}")).caps;
    await withCaps(limiter, PLANS.trial.contacts).reserve({ attempt_id: "a", channel: "call", party: "customer", phone: "+64211234567", unasked: false, micros: 1, caps });
    expect(asked[0]?.caps).toEqual({ calls_per_hour: 10, calls_per_day: 300, sms_per_hour: 60, sms_per_day: 300, money_per_month_micros: 50_000_000 });
  });

  it.each(["consent: {caps: {calls_per_hour: -1}}", "consent: {caps: {sms_per_day: 1.5}}", "consent: {cooldown_minutes: 99999}"])("refuses %s", (yaml) => {
    expect(() => dnaWith(yaml)).toThrow(expect.objectContaining({ code: "dna_invalid" }));
  });
});
