import { describe, expect, it } from "vitest";
import { matchFeedback, readFeedback } from "./feedback.ts";

describe("an owner's answer", () => {
  it.each([
    ["1", "won", null],
    ["1.", "won", null],
    [" 1 ", "won", null],
    ["#1", "won", null],
    ["１", "won", null],
    ["1 booked", "won", null],
    ["Booked", "won", null],
    ["1 thanks mate!", "won", null],
    ["1 450", "won", 450],
    ["1, 450", "won", 450],
    ["1) 450", "won", 450],
    ["1 - 450", "won", 450],
    ["1 $1,450.50", "won", 1450.5],
    ["1 1 450", "won", 1450],
    ["1 1.450,50 €", "won", 1450.5],
    ["1 NZ$ 450", "won", 450],
    ["1 450 nzd", "won", 450],
    ["1 450.5", "won", 450.5],
    ["1 2.5k", "won", 2500],
    ["booked 450", "won", 450],
    ["Booked for $450 incl gst", "won", 450],
    ["1 booked 450", "won", 450],
    ["1 12'500", "won", 12500],
    ["1 2", "won", 2],
    ["1 tomorrow 10am", "won", null],
    ["1 10am", "won", null],
    ["1 10:30", "won", null],
    ["1 2nd of may", "won", null],
    ["1 450 and 30 for parts", "won", null],
    ["1 0", "won", null],
    ["1 999999999999", "won", null],
    ["2", "quoted", null],
    ["2 800", "quoted", null],
    ["Quoted", "quoted", null],
    ["3", "lost", null],
    ["not for us", "lost", null],
    ["3 too far", "lost", null],
    ["4", "no_answer", null],
    ["No answer", "no_answer", null],
    ["450", null, 450],
    ["$1,450.50", null, 1450.5],
    ["1450", null, 1450],
    ["1,450", null, 1450],
    ["1.450", null, 1450],
    ["12", null, 12],
    ["NZD 450 incl GST, thanks", null, 450],
    ["2.5k", null, 2500],
  ])("%j is %j with the amount %j", (text, outcome, amount) => {
    expect(readFeedback(text)).toEqual({ outcome, amount });
  });

  it.each(["", "who was that?", "5 more leads please", "2 hours away", "3pm works", "1 sec", "4 people asked", "call him 021 446 0564", "2 3", "bookedx", "10am", "1st", "one", "1,4,50"])("%j is none", (text) => {
    expect(readFeedback(text)).toBeNull();
  });
});

describe("a question", () => {
  const older = { call_id: "call_1", lead_id: "ent_1" };
  const newer = { call_id: "call_2", lead_id: "ent_2" };

  it.each([
    ["the newest that has none", "1", [], "call_2"],
    ["the one before, when the newest has one", "3", [{ call_id: "call_2", body: "1" }], "call_1"],
    ["the booked one, when it is an amount alone", "450", [{ call_id: "call_1", body: "1" }], "call_1"],
    ["none, when all have one", "1", [{ call_id: "call_2", body: "1" }, { call_id: "call_1", body: "2" }], undefined],
    ["none, when an amount has nothing to belong to", "450", [{ call_id: "call_2", body: "2" }], undefined],
    ["none, when the amount is known", "450", [{ call_id: "call_2", body: "1 300" }], undefined],
    ["none, when an amount came before", "450", [{ call_id: "call_2", body: "300" }, { call_id: "call_2", body: "1" }], undefined],
    ["none, when it is no answer", "who?", [], undefined],
  ])("that an answer belongs to is %s", (_, text, answered, call) => {
    expect(matchFeedback(text, [newer, older], answered)?.call_id).toBe(call);
  });
});
