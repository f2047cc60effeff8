import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import { describe, expect, it } from "vitest";
import { AREA_CODES_OF_STATE, ZONES_OF_AREA_CODE, ZONES_OF_COUNTRY, ZONES_OF_PREFIX, ZONES_OF_STATE } from "./places.data.ts";
import { isTimeZone, placeOfAddress, placeOfNumber } from "./places.ts";

/** Where libphonenumber, which we did not write, files a North American area code; null for those of no place (toll free and the like). */
const countryOf = (areaCode: number): string | null => {
  for (const rest of ["2345678", "5550123", "9845678", "7325678"]) {
    const phone = parsePhoneNumberFromString(`+1${areaCode}${rest}`);
    if (phone?.isValid() === true && ["FIXED_LINE_OR_MOBILE", "FIXED_LINE", "MOBILE"].includes(phone.getType() ?? "")) return phone.country ?? null;
  }
  return null;
};

describe("places of numbers", () => {
  it("know every American and Canadian area code that is assigned, and its country", () => {
    const assigned = Array.from({ length: 800 }, (_, index) => 200 + index).flatMap((code) => {
      const country = countryOf(code);
      return country === "US" || country === "CA" ? [{ code, country }] : [];
    });
    expect(assigned.length).toBeGreaterThan(400);
    expect(assigned.filter(({ code, country }) => placeOfNumber(`+1${code}2345678`).state?.slice(0, 2) !== country)).toEqual([]);
  });

  it("name no area code twice", () => {
    const codes = Object.values(AREA_CODES_OF_STATE).flatMap((list) => list.split(" "));
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });

  it("have clocks that exist", () => {
    const zones = [...Object.values(ZONES_OF_STATE), ...Object.values(ZONES_OF_COUNTRY), ...Object.values(ZONES_OF_AREA_CODE)].flat();
    expect([...zones, ...Object.values(ZONES_OF_PREFIX)].filter((zone) => !isTimeZone(zone))).toEqual([]);
    expect(Object.keys(AREA_CODES_OF_STATE).filter((state) => ZONES_OF_STATE[state] === undefined)).toEqual([]);
  });

  it.each([
    ["+12125550123", "US", "US-NY", ["America/New_York"]],
    ["+18085550123", "US", "US-HI", ["Pacific/Honolulu"]],
    ["+12085550123", "US", "US-ID", ["America/Boise", "America/Los_Angeles"]],
    ["+18765551234", "JM", null, ["America/Jamaica"]],
    ["+17875551234", "PR", null, ["America/Puerto_Rico"]],
    ["+18005550123", "US", null, []],
    ["+61412345678", "AU", null, []],
    ["+61291234567", "AU", null, ["Australia/Sydney"]],
    ["+6493001234", "NZ", null, ["Pacific/Auckland"]],
    ["+77012345678", "KZ", null, ["Asia/Almaty"]],
    ["+79161234567", "RU", null, []],
    ["+74951234567", "RU", null, ["Europe/Moscow"]],
    ["+34922123456", "ES", null, ["Atlantic/Canary"]],
  ])("%s is in %s (%s)", (phone, country, state, zones) => {
    expect(placeOfNumber(phone)).toEqual({ country, state, zones });
  });

  it("read what an address tells, and nothing into one that tells nothing", () => {
    expect(placeOfAddress({ state: "us-tx", time_zone: null })).toEqual({ country: "US", state: "US-TX", zones: ["America/Chicago", "America/Denver"] });
    expect(placeOfAddress({ state: "US-TX", time_zone: "America/Denver" })).toMatchObject({ zones: ["America/Denver"] });
    expect(placeOfAddress({ state: "NZ-AUK", time_zone: null })).toMatchObject({ country: "NZ", zones: ["Pacific/Auckland"] });
    expect(placeOfAddress({ state: "Texas", time_zone: "CST?" })).toBeNull();
    expect(placeOfAddress(null)).toBeNull();
  });
});
