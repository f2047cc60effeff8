import { DurableObject } from "cloudflare:workers";
import { describeError } from "../../core/errors.ts";
import { logger } from "../../core/log.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import type { ConsentGate } from "../../core/security/consent/consent.types.ts";
import type { TwilioClient } from "../../core/providers/twilio/twilio.client.ts";
import { sidsIn, type TwilioSids } from "../../core/providers/twilio/sids.ts";
import type { VoiceReply } from "../../core/providers/twilio/twiml.ts";
import type { Dialers } from "../dialer/dialer.client.ts";
import { objectName } from "./bridge-call.client.ts";
import { begin, reduce } from "./bridge-call.machine.ts";
import { type FixedDocument, fixedDocument, replyTo } from "./bridge-call.reply.ts";
import { type BridgeCallState, type CallEvent, type Effect, type EventOf, type ForeignAccount, type HeadStart, headStartSchema, type PendingEffect, type Plan, planSchema, type Transition } from "./bridge-call.types.ts";
import { createProjector } from "./call.projector.ts";
import { type CallStorage, type StoredCall, openCallStorage } from "./call.storage.ts";
import { askForCustomer, judgeFirst } from "./clearance.ts";
import { type EffectTools, NotYet, perform } from "./effects.ts";
import { wants } from "./reach.ts";
import { liveLegs, nextDeadline } from "./transition.ts";

export interface BridgeCallTools extends Omit<EffectTools, "memory" | "gate" | "twilio" | "dialer"> {
  memory: (tenantId: string) => TenantMemory;
  gate: (memory: TenantMemory) => ConsentGate;
  twilioOf: (tenantId: string, accountSid: string | null) => TwilioClient;
  dialers: Dialers;
}

