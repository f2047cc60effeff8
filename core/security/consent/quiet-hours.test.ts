import { getCountries } from "libphonenumber-js/max";
import { describe, expect, it } from "vitest";
import { policy } from "./consent.testing.ts";
import type { ContactRequest } from "./consent.types.ts";
import { zonesOfCountry } from "./places.ts";
import { nextPermitted } from "./quiet-hours.ts";
import { WEEK_OF_COUNTRY, WEEK_OF_STATE } from "./rules.data.ts";

const AUCKLAND = "+64211234567";
const LONDON = "+442079460000";
const NEW_YORK = "+12125550123";
const LORD_HOWE = "+61265632123";
const RHODE_ISLAND = "+14015550123";
const AUSTIN = "+15125550123";
const HONOLULU = "+18085550123";
const ALASKA = "+19075550123";
const TOLL_FREE = "+18005550123";
const AU_MOBILE = "+61412345678";

const next = (phone: string, at: string, over: Partial<Pick<ContactRequest, "place" | "policy">> = {}): string =>
  new Date(nextPermitted({ phone, place: null, policy: policy(), ...over }, Date.parse(at))).toISOString().replace(":00.000Z", "Z");

describe("quiet hours of a number", () => {
  it.each([
    // [what, whom, when (UTC), first permitted moment (UTC)]
    ["New Zealand, a minute to eight in the morning", AUCKLAND, "2026-01-14T18:59Z", "2026-01-14T19:00Z"],
    ["New Zealand, eight in the morning", AUCKLAND, "2026-01-14T19:00Z", "2026-01-14T19:00Z"],
    ["New Zealand, a minute to eight in the evening", AUCKLAND, "2026-01-15T06:59Z", "2026-01-15T06:59Z"],
    ["New Zealand, eight in the evening", AUCKLAND, "2026-01-15T07:00Z", "2026-01-15T19:00Z"],
    ["Auckland, the night in which summer time begins", AUCKLAND, "2026-09-26T09:00Z", "2026-09-26T19:00Z"],
    ["Auckland, the night in which it ends", AUCKLAND, "2026-04-04T07:00Z", "2026-04-04T20:00Z"],
    ["London, the night in which summer time begins", LONDON, "2026-03-28T21:00Z", "2026-03-29T09:00Z"],
    ["London, the night in which it ends", LONDON, "2026-10-24T19:30Z", "2026-10-25T10:00Z"],
    ["New York, the night in which summer time begins, a Sunday after it", NEW_YORK, "2026-03-08T01:30Z", "2026-03-08T16:00Z"],
    ["New York, the night in which it ends", NEW_YORK, "2026-11-01T01:00Z", "2026-11-01T17:00Z"],
    ["Lord Howe Island, whose summer time is half an hour: it begins over a weekend of rest", LORD_HOWE, "2026-10-03T07:00Z", "2026-10-04T22:00Z"],
    ["Lord Howe Island, it ends", LORD_HOWE, "2026-04-04T07:00Z", "2026-04-05T22:30Z"],
    ["New York, nine on a Saturday morning", NEW_YORK, "2026-06-13T13:00Z", "2026-06-13T13:00Z"],
    ["New York, eleven on a Sunday", NEW_YORK, "2026-06-14T15:00Z", "2026-06-14T16:00Z"],
    ["New York, eight in the evening", NEW_YORK, "2026-06-15T00:00Z", "2026-06-15T13:00Z"],
    ["Rhode Island, six on a Wednesday evening", RHODE_ISLAND, "2026-06-10T22:00Z", "2026-06-11T13:00Z"],
    ["Rhode Island, a minute before that", RHODE_ISLAND, "2026-06-10T21:59Z", "2026-06-10T21:59Z"],
    ["Rhode Island, nine on a Saturday", RHODE_ISLAND, "2026-06-13T13:00Z", "2026-06-13T14:00Z"],
    ["Rhode Island, Saturday evening", RHODE_ISLAND, "2026-06-13T21:00Z", "2026-06-15T13:00Z"],
    ["Texas, eleven on a Sunday", AUSTIN, "2026-06-14T16:00Z", "2026-06-14T17:00Z"],
    ["Texas, noon on a Sunday", AUSTIN, "2026-06-14T17:00Z", "2026-06-14T17:00Z"],
    ["Texas, half past eight in the evening: the safe default is narrower than the state", AUSTIN, "2026-06-11T01:30Z", "2026-06-11T14:00Z"],
    ["Hawaii, which is asleep when New York is at lunch", HONOLULU, "2026-06-10T17:00Z", "2026-06-10T19:00Z"],
    ["Alaska, where the Aleutians are an hour behind", ALASKA, "2026-06-10T17:00Z", "2026-06-10T18:00Z"],
    ["El Paso, an hour behind the rest of Texas", "+19155550123", "2026-06-10T14:00Z", "2026-06-10T15:00Z"],
    ["Pensacola's area, which has two clocks", "+18505550123", "2026-06-10T13:00Z", "2026-06-10T14:00Z"],
    ["Orlando, which has one", "+16895550123", "2026-06-10T13:00Z", "2026-06-10T13:00Z"],
    ["Alabama, where Sunday is a day of rest", "+12055550123", "2026-06-14T18:00Z", "2026-06-15T14:00Z"],
    ["Vancouver, on a Sunday", "+16045550123", "2026-06-14T16:00Z", "2026-06-14T17:00Z"],
    ["Perth", "+61892345678", "2026-06-10T00:00Z", "2026-06-10T01:00Z"],
    ["Darwin, half an hour off", "+61889812345", "2026-06-09T23:00Z", "2026-06-09T23:30Z"],
    ["Hobart and Melbourne in summer", "+61362345678", "2026-01-14T21:00Z", "2026-01-14T22:00Z"],
    ["the Chatham Islands, three quarters of an hour ahead", "+6433050123", "2026-06-10T07:16Z", "2026-06-10T19:15Z"],
    ["France, at noon and a half", "+33142345678", "2026-06-10T11:30Z", "2026-06-10T12:00Z"],
    ["France, from Friday evening to Monday morning", "+33142345678", "2026-06-12T18:00Z", "2026-06-15T08:00Z"],
    ["Manaus, by its area code", "+5592987654321", "2026-06-10T12:00Z", "2026-06-10T13:00Z"],
    ["Canada's evening, half past nine by law", "+14165550123", "2026-06-11T01:29Z", "2026-06-11T01:29Z"],
  ])("%s", (_, phone, at, expected) => {
    expect(next(phone, at)).toBe(expected);
  });
});

