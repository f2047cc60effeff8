import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { replyTo } from "./bridge-call.reply.ts";
import { anyEvent, anyPlan, anyStory, fitTo, play } from "./bridge-call.noise.testing.ts";
import { isLive, nextDeadline } from "./transition.ts";
import type { Effect } from "./effect.types.ts";
import type { CallEvent } from "./event.types.ts";

const RUNS = { numRuns: 300 };

/** Each of these is an act or an answer to a question of its own: to hear it again is to hear of another one. */
const isAnAct = (event: CallEvent): boolean =>
  ["owner_key", "menu_key", "caller_key", "leg_absent", "look_up_failed", "must_wait", "cleared", "granted", "people_refused", "noted", "sms_sent", "sms_refused"].includes(event.type);

const rings = (effect: Effect): boolean => effect.kind === "dial" || (effect.kind === "redirect" && effect.to !== "taken" && effect.to !== "message");

describe("whatever comes, in whatever order", () => {
  it("a message that comes twice in a row changes nothing the second time", () => {
    fc.assert(
      fc.property(anyPlan, anyStory(), anyEvent, (beginning, story, any) => {
        fc.pre(!isAnAct(any));
        const call = play(beginning, story);
        const event = fitTo(call.state, any);
        call.send(event, 0);
        const [before, effects] = [call.state, call.effects.length];
        call.send(event, 0);
        expect(call.state).toEqual(before);
        expect(call.effects).toHaveLength(effects);
      }),
      RUNS,
    );
  });

  it("never are two of the owner's phones on their way at once, unless all are meant to be; nor one phone twice", () => {
    fc.assert(
      fc.property(anyPlan, anyStory(), (beginning, story) => {
        play(beginning, story, ({ state }) => {
          const live = state.legs.filter(isLive);
          if (state.plan.strategy !== "simultaneous" && state.phase !== "ended") {
            // A dial whose answer is still out when somebody calls in, or has won, is hung up as soon as it is known.
            expect(live.filter((leg) => leg.sid !== null || state.plan.direction === "inbound").length).toBeLessThanOrEqual(1);
          }
          const ringing = live.filter((leg) => leg.sid !== null).map((leg) => leg.phone);
          expect(new Set(ringing).size).toBe(ringing.length);
        });
      }),
      RUNS,
    );
  });

  it("asks for each dial once, under a name of its own, and for none while another may ring", () => {
    fc.assert(
      fc.property(anyPlan, anyStory(), (beginning, story) => {
        let legs = 0;
        const call = play(beginning, story, ({ state, added }) => {
          const dials = added.filter((effect) => effect.kind === "dial").length;
          if (dials > 0 && state.plan.strategy !== "simultaneous") expect(state.legs.slice(0, -1).filter(isLive)).toEqual([]);
          expect(dials).toBeLessThanOrEqual(Math.max(0, state.legs.length - legs));
          legs = state.legs.length;
        });
        const nonces = call.did("dial").map((dial) => dial.nonce);
        expect(new Set(nonces).size).toBe(nonces.length);
        if (call.state.plan.direction === "inbound") expect(nonces).toEqual([]);
      }),
      RUNS,
    );
  });

  it("rings the customer only for the one who pressed 1: nobody else is told to connect, and one person a ring", () => {
    fc.assert(
      fc.property(anyPlan, anyStory(), (beginning, story) => {
        const connected = new Map<number, string>();
        play(beginning, story, ({ state, event }) => {
          const reply = replyTo(state, event, "https://apex.test");
          if (reply.kind !== "connect" || !("nonce" in event)) return;
          expect(state.winner).toBe(event.nonce);
          expect(state.timeline.some((entry) => entry.event === "owner_pressed")).toBe(true);
          expect(connected.get(state.customer.attempts) ?? event.nonce).toBe(event.nonce);
          connected.set(state.customer.attempts, event.nonce);
        });
      }),
      RUNS,
    );
  });

  it("shows no step of the customer's before the owner's keypress", () => {
    fc.assert(
      fc.property(anyPlan, anyStory(), (beginning, story) => {
        const { events } = play(beginning, story);
        const pressed = events.indexOf("owner_pressed");
        for (const event of ["customer_ringing", "customer_answered", "connected"]) {
          const at = events.indexOf(event);
          if (at >= 0) expect(pressed >= 0 && pressed < at).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it("goes everywhere in these stories", () => {
    const reached = new Set<string>();
    for (const [beginning, story] of fc.sample(fc.tuple(anyPlan, anyStory()), { numRuns: 1500, seed: 7 })) play(beginning, story, ({ state }) => reached.add(state.end_reason ?? state.phase));
    for (const place of ["waiting", "clearing", "reaching", "ringing_customer", "choosing", "greeting", "voicemail", "connected", "customer_voicemail", "customer_busy", "superseded", "voicemail_left", "abandoned", "owner_declined", "blocked"]) expect(reached).toContain(place);
  });

  it("owes at most one text of a name", () => {
    fc.assert(
      fc.property(anyPlan, anyStory(), (beginning, story) => {
        const keys = play(beginning, story).did("sms").map((text) => text.key);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      RUNS,
    );
  });

  it("rings nobody and says no new word after the end", () => {
    fc.assert(
      fc.property(anyPlan, anyStory(), (beginning, story) => {
        let wasOver = false;
        let reason: string | null = null;
        play(beginning, story, ({ state, added }) => {
          if (wasOver) {
            expect(added.filter(rings)).toEqual([]);
            expect(added.some((effect) => effect.kind === "sms" && effect.purpose !== "voicemail_card")).toBe(false);
            expect(state.phase).toBe("ended");
            expect(state.end_reason).toBe(reason);
          }
          wasOver = state.phase === "ended";
          reason = state.end_reason;
        });
      }),
      RUNS,
    );
  });

  it("is never contacted again once the gate has said that this person opted out", () => {
    fc.assert(
      fc.property(anyPlan, anyStory(30), anyStory(30), (beginning, before, later) => {
        const call = play(beginning, before);
        fc.pre(["waiting", "clearing", "reaching"].includes(call.state.phase) && call.state.plan.direction === "outbound");
        call.send({ type: "blocked", reason: "opted_out", detail: "asked not to" });
        const told = call.effects.length;
        for (const [event, after] of later) call.send(fitTo(call.state, event), after);
        expect(call.effects.slice(told).filter((effect) => rings(effect) || (effect.kind === "sms" && effect.party === "customer"))).toEqual([]);
        expect(call.did("sms").filter((text) => text.purpose === "missed_text")).toEqual([]);
      }),
      RUNS,
    );
  });
});

describe("a call that hears nothing more", () => {
  it("always ends, by its own ticks and the answers to its own questions, with its phones given back", () => {
    fc.assert(
      fc.property(anyPlan, anyStory(), fc.constantFrom("absent" as const, "failing" as const), (beginning, story, lookUps) => {
        const call = play(beginning, story);
        let answered = 0;
        let quiet = 0;
        for (; quiet < 3000 && (call.state.phase !== "ended" || nextDeadline(call.state) !== null || answered < call.effects.length); quiet++) {
          const effect = call.effects[answered];
          if (effect) {
            answered += 1;
            // The dialer lets everybody through; Twilio, asked, knows of nothing that is still on its way.
            if (effect.kind === "clear") for (const [index, phone] of effect.phones.entries()) if (effect.each || index === 0) call.send({ type: "cleared", phone, nonce: `q${quiet}-${index}` });
            if (effect.kind === "dial") call.send({ type: "dial_unknown", nonce: effect.nonce, answered: true });
            if (effect.kind === "look_up") call.send(lookUps === "absent" ? { type: "leg_absent", nonce: effect.nonce } : { type: "look_up_failed", nonce: effect.nonce });
            if (effect.kind === "check_leg") call.send({ type: "leg_progress", nonce: effect.nonce, sid: effect.sid, status: "completed", answered_by: null, sip_code: null });
            if (effect.kind === "check_caller") call.send({ type: "caller_progress", status: "completed" });
            continue;
          }
          // Nothing is asked any more: only time can move it, and the machine knows when.
          const deadline = nextDeadline(call.state);
          expect(deadline).not.toBeNull();
          const { revision } = call.state;
          call.waitForDeadline();
          expect(call.state.revision).toBeGreaterThan(revision);
        }
        expect(call.state.phase).toBe("ended");
        expect(call.did("release").length).toBeGreaterThanOrEqual(1);
        expect(call.state.legs.filter(isLive)).toEqual([]);
      }),
      RUNS,
    );
  });
});
