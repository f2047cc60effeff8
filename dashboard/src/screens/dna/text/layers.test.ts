import { describe, expect, it } from "vitest";
import { inheritedList, lookAt, originOf } from "./layers.ts";

const beneath = { identity: { niche: "plumber", hours: { mon: ["24h"], tue: [] } }, services: [{ name: "Taps" }], voice: "calm" };

describe("what holds", () => {
  it.each([
    [{}, ["identity", "niche"], "plumber", false],
    [{ identity: { niche: "roofer" } }, ["identity", "niche"], "roofer", true],
    [{ identity: { niche: null } }, ["identity", "niche"], undefined, true],
    [{ identity: null }, ["identity", "niche"], undefined, false],
    [{ identity: { hours: { mon: [] } } }, ["identity", "hours"], { mon: [], tue: [] }, true],
    [{ identity: { hours: { mon: null } } }, ["identity", "hours", "tue"], [], false],
    [{ services: [{}] }, ["services", 0, "name"], undefined, false],
    [{}, ["services", 0, "name"], "Taps", false],
    [{ services: [{ name: "Drains" }] }, ["services", 0, "name"], "Drains", true],
  ] as const)("of %j at %j is %j", (custom, path, value, own) => {
    expect(lookAt(custom, beneath, path)).toMatchObject({ own });
    expect(lookAt(custom, beneath, path).value).toEqual(value);
  });
});

it("an origin is that of the value, of the list around it, or of what is in it", () => {
  const origins = { "identity.niche": "generated", services: "vertical:plumber", "hours.mon": "defaults" };
  expect([["identity", "niche"], ["services", 0, "name"], ["hours"], ["hours", "tue"]].map((path) => originOf(origins, path))).toEqual(["generated", "vertical:plumber", "defaults", null]);
});

it("a list that is inherited is to be said as a whole", () => {
  expect(inheritedList({}, beneath, ["services", 0, "name"])).toEqual(["services"]);
  expect(inheritedList({ services: [{}] }, beneath, ["services", 0, "name"])).toBeNull();
  expect(inheritedList({}, beneath, ["identity", "niche"])).toBeNull();
});
