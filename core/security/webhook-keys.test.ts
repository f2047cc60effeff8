import { describe, expect, it } from "vitest";
import { matchesWebhookKey, newWebhookKey } from "./webhook-keys.ts";

describe("webhook keys", () => {
  it("fit into Google's key field and are different each time", () => {
    const one = newWebhookKey();
    expect(one.key).toMatch(/^whk_[A-Za-z0-9_-]{43}$/);
    expect(one.key.length).toBeLessThanOrEqual(50);
    expect(newWebhookKey().key).not.toBe(one.key);
  });

  it("match their own hash only", async () => {
    const { key, hash } = newWebhookKey();
    expect(await matchesWebhookKey(key, hash)).toBe(true);
    expect(await matchesWebhookKey(newWebhookKey().key, hash)).toBe(false);
    expect(await matchesWebhookKey(`${key}x`, hash)).toBe(false);
    expect(await matchesWebhookKey(hash, hash)).toBe(false);
  });

  it.each([undefined, null, 7, true, {}, ["whk_"], ""])("answer false, without throwing, when %j is sent for a key", async (given) => {
    expect(await matchesWebhookKey(given, newWebhookKey().hash)).toBe(false);
    expect(await matchesWebhookKey(given, "")).toBe(false);
  });
});
