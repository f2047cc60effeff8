import { describe, expect, it } from "vitest";
import { postedAt } from "./posted-at.ts";

/** Thursday 26 November 2026, 15:00 in Auckland (UTC+13). */
const now = Date.parse("2026-11-26T02:00:00Z");
const read = (text: string, country = "NZ", zone = "Pacific/Auckland"): string | null => {
  const ms = postedAt(text, { now, zone, country });
  return ms === null ? null : new Date(ms).toISOString().slice(0, 16);
};

describe("when a post was written", () => {
  it.each([
    ["2026-11-25T10:30:00Z", "2026-11-25T10:30"], ["2026-11-25T10:30:00+13:00", "2026-11-24T21:30"], ["2026-11-25", "2026-11-24T11:00"], ["Wed, 25 Nov 2026 10:30:00 GMT", "2026-11-25T10:30"],
    ["1795600000", "2026-11-25T09:46"], ["1795600000000", "2026-11-25T09:46"], ["2 hours ago", "2026-11-26T00:00"], ["Posted an hour ago", "2026-11-26T01:00"], ["5 mins ago", "2026-11-26T01:55"], ["3d ago", "2026-11-23T02:00"], ["2h", "2026-11-26T00:00"],
    ["just now", "2026-11-26T02:00"], ["vor 2 Stunden", "2026-11-26T00:00"], ["hace 3 días", "2026-11-23T02:00"], ["il y a une heure", "2026-11-26T01:00"], ["yesterday at 9:15 am", "2026-11-24T20:15"], ["Today, 14:05", "2026-11-26T01:05"],
    ["25 Nov 2026", "2026-11-24T11:00"], ["Nov 25, 2026 3pm", "2026-11-25T02:00"], ["25/11/2026", "2026-11-24T11:00"], ["3.11.26", "2026-11-02T11:00"], ["20th December", "2025-12-19T11:00"], ["12 de octubre de 2026", "2026-10-11T11:00"],
  ])("%j is %s", (text, expected) => expect(read(text)).toBe(expected));

  it("in the United States has the month first", () => expect(read("11/03/2026", "US", "America/New_York")).toBe("2026-11-03T05:00"));

  it.each(["", "soon", "45/45/2026", "32 Nov 2026", "2027-05-01", "1999-01-01", "ring 021 555 123", "a5 ago", "1".repeat(500)])("is not known from %j", (text) => expect(read(text)).toBeNull());
});
