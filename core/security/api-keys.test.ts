import { describe, expect, it } from "vitest";
import { sha256Hex } from "./constant-time.ts";
import { hashOfApiKey, isApiKey, newApiKey } from "./api-keys.ts";
import { scopesOfKey } from "./scopes.ts";

describe("an API key", () => {
  it("is found by its hash, and looks like one of ours to a scanner", () => {
    const { key, hash, prefix } = newApiKey();
    expect(key).toMatch(/^apex_[0-9A-Za-z]{46}$/);
    expect([isApiKey(key), hashOfApiKey(key), prefix]).toEqual([true, hash, key.slice(0, 12)]);
    expect(hash).toBe(sha256Hex(key));
    expect(newApiKey().key).not.toBe(key);
  });

  it("has the CRC-32 of its random part behind it, base62 in six digits", () => {
    // zlib.crc32(b"0" * 40) is 2520759182 in Python, which is 2kaqcA in base62.
    expect(hashOfApiKey(`apex_${"0".repeat(40)}2kaqcA`)).toBe(sha256Hex(`apex_${"0".repeat(40)}2kaqcA`));
  });

  it("with one character changed, or of another form, is known as none of ours without a look-up", () => {
    const { key } = newApiKey();
    for (let place = 5; place < key.length; place++) {
      const other = key[place] === "a" ? "b" : "a";
      expect(hashOfApiKey(`${key.slice(0, place)}${other}${key.slice(place + 1)}`)).toBeNull();
    }
    for (const text of ["apex_", `${key}0`, key.slice(0, -1), key.replace("apex_", "apex-"), ` ${key}`]) expect(hashOfApiKey(text)).toBeNull();
  });

  it("can do what its maker can do today, and no more", () => {
    expect(scopesOfKey(["admin", "leads:read", "leads:write", "made-up"], "owner")).toEqual(["leads:read", "leads:write", "admin"]);
    expect(scopesOfKey(["admin", "leads:read", "leads:write"], "viewer")).toEqual(["leads:read"]);
  });
});
