import { describe, expect, it } from "vitest";
import { aPlan, DANA, FORM_AT, person, SAM } from "./bridge-call.testing.ts";
import type { Plan } from "./plan.schema.ts";
import { rehearse } from "./rehearsal.ts";

const play = (over: Partial<Plan> = {}, suppressed: Parameters<typeof rehearse>[1]["suppressed"] = []) => rehearse(aPlan(over), { suppressed, publicUrl: "https://apex.test", now: FORM_AT });

describe("rehearse", () => {
  it("rings the first person, who hears the whisper, presses 1 and is joined with the customer", () => {
    expect(play({ destinations: [DANA, SAM] })).toEqual({ rang: DANA.phone, heard: expect.stringContaining("New lead.") as string, joined: "+64211234567", end: "connected", verdict: { answer: "yes" } });
  });

  it.each(["simultaneous", "round_robin"] as const)("does so whatever the strategy: %s", (strategy) => {
    expect(play({ strategy, destinations: [DANA, SAM] })).toMatchObject({ rang: DANA.phone, end: "connected" });
  });

  it("is about whom, not when: closed hours do not matter", () => {
    const closed = person("Dana", DANA.phone, { hours: {}, time_zone: "Pacific/Auckland" });
    expect(play({ destinations: [closed] })).toMatchObject({ rang: DANA.phone, end: "connected" });
  });

  it("rings nobody where there is nobody, or the rules forbid it, and says why", () => {
    expect(play({ destinations: [] })).toMatchObject({ rang: null, end: "blocked", verdict: null });
    expect(play({ destinations: [person("Dana", "+64900888777")] })).toMatchObject({ rang: null, verdict: { answer: "no", reason: "number_type" } });
    expect(play({}, [{ phone: DANA.phone, channel: "call", kind: "opt_out", since: 0 }])).toMatchObject({ rang: null, verdict: { answer: "no", reason: "opted_out" } });
  });
});
