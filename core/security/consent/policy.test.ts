import { describe, expect, it } from "vitest";
import defaultsYaml from "../../../profiles/defaults.yaml";
import { effectiveDna, parseLayer } from "../../dna/layers.ts";
import { PLANS } from "../limits.ts";
import { NO_CAPS, policyOf } from "./policy.ts";

const own = { identity: { project_id: "acme", business_name: "Acme", country: "NZ" } };
const dnaWith = (yaml: string) => effectiveDna(parseLayer(defaultsYaml), own, parseLayer(yaml));

describe("the policy of a business", () => {
  it("has caps and a cooldown by default, and its own country and clock", () => {
    expect(policyOf(dnaWith("identity: {time_zone: Pacific/Auckland}"))).toEqual({
      allowed_countries: ["NZ", "AU", "GB", "IE", "US", "CA"], country: "NZ", time_zone: "Pacific/Auckland", cooldown_minutes: 60,
      caps: { calls_per_hour: 300, calls_per_day: 2000, sms_per_hour: 600, sms_per_day: 4000, money_per_month_micros: 1_000_000_000 },
    });
    expect(policyOf(dnaWith("")).time_zone).toBeNull();
  });

  it("takes single caps away by null, and all by null", () => {
    expect(policyOf(dnaWith("consent: {caps: {calls_per_hour: null, money_per_month_usd: 0.5}}")).caps).toMatchObject({ calls_per_hour: null, calls_per_day: 2000, money_per_month_micros: 500_000 });
    expect(policyOf(dnaWith("consent: {caps: null}")).caps).toEqual(NO_CAPS);
  });

  it("keeps the narrower of its own caps and its plan's", () => {
    expect(policyOf(dnaWith("consent: {caps: {calls_per_hour: 10, sms_per_day: null}}"), PLANS.trial.contacts).caps).toEqual({
      calls_per_hour: 10, calls_per_day: 300, sms_per_hour: 60, sms_per_day: 300, money_per_month_micros: 50_000_000,
    });
  });

  it.each(["consent: {caps: {calls_per_hour: -1}}", "consent: {caps: {sms_per_day: 1.5}}", "consent: {cooldown_minutes: 99999}"])("refuses %s", (yaml) => {
    expect(() => dnaWith(yaml)).toThrow(expect.objectContaining({ code: "dna_invalid" }));
  });
});
