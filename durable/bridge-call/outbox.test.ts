import { describe, expect, it } from "vitest";
import { begin } from "./bridge-call.machine.ts";
import { aPlan, DANA, FORM_AT } from "./bridge-call.testing.ts";
import type { BridgeCallState } from "./bridge-call.types.ts";
import type { CallStorage, StoredCall } from "./call.storage.ts";
import type { Effect } from "./effect.types.ts";
import { notedVendor } from "../../core/observe/activity.ts";
import type { Measurement } from "../../core/observe/measure.ts";
import { createOutbox, owing } from "./outbox.ts";

const RENEW: Effect = { kind: "renew_lease", phone: DANA.phone, until: FORM_AT + 60_000 };
const RELEASE: Effect = { kind: "release" };
const HANG_UP: Effect = { kind: "hang_up", sid: "CA1" };
const MENU: Effect = { kind: "redirect", sid: "CA1", to: "menu", nonce: "n1" };

/** An outbox over one call that owes these effects. `perform` decides how each ends. */
const rehearse = (effects: Effect[], perform: (effect: Effect) => Promise<void>, change: Partial<BridgeCallState> = {}) => {
  let stored: StoredCall = { state: owing({ ...begin(aPlan(), FORM_AT).state, ...change }, effects, FORM_AT), projected: 0, lead_status: null };
  let now = FORM_AT;
  const storage: Pick<CallStorage, "load" | "save"> = { load: () => stored, save: (next) => void (stored = next) };
  const works: Promise<void>[] = [];
  const begun: [string, boolean][] = [];
  const measured: Omit<Measurement, "activity" | "durationMs">[] = [];
  const outbox = createOutbox({
    storage,
    clock: { now: () => now, toRealTime: (ms) => ms },
    perform: async (_plan, effect, begunBefore) => {
      begun.push([effect.kind, begunBefore]);
      await perform(effect);
      return [];
    },
    report: () => undefined,
    arm: async () => Promise.resolve(),
    waitUntil: (work) => void works.push(work),
    measure: ({ activity: _, durationMs: _ms, ...rest }) => void measured.push(rest),
  });
  return {
    begun,
    measured,
    owed: () => stored.state.outbox.map(({ effect }) => effect.kind),
    due: () => outbox.dueTimes(stored).map((at) => at - now),
    async drain(later = 0): Promise<void> {
      now += later;
      outbox.drain("call_1");
      for (let done = 0; done < works.length; done++) await works[done];
    },
  };
};

describe("the outbox", () => {
  it("gives a phone back only after the renewal that was owed before it, however late that comes", async () => {
    let failures = 1;
    const call = rehearse([RENEW, RELEASE, HANG_UP], async ({ kind }) => (kind === "renew_lease" && failures-- > 0 ? Promise.reject(new Error("the dialer is away")) : Promise.resolve()));
    await call.drain();
    expect([call.begun.map(([kind]) => kind), call.owed()]).toEqual([["renew_lease", "hang_up"], ["renew_lease", "release"]]);
    // What waits for another wakes nobody before that one's time.
    expect(call.due()).toEqual([1000]);
    await call.drain(1000);
    expect([call.begun.slice(2), call.owed()]).toEqual([[["renew_lease", true], ["release", false]], []]);
  });

  it("asks the dialer for nothing more while a phone is being hung up, and goes on when that fails", async () => {
    let hungUp: () => void = () => undefined;
    const failing = new Promise<void>((_, reject) => (hungUp = () => reject(new Error("Twilio is away"))));
    const call = rehearse([HANG_UP, RELEASE], async ({ kind }) => (kind === "hang_up" ? failing : Promise.resolve()));
    const drained = call.drain();
    expect([call.begun.map(([kind]) => kind), call.owed()]).toEqual([["hang_up"], ["hang_up", "release"]]);
    hungUp();
    await drained;
    expect([call.begun.map(([kind]) => kind), call.owed()]).toEqual([["hang_up", "release"], ["hang_up"]]);
  });

  it("sends no leg into a menu that its person has left meanwhile", async () => {
    const choosing = { phase: "choosing" as const, winner: "n1", customer: { sid: "CA2", answered_at: FORM_AT, outcome: "customer_voicemail" as const, attempts: 1 } };
    const done = async (): Promise<void> => Promise.resolve();
    const wanted = rehearse([MENU], done, choosing);
    await wanted.drain();
    expect([wanted.begun.length, wanted.owed()]).toEqual([1, []]);
    const late = rehearse([MENU], done, { ...choosing, phase: "ringing_customer" });
    await late.drain();
    expect([late.begun.length, late.owed()]).toEqual([0, []]);
  });

  it("measures what was asked of Twilio, whatever came of it, and nothing else", async () => {
    let tries = 0;
    const call = rehearse([HANG_UP, RELEASE], async ({ kind }) => {
      if (kind !== "hang_up") return;
      notedVendor("twilio");
      tries += 1;
      await (tries === 1 ? Promise.reject(new Error("Twilio is away")) : Promise.resolve());
    });
    await call.drain();
    await call.drain(2000);
    const point = { kind: "effect", name: "hang_up", tenantId: aPlan().tenant_id };
    expect(call.measured).toEqual([{ ...point, outcome: "failed" }, { ...point, outcome: "done" }]);
  });
});
