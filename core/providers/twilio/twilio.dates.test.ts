import { describe, expect, it } from "vitest";
import { isNotBefore } from "./twilio.dates.ts";

const NOON = Date.parse("2026-11-26T12:00:00Z");
const madeAt = (minutes: number): string => new Date(NOON + minutes * 60_000).toUTCString();

describe("whether something of Twilio's may have been made since a moment of ours", () => {
  it.each([
    ["after it", madeAt(1), true],
    ["a quarter of an hour before it, since a clock may be wrong", madeAt(-15), true],
    ["longer before it", madeAt(-16), false],
    ["at a time that Twilio does not tell", null, true],
    ["at a time that nobody can read", "yesterday", true],
  ])("%s", (_, date, may) => {
    expect(isNotBefore(date, NOON)).toBe(may);
  });
});
