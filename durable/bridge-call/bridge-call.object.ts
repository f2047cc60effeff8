import { DurableObject } from "cloudflare:workers";
import { describeError } from "../../core/errors.ts";
import { logger } from "../../core/log.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import { sidsIn, type TwilioSids } from "../../core/providers/twilio/sids.ts";
import type { VoiceReply } from "../../core/providers/twilio/twiml.ts";
import { objectName } from "./bridge-call.client.ts";
import { begin, reduce } from "./bridge-call.machine.ts";
import { replyTo } from "./bridge-call.reply.ts";
import { type BridgeCallState, type CallEvent, type HeadStart, headStartSchema, type PendingEffect, type Plan, planSchema, type Transition } from "./bridge-call.types.ts";
import { type EffectTools, judgeCall, perform } from "./effects.ts";
import { createProjector } from "./call.projector.ts";
import { type CallStorage, type StoredCall, openCallStorage } from "./call.storage.ts";

export interface BridgeCallTools extends Omit<EffectTools, "memory"> {
  memory: (tenantId: string) => TenantMemory;
}

const log = logger("bridge-call");
/** Wakes the object if it died between storing an intent and acting on it. */
const SAFETY_MS = 5_000;
const effectBackoffMs = (tries: number): number => Math.min(60_000, 1000 * 2 ** tries);

/**
 * The calls of one project, each a machine of its own. The thin shell around them: it stores a call's state, then performs
 * its effects, and keeps the effects that are not done in the stored state, so that whatever kills it, nothing is forgotten.
 * Named `{tenant_id}/{project_id}`.
 */
