import { expect, it } from "vitest";
import { findingsOf } from "./findings.ts";

it("each value that was found is in force, said by both, or overruled by the owner; null overrules too", () => {
  const found = { identity: { niche: "plumber", website: "https://a.example", contact: { phone: "+1", email: "a@a.example" } }, services: [{ name: "Taps" }], gone: null };
  const own = { identity: { niche: "roofer", website: "https://a.example", contact: null }, brand: {} };
  expect(findingsOf(found, own).map(({ path, state }) => [path.join("."), state])).toEqual([["identity.niche", "yours"], ["identity.website", "same"], ["identity.contact", "yours"], ["services", "found"]]);
});
