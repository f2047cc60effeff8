import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { closedGate } from "../../test/support/gate.ts";
import { type Vendor, VENDOR_LIMITS, type VendorLimit } from "../../core/providers/vendor-limits.data.ts";
import { openDesk } from "./turns.ts";
import { createVendorPace } from "./vendor-pace.client.ts";

const kept = (): Parameters<typeof openDesk>[0] => {
  const values = new Map<string, unknown>();
  return {
    get(key: string) {
      return structuredClone(values.get(key)) as undefined;
    },
    put: (key, value) => void values.set(key, structuredClone(value)),
  };
};
const every = { every_ms: 1000, max_wait_ms: 5000 };

describe("turns at a vendor's desk", () => {
  it("lie a pace apart, whoever asks, and a free desk serves at once", () => {
    const desk = openDesk(kept());
    expect([0, 0, 10, 2500].map((now) => desk.turn(every, now))).toEqual([0, 1000, 1990, 500].map((wait_ms) => ({ granted: true, wait_ms })));
    expect(desk.turn(every, 60_000)).toEqual({ granted: true, wait_ms: 0 });
  });

  it("are not booked for those who would not wait so long", () => {
    const desk = openDesk(kept());
    for (let i = 0; i < 6; i++) expect(desk.turn(every, 0)).toMatchObject({ granted: true });
    for (let i = 0; i < 3; i++) expect(desk.turn(every, 0)).toEqual({ granted: false, retry_after_ms: 6000 });
    expect(desk.turn(every, 1000)).toEqual({ granted: true, wait_ms: 5000 });
  });

  it("are given to nobody while the vendor wants to be left alone, which a later word never shortens", () => {
    const desk = openDesk(kept());
    desk.hold(600_000, 0);
    desk.hold(1000, 0);
    expect(desk.turn(every, 0)).toEqual({ granted: false, retry_after_ms: 600_000 });
    expect([600_000, 600_000].map((now) => desk.turn(every, now))).toEqual([0, 1000].map((wait_ms) => ({ granted: true, wait_ms })));
  });

  it("outlive an eviction, and do not wait for a clock that has stepped back", () => {
    const store = kept();
    openDesk(store).turn(every, 3_600_000);
    expect(openDesk(store).turn(every, 3_600_000)).toEqual({ granted: true, wait_ms: 1000 });
    expect(openDesk(store).turn(every, 0)).toEqual({ granted: true, wait_ms: 0 });
  });
});

describe("places at a vendor's desk", () => {
  const two = { at_once: 2, ttl_ms: 1000 };
  it("are as many as the vendor has, given back when left or when their holder has died", () => {
    const desk = openDesk(kept());
    expect(["a", "b", "a", "c"].map((ticket) => desk.enter(ticket, two, 0))).toEqual([true, true, true, false]);
    desk.leave("a", 0);
    expect(["c", "d"].map((ticket) => desk.enter(ticket, two, 500))).toEqual([true, false]);
    expect(desk.enter("d", two, 1000)).toBe(true);
    desk.leave("nobody", 1000);
    expect(desk.enter("e", two, 1000)).toBe(false);
  });
});

/** The real object behind a client whose waits are noted. */
const shared = (vendor: Vendor, limit: VendorLimit, namespace = env.RATE_LIMITER) => {
  const waits: number[] = [];
  const client = createVendorPace({
    namespace,
    random: () => 0.5,
    limits: { ...VENDOR_LIMITS, [vendor]: limit },
    wait: async (ms) => Promise.resolve(void waits.push(ms)),
  });
  return { ...client, waits };
};

describe("the pace of a vendor", () => {
  it("is kept by all who ask at once, and the object's eviction changes nothing", async () => {
    const { pace, waits } = shared("nominatim", { every_ms: 60_000, at_once: null });
    await pace("nominatim");
    await evictDurableObject(env.RATE_LIMITER.getByName("vendor:nominatim"));
    await expect(pace("nominatim")).rejects.toMatchObject({ code: "vendor_busy", status: 503, retryable: true });
    await pace("nominatim", { maxWaitMs: 60_000 });
    expect(waits).toHaveLength(1);
    expect(waits[0]).toBeGreaterThan(20_000);
  });

  it("lets so many work at once, and frees the place of one that failed", async () => {
    const { occupy } = shared("browser", { every_ms: 0, at_once: 1 });
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let begun = (): void => undefined;
    const atWork = new Promise<void>((resolve) => (begun = resolve));
    const first = occupy("browser", async () => (begun(), held.then(() => Promise.reject(new Error("crashed")))));
    await atWork;
    await expect(occupy("browser", async () => Promise.resolve("in"), { maxWaitMs: 1000 })).rejects.toMatchObject({ code: "vendor_busy" });
    release();
    await expect(first).rejects.toThrow("crashed");
    expect(await occupy("browser", async () => Promise.resolve("in"))).toBe("in");
  });

  it("keeps places for what somebody waits for, however many give way", async () => {
    const { occupy, waits } = shared("gemini", { every_ms: 0, at_once: 3, kept: 2 });
    const work = () => {
      const [held, begun] = [closedGate(), closedGate()];
      return { begin: async () => (begun.open(), held.opened.then(() => "done")), begun: begun.opened, end: held.open };
    };
    const [batch, one, another] = [work(), work(), work()];
    const underWay = [occupy("gemini", batch.begin, { givesWay: true })];
    await batch.begun;
    await expect(occupy("gemini", async () => Promise.resolve("in"), { givesWay: true })).rejects.toMatchObject({ code: "vendor_busy", retryable: true });
    // Ever more rarely, and in all as long as one waits here.
    expect(waits).toEqual([500, 1000, 2000, 4000, 4000, 4000, 4000, 500]);
    for (const each of [one, another]) {
      underWay.push(occupy("gemini", each.begin));
      await each.begun;
    }
    await expect(occupy("gemini", async () => Promise.resolve("in"), { maxWaitMs: 500 })).rejects.toMatchObject({ code: "vendor_busy" });
    for (const each of [batch, one, another]) each.end();
    expect(await Promise.all(underWay)).toEqual(["done", "done", "done"]);
  });

  it("is done without where its desk is away and the vendor bears it, and what was done in a place is not lost with it", async () => {
    const away = (at: "enter" | "leave") => ({ getByName: () => ({ turn: async () => Promise.reject(new Error("overloaded")), enter: async () => (at === "enter" ? Promise.reject(new Error("overloaded")) : Promise.resolve(true)), leave: async () => Promise.reject(new Error("overloaded")) }) }) as unknown as typeof env.RATE_LIMITER;
    const limit: VendorLimit = { every_ms: 0, at_once: 3 };
    for (const at of ["enter", "leave"] as const) expect(await shared("gemini", { ...limit, lenient: true }, away(at)).occupy("gemini", async () => Promise.resolve("paid for"))).toBe("paid for");
    expect(await shared("resend", { every_ms: 500, at_once: null, lenient: true }, away("enter")).occupy("resend", async () => Promise.resolve("sent"))).toBe("sent");
    await expect(shared("nominatim", { every_ms: 500, at_once: null }, away("enter")).pace("nominatim")).rejects.toThrow("overloaded");
    expect(await shared("overpass", limit, away("leave")).occupy("overpass", async () => Promise.resolve("read"))).toBe("read");
    await expect(shared("overpass", limit, away("enter")).occupy("overpass", async () => Promise.resolve("read"))).rejects.toThrow("overloaded");
  });
});
