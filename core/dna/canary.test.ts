import { describe, expect, it } from "vitest";
import defaults from "../../profiles/defaults.yaml";
import { AppError } from "../errors.ts";
import { canaryDna, nextCanaryAt } from "./canary.ts";
import { effectiveDna, parseLayer } from "./layers.ts";
import { peopleOf } from "./schema.ts";
import { hourReader } from "./time-zone.ts";

const STAND_INS = `owner_phone: "+64211000001", customer_phone: "+64211000002"`;
const dnaWith = (leadGen: string, timeZone = "Pacific/Auckland") =>
  effectiveDna(parseLayer(defaults), { identity: { project_id: "acme", business_name: "Acme", country: "NZ", time_zone: timeZone } }, parseLayer(`modules: {lead_gen: ${leadGen}}`));
const dueAt = (at: string, timeZone: string) => dnaWith(`{canary: {enabled: true, at: "${at}", ${STAND_INS}}}`, timeZone);

/** The times of so many canaries in a row, each taken `late` ms after it was due. */
const following = (at: string, timeZone: string, after: string, times: number, late = 45_000): string[] => {
  const dna = dueAt(at, timeZone);
  let now = Date.parse(after);
  return Array.from({ length: times }, () => {
    const next = nextCanaryAt(dna, now);
    if (next === null) throw new Error("no canary");
    now = next + late;
    return new Date(next).toISOString().slice(0, 16);
  });
};

describe("when a canary is due", () => {
  it.each([
    ["later today", "07:30", "Pacific/Auckland", "2026-07-01T12:00Z", ["2026-07-01T19:30", "2026-07-02T19:30"]],
    ["tomorrow once today's has been", "07:30", "Pacific/Auckland", "2026-07-01T19:30Z", ["2026-07-02T19:30"]],
    ["as clocks go back in the south (5 April 2026)", "07:30", "Pacific/Auckland", "2026-04-03T12:00Z", ["2026-04-03T18:30", "2026-04-04T19:30", "2026-04-05T19:30"]],
    ["as clocks go forward in the south (27 September 2026)", "07:30", "Pacific/Auckland", "2026-09-25T12:00Z", ["2026-09-25T19:30", "2026-09-26T18:30", "2026-09-27T18:30"]],
    ["as clocks go forward in the north (29 March 2026)", "07:30", "Europe/London", "2026-03-28T00:00Z", ["2026-03-28T07:30", "2026-03-29T06:30", "2026-03-30T06:30"]],
    ["as clocks go back in the north (1 November 2026)", "07:30", "America/New_York", "2026-10-31T00:00Z", ["2026-10-31T11:30", "2026-11-01T12:30", "2026-11-02T12:30"]],
    ["at a time that is skipped: an hour later, once", "02:30", "America/New_York", "2026-03-07T12:00Z", ["2026-03-08T07:30", "2026-03-09T06:30"]],
    ["at a time that comes twice: the first time, once", "01:30", "America/New_York", "2026-10-31T12:00Z", ["2026-11-01T05:30", "2026-11-02T06:30"]],
    ["at a time that comes twice in the south: once", "02:30", "Australia/Sydney", "2026-04-04T00:00Z", ["2026-04-04T15:30", "2026-04-05T16:30"]],
    ["across a date that a zone left out", "07:30", "Pacific/Apia", "2011-12-29T00:00Z", ["2011-12-29T17:30", "2011-12-30T17:30", "2011-12-31T17:30"]],
  ])("is %s", (_, at, timeZone, after, expected) => {
    expect(following(at, timeZone, after, expected.length)).toEqual(expected);
  });

  it("is once on each date of a year, however late each is taken", () => {
    for (const timeZone of ["Pacific/Auckland", "Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Santiago"]) {
      for (const at of ["00:00", "01:45", "02:15", "23:59"]) {
        const dates = following(at, timeZone, "2026-01-15T03:00Z", 365, 50_000).map((time) => new Intl.DateTimeFormat("sv", { timeZone, dateStyle: "short" }).format(new Date(`${time}Z`)));
        expect(new Set(dates).size).toBe(365);
        expect(Date.parse(dates.at(-1) ?? "") - Date.parse(dates[0] ?? "")).toBe(364 * 86_400_000);
      }
    }
  });

  it.each([
    ["the DNA does not ask for it", "{}"],
    ["leads ring nobody", `{enabled: false, canary: {enabled: true, ${STAND_INS}}}`],
  ])("is never while %s", (_, leadGen) => {
    expect(nextCanaryAt(dnaWith(leadGen), 0)).toBeNull();
  });
});

