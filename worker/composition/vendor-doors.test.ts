import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { withActivity } from "../../core/observe/activity.ts";
import { type Vendor, VENDOR_LIMITS } from "../../core/providers/vendor-limits.data.ts";
import { closedGate } from "../../test/support/gate.ts";
import { objectsOf } from "./bindings.ts";
import { foundation } from "./foundation.ts";
import { createVendorDoors } from "./vendor-doors.ts";

afterEach(() => vi.restoreAllMocks());

/** A vendor on the wire that keeps each request until the test lets it go. */
const patientVendor = (answer: () => Response) => {
  const [arrived, goOn] = [closedGate(), closedGate()];
  vi.spyOn(globalThis, "fetch").mockImplementation(async () => {
    arrived.open();
    await goOn.opened;
    return answer();
  });
  return { arrived: arrived.opened, letGo: goOn.open };
};

const { settings, clock, objects, vendors, twilioAccounts } = foundation(env);
const doors = createVendorDoors({ env, settings, clock, egress: {} as Parameters<typeof createVendorDoors>[0]["egress"], rateLimiters: objectsOf(env, settings).rateLimiters, vendors });

/** Whether the vendor has a place left when so many are kept back. */
const hasPlaceBeyond = async (vendor: Vendor, taken: number): Promise<boolean> => {
  const desk = objects.rateLimiters.getByName(`vendor:${vendor}`);
  const ticket = crypto.randomUUID();
  const entered = await desk.enter(ticket, { at_once: taken + 1, ttl_ms: 60_000 });
  await desk.leave(ticket);
  return entered;
};

describe("a place at the vendor's desk is taken while it is asked, and given back", () => {
  const at = { lat: -36.85, lon: 174.74 };
  it.each<[Vendor, () => Response, () => Promise<unknown>]>([
    ["overpass", () => Response.json({ elements: [] }), async () => doors.osm.around(at, 1, ["park"])],
    ["gemini", () => Response.json({}), async () => doors.admitToModels(async () => fetch("https://gemini.test/"), { lastsMs: 60_000 })],
    ["twilio_messages", () => Response.json({ sid: "SM1", to: "+6421", from: "+6422", body: "x", status: "queued" }), async () => twilioAccounts.service.sendMessage({ to: "+6421", from: "+6422", body: "x" })],
  ])("%s", async (vendor, answer, ask) => {
    const { arrived, letGo } = patientVendor(answer);
    const asked = ask();
    await arrived;
    expect(await hasPlaceBeyond(vendor, 0)).toBe(false);
    expect(await hasPlaceBeyond(vendor, 1)).toBe(true);
    letGo();
    await asked;
    expect(await hasPlaceBeyond(vendor, 0)).toBe(true);
  });
});

describe("a batch", () => {
  it("leaves kept places at the models to what somebody waits for", async () => {
    const { at_once, kept } = VENDOR_LIMITS.gemini;
    const desk = objects.rateLimiters.getByName("vendor:gemini");
    const tickets = Array.from({ length: at_once - kept }, (_, n) => `batch-${n}`);
    for (const ticket of tickets) await desk.enter(ticket, { at_once, ttl_ms: 60_000 });
    const given = new AbortController();
    const batch = withActivity(async (activity) => {
      activity.bulk = true;
      return doors.admitToModels(async () => Promise.resolve("asked"), { lastsMs: 60_000, signal: given.signal });
    });
    // It waits, as whoever has given up on it finds; the other does not.
    expect(await withActivity(async () => doors.admitToModels(async () => Promise.resolve("asked"), { lastsMs: 60_000 }))).toBe("asked");
    given.abort(new Error("given up"));
    await expect(batch).rejects.toThrow("given up");
    for (const ticket of tickets) await desk.leave(ticket);
  });
});
