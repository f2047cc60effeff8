import { expect, test } from "vitest";
import { added, type Found, precision, recall, scoreCase } from "./score.ts";

const found = (over: Partial<Found>): Found => ({ title: "Tap drips", description: "all night", url: null, location: null, phone: null, posted_at: null, urgency: null, ...over });

test("counts what is right, what is made up, and what is missed, by post and by field", () => {
  const score = scoreCase([found({ phone: "+1", location: "mt  EDEN" }), found({ title: "Advert", description: "win" })], [{ has: "all night", title: "tap drips!", phone: "+2", location: "Mt Eden", urgency: "low" }, { has: "drain" }]);
  expect(score.posts).toEqual({ right: 1, wrong: 1, missed: 1 });
  expect(score.fields).toMatchObject({ title: { right: 1, wrong: 0, missed: 0 }, phone: { right: 0, wrong: 1, missed: 1 }, location: { right: 1 }, urgency: { missed: 1, wrong: 0 }, url: { right: 0, wrong: 0, missed: 0 } });
  const total = added([score, score]);
  expect([precision(total.posts), recall(total.posts), recall(total.fields.phone), precision(total.fields.url)]).toEqual([0.5, 0.5, 0, null]);
});

test("a post that has swallowed another counts for one", () => {
  expect(scoreCase([found({ description: "all night, and the drain" })], [{ has: "all night" }, { has: "the drain" }]).posts).toEqual({ right: 1, wrong: 0, missed: 1 });
});
