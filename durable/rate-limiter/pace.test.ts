import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createVendorPaces } from "./pace.client.ts";

const objectOf = (vendor: string) => env.RATE_LIMITER.getByName(`vendor:${vendor}`);
const aVendor = () => `v${crypto.randomUUID()}`;
/** Far longer than the test takes, so that no turn comes by itself. */
const HOUR_MS = 3_600_000;

describe("the pace at a vendor", () => {
  it("gives many who ask at once one turn each, a step apart", async () => {
    const vendor = aVendor();
    const answers = await Promise.all(Array.from({ length: 4 }, async () => objectOf(vendor).turn({ every_ms: HOUR_MS, patience_ms: 10 * HOUR_MS })));
    const waits = answers.map((answer) => (answer.granted ? answer.wait_ms : NaN)).toSorted((a, b) => a - b);
    expect(waits.map((wait) => Math.round(wait / HOUR_MS))).toEqual([0, 1, 2, 3]);
  });

  it("takes no turn from who will not wait for it", async () => {
    const vendor = aVendor();
    await objectOf(vendor).turn({ every_ms: HOUR_MS, patience_ms: 0 });
    expect(await objectOf(vendor).turn({ every_ms: HOUR_MS, patience_ms: 1000 })).toMatchObject({ granted: false });
    const next = await objectOf(vendor).turn({ every_ms: HOUR_MS, patience_ms: 2 * HOUR_MS });
    expect(next.granted && Math.round(next.wait_ms / HOUR_MS)).toBe(1);
  });

  it("is held for everybody when the vendor says so, and never brought forward by that", async () => {
    const vendor = aVendor();
    const pace = createVendorPaces({ namespace: env.RATE_LIMITER }).of(vendor, 1);
    await pace.turn();
    await pace.hold(HOUR_MS);
    await pace.hold(1);
    await expect(pace.turn()).rejects.toMatchObject({ code: "vendor_busy", retryable: true, status: 503 });
    await expect(createVendorPaces({ namespace: env.RATE_LIMITER }).of(aVendor(), 1).turn()).resolves.toBeUndefined();
  });
});
