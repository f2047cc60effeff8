import { describe, expect, it } from "vitest";
import { isNotBefore } from "./twilio.dates.ts";

const NOON = Date.parse("2026-11-26T12:00:00Z");
const MINUTE = 60_000;
const madeAt = (minutes: number): string => new Date(NOON + minutes * MINUTE).toUTCString();

describe("whether something of Twilio's may have been made since a moment of ours", () => {
  it.each([
    ["after it", madeAt(1), NOON, true],
    ["two minutes before it, since clocks differ", madeAt(-2), NOON, true],
    ["three minutes before it", madeAt(-3), NOON, false],
    ["at a time that Twilio does not tell", null, NOON, true],
    ["at a time that nobody can read", "yesterday", NOON, true],
    ["before a moment that has yet to come: our clock has been set back", madeAt(-40), NOON + 20 * MINUTE, true],
    ["more than an hour before now, by such a clock", madeAt(-53), NOON + 20 * MINUTE, false],
  ])("%s", (_, date, since, may) => {
    expect(isNotBefore(date, since, NOON + 10 * MINUTE)).toBe(may);
  });
});
