import { describe, expect, it } from "vitest";
import { newId } from "../ids.ts";
import { openCardLink, sealCardLink } from "./card-link.ts";

const SECRET = "a-secret-for-tests-0123456789";
const NOW = Date.UTC(2026, 10, 24);
const DAY_MS = 86_400_000;
const address = { tenant_id: newId("ten", NOW), lead_id: newId("ent", NOW) };

describe("a lead card's link", () => {
  it("opens to the lead that it was sealed for, and is short enough for a text", () => {
    const token = sealCardLink(address, SECRET, NOW);
    expect(openCardLink(token, SECRET, NOW)).toEqual(address);
    expect(token).toMatch(/^[\w-]{62}$/);
  });

  it("opens in the database that the tenant's id names, in two characters more", () => {
    for (const database of ["_2", "_999"]) {
      const placed = { ...address, tenant_id: `${address.tenant_id}${database}` };
      const token = sealCardLink(placed, SECRET, NOW);
      expect(openCardLink(token, SECRET, NOW)).toEqual(placed);
      expect(token).toMatch(/^[\w-]{64}$/);
      for (const cut of [token.slice(0, -2), `${token}AA`]) expect(openCardLink(cut, SECRET, NOW)).toBeNull();
    }
    expect(() => sealCardLink({ ...address, tenant_id: `${address.tenant_id}_0` }, SECRET, NOW)).toThrow("an id of another kind");
  });

  it("expires after a fortnight", () => {
    const token = sealCardLink(address, SECRET, NOW);
    expect(openCardLink(token, SECRET, NOW + 14 * DAY_MS - 1000)).toEqual(address);
    expect(openCardLink(token, SECRET, NOW + 14 * DAY_MS)).toBeNull();
  });

  it("does not open with any character of it changed", () => {
    const token = sealCardLink(address, SECRET, NOW);
    for (let at = 0; at < token.length; at++) {
      const changed = `${token.slice(0, at)}${token[at] === "A" ? "B" : "A"}${token.slice(at + 1)}`;
      expect(openCardLink(changed, SECRET, NOW)).toBeNull();
    }
  });

  it.each(["", "x", "../../etc", "A".repeat(62), `${"A".repeat(61)}=`])("does not open %j", (token) => {
    expect(openCardLink(token, SECRET, NOW)).toBeNull();
  });

  it("still opens when the secret was rotated, and not once the old one is gone", () => {
    const token = sealCardLink(address, SECRET, NOW);
    expect(openCardLink(token, `another-secret-0123456789,${SECRET}`, NOW)).toEqual(address);
    expect(openCardLink(token, "another-secret-0123456789", NOW)).toBeNull();
  });
});
