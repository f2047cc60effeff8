import { describe, expect, it } from "vitest";
import type { Suppression } from "../../memory/opt-outs.store.ts";
import { policy, request } from "./consent.testing.ts";
import type { ContactRequest, Verdict } from "./consent.types.ts";
import { type ContactFacts, judge, reservationFor } from "./judge.ts";
import type { ReservationAnswer } from "./limiter.types.ts";

const CUSTOMER = "+64211234567";
const LANDLINE = "+6493001234";
/** Three in the afternoon in Auckland, and three at night. */
const DAY = Date.parse("2026-06-10T03:00Z");
const NIGHT = Date.parse("2026-06-10T15:00Z");
const MORNING = Date.parse("2026-06-10T20:00Z");
const MINUTE = 60_000;

const stopped = (over: Partial<Suppression> = {}): Suppression => ({ phone: CUSTOMER, channel: "sms", kind: "opt_out", since: 0, ...over });
const reserved: ReservationAnswer = { reserved: true, last_unasked_at: null };
const verdict = (over: Partial<ContactRequest>, facts: Partial<ContactFacts> = {}, now = DAY): Verdict => judge(request(over), { suppressed: [], suspended: false, reservation: reserved, ...facts }, now);
const reasonOf = (given: Verdict): string => (given.answer === "yes" ? "yes" : `${given.answer} ${given.reason}`);

describe("a contact", () => {
  it.each<[string, Partial<ContactRequest>, Partial<ContactFacts>, number, string]>([
    ["a customer by day", {}, {}, DAY, "yes"],
    ["a customer by night", {}, {}, NIGHT, "not_before quiet_hours"],
    ["a customer who asked 15 minutes ago, by night", { asked_at: NIGHT - 15 * MINUTE }, {}, NIGHT, "yes"],
    ["a customer who asked longer ago, by night", { asked_at: NIGHT - 15 * MINUTE - 1 }, {}, NIGHT, "not_before quiet_hours"],
    ["a customer who asked in a future, which is a mistake", { asked_at: NIGHT + 5 * MINUTE }, {}, NIGHT, "not_before quiet_hours"],
    ["the business's own people by night", { party: "owner" }, {}, NIGHT, "yes"],
    ["somebody who said stop", {}, { suppressed: [stopped()] }, DAY, "no opted_out"],
    ["somebody who said stop and then asked, a minute ago", { asked_at: DAY - MINUTE }, { suppressed: [stopped()] }, DAY, "no opted_out"],
    ["one of the business's people who said stop", { party: "owner" }, { suppressed: [stopped()] }, DAY, "no opted_out"],
    ["a call to somebody who stopped texts", { channel: "call" }, { suppressed: [stopped()] }, DAY, "yes"],
    ["a text where somebody else stopped", {}, { suppressed: [stopped({ phone: "+64211230000" })] }, DAY, "yes"],
    ["an emergency number", { phone: "+64111" }, {}, DAY, "no emergency_number"],
    ["the owner's own emergency number", { phone: "+64111", party: "owner" }, {}, DAY, "no emergency_number"],
    ["a premium number", { phone: "+64900123456" }, {}, DAY, "no number_type"],
    ["a satellite phone", { phone: "+881612345678" }, {}, DAY, "no number_type"],
    ["a shared-cost number", { phone: "+448451234567" }, {}, DAY, "no number_type"],
    ["a country that is not allowed", { phone: "+37122123456" }, {}, DAY, "no country"],
    ["no number at all", { phone: "+" }, {}, DAY, "no country"],
    ["a text to a fixed line", { phone: LANDLINE }, {}, DAY, "no not_textable"],
    ["a call to a fixed line", { phone: LANDLINE, channel: "call" }, {}, DAY, "yes"],
    ["a text to an American number, of which nobody knows what it is", { phone: "+12125550123", asked_at: DAY }, {}, DAY, "yes"],
    ["a text where earlier ones did not arrive", {}, { suppressed: [stopped({ kind: "undeliverable" })] }, DAY, "no not_textable"],
    ["a call where texts do not arrive", { channel: "call" }, { suppressed: [stopped({ kind: "undeliverable" })] }, DAY, "yes"],
    ["a tenant that is suspended", {}, { suspended: true }, DAY, "not_before suspended"],
    ["a cap that is met for an hour", {}, { reservation: { reserved: false, cap: "sms_per_hour", retry_at: DAY + 1, last_unasked_at: null } }, DAY, "not_before cap"],
    ["a cap that waiting does not help", {}, { reservation: { reserved: false, cap: "money_per_month_micros", retry_at: null, last_unasked_at: null } }, DAY, "no cap"],
    ["a limiter that was not asked or cannot be reached", {}, { reservation: null }, DAY, "yes"],
  ])("%s", (_, over, facts, now, expected) => {
    expect(reasonOf(verdict(over, facts, now))).toBe(expected);
  });

  it("is put off until the quiet hours end", () => {
    expect(verdict({}, {}, NIGHT)).toMatchObject({ answer: "not_before", at: MORNING, reason: "quiet_hours" });
  });
});

