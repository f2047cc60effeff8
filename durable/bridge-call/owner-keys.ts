import type { BridgeCallState, OwnerLeg, Transition } from "./bridge-call.types.ts";
import type { Effect } from "./effect.types.ts";
import type { EventOf } from "./event.types.ts";
import { customerRung } from "./customer-leg.ts";
import { end } from "./outcome.ts";
import { giveUp } from "./reach.ts";
import { changeLeg, legOf, liveLegs, log, logOnce, mark, move, over, setStage, stay } from "./transition.ts";
import { WHISPER_GRACE_MS } from "./owner-leg.ts";

/* What the owner's people press while they hear who it is. */

const MAX_WHISPERS = 3;

/** This person has the lead. Phones that still ring are hung up, whoever listens to the whisper is told that it is taken. */
const win = (state: BridgeCallState, leg: OwnerLeg, now: number): Transition => {
  const { plan } = state;
  const others = liveLegs(state).filter((other) => other.nonce !== leg.nonce && other.sid !== null);
  // A forwarded call's other legs are ended by Twilio itself, which joins the first.
  const dismissed = plan.direction === "inbound" ? [] : others;
  const effects = dismissed.map((other): Effect => other.stage === "ringing" ? { kind: "hang_up", sid: other.sid ?? "" } : { kind: "redirect", sid: other.sid ?? "", to: "taken", nonce: other.nonce });
  const alone = others.reduce((next, other) => over(next, other.nonce), state);
  const pressed = mark(logOnce(alone, now, "owner_pressed", { digit: "1", ...(leg.name === "" ? {} : { person: leg.name }) }), "pressed", now);
  const joined = setStage({ ...pressed, winner: leg.nonce, untried: [] }, leg.nonce, "joined", null);
  const lease: Effect[] = [
    ...(plan.strategy === "simultaneous" ? others.map((other): Effect => ({ kind: "release", phone: other.phone })) : []),
    { kind: "renew_lease", phone: leg.phone, until: now + (plan.max_call_s + 300) * 1000 },
  ];
  const rung = customerRung(joined, now);
  return { state: rung.state, effects: [...effects, ...lease, ...rung.effects] };
};

const decline = (state: BridgeCallState, leg: OwnerLeg, now: number, detail: Record<string, unknown>): Transition => {
  const declined = over(log(state, now, "owner_declined", detail), leg.nonce);
  // An inbound caller is still there: they may leave a message.
  if (state.plan.direction === "inbound") return move(declined, { untried: [] });
  // The leg hangs up by the reply to this very request.
  return end(declined, now, "owner_declined", detail.reason === undefined ? {} : { because: detail.reason });
};

/** The next person, or where nobody is left and this one only said "not me", the end of it as any refusal. */
const passOn = (state: BridgeCallState, leg: OwnerLeg, now: number): Transition => {
  const declined = changeLeg(log(state, now, "owner_declined", { digit: "9" }), leg.nonce, { passed: true });
  return state.plan.direction === "inbound" ? move(over(declined, leg.nonce), {}) : giveUp(declined, leg.nonce, now, "owner_declined");
};

const notUnderstood = (state: BridgeCallState, leg: OwnerLeg, now: number): Transition => {
  if (leg.whispers < MAX_WHISPERS) return move(changeLeg(state, leg.nonce, { whispers: leg.whispers + 1, deadline: now + WHISPER_GRACE_MS }), {});
  const tired = log(state, now, "owner_no_answer", { because: "no_choice" });
  return state.plan.direction === "inbound" ? move(over(tired, leg.nonce), {}) : giveUp(tired, leg.nonce, now, "owner_no_answer");
};

export const ownerKey = (state: BridgeCallState, event: EventOf<"owner_key">, now: number): Transition => {
  const leg = legOf(state, event.nonce);
  if (!leg || leg.sid !== event.sid || state.phase !== "reaching" || state.winner !== null) return stay(state);
  if (leg.stage === "declining") {
    const reason = state.plan.decline_reasons[Number(event.digit) - 1];
    return decline(state, leg, now, { digit: "0", ...(reason === undefined ? {} : { reason }) });
  }
  if (leg.stage !== "answered") return stay(state);
  switch (event.digit) {
    case "1":
      return win(state, leg, now);
    case "9":
      return passOn(state, leg, now);
    case "0":
      return state.plan.decline_reasons.length === 0 ? decline(state, leg, now, { digit: "0" }) : move(setStage(state, leg.nonce, "declining", now + WHISPER_GRACE_MS), {});
    default:
      return notUnderstood(state, leg, now);
  }
};
