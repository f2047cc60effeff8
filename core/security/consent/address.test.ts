import { describe, expect, it } from "vitest";
import { placeOfAddress } from "./address.ts";

describe("the state that an address names", () => {
  it.each<[string | null, string, string | null]>([
    ["Austin, TX 78701", "US", "US-TX"],
    ["12 Main St, Providence, RI", "US", "US-RI"],
    ["Boise, Idaho", "US", "US-ID"],
    ["Charleston, West Virginia 25301, USA", "US", "US-WV"],
    ["Kansas City, Missouri", "US", "US-MO"],
    ["Texas", "US", "US-TX"],
    ["Toronto, ON M5V 2T6, Canada", "CA", "CA-ON"],
    ["Halifax, Nova Scotia", "CA", "CA-NS"],
    ["78701", "US", null],
    ["Main street", "US", null],
    ["in or near town", "US", null],
    ["Ponsonby", "NZ", null],
    [null, "US", null],
  ])("%s in %s", (address, country, state) => {
    expect(placeOfAddress(address, country)?.state ?? null).toBe(state);
  });

  it("tells the clock only where the state has one", () => {
    expect(placeOfAddress("Providence, RI", "US")?.time_zone).toBe("America/New_York");
    expect(placeOfAddress("Texas", "US")?.time_zone).toBeNull();
  });
});