describe("quiet hours where the number tells no place", () => {
  it("go by the address", () => {
    expect(next(AU_MOBILE, "2026-06-10T00:00Z", { place: { state: "AU-WA", time_zone: null } })).toBe("2026-06-10T01:00Z");
    expect(next(AU_MOBILE, "2026-06-10T00:00Z", { place: { state: "AU-NSW", time_zone: null } })).toBe("2026-06-10T00:00Z");
    expect(next(TOLL_FREE, "2026-06-10T13:30Z", { place: { state: null, time_zone: "America/Los_Angeles" } })).toBe("2026-06-10T16:00Z");
  });

  it("go by the project's own clock when it is in that country", () => {
    expect(next(AU_MOBILE, "2026-06-10T01:30Z", { policy: policy({ country: "AU", time_zone: "Australia/Perth" }) })).toBe("2026-06-10T01:30Z");
    expect(next(AU_MOBILE, "2026-06-09T23:00Z", { policy: policy({ country: "AU", time_zone: "Australia/Sydney" }) })).toBe("2026-06-09T23:00Z");
  });

  it("else hold by all of the country's clocks together", () => {
    // Nine in Perth is eleven in Sydney; eight in the evening there is six in Perth.
    expect(next(AU_MOBILE, "2026-06-09T23:00Z")).toBe("2026-06-10T01:00Z");
    expect(next(AU_MOBILE, "2026-06-10T10:00Z")).toBe("2026-06-11T01:00Z");
    expect(next(TOLL_FREE, "2026-06-10T14:00Z")).toBe("2026-06-10T19:00Z");
  });

  it("are not led astray by a zone that does not exist", () => {
    expect(next(AU_MOBILE, "2026-06-09T23:00Z", { policy: policy({ country: "AU", time_zone: "Mars/Olympus" }) })).toBe("2026-06-10T01:00Z");
    expect(next(AUCKLAND, "2026-01-14T18:59Z", { place: { state: "??", time_zone: "Nowhere" } })).toBe("2026-01-14T19:00Z");
  });
});

