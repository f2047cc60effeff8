import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { describePhone, isEmergencyNumber, phoneFieldToE164, toE164 } from "./phone.ts";

describe("toE164", () => {
  it.each([
    ["021 123 4567", "NZ", "+64211234567"],
    ["+64 21 123 4567", "NZ", "+64211234567"],
    ["+64 (0)21 123 4567", "NZ", "+64211234567"],
    ["0064 21 123 4567", "NZ", "+64211234567"],
    ["64211234567", "NZ", "+64211234567"],
    ["(021) 123-4567", "NZ", "+64211234567"],
    ["tel:+64211234567", "NZ", "+64211234567"],
    ["TEL: 021-123-4567", "NZ", "+64211234567"],
    ["０２１ １２３ ４５６７", "NZ", "+64211234567"],
    ["021 123 4567 ext 5", "NZ", "+64211234567"],
    ["\u202A+64 21 123 4567\u202C", "NZ", "+64211234567"],
    ["021\u0000123 4567", "NZ", "+64211234567"],
    ["0800 83 83 83", "NZ", "+64800838383"],
    ["0064211234567", "AU", "+64211234567"],
    ["011 64 21 123 4567", "GB", "+64211234567"],
    ["(650) 555-0123", "US", "+16505550123"],
    ["021 123 4567", "nz", "+64211234567"],
    ["+64211234567", "AQ", "+64211234567"],
  ])("reads %j of %s as %s", (raw, country, e164) => {
    expect(toE164(raw, country)).toBe(e164);
  });

  it.each(["", "021", "021 123", "12345", "111", "+64 111", "hello", "call me on 021 123 4567", "203.0.113.5", "20 11 2026"])(
    "does not take %j for a phone",
    (raw) => {
      expect(toE164(raw, "NZ")).toBeNull();
    },
  );

  it("does not take a hundred thousand digits for a phone", () => {
    expect(toE164("9".repeat(100_000), "NZ")).toBeNull();
  });

  it("reads only international numbers when the country is unknown", () => {
    expect(toE164("021 123 4567", "ZZ")).toBeNull();
    expect(toE164("+64 21 123 4567", "")).toBe("+64211234567");
  });
});

describe("phoneFieldToE164", () => {
  it.each([
    ["mob 021 123 4567 (after 5pm)", "+64211234567"],
    ["09 555 1234 / 021 123 4567", "+6495551234"],
    ["09 123 4567 or 021 123 4567", "+64211234567"],
    ["https://wa.me/64211234567", "+64211234567"],
    // Kept for fiction and tests, so not valid, but nothing tells that they can't be called.
    ["+1 555 123 4567", "+15551234567"],
    ["mobile: +44 7700 900123", "+447700900123"],
    ["+1 650 555 0123", "+16505550123"],
  ])("finds the number that %j stands for", (raw, e164) => {
    expect(phoneFieldToE164(raw, "NZ")).toBe(e164);
  });

  it.each([
    ["021 123 45678901", "too long: no part of it is taken for somebody else's number"],
    ["12345", "as long as a service number only"],
    ["555 1234", "local, without its area"],
    ["021", "unfinished"],
    ["111", "emergency"],
    ["+64 111", "emergency"],
    ["please dial 111", "emergency"],
    ["n/a", "no digits"],
  ])("does not make a number of %j (%s)", (raw) => {
    expect(phoneFieldToE164(raw, "NZ")).toBeNull();
  });
});

describe("isEmergencyNumber", () => {
  it.each(["111", "112", "000", "911", "999", "1 1 1", "(111)", "tel:111", "１１１", "111 ext 5", "+64111", "+64 (0)111", "0064 111", "64111", "0111", "+1911", "+112", "+61 000", "\u200E111"])(
    "knows %j",
    (raw) => {
      expect(isEmergencyNumber(raw, "NZ")).toBe(true);
    },
  );

  it.each(["021 123 4567", "+64 21 111 111", "0800 111 222", "111 222", "021", "", "hello", "1113"])("leaves %j alone", (raw) => {
    expect(isEmergencyNumber(raw, "NZ")).toBe(false);
  });
});

describe("describePhone", () => {
  it.each([
    ["+64211234567", "NZ", "mobile"],
    ["+6495551234", "NZ", "fixed_line"],
    ["+6490012345", "NZ", "premium_rate"],
    ["+64800838383", "NZ", "toll_free"],
    ["+16505550123", "US", "fixed_line_or_mobile"],
    ["+80812345678", null, "shared_cost"],
    ["+979123456789", null, "premium_rate"],
    ["+870773111632", null, "satellite"],
    ["+881612345678", null, "satellite"],
    ["+88216123456", null, "satellite"],
    ["+883510012345", null, "satellite"],
    ["+64111", "NZ", "emergency"],
    ["+6491234567", "NZ", "unknown"],
    ["nonsense", null, "unknown"],
  ])("says of %s: %s, %s", (e164, country, type) => {
    expect(describePhone(e164)).toEqual({ country, type });
  });
});

it("never throws and never answers anything but E.164, whatever the text and the country", () => {
  const texts = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[+0-9 ().-]{0,30}$/), fc.string());
  fc.assert(
    fc.property(texts, fc.oneof(fc.constantFrom("NZ", "US", "DE", "BR"), fc.string()), (raw, country) => {
      for (const e164 of [toE164(raw, country), phoneFieldToE164(raw, country)]) {
        if (e164 === null) continue;
        expect(e164).toMatch(/^\+[1-9]\d{3,16}$/);
        expect(isEmergencyNumber(e164, country)).toBe(false);
      }
      describePhone(raw);
      isEmergencyNumber(raw, country);
    }),
  );
});
