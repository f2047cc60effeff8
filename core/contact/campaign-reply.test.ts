import { describe, expect, it } from "vitest";
import { readCampaignReply } from "./campaign-reply.ts";
import { laterDate } from "./later-date.ts";

describe("an answer to a campaign, by rule", () => {
  it.each([
    ["Yes please", "interested"], ["YES", "interested"], ["Sure, thanks!", "interested"], ["call me", "interested"], ["Hi, yes please call me", "interested"], ["I'm interested", "interested"], ["Sí", "interested"],
    ["No thanks", "no"], ["no thank you", "no"], ["Not interested.", "no"], ["all good thanks mate", "no"],
    ["not right now thanks", "later"], ["Maybe in two weeks", "later"], ["ask me again in March", "later"], ["next month please", "later"],
    ["How much for a new tap?", "question"], ["Who is this?", "question"], ["Yes, but how much?", "question"],
    ["👍", null], ["We moved to Sydney in 2019", null], ["I was not happy with the last job, the tap leaks again", null], ["no idea what you mean by that", null], ["I would say yes if you were cheaper", null],
  ] as const)("%j is %s", (text, reply) => {
    expect(readCampaignReply(text)).toBe(reply);
  });
});

describe("when somebody wants to hear again", () => {
  const now = Date.parse("2026-11-26T02:00:00Z");
  it.each([
    ["in two weeks", "2026-12-10"], ["maybe in a couple of months", "2027-01-26"], ["in 3 days", "2026-11-29"], ["next week", "2026-12-03"], ["next month", "2026-12-26"], ["tomorrow", "2026-11-27"],
    ["in March", "2027-03-01"], ["after December", "2026-12-01"], ["in November", "2027-11-01"], ["later", "2026-12-26"], ["in 99 years", "2027-11-26"],
  ])("%s is the morning of %s", (text, date) => {
    // Auckland's summer time.
    expect(new Date(laterDate(text, now, "Pacific/Auckland")).toISOString()).toBe(new Date(Date.parse(`${date}T09:00:00${date > "2027-04-03" && date < "2027-09-26" ? "+12:00" : "+13:00"}`)).toISOString());
  });
});
