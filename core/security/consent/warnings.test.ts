import { describe, expect, it } from "vitest";
import type { ReservationAnswer, ReservationRequest } from "./limiter.types.ts";
import { NO_CAPS } from "./policy.ts";
import { withWarnings } from "./warnings.ts";

const request: ReservationRequest = { attempt_id: "a", channel: "call", phone: "+64211234567", party: "customer", unasked: false, micros: 1, caps: NO_CAPS };

describe("a limiter that warns", () => {
  it.each<[ReservationAnswer, unknown[]]>([
    [{ reserved: true, last_unasked_at: null, near: ["calls_per_day"] }, [["calls_per_day"]]],
    [{ reserved: true, last_unasked_at: null }, []],
    [{ reserved: false, cap: "calls_per_day", retry_at: null, last_unasked_at: null }, []],
  ])("answers as the limiter does, and tells of %j", async (answer, expected) => {
    const warned: unknown[] = [];
    const limiter = withWarnings({ reserve: async () => Promise.resolve(answer), release: async () => Promise.resolve(), settle: async () => Promise.resolve() }, async (caps) => Promise.resolve(void warned.push(caps)));
    expect(await limiter.reserve(request)).toEqual(answer);
    expect(warned).toEqual(expected);
  });
});
