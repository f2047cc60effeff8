import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aPlan, Rehearsal } from "./bridge-call.testing.ts";
import type { CallEvent } from "./bridge-call.types.ts";

const nonce = fc.constantFrom("n1", "n2", "n3", "foreign");
const sid = fc.constantFrom("CA-n1", "CA-n2", "CA-n3");
const legStatus = fc.constantFrom("queued", "initiated", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled" as const);

/** Everything that can reach a call, in any order, as often as it likes, whether or not it makes sense. */
const anyEvent: fc.Arbitrary<CallEvent> = fc.oneof(
  fc.record({ type: fc.constant("cleared" as const), phone: fc.constantFrom("+64210000001", "+64210000002"), nonce: fc.constantFrom("n1", "n2", "n3") }),
  fc.record({ type: fc.constant("dial_accepted" as const), nonce, sid }),
  fc.record({ type: fc.constant("dial_unknown" as const), nonce, answered: fc.boolean() }),
  fc.record({ type: fc.constant("dial_refused" as const), nonce, failure: fc.constantFrom("permanent" as const, "retry" as const, "account" as const), code: fc.constant(null), message: fc.constant("no") }),
  fc.record({ type: fc.constant("leg_found" as const), nonce, sid, status: legStatus }),
  fc.record({ type: fc.constant("leg_absent" as const), nonce }),
  fc.record({ type: fc.constant("look_up_failed" as const), nonce }),
  fc.record({ type: fc.constant("leg_progress" as const), nonce, sid, status: legStatus, answered_by: fc.constantFrom(null, "human", "machine_start"), sip_code: fc.constant(null) }),
  fc.record({ type: fc.constant("owner_listening" as const), nonce, sid }),
  fc.record({ type: fc.constant("owner_key" as const), nonce, sid, digit: fc.constantFrom("1", "2", "9", "0", "") }),
  fc.record({ type: fc.constant("customer_progress" as const), nonce, sid: fc.constant("CA-customer"), status: legStatus, duration_s: fc.constant(null), sip_code: fc.constant(null) }),
  fc.record({ type: fc.constant("dial_done" as const), nonce, status: legStatus, bridged: fc.constantFrom(null, true, false), duration_s: fc.constantFrom(null, 5) }),
  fc.record({ type: fc.constant("must_wait" as const), until: fc.constant(0) }),
  fc.constant({ type: "tick" as const }),
);
const anyStory = fc.array(fc.tuple(anyEvent, fc.integer({ min: 0, max: 60_000 })), { maxLength: 60 });

const play = (story: [CallEvent, number][]): Rehearsal => {
  const call = new Rehearsal(aPlan({ destinations: [{ name: "Dana", phone: "+64210000001" }, { name: "Sam", phone: "+64210000002" }] }));
  for (const [event, after] of story) call.send(event, after);
  return call;
};

describe("whatever comes, in whatever order", () => {
  it("a message that comes twice in a row changes nothing the second time", () => {
    fc.assert(
      fc.property(anyStory, anyEvent, (story, event) => {
        // A digit is an act, not a report: 2 pressed twice is heard twice.
        fc.pre(!(event.type === "owner_key" && event.digit === "2"));
        fc.pre(!["leg_absent", "look_up_failed", "must_wait"].includes(event.type));
        const call = play(story).send(event, 0);
        const [before, effects] = [call.state, call.effects.length];
        call.send(event, 0);
        expect(call.state).toEqual(before);
        expect(call.effects).toHaveLength(effects);
      }),
      { numRuns: 500 },
    );
  });

  it("a dial is asked for at most once an attempt, and no attempt begins while another may still ring", () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        const call = new Rehearsal(aPlan());
        for (const [event, after] of story) {
          const alive = call.state.legs.filter((leg) => !leg.ended).length;
          const dials = call.did("dial").length;
          call.send(event, after);
          if (call.did("dial").length > dials) expect(alive).toBe(0);
        }
        const nonces = call.did("dial").map((dial) => dial.nonce);
        expect(new Set(nonces).size).toBe(nonces.length);
      }),
      { numRuns: 500 },
    );
  });

  it("nobody is connected without a keypress, and the customer's progress shows only after it", () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        const { events, state } = play(story);
        const pressed = events.indexOf("owner_pressed");
        for (const event of ["customer_ringing", "customer_answered", "connected"]) {
          const at = events.indexOf(event);
          if (at >= 0) expect(pressed >= 0 && pressed < at).toBe(true);
        }
        if (state.end_reason === "connected") expect(pressed).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });

  it("a call that hears nothing more always ends, with at most one card and its phone given back", () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        const call = play(story);
        for (let quiet = 0; call.state.phase !== "ended" && quiet < 2000; quiet++) {
          const { state } = call;
          const leg = state.legs.at(-1);
          // Twilio, asked, says that nothing of the kind is there any more; the dialer lets everybody through.
          if (state.phase === "dialing" && leg) call.send({ type: "dial_unknown", nonce: leg.nonce, answered: true });
          else if (state.deadline !== null && state.deadline > call.now) call.waitForDeadline();
          else if (state.deadline !== null) call.send({ type: "tick" });
          else if (state.phase === "clearing") call.send({ type: "cleared", phone: state.untried[0]?.phone ?? "", nonce: `q${quiet}` });
          else if (state.phase === "resolving" && leg) call.send({ type: "look_up_failed", nonce: leg.nonce });
          const asked = call.effects.at(-1);
          if (asked?.kind === "check_leg") call.send({ type: "leg_progress", nonce: asked.nonce, sid: asked.sid, status: "completed", answered_by: null, sip_code: null });
        }
        expect(call.state.phase).toBe("ended");
        expect(call.state.end_reason).not.toBeNull();
        expect(call.did("sms_owner").length).toBeLessThanOrEqual(1);
        expect(call.did("release").length).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 200 },
    );
  });
});