const log = logger("bridge-call");
/** Wakes the object if it died between storing an intent and acting on it. */
const SAFETY_MS = 5_000;
/** An effect that cannot be done for so long (a text that Twilio keeps failing on, say) is given up. */
const GIVE_UP_MS = 86_400_000;
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

  /**
   * Comes to life while the lead is still being stored; leaves nothing behind if no call follows.
   * @returns whose turn it would be in a round robin
   */
  warm(): number {
    return this.#storage.turn();
  }

  /** Accepts the duty: returns once the intent and a safety alarm are stored. Again with the same call begins nothing new; one that is put off is made now. */
  async start(input: Plan, head: HeadStart | null): Promise<void> {
    const plan = this.#ours(input);
    if (this.#storage.load(plan.call_id)) {
      this.#apply(plan.call_id, { type: "wanted" });
      return;
    }
    const now = this.#tools.clock.now();
    const first = this.#withHeadStart(begin(plan, now, { turn: this.#turnFor(plan) }), head === null ? null : headStartSchema.parse(head), now);
    await this.#keep(first, now);
  }

  /** A call that comes in. @returns what the caller hears; the same for a request that Twilio repeats */
  async startInbound(input: Plan, caller: { sid: string; nonce: string }): Promise<VoiceReply> {
    const plan = this.#ours(input);
    if (!this.#storage.load(plan.call_id)) {
      const now = this.#tools.clock.now();
      await this.#keep(begin(plan, now, { turn: this.#turnFor(plan), caller }), now);
    }
    return (await this.handle(plan.call_id, { type: "caller_listening" })) ?? { kind: "hang_up", text: "", language: plan.language };
  }

  /** Somebody of the business calls in about a lead: the call that waits to ring them, or a new one, is taken up on the line that is there. */
  async ownerCalledIn(input: Plan, event: EventOf<"owner_called_in">): Promise<VoiceReply | null> {
    const plan = this.#ours(input);
    // The call was begun with another account's number, which knows nothing of the line that is there.
    if (this.#isForeign(plan.call_id, plan.account_sid)) return null;
    if (!this.#storage.load(plan.call_id)) {
      const now = this.#tools.clock.now();
      const first = begin(plan, now);
      const next = first.state.phase === "ended" ? first : reduce(first.state, event, now);
      await this.#keep(next, now);
    }
    return this.handle(plan.call_id, event);
  }

  #ours(input: Plan): Plan {
    const plan = planSchema.parse(input);
    if (this.ctx.id.name !== undefined && this.ctx.id.name !== objectName(plan)) throw new Error("this object holds another project's calls");
    return plan;
  }

  #turnFor({ strategy }: Plan): number {
    return strategy === "round_robin" ? this.#storage.takeTurn() : 0;
  }

  async #keep(first: Transition, now: number): Promise<void> {
    this.#storage.forgetOld(now);
    // The row that came with the lead says all that there is to say until the first dial.
    const projected = first.state.phase === "clearing" ? first.state.revision : 0;
    this.#commit({ state: first.state, projected, lead_status: null }, first.effects, now);
    await this.#arm();
  }

  /** With a lease in hand and the gate's facts at hand, the call goes on to the dial in the same write as it begins. */
  #withHeadStart(first: Transition, head: HeadStart | null, now: number): Transition {
    const { plan } = first.state;
    if (head === null || !wants(first.state, head.phone) || !judgeFirst(plan, head, now)) return first;
    const next = reduce(first.state, { type: "cleared", phone: head.phone, nonce: head.nonce }, now);
    // Where everybody is rung at once, the others' phones are still to be asked for.
    const others = first.effects.filter((effect) => effect.kind !== "clear" || effect.each);
    const noted: Effect = { kind: "note_verdicts", phone: head.phone, limiter_reached: head.reservations.customer !== null && head.reservations.owner !== null };
    return { state: next.state, effects: [...others, ...next.effects, noted] };
  }

  /** @returns what to tell Twilio; null when this object knows no such call */
  async handle(callId: string, event: CallEvent): Promise<VoiceReply | null> {
    const state = this.#apply(callId, event.type === "menu_key" ? await this.#withConsent(callId, event) : event);
    return state ? replyTo(state, event, this.#tools.publicUrl) : null;
  }

  /**
   * What Twilio says of a call, and what it is to be told.
   * @param accountSid whose signature the request bears (null: the service's own): only the account that a call was made with may speak of it
   */
  async callback(callId: string, accountSid: string | null, event: CallEvent): Promise<VoiceReply | null | ForeignAccount> {
    return this.#isForeign(callId, accountSid) ? "foreign_account" : this.handle(callId, event);
  }

  /** A document that no event goes with. */
  say(callId: string, accountSid: string | null, what: FixedDocument): VoiceReply | null | ForeignAccount {
    if (this.#isForeign(callId, accountSid)) return "foreign_account";
    const state = this.#storage.load(callId)?.state;
    return state ? fixedDocument(state.plan, what) : null;
  }

  #isForeign(callId: string, accountSid: string | null): boolean {
    const plan = this.#storage.load(callId)?.state.plan;
    return plan !== undefined && plan.account_sid !== accountSid;
  }

  /** Ringing the customer once more is another contact: what they have said meanwhile counts. */
  async #withConsent(callId: string, event: EventOf<"menu_key">): Promise<CallEvent> {
    const state = this.#storage.load(callId)?.state;
    if (!state || event.digit !== "1" || state.phase !== "choosing") return event;
    const verdict = await askForCustomer(this.#tools.gate(this.#tools.memory(state.plan.tenant_id)), state.plan, state.customer.attempts + 1);
    return verdict.answer === "yes" ? event : { ...event, digit: "" };
  }

  /** The customer is being spoken to by another way: what is still on its way to them stops. */
  contacted(callId: string, by: string): boolean {
    return this.#apply(callId, { type: "contacted", by }) !== null;
  }

  /** The sweep's question: look after the call now. @returns false when it never got here */
  poke(callId: string): boolean {
    if (!this.#storage.load(callId)) return false;
    this.#wake(callId);
    this.#drain(callId);
    this.ctx.waitUntil(this.#projector.project(callId, true));
    return true;
  }

  /** The dialer's turn has come for this call. @returns whether it still wants it */
  granted(callId: string, phone: string): boolean {
    const state = this.#storage.load(callId)?.state;
    if (!state || !wants(state, phone)) return false;
    this.#apply(callId, { type: "granted", phone });
    return true;
  }

  /** A deadline may have passed. Leads that waited for the same opening are given their places in the row together. */
  #wake(callId: string): void {
    const state = this.#storage.load(callId)?.state;
    if (state?.waiting_for !== "hours" || state.deadline === null || state.deadline > this.#tools.clock.now()) {
      this.#apply(callId, { type: "tick" });
      return;
    }
    const together = this.#storage.active().flatMap((id) => {
      const other = this.#storage.load(id)?.state;
      return other?.window_at === state.window_at ? [other] : [];
    });
    const inRow = together.toSorted((a, b) => b.plan.received_at - a.plan.received_at || (a.plan.call_id < b.plan.call_id ? -1 : 1));
    inRow.forEach(({ plan }, place) => this.#apply(plan.call_id, { type: "window_opened", place }));
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
    const { plan, phase, caller } = stored.state;
    const live = [...liveLegs(stored.state).map((leg) => leg.sid), caller?.sid ?? null].flatMap((sid) => sid ?? []);
    const tools = this.#toolsFor(plan);
    if (phase !== "ended") for (const effect of [...live.map((sid) => ({ kind: "hang_up" as const, sid })), { kind: "release" as const }]) await perform(tools, plan, effect, false);
    this.#storage.remove(callId);
  }

  override async alarm(): Promise<void> {
    this.#alarmAt = null;
    for (const callId of this.#storage.active()) {
      try {
        this.#wake(callId);
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
    const added: PendingEffect[] = effects.map((effect, index) => ({ id: state.next_effect_id + index, effect, tries: 0, since: now, due_at: now }));
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

  #toolsFor(plan: Plan): EffectTools {
    const { clock, publicUrl, gate, dialers, twilioOf } = this.#tools;
    const memory = this.#tools.memory(plan.tenant_id);
    return { clock, publicUrl, memory, gate: gate(memory), twilio: twilioOf(plan.tenant_id, plan.account_sid), dialer: dialers.of(plan) };
  }

  async #perform(callId: string, plan: Plan, pending: PendingEffect): Promise<void> {
    const key = `${callId}/${pending.id}`;
    this.#inFlight.add(key);
    try {
      const events = await perform(this.#toolsFor(plan), plan, pending.effect, pending.tries > 0);
      this.#settle(callId, pending.id, null);
      for (const event of events) this.#apply(callId, event);
    } catch (error) {
      if (error instanceof NotYet) {
        this.#settle(callId, pending.id, error.until);
        await this.#arm();
        return;
      }
      log.error("effect failed", { call_id: callId, lead_id: plan.lead_id, effect: pending.effect.kind, tries: pending.tries + 1, error: describeError(error) });
      this.#settle(callId, pending.id, this.#tools.clock.now() + effectBackoffMs(pending.tries));
      await this.#arm();
    } finally {
      this.#inFlight.delete(key);
    }
  }

  /** Takes an effect out of the outbox, or puts it off. */
  #settle(callId: string, id: number, retryAt: number | null): void {
    const stored = this.#storage.load(callId);
    if (!stored) return;
    const outbox = stored.state.outbox.flatMap((pending) => {
      if (pending.id !== id) return [pending];
      return retryAt === null || retryAt - pending.since > GIVE_UP_MS ? [] : [{ ...pending, due_at: retryAt }];
    });
    this.#storage.save({ ...stored, state: { ...stored.state, outbox } });
  }

  /** When this call needs the object, business time; null when it waits for the outside. */
  #wakeAt({ state }: StoredCall): number | null {
    const safety = this.#tools.clock.now() + SAFETY_MS;
    const times = state.outbox.map((pending) => (this.#inFlight.has(`${state.plan.call_id}/${pending.id}`) ? safety : pending.due_at));
    const deadline = nextDeadline(state);
    if (deadline !== null) times.push(deadline);
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
