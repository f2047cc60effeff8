import { describe, expect, it } from "vitest";
import { aPlan, DANA, FORM_AT, Rehearsal, SAM } from "./bridge-call.testing.ts";
import type { BridgeCallState } from "./bridge-call.types.ts";
import { afterSetBack } from "./clock-set-back.ts";
import { owing } from "./outbox.ts";

const TEN_MINUTES = 600_000;

/** A dial of which nobody knows what came of it, by a clock that is right. */
const dialing = (): BridgeCallState => {
  const rehearsal = new Rehearsal(aPlan({ destinations: [DANA, SAM] })).clear();
  rehearsal.send({ type: "dial_unknown", nonce: rehearsal.state.legs[0]?.nonce ?? "", answered: false });
  return owing(rehearsal.state, [{ kind: "look_up", nonce: "n", phone: DANA.phone, intent_at: rehearsal.now }], rehearsal.now);
};

describe("a call whose clock was set back", () => {
  it("is what it was while clocks differ by no more than clocks do", () => {
    const state = dialing();
    for (const later of [-5_000, 0, TEN_MINUTES]) expect(afterSetBack(state, (state.touched_at ?? 0) + later)).toBe(state);
    const { touched_at: _, ...ofAnEarlierRelease } = state;
    expect(afterSetBack(ofAnEarlierRelease, 0)).toBe(ofAnEarlierRelease);
  });

  it("does what was to come after a while after that while", () => {
    const state = dialing();
    const now = (state.touched_at ?? 0) - TEN_MINUTES;
    const next = afterSetBack(state, now);
    expect(next.legs[0]?.deadline).toBe((state.legs[0]?.deadline ?? 0) - TEN_MINUTES);
    expect(next.outbox).toMatchObject([{ due_at: now, since: now }]);
    expect(afterSetBack(next, now)).toBe(next);
  });

  it("still waits for the time of the day that it waited for", () => {
    const waiting: BridgeCallState = { ...dialing(), phase: "waiting", waiting_for: "hours", deadline: FORM_AT + 3_600_000 };
    expect(afterSetBack(waiting, FORM_AT - TEN_MINUTES).deadline).toBe(FORM_AT + 3_600_000);
    expect(afterSetBack({ ...waiting, waiting_for: "pause" }, (waiting.touched_at ?? 0) - TEN_MINUTES).deadline).toBe(FORM_AT + 3_600_000 - TEN_MINUTES);
  });
});
