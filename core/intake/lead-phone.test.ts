import { expect, it } from "vitest";
import { withRingablePhone } from "./lead-phone.ts";

it.each([
  ["021 123 4567", "NZ", "+64211234567"],
  ["+64 (21) 123-4567", "NZ", "+64211234567"],
  ["(415) 555-0132", "US", "+14155550132"],
  ["+61 491 570 156", null, "+61491570156"],
])("reads %s of %s as it is rung", (phone, country, e164) => {
  expect(withRingablePhone({ phone, status: "new" }, country)).toEqual({ phone: e164, status: "new" });
});

it.each([["12", "NZ"], ["021 123 4567", null], ["111", "NZ"], ["nobody", "NZ"]])("refuses %s of %s, and says where", (phone, country) => {
  expect(() => withRingablePhone({ phone }, country)).toThrow(expect.objectContaining({ status: 422 }));
});

it.each([[{ phone: "" }], [{ phone: null }], [{}]])("leaves what has none: %j", (metadata) => {
  expect(withRingablePhone(metadata, "NZ")).toEqual(metadata);
});
