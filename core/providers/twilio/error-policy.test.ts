import { describe, expect, it } from "vitest";
import { deliveryPolicyOf, knownCodes, policyOf } from "./error-policy.ts";
import { classifyRefusal } from "./twilio.errors.ts";

describe("Twilio's numbers (CONTRACTS 1.9)", () => {
  it.each([
    ["fix_data", [21201, 21205, 21211, 21212, 21214, 21217, 21614, 21617, 13214, 13223, 13224, 13226, 30005, 30006]],
    ["suppress", [21610, 30004]],
    ["alert", [20003, 10001, 21210, 21219, 21608, 21215, 13227, 21216, 13225, 21408, 21606, 21609, 21612, 30032, 30034, 30007, 30023, 30450]],
    ["retry", [20429, 10004, 21611, 30003, 30008, 30022, 30410]],
  ] as const)("ask us to: %s", (act, codes) => {
    expect(codes.filter((code) => policyOf(code)?.act !== act)).toEqual([]);
  });

  it("say which numbers take no texts at all", () => {
    expect(knownCodes.filter((code) => { const policy = policyOf(code); return policy?.act === "fix_data" && !policy.textable; })).toEqual([21614, 30006]);
  });

  it("that are missing mean another try; those that are strange, a look by a person", () => {
    expect([deliveryPolicyOf(null).act, deliveryPolicyOf(99999).act]).toEqual(["retry", "alert"]);
  });

  it.each([
    [400, 21211, "permanent"], [400, 21610, "opted_out"], [401, 20003, "account"], [403, 21408, "account"], [429, 20429, "retry"], [429, null, "retry"],
    [503, null, "unknown"], [500, 20500, "unknown"], [400, null, "permanent"], [401, null, "account"], [404, 20404, "permanent"], [400, 21220, "permanent"],
  ])("make of a refusal %i with the number %j: %s", (status, code, failure) => {
    expect(classifyRefusal(status, code)).toBe(failure);
  });
});
