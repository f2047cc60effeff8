import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isLost, nextResend, statesBefore } from "./delivery.ts";
import type { MessageStatus, TwilioMessageStatus } from "./message.types.ts";

const TWILIO: TwilioMessageStatus[] = ["accepted", "scheduled", "queued", "sending", "sent", "undelivered", "failed", "canceled", "delivered", "read", "partially_delivered"];
/** What the database does with a report: an update of rows in an earlier state. */
const told = (state: MessageStatus, report: TwilioMessageStatus): MessageStatus => (statesBefore(report).includes(state) ? report : state);
const after = (reports: TwilioMessageStatus[]): MessageStatus => reports.reduce<MessageStatus>(told, "pending");

describe("a text's state", () => {
  it.each([
    [["queued", "sending", "sent", "delivered"], "delivered"],
    [["delivered", "sent", "queued"], "delivered"],
    [["sent", "undelivered", "sent"], "undelivered"],
    [["failed", "queued"], "failed"],
    [["undelivered", "delivered"], "delivered"],
    [["sending", "sending"], "sending"],
  ] satisfies [TwilioMessageStatus[], TwilioMessageStatus][])("after %j is %s", (reports, state) => {
    expect(after(reports)).toBe(state);
  });

  it("ends the same in any order and with any repetition, and never goes backwards", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...TWILIO), { minLength: 1, maxLength: 12 }), fc.array(fc.nat(), { minLength: 24, maxLength: 24 }), (reports, places) => {
        const disordered = [...reports, ...reports].map((report, index) => ({ report, place: places[index] ?? 0 })).sort((a, b) => a.place - b.place).map(({ report }) => report);
        expect(after(disordered)).toBe(after(reports));
        disordered.reduce<MessageStatus>((state, report) => {
          const next = told(state, report);
          expect(statesBefore(report)).not.toContain(next);
          return next;
        }, "pending");
      }),
    );
  });

  it("of an incoming text is moved by no report", () => {
    for (const report of TWILIO) expect(statesBefore(report)).not.toEqual(expect.arrayContaining(["received"]));
  });

  it("is lost when it failed or was not delivered", () => {
    expect(TWILIO.filter(isLost)).toEqual(["undelivered", "failed"]);
  });
});

describe("sending again", () => {
  it("happens twice, each time later, under a key that names the first text", () => {
    const first = nextResend({ id: "msg_0a", key: "call_1:lead_card" });
    const second = nextResend({ id: "msg_0b", key: first?.key ?? "" });
    expect([first?.key, second?.key]).toEqual(["resend:msg_0a:1", "resend:msg_0a:2"]);
    expect(second?.after_ms).toBeGreaterThan(first?.after_ms ?? Infinity);
    expect(nextResend({ id: "msg_0c", key: second?.key ?? "" })).toBeNull();
  });
});
