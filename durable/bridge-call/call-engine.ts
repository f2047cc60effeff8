import type { Clock } from "../../core/clock.ts";
import { logger } from "../../core/log.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import type { Measure } from "../../core/observe/measure.ts";
import { reduce } from "./bridge-call.machine.ts";
import type { BridgeCallState, Transition } from "./bridge-call.types.ts";
import { createProjector } from "./call.projector.ts";
import type { CallStorage, StoredCall } from "./call.storage.ts";
import { afterSetBack } from "./clock-set-back.ts";
import { type EffectTools, perform } from "./effects.ts";
import type { CallEvent } from "./event.types.ts";
import type { ObjectAlarm } from "./object-alarm.ts";
import { createOutbox, owing, SAFETY_MS } from "./outbox.ts";
import type { Plan } from "./plan.schema.ts";
import { inRowFor } from "./reach.ts";
import { nextDeadline } from "./transition.ts";

export interface CallEngineTools {
  storage: CallStorage;
  clock: Clock;
  memory: (tenantId: string, requestId?: string) => TenantMemory;
  effectTools: (plan: Plan) => EffectTools;
  alarm: ObjectAlarm;
  /** Lists show something new of this project. Must not fail. */
  changed: (place: Pick<Plan, "tenant_id" | "project_id"> & { watched: boolean }) => Promise<void>;
  measure: Measure;
  waitUntil: (work: Promise<unknown>) => void;
}

export interface CallEngine {
  /** A call begins: its state and what it owes are stored, and something will wake the object, when this returns. */
  keep: (first: Transition, now: number) => Promise<void>;
  /** Something happened. @returns the call as it is after that; null when there is no such call */
  apply: (callId: string, event: CallEvent) => BridgeCallState | null;
  /** Whatever is due of a call is done, and its row brought up to date: `always`, or where it is behind. */
  lookAfter: (callId: string, always?: boolean) => void;
  /** Sees to it that something wakes the object when it is needed. */
  arm: () => Promise<void>;
}

const log = logger("bridge-call");

/** What drives the calls of one project: an event changes a state, state and owed effects are stored in one write, and then they are performed. */
export const createCallEngine = ({ storage, clock, memory, effectTools, alarm, changed, measure, waitUntil }: CallEngineTools): CallEngine => {
  const outbox = createOutbox({
    storage,
    clock,
    perform: async (plan, effect, begunBefore) => perform(effectTools(plan), plan, effect, begunBefore),
    report: (callId, event) => void apply(callId, event),
    arm: async () => arm(),
    waitUntil,
    measure,
  });
  const projector = createProjector({
    storage,
    clock,
    memory,
    wakeAt: (stored) => wakeAt(stored),
    changed: ({ tenant_id, project_id }, watched) => waitUntil(changed({ tenant_id, project_id, watched })),
    onFailure: async () => alarm.noLaterThan(Date.now() + SAFETY_MS),
  });

  /** When this call needs the object, business time; null when it waits for the outside. */
  const wakeAt = (stored: StoredCall): number | null => {
    const times = outbox.dueTimes(stored);
    const deadline = nextDeadline(stored.state);
    if (deadline !== null) times.push(deadline);
    return times.length === 0 ? null : Math.min(...times);
  };

  const arm = async (): Promise<void> => {
    const times = storage.active().flatMap((callId) => {
      const stored = storage.load(callId);
      if (!stored) return [];
      const at = wakeAt(stored);
      // The sweep does not look at an ended call's row any more: what is noted after its end is ours to bring there.
      const late = stored.state.phase === "ended" && stored.projected < stored.state.revision ? [clock.now() + SAFETY_MS] : [];
      return at === null ? late : [at, ...late];
    });
    if (times.length > 0) await alarm.noLaterThan(clock.toRealTime(Math.min(...times)));
  };

  /** State and effects are one write; only then does anything happen outside. */
  const commit = (stored: StoredCall, effects: Transition["effects"], now: number): BridgeCallState => {
    const saved = owing(stored.state, effects, now);
    const next = { ...stored, state: saved };
    storage.save(next);
    outbox.drain(saved.plan.call_id);
    projector.soon(next);
    waitUntil(arm());
    return saved;
  };

  /** What is stored of a call, by the clock as it is now. */
  const load = (callId: string, now: number): StoredCall | null => {
    const stored = storage.load(callId);
    const state = stored && afterSetBack(stored.state, now);
    if (!stored || !state || state === stored.state) return stored;
    log.warn("the clock has been set back", { call_id: callId, request_id: state.plan.request_id });
    const next = { ...stored, state };
    storage.save(next);
    return next;
  };

  const apply = (callId: string, event: CallEvent): BridgeCallState | null => {
    const now = clock.now();
    const stored = load(callId, now);
    if (!stored) return null;
    const next: Transition = reduce(stored.state, event, now);
    if (next.state === stored.state && next.effects.length === 0) return stored.state;
    return commit({ ...stored, state: next.state }, next.effects, now);
  };

  /** A deadline may have passed. Leads that waited for the same opening are given their places in the row together. */
  const wake = (callId: string): void => {
    const state = load(callId, clock.now())?.state;
    if (state?.waiting_for !== "hours" || state.deadline === null || state.deadline > clock.now()) {
      apply(callId, { type: "tick" });
      return;
    }
    const inRow = inRowFor(state.window_at, storage.active().flatMap((id) => storage.load(id)?.state ?? []));
    inRow.forEach(({ plan }, place) => apply(plan.call_id, { type: "window_opened", place }));
  };

  return {
    keep: async (first, now) => {
      storage.forgetOld(now);
      // The row that came with the lead says all that there is to say until the first dial.
      const projected = first.state.phase === "clearing" ? first.state.revision : 0;
      commit({ state: first.state, projected, lead_status: null }, first.effects, now);
      await arm();
    },
    apply,
    lookAfter: (callId, always = false) => {
      wake(callId);
      outbox.drain(callId);
      waitUntil(projector.project(callId, always));
    },
    arm,
  };
};