describe("the cooldown", () => {
  const within = { reservation: { reserved: true, last_unasked_at: DAY - 59 * MINUTE } } as const;
  const hourly = policy({ cooldown_minutes: 60 });

  it("puts an unasked contact off until it is over", () => {
    expect(verdict({ policy: hourly }, within)).toMatchObject({ answer: "not_before", at: DAY + MINUTE, reason: "cooldown" });
    expect(verdict({ policy: hourly }, within, DAY + MINUTE)).toEqual({ answer: "yes" });
  });

  it("is not for what was asked for, however long ago, nor for the business's own people, nor for a business without one", () => {
    expect(verdict({ policy: hourly, asked_at: DAY - 600 * MINUTE }, within)).toEqual({ answer: "yes" });
    expect(verdict({ policy: hourly, party: "owner" }, within)).toEqual({ answer: "yes" });
    expect(verdict({}, within)).toEqual({ answer: "yes" });
  });
});

describe("the one confirmation of an opt-out", () => {
  const confirmation = { purpose: "opt_out_confirmation", asked_at: DAY } as const;

  it("is let through within five minutes, by text only", () => {
    expect(verdict(confirmation, { suppressed: [stopped({ since: DAY - 5 * MINUTE })] })).toEqual({ answer: "yes" });
    expect(reasonOf(verdict(confirmation, { suppressed: [stopped({ since: DAY - 5 * MINUTE - 1 })] }))).toBe("no opted_out");
    expect(reasonOf(verdict({ ...confirmation, channel: "call" }, { suppressed: [stopped({ channel: "call", since: DAY })] }))).toBe("no opted_out");
  });
});

describe("the order of reasons", () => {
  /** Everything that can be wrong with one contact, the first reason first; each is taken away after it was given. */
  it("is: emergency, opt-out, number, country, not textable, suspension, quiet hours, cooldown, cap", () => {
    const suppressed = (phone: string): Suppression[] => [stopped({ phone })];
    const full: ReservationAnswer = { reserved: false, cap: "sms_per_hour", retry_at: NIGHT + 1, last_unasked_at: NIGHT - 1 };
    const cooling = policy({ cooldown_minutes: 60 });
    const abroad = policy({ cooldown_minutes: 60, allowed_countries: [], country: "AU", time_zone: null });
    const steps: [Partial<ContactRequest>, Partial<ContactFacts>][] = [
      [{ phone: "+64111", policy: abroad }, { suppressed: suppressed("+64111"), suspended: true, reservation: full }],
      [{ phone: "+64900123456", policy: abroad }, { suppressed: suppressed("+64900123456"), suspended: true, reservation: full }],
      [{ phone: "+64900123456", policy: abroad }, { suspended: true, reservation: full }],
      [{ phone: LANDLINE, policy: abroad }, { suspended: true, reservation: full }],
      [{ phone: LANDLINE, policy: cooling }, { suspended: true, reservation: full }],
      [{ policy: cooling }, { suspended: true, reservation: full }],
      [{ policy: cooling }, { reservation: full }],
      [{ policy: cooling, place: { state: null, time_zone: "Europe/London" }, phone: "+447400123456" }, { reservation: full }],
      [{ asked_at: NIGHT }, { reservation: full }],
    ];
    expect(steps.map(([over, facts]) => reasonOf(verdict(over, facts, NIGHT)))).toEqual([
      "no emergency_number", "no opted_out", "no number_type", "no country", "no not_textable", "not_before suspended", "not_before quiet_hours", "not_before cooldown", "not_before cap",
    ]);
  });
});

describe("what is reserved", () => {
  it("is unasked only for a customer who did not ask, and costs more abroad", () => {
    expect(reservationFor(request({ channel: "call" }))).toMatchObject({ unasked: true, channel: "call", phone: CUSTOMER });
    expect(reservationFor(request({ asked_at: 0 })).unasked).toBe(false);
    expect(reservationFor(request({ party: "owner" })).unasked).toBe(false);
    expect(reservationFor(request()).micros).toBeGreaterThan(reservationFor(request({ phone: "+12125550123" })).micros);
    expect(reservationFor(request({ channel: "call" })).micros).toBeGreaterThan(reservationFor(request({ channel: "call", phone: LANDLINE })).micros);
  });
});
