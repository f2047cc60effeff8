import { expect, it } from "vitest";
import { eventDetail } from "./event-detail.ts";

it.each([
  [{ sid: "SM00ff", purpose: "feedback" }, "How it went"],
  [{ end_reason: "owner_no_answer" }, "Owner did not answer"],
  [{ reason: "no_such_word" }, "no such word"],
  [{ to: "+6421123", attempt: 2, candidates: ["CA1"] }, "+6421123 · attempt 2"],
  [{ digit: "9" }, "digit 9"],
  [{ message: "It said: a_b." }, "It said: a_b."],
  [{ until: "2026-11-26T20:00:00.000Z" }, expect.stringMatching(/27/)],
])("%j is shown as %s", (detail, words) => expect(eventDetail(detail, "Pacific/Auckland")).toEqual(words));

it("shows what is asked for alone, in that order", () => {
  expect(eventDetail({ status: "busy", person: "Dave", to: "+6421123" }, "Etc/UTC", ["person", "status"])).toBe("Dave · busy");
});
