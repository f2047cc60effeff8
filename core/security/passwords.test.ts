import { scryptSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { AppError } from "../errors.ts";
import { hashPassword, MAX_PASSWORD_LENGTH, needsRehash, verifyPassword } from "./passwords.ts";

/** A hash as an older release, or an operator with other parameters, would have stored it. */
const storedWith = (password: string, ln: number, r: number, p: number): string => {
  const salt = new TextEncoder().encode("0123456789abcdef");
  const key = scryptSync(password, salt, 32, { N: 2 ** ln, r, p });
  const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes)).replaceAll("=", "");
  return `$scrypt$ln=${ln},r=${r},p=${p}$${base64(salt)}$${base64(key)}`;
};

describe("passwords", () => {
  it("verifies the password that was hashed and no other", async () => {
    const hash = await hashPassword("correct horse battery");
    expect(hash).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$/);
    expect(await verifyPassword("correct horse battery", hash)).toBe(true);
    expect(await verifyPassword("correct horse batterY", hash)).toBe(false);
    expect(await verifyPassword("", hash)).toBe(false);
  });

  it("salts: the same password is never stored twice as the same text", async () => {
    const [one, two] = await Promise.all([hashPassword("correct horse battery"), hashPassword("correct horse battery")]);
    expect(one).not.toBe(two);
  });

  it("takes the same letters composed by another keyboard for the same password", async () => {
    const hash = await hashPassword("p\u00e9trichor-\uff21-long");
    expect(await verifyPassword("pe\u0301trichor-A-long", hash)).toBe(true);
  });

  it("answers false for an unknown address, whatever the password", async () => {
    expect(await verifyPassword("correct horse battery", null)).toBe(false);
    expect(await verifyPassword("", null)).toBe(false);
  });

  it("keeps verifying hashes made at another cost, and asks for a new hash", async () => {
    const old = storedWith("correct horse battery", 10, 8, 1);
    expect(await verifyPassword("correct horse battery", old)).toBe(true);
    expect(await verifyPassword("wrong horse battery", old)).toBe(false);
    expect(needsRehash(old)).toBe(true);
    expect(needsRehash(storedWith("correct horse battery", 14, 8, 5))).toBe(false);
  });

  it.each(["", "plain text", "$2b$10$abcdefghijklmnopqrstuv", "$scrypt$ln=14,r=8,p=5$short$short", storedWith("x", 1, 1, 1).replace("ln=1,", "ln=63,")])(
    "refuses every password, without throwing, for the damaged hash %j",
    async (hash) => {
      expect(await verifyPassword("correct horse battery", hash)).toBe(false);
      expect(needsRehash(hash)).toBe(true);
    },
  );

  it("does not hash more than a thousand characters", async () => {
    const longest = "x".repeat(MAX_PASSWORD_LENGTH);
    const hash = await hashPassword(longest);
    expect(await verifyPassword(longest, hash)).toBe(true);
    expect(await verifyPassword(`${longest}x`, hash)).toBe(false);
    const refusal: unknown = await hashPassword(`${longest}x`).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(AppError);
    expect(refusal).toMatchObject({ status: 422, errors: [{ path: "password" }] });
  });
});
