import { describe, expect, it } from "vitest";
import defaultsYaml from "../../../profiles/defaults.yaml";
import { effectiveDna, parseLayer } from "../../dna/layers.ts";
import { NO_CAPS, policyOf } from "./policy.ts";

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

  it.each(["consent: {caps: {calls_per_hour: -1}}", "consent: {caps: {sms_per_day: 1.5}}", "consent: {cooldown_minutes: 99999}"])("refuses %s", (yaml) => {
    expect(() => dnaWith(yaml)).toThrow(expect.objectContaining({ code: "dna_invalid" }));
  });
});