export class BridgeCallObject extends DurableObject {
  readonly #tools: BridgeCallTools;
  readonly #storage: CallStorage;
  /** Effects that this life of the object has begun; a new life starts empty and knows thereby what was interrupted. */
  readonly #inFlight = new Set<string>();
  readonly #projector: ReturnType<typeof createProjector>;
  /** When the object will be woken, real time; undefined until it was asked for. */
  #alarmAt: number | null | undefined;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env, tools: BridgeCallTools) {
    super(ctx, env);
    this.#tools = tools;
    this.#storage = openCallStorage(ctx.storage.sql);
    this.#projector = createProjector({
      storage: this.#storage,
      clock: tools.clock,
      memory: tools.memory,
      wakeAt: (stored) => this.#wakeAt(stored),
      onFailure: async () => this.#wakeNoLaterThan(Date.now() + SAFETY_MS),
    });
  }

  /** Comes to life while the lead is still being stored; does nothing else, and leaves nothing behind if no call follows. */
  warm(): void {
    // The constructor did it.
  }

  /** Accepts the duty: returns once the intent and a safety alarm are stored. Again with the same call changes nothing. */
  async start(input: Plan, head: HeadStart | null): Promise<void> {
    const plan = planSchema.parse(input);
    if (this.ctx.id.name !== undefined && this.ctx.id.name !== objectName(plan)) throw new Error("this object holds another project's calls");
    if (this.#storage.load(plan.call_id)) {
      this.#apply(plan.call_id, { type: "tick" });
      return;
    }
    const now = this.#tools.clock.now();
    this.#storage.forgetOld(now);
    const first = this.#withHeadStart(begin(plan, now), head === null ? null : headStartSchema.parse(head), now);
    // The row that came with the lead says all that there is to say until the first dial.
    const projected = first.state.phase === "clearing" ? first.state.revision : 0;
    this.#commit({ state: first.state, projected, lead_status: null }, first.effects, now);
    await this.#arm();
  }

  /** With a lease in hand and the gate's facts at hand, the call goes on to the dial in the same write as it begins. */
  #withHeadStart(first: Transition, head: HeadStart | null, now: number): Transition {
    const { plan, phase } = first.state;
    if (head === null || phase !== "clearing") return first;
    const verdict = judgeCall(plan, plan.destinations.map((person) => person.phone), head.opted_out);
    if (!verdict.allowed || !verdict.phones.includes(head.phone)) return first;
    const next = reduce(first.state, { type: "cleared", phone: head.phone, nonce: head.nonce }, now);
    return { state: next.state, effects: [...first.effects.filter((effect) => effect.kind !== "clear"), ...next.effects] };
  }

  /** @returns what to tell Twilio; null when this object knows no such call */
  handle(callId: string, event: CallEvent): VoiceReply | null {
    const state = this.#apply(callId, event);
    return state ? replyTo(state, event, this.#tools.publicUrl) : null;
  }

  /** The sweep's question: look after the call now. @returns false when it never got here */
  poke(callId: string): boolean {
    const known = this.#apply(callId, { type: "tick" });
    if (!known) return false;
    this.#drain(callId);
    this.ctx.waitUntil(this.#projector.project(callId, true));
    return true;
  }

  /** The dialer's turn has come for this call. */
  granted(callId: string, phone: string, nonce: string): boolean {
    return this.#apply(callId, { type: "cleared", phone, nonce })?.legs.at(-1)?.nonce === nonce;
  }

  /** What Twilio keeps of the call. The plan and what waits to be sent are words, not names of things. */
  sids(callId: string): TwilioSids {
    const stored = this.#storage.load(callId);
    return sidsIn(stored ? { ...stored.state, plan: null, outbox: null } : null);
  }

  /** The person was erased: hangs up what is under way, gives the lease back and keeps nothing. */
  async forget(callId: string): Promise<void> {
    const stored = this.#storage.load(callId);
    if (!stored) return;
    const { plan, phase, legs } = stored.state;
    const live = legs.flatMap((leg) => (leg.sid === null || leg.ended ? [] : [leg.sid]));
    const tools = { ...this.#tools, memory: this.#tools.memory(plan.tenant_id) };
    if (phase !== "ended") for (const effect of [...live.map((sid) => ({ kind: "hang_up" as const, sid })), { kind: "release" as const }]) await perform(tools, plan, effect, false);
    this.#storage.remove(callId);
  }

  override async alarm(): Promise<void> {
    this.#alarmAt = null;
    for (const callId of this.#storage.active()) {
      try {
        this.#apply(callId, { type: "tick" });
        this.#drain(callId);
        this.ctx.waitUntil(this.#projector.project(callId));
      } catch (error) {
        // One call's mishap is not the others': they share the object, not the fault.
        log.error("a call could not be looked after", { call_id: callId, error: describeError(error) });
      }
    }
    await this.#arm();
  }

  #apply(callId: string, event: CallEvent): BridgeCallState | null {
    const stored = this.#storage.load(callId);
    if (!stored) return null;
    const now = this.#tools.clock.now();
    const next: Transition = reduce(stored.state, event, now);
    if (next.state === stored.state && next.effects.length === 0) return stored.state;
    return this.#commit({ ...stored, state: next.state }, next.effects, now);
  }

  /** State and effects are one write; only then does anything happen outside. */
  #commit(stored: StoredCall, effects: Transition["effects"], now: number): BridgeCallState {
    const { state } = stored;
    const added: PendingEffect[] = effects.map((effect, index) => ({ id: state.next_effect_id + index, effect, tries: 0, due_at: now }));
    const saved = { ...state, outbox: [...state.outbox, ...added], next_effect_id: state.next_effect_id + added.length };
    const next = { ...stored, state: saved };
    this.#storage.save(next);
    this.#drain(saved.plan.call_id);
    this.#projector.soon(next);
    this.ctx.waitUntil(this.#arm());
    return saved;
  }

  /** Begins every effect that is due and not begun by this life of the object. */
  #drain(callId: string): void {
    const stored = this.#storage.load(callId);
    if (!stored) return;
    const now = this.#tools.clock.now();
    const due = stored.state.outbox.filter((pending) => pending.due_at <= now && !this.#inFlight.has(`${callId}/${pending.id}`));
    if (due.length === 0) return;
    const begun = stored.state.outbox.map((pending) => (due.includes(pending) ? { ...pending, tries: pending.tries + 1 } : pending));
    this.#storage.save({ ...stored, state: { ...stored.state, outbox: begun } });
    for (const pending of due) this.ctx.waitUntil(this.#perform(callId, stored.state.plan, pending));
  }

  async #perform(callId: string, plan: Plan, pending: PendingEffect): Promise<void> {
    const key = `${callId}/${pending.id}`;
    this.#inFlight.add(key);
    try {
      const tools = { ...this.#tools, memory: this.#tools.memory(plan.tenant_id) };
      const event = await perform(tools, plan, pending.effect, pending.tries > 0);
      this.#settle(callId, pending.id, null);
      if (event) this.#apply(callId, event);
    } catch (error) {
      log.error("effect failed", { call_id: callId, lead_id: plan.lead_id, effect: pending.effect.kind, tries: pending.tries + 1, error: describeError(error) });
      this.#settle(callId, pending.id, this.#tools.clock.now() + effectBackoffMs(pending.tries));
      await this.#arm();
    } finally {
      this.#inFlight.delete(key);
    }
  }

  /** Takes an effect out of the outbox, or puts it off. A card that cannot be sent for a day is given up. */
  #settle(callId: string, id: number, retryAt: number | null): void {
    const stored = this.#storage.load(callId);
    if (!stored) return;
    const outbox = stored.state.outbox.flatMap((pending) => {
      if (pending.id !== id) return [pending];
      return retryAt === null || retryAt - stored.state.plan.received_at > 86_400_000 ? [] : [{ ...pending, due_at: retryAt }];
    });
    this.#storage.save({ ...stored, state: { ...stored.state, outbox } });
  }

  /** When this call needs the object, business time; null when it waits for the outside. */
  #wakeAt({ state }: StoredCall): number | null {
    const safety = this.#tools.clock.now() + SAFETY_MS;
    const times = state.outbox.map((pending) => (this.#inFlight.has(`${state.plan.call_id}/${pending.id}`) ? safety : pending.due_at));
    if (state.deadline !== null) times.push(state.deadline);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Sees to it that something wakes the object when it is needed. An alarm that comes too early does no harm, so none is put off. */
  async #arm(): Promise<void> {
    const times = this.#storage.active().flatMap((callId) => {
      const stored = this.#storage.load(callId);
      if (!stored) return [];
      const wakeAt = this.#wakeAt(stored);
      // The sweep does not look at an ended call's row any more: what is noted after its end is ours to bring there.
      const late = stored.state.phase === "ended" && stored.projected < stored.state.revision ? [this.#tools.clock.now() + SAFETY_MS] : [];
      return wakeAt === null ? late : [wakeAt, ...late];
    });
    if (times.length > 0) await this.#wakeNoLaterThan(this.#tools.clock.toRealTime(Math.min(...times)));
  }

  async #wakeNoLaterThan(realTime: number): Promise<void> {
    if (this.#alarmAt === undefined) {
      const known = await this.ctx.storage.getAlarm();
      // Whoever came meanwhile may have set one: that is not to be forgotten.
      this.#alarmAt ??= known;
    }
    const at = Math.max(Date.now() + 50, realTime);
    if (this.#alarmAt !== null && this.#alarmAt <= at) return;
    this.#alarmAt = at;
    await this.ctx.storage.setAlarm(at);
  }
}