describe("a canary in the DNA", () => {
  it.each([
    ["without a phone to ring", "{canary: {enabled: true}}", ["modules.lead_gen.canary.owner_phone"]],
    ["that expects a connection without a customer", `{canary: {enabled: true, owner_phone: "+64211000001", expect: connected}}`, ["modules.lead_gen.canary.customer_phone"]],
    ["whose customer is its owner", `{canary: {enabled: true, owner_phone: "+64211000001", customer_phone: "+64211000001", expect: connected}}`, ["modules.lead_gen.canary.customer_phone"]],
    ["at no time of day", `{canary: {enabled: true, at: "24:00", ${STAND_INS}}}`, ["modules.lead_gen.canary.at"]],
    ["that rings a real person", `{canary: {enabled: true, ${STAND_INS}}, sales_bridge: {destinations: [{phone: "+64211000002"}]}}`, ["modules.lead_gen.canary.customer_phone"]],
    ["that rings the one real person", `{canary: {enabled: true, ${STAND_INS}}, sales_bridge: {destination_phone: "+64211000001"}}`, ["modules.lead_gen.canary.owner_phone"]],
  ])("%s is refused where the mistake is", (_, leadGen, paths) => {
    const refusal = (): unknown => {
      try {
        return dnaWith(leadGen);
      } catch (error) {
        return error;
      }
    };
    const error = refusal();
    if (!(error instanceof AppError)) throw new Error("not refused");
    expect({ status: error.status, paths: error.errors?.map(({ path }) => path) }).toEqual({ status: 422, paths });
  });
});

describe("the DNA of a canary's call", () => {
  const bridge = `sales_bridge: {destination_phone: "+64215550001", destinations: [{phone: "+64215550002"}], fallback_contact: {phone: "+64215550003"}}`;

  it("has none of the real people in it", () => {
    const dna = canaryDna(dnaWith(`{canary: {enabled: true, ${STAND_INS}}, ${bridge}}`));
    expect(peopleOf(dna.modules.lead_gen.sales_bridge)).toEqual([{ name: "Canary", phone: "+64211000001" }]);
    expect(JSON.stringify(dna)).not.toContain("+6421555");
  });

  it("has nobody at all once the canary is switched off", () => {
    const dna = canaryDna(dnaWith(`{canary: {enabled: false, ${STAND_INS}}, ${bridge}}`));
    expect(peopleOf(dna.modules.lead_gen.sales_bridge)).toEqual([]);
  });
});

describe("the hour on the wall", () => {
  it.each([
    ["Pacific/Auckland", "2026-04-04T13:59:59Z", 2],
    ["Pacific/Auckland", "2026-04-04T14:00:00Z", 2],
    ["Pacific/Auckland", "2026-04-04T15:00:00Z", 3],
    ["Asia/Kathmandu", "2026-01-01T00:14:59Z", 5],
    ["Asia/Kathmandu", "2026-01-01T00:15:00Z", 6],
    ["America/New_York", "2026-03-08T06:59:59Z", 1],
    ["America/New_York", "2026-03-08T07:00:00Z", 3],
  ])("of %s at %s is %i", (timeZone, at, hour) => {
    expect(hourReader(timeZone)(Date.parse(at))).toBe(hour);
  });
});