describe("number and address together", () => {
  it("must both allow it", () => {
    const inCalifornia = { place: { state: "US-CA", time_zone: null } };
    // Ten in New York is seven in Los Angeles; half past five there is past eight in New York.
    expect(next(NEW_YORK, "2026-06-10T14:00Z", inCalifornia)).toBe("2026-06-10T16:00Z");
    expect(next(NEW_YORK, "2026-06-11T00:30Z", inCalifornia)).toBe("2026-06-11T16:00Z");
  });

  it("bring the address's state rule with them", () => {
    expect(next(NEW_YORK, "2026-06-10T22:30Z", { place: { state: "US-RI", time_zone: null } })).toBe("2026-06-11T13:00Z");
  });

  it("let the address decide where they share no hour: a New Zealand mobile in London, in October", () => {
    const inLondon = { place: { state: null, time_zone: "Europe/London" } };
    expect(next(AUCKLAND, "2026-10-10T09:00Z", inLondon)).toBe("2026-10-10T09:00Z");
    expect(next(AUCKLAND, "2026-10-10T21:00Z", inLondon)).toBe("2026-10-11T07:00Z");
    // In January there is one: seven in the evening in London is eight in the morning in Auckland.
    expect(next(AUCKLAND, "2026-01-14T21:00Z", inLondon)).toBe("2026-01-15T19:00Z");
  });

  it("put a New Zealand project's text to an American off until it is morning there", () => {
    // Ten in the morning in Auckland is six in the evening in New York, five in Austin; noon is past eight.
    expect(next(NEW_YORK, "2026-06-09T22:00Z")).toBe("2026-06-09T22:00Z");
    expect(next(NEW_YORK, "2026-06-10T00:00Z")).toBe("2026-06-10T13:00Z");
    expect(next(AUSTIN, "2026-06-10T00:00Z")).toBe("2026-06-10T00:00Z");
  });
});

describe("the rules' data", () => {
  it("know a clock for every country that has telephones", () => {
    expect(getCountries().filter((country) => zonesOfCountry(country).length === 0)).toEqual([]);
  });

  it("leave every country an hour in which all its clocks may be contacted, within four days", () => {
    const start = Date.parse("2026-06-12T20:00Z");
    for (const country of getCountries()) {
      const zones = zonesOfCountry(country);
      const at = zones.map((zone) => nextPermitted({ phone: "+999", place: { state: `${country}-X`, time_zone: zone }, policy: policy() }, start));
      expect(Math.max(...at) - start, country).toBeLessThan(4 * 86_400_000);
      const together = nextPermitted({ phone: "+999", place: { state: `${country}-X`, time_zone: null }, policy: policy() }, start);
      expect(together - start, country).toBeLessThan(4 * 86_400_000);
    }
  });

  it("have windows that open before they close, in order", () => {
    for (const week of [...Object.values(WEEK_OF_COUNTRY), ...Object.values(WEEK_OF_STATE)]) {
      for (const day of week) {
        const edges = day.flat();
        expect(edges).toEqual([...edges].sort((a, b) => a - b));
        expect(edges.every((edge) => edge >= 0 && edge <= 24)).toBe(true);
      }
    }
  });
});
