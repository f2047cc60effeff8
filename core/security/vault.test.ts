import { describe, expect, it } from "vitest";
import { createVault, type SecretPlace } from "./vault.ts";

const OLD_KEY = "an old key of more than 16 characters";
const NEW_KEY = "sixteen-or-more!";
const PLACE: SecretPlace = { tenant_id: "ten_a", project_id: "plumber", name: "wordpress" };

describe("vault", () => {
  it.each(["application password", "", "пароль 🔑", "x".repeat(10_000)])("opens what it sealed", async (secret) => {
    const vault = createVault(OLD_KEY);
    expect(await vault.open(await vault.seal(secret, PLACE), PLACE)).toBe(secret);
  });

  it("never seals the same text to the same value, nor shows it", async () => {
    const vault = createVault(OLD_KEY);
    const [one, two] = await Promise.all([vault.seal("hunter2", PLACE), vault.seal("hunter2", PLACE)]);
    expect(one).toMatch(/^v1\.[0-9a-f]{8}\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]+$/);
    expect(one).not.toBe(two);
  });

  it.each<[string, SecretPlace]>([
    ["another tenant", { ...PLACE, tenant_id: "ten_b" }],
    ["another project", { ...PLACE, project_id: "lawyer" }],
    ["the whole tenant", { ...PLACE, project_id: null }],
    ["another name", { ...PLACE, name: "twilio" }],
    ["a place whose parts only join to the same text", { tenant_id: "ten_aplumber", project_id: "", name: "wordpress" }],
  ])("does not open a row that was moved to %s", async (_, place) => {
    const vault = createVault(OLD_KEY);
    const sealed = await vault.seal("hunter2", PLACE);
    await expect(vault.open(sealed, place)).rejects.toMatchObject({ code: "vault_unreadable", status: 500 });
  });

  it("does not open what was altered or is no sealed value", async () => {
    const vault = createVault(OLD_KEY);
    const sealed = await vault.seal("hunter2 hunter2", PLACE);
    const [version = "", kid = "", iv = "", ciphertext = ""] = sealed.split(".");
    const flipped = ciphertext.startsWith("A") ? `B${ciphertext.slice(1)}` : `A${ciphertext.slice(1)}`;
    for (const altered of [`${version}.${kid}.${iv}.${flipped}`, `${version}.${kid}.${iv.split("").reverse().join("")}.${ciphertext}`, sealed.slice(0, -4), `v2${sealed.slice(2)}`, "hunter2", ""]) {
      await expect(vault.open(altered, PLACE)).rejects.toMatchObject({ code: "vault_unreadable" });
    }
  });

  it("opens old values after a rotation, and says which ones to seal again", async () => {
    const sealed = await createVault(OLD_KEY).seal("hunter2", PLACE);
    const rotated = createVault(`${NEW_KEY},${OLD_KEY}`);
    expect(await rotated.open(sealed, PLACE)).toBe("hunter2");
    expect(rotated.needsRotation(sealed)).toBe(true);
    const resealed = await rotated.seal("hunter2", PLACE);
    expect(rotated.needsRotation(resealed)).toBe(false);
    expect(await createVault(NEW_KEY).open(resealed, PLACE)).toBe("hunter2");
  });

  it("says when a value's key is gone", async () => {
    const sealed = await createVault(OLD_KEY).seal("hunter2", PLACE);
    await expect(createVault(NEW_KEY).open(sealed, PLACE)).rejects.toMatchObject({ code: "vault_key_unknown", status: 500 });
  });

  it.each(["", "too short", `${OLD_KEY},too short`])("refuses the unsafe keys %j", (keys) => {
    expect(() => createVault(keys)).toThrow(expect.objectContaining({ code: "secret_misconfigured" }));
  });
});
