import type { Clock } from "../../core/clock.ts";
import { describeError } from "../../core/errors.ts";
import { logger } from "../../core/log.ts";
import { figuresOf, withActivity } from "../../core/observe/activity.ts";
import type { Measure } from "../../core/observe/measure.ts";
import type { BridgeCallState } from "./bridge-call.types.ts";
import type { CallStorage, StoredCall } from "./call.storage.ts";
import { isRedirectDue } from "./customer-leg.ts";
import type { Effect, PendingEffect } from "./effect.types.ts";
import { NotYet } from "./effects.ts";
import type { CallEvent } from "./event.types.ts";
import type { Plan } from "./plan.schema.ts";

const log = logger("bridge-call");

/** Wakes the object if it died between storing an intent and acting on it. */
export const SAFETY_MS = 5_000;
/** An effect that cannot be done for so long (a text that Twilio keeps failing on, say) is given up. */
const GIVE_UP_MS = 86_400_000;
const backoffMs = (tries: number): number => Math.min(60_000, 1000 * 2 ** tries);

export interface OutboxTools {
  storage: Pick<CallStorage, "load" | "save">;
  clock: Clock;
  /** Does one effect and says what came of it; NotYet, or any other error: to be done later. */
  perform: (plan: Plan, effect: Effect, begunBefore: boolean) => Promise<CallEvent[]>;
  /** What came of an effect is news to the call. */
  report: (callId: string, event: CallEvent) => void;
  /** Something has to be done later: sees to it that the outbox is drained then. */
  arm: () => Promise<void>;
  waitUntil: (work: Promise<void>) => void;
  /** Counts what was asked of Twilio. Must not fail, nor be waited for. */
  measure: Measure;
}

/**
 * What a call asks of the dialer is done in the order in which it was owed, each when the one before is done: a phone that is given
 * back late must not be the one that the next dial holds by now, nor one that is held late a phone that was given back.
 */
const IN_ORDER: ReadonlySet<Effect["kind"]> = new Set<Effect["kind"]>(["clear", "renew_lease", "release"]);

/**
 * Whether this one is waited for before the dialer is asked for anything more: a phone that is being hung up is not free, and a machine
 * not off the line when the next person is rung. Only while it is being tried: a Twilio that fails to hang up keeps nobody from their call.
 */
const isHangingUp = ({ effect, due_at }: PendingEffect, now: number): boolean => effect.kind === "hang_up" && due_at <= now;

const isStillWanted = (state: BridgeCallState, effect: Effect): boolean => effect.kind !== "redirect" || isRedirectDue(state, effect);

/** Those that wait for nothing but their time. */
const ready = (outbox: PendingEffect[], now: number): PendingEffect[] => {
  const first = outbox.find((pending) => IN_ORDER.has(pending.effect.kind) || isHangingUp(pending, now));
  return outbox.filter((pending) => pending === first || !IN_ORDER.has(pending.effect.kind));
};

/** A change, and the effects that it owes, as they are stored in one write. Pure. */
export const owing = (state: BridgeCallState, effects: Effect[], now: number): BridgeCallState => {
  const added: PendingEffect[] = effects.map((effect, index) => ({ id: state.next_effect_id + index, effect, tries: 0, since: now, due_at: now }));
  return { ...state, touched_at: now, outbox: [...state.outbox, ...added], next_effect_id: state.next_effect_id + added.length };
};

/**
 * Performs what calls owe to the outside. An effect stays in its call's stored state until it is done, and that it was begun is
 * stored before it begins: so whatever kills the object, the next life knows what is still owed and what may have happened.
 */
export const createOutbox = ({ storage, clock, perform, report, arm, waitUntil, measure }: OutboxTools) => {
  /** Effects that this life of the object has begun; a new life starts empty and knows thereby what was interrupted. */
  const inFlight = new Set<string>();
  const nameOf = (callId: string, { id }: PendingEffect): string => `${callId}/${id}`;

  /** Takes an effect out of the outbox, or puts it off. */
  const settle = (callId: string, { id }: PendingEffect, retryAt: number | null): void => {
    const stored = storage.load(callId);
    if (!stored) return;
    const outbox = stored.state.outbox.flatMap((pending) => {
      if (pending.id !== id) return [pending];
      return retryAt === null || retryAt - pending.since > GIVE_UP_MS ? [] : [{ ...pending, due_at: retryAt }];
    });
    storage.save({ ...stored, state: { ...stored.state, outbox } });
  };

  /** With an account of its own, since no request or job is at work here: one that talked to Twilio is a line in the log and a point of the metrics. */
  const performed = async (callId: string, plan: Plan, { effect, tries }: PendingEffect): Promise<CallEvent[]> =>
    withActivity(async (activity) => {
      const began = clock.now();
      let outcome = "done";
      try {
        return await perform(plan, effect, tries > 0);
      } catch (error) {
        outcome = error instanceof NotYet ? "put_off" : "failed";
        throw error;
      } finally {
        const who = { request_id: plan.request_id, tenant_id: plan.tenant_id, project_id: plan.project_id, lead_id: plan.lead_id, call_id: callId };
        if (Object.hasOwn(activity.vendors, "twilio")) {
          const durationMs = clock.now() - began;
          log.info("effect", { ...who, effect: effect.kind, outcome, duration_ms: durationMs, ...figuresOf(activity) });
          measure({ kind: "effect", name: effect.kind, outcome, tenantId: plan.tenant_id, durationMs, activity });
        }
      }
    }, plan.request_id ?? null);

  const attempt = async (callId: string, plan: Plan, pending: PendingEffect): Promise<void> => {
    const name = nameOf(callId, pending);
    inFlight.add(name);
    try {
      const events = await performed(callId, plan, pending);
      // With what came of it in one write: there is no await between.
      settle(callId, pending, null);
      for (const event of events) report(callId, event);
    } catch (error) {
      if (error instanceof NotYet) {
        settle(callId, pending, error.until);
      } else {
        log.error("effect failed", { request_id: plan.request_id, call_id: callId, lead_id: plan.lead_id, effect: pending.effect.kind, tries: pending.tries + 1, error: describeError(error) });
        settle(callId, pending, clock.now() + backoffMs(pending.tries));
      }
      await arm();
    } finally {
      inFlight.delete(name);
    }
    // Something may have waited for this one.
    drain(callId);
  };

  /** Begins every effect that is due and not begun by this life of the object. */
  const drain = (callId: string): void => {
    const stored = storage.load(callId);
    if (!stored) return;
    const { state } = stored;
    const now = clock.now();
    const due = new Set(ready(state.outbox, now).filter((pending) => pending.due_at <= now && !inFlight.has(nameOf(callId, pending))));
    if (due.size === 0) return;
    const outbox = state.outbox.flatMap((pending) => {
      if (!due.has(pending)) return [pending];
      if (isStillWanted(state, pending.effect)) return [{ ...pending, tries: pending.tries + 1 }];
      due.delete(pending);
      return [];
    });
    storage.save({ ...stored, state: { ...state, outbox } });
    for (const pending of due) waitUntil(attempt(callId, state.plan, pending));
  };

  return {
    drain,

    /** When the call's effects next need the object, business time in ms. */
    dueTimes({ state }: StoredCall): number[] {
      const now = clock.now();
      const safety = now + SAFETY_MS;
      return ready(state.outbox, now).map((pending) => (inFlight.has(nameOf(state.plan.call_id, pending)) ? safety : pending.due_at));
    },
  };
};
