import { describe, expect, it } from "vitest";
import type { Call } from "./api.ts";
import { missingSteps, watchCall } from "./watch-call.ts";

const analysis = { summary: "s", customer_intent: "i", next_steps: [], sentiment: "neutral", urgency: "low" };

const callWith = (events: string[], change: Partial<Call> = {}): Call => ({
  id: "call_1", lead_id: "ent_1", call_sid: null, status: "queued", end_reason: null, duration_s: null, analysis: null, transcription: null,
  timeline: events.map((event, index) => ({ at: new Date(index * 1000).toISOString(), event, detail: {} })),
  ...change,
});

/** Watches a call that looks different each time; the last look repeats. Time passes only by sleeping. */
const watch = async (looks: (Call | null | Error)[], timeoutMs = 60_000) => {
  let time = 0;
  let turn = 0;
  const seen: string[] = [];
  const outcome = await watchCall({
    look: async () => {
      const look = looks[Math.min(turn++, looks.length - 1)] ?? null;
      if (look instanceof Error) throw look;
      return Promise.resolve(look);
    },
    onEntry: ({ event }) => seen.push(event),
    timeoutMs,
    now: () => time,
    sleep: async (ms) => {
      time += ms;
      return Promise.resolve();
    },
  });
  return { outcome, seen, time };
};

describe("watching a call", () => {
  it("tells each entry once, as it appears, until the analysis is there", async () => {
    const done = callWith(["received", "dialed", "ended", "analysed"], { status: "ended", end_reason: "connected", analysis });
    const { outcome, seen } = await watch([null, callWith(["received"]), callWith(["received", "dialed"]), callWith(["received", "dialed"]), done]);
    expect(seen).toEqual(["received", "dialed", "ended", "analysed"]);
    expect(outcome).toEqual({ kind: "analysed", call: done });
  });

  it("is not put off by a look that fails", async () => {
    const { outcome, seen } = await watch([callWith(["received"]), new Error("fetch failed"), callWith(["received", "analysed"], { analysis })]);
    expect(outcome.kind).toBe("analysed");
    expect(seen).toEqual(["received", "analysed"]);
  });

  it("waits for the text to the owner when there was no conversation", async () => {
    const ended = { status: "ended", end_reason: "owner_busy" };
    const { outcome, seen } = await watch([callWith(["received", "owner_busy", "ended"], ended), callWith(["received", "owner_busy", "ended", "sms_owner"], ended)]);
    expect(outcome.kind).toBe("unconnected");
    expect(seen.at(-1)).toBe("sms_owner");
  });

  it("does not wait long for a text that never comes", async () => {
    const { outcome, time } = await watch([callWith(["received", "alert", "ended"], { status: "ended", end_reason: "owner_declined" })]);
    expect(outcome.kind).toBe("unconnected");
    expect(time).toBeLessThan(5_000);
  });

  it("gives up when time is up, and says what it last saw", async () => {
    const stuck = callWith(["received", "ended", "recorded"], { status: "ended", end_reason: "connected" });
    expect((await watch([stuck], 10_000)).outcome).toEqual({ kind: "overdue", call: stuck, error: null });
    expect((await watch([new Error("fetch failed")], 10_000)).outcome).toEqual({ kind: "overdue", call: null, error: "fetch failed" });
  });
});

it("names the steps that are missing", () => {
  expect(missingSteps(callWith(["received", "dialed", "owner_ringing", "owner_answered", "owner_pressed", "connected", "ended", "recorded"]))).toBe("transcribed, analysed");
  expect(missingSteps(null)).toBe("form, ringing, answered, pressed 1, connected, ended, recorded, transcribed, analysed");
});
