import { DurableObject } from "cloudflare:workers";
import { describeError } from "../../core/errors.ts";
import { logger } from "../../core/log.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import type { ConsentGate } from "../../core/security/consent/consent.types.ts";
import type { TwilioClient } from "../../core/providers/twilio/twilio.client.ts";
import { sidsIn, type TwilioSids } from "../../core/providers/twilio/sids.ts";
import type { VoiceReply } from "../../core/providers/twilio/twiml.ts";
import { CLOSED_LOOK_MS } from "../closed.ts";
import type { Dialers } from "../dialer/dialer.client.ts";
import { objectName } from "./bridge-call.client.ts";
import { begin, reduce } from "./bridge-call.machine.ts";
import { type FixedDocument, fixedDocument, replyTo } from "./bridge-call.reply.ts";
import type { ForeignAccount } from "./bridge-call.types.ts";
import { type CallEngine, type CallEngineTools, createCallEngine } from "./call-engine.ts";
import { type CallStorage, openCallStorage } from "./call.storage.ts";
import { askForCustomer } from "./clearance.ts";
import { type EffectTools, perform } from "./effects.ts";
import type { CallEvent, EventOf } from "./event.types.ts";
import { type HeadStart, headStartSchema } from "./head-start.schema.ts";
import { withHeadStart } from "./head-start.ts";
import { createObjectAlarm, type ObjectAlarm } from "./object-alarm.ts";
import { type Plan, planSchema } from "./plan.schema.ts";
import { wants } from "./reach.ts";
import { liveLegs } from "./transition.ts";

export interface BridgeCallTools extends Omit<EffectTools, "memory" | "gate" | "twilio" | "dialer">, Pick<CallEngineTools, "memory" | "changed" | "measure"> {
  gate: (memory: TenantMemory) => ConsentGate;
  twilioOf: (tenantId: string, accountSid: string | null) => TwilioClient;
  dialers: Dialers;
  /** The service is closed, while a database is brought back: what is due rests. */
  closed: boolean;
}

const log = logger("bridge-call");

/**
 * The calls of one project, each a machine of its own: the ways in to them. What drives them is `call-engine.ts`, which stores a call's state, then
 * performs its effects, and keeps those that are not done in the stored state, so that whatever kills it, nothing is forgotten.
 * Named `{tenant_id}/{project_id}`.
 */
export class BridgeCallObject extends DurableObject {
  readonly #tools: BridgeCallTools;
  readonly #storage: CallStorage;
  readonly #alarm: ObjectAlarm;
  readonly #engine: CallEngine;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env, tools: BridgeCallTools) {
    super(ctx, env);
    this.#tools = tools;
    this.#storage = openCallStorage(ctx.storage.sql);
    this.#alarm = createObjectAlarm(ctx.storage);
    this.#engine = createCallEngine({
      ...tools,
      storage: this.#storage,
      alarm: this.#alarm,
      effectTools: (plan) => this.#effectTools(plan),
      waitUntil: (work) => ctx.waitUntil(work),
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
      this.#engine.apply(plan.call_id, { type: "wanted", asked_at: plan.asked_at, emergency: plan.emergency });
      return;
    }
    const now = this.#tools.clock.now();
    const first = begin(plan, now, { turn: this.#turnFor(plan) });
    await this.#engine.keep(head === null ? first : withHeadStart(first, headStartSchema.parse(head), now), now);
  }

  /** A call that comes in. @returns what the caller hears; the same for a request that Twilio repeats */
  async startInbound(input: Plan, caller: { sid: string; nonce: string }): Promise<VoiceReply> {
    const plan = this.#ours(input);
    if (!this.#storage.load(plan.call_id)) {
      const now = this.#tools.clock.now();
      await this.#engine.keep(begin(plan, now, { turn: this.#turnFor(plan), caller }), now);
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
      await this.#engine.keep(next, now);
    }
    return this.handle(plan.call_id, event);
  }

  /** Everything that a call asks of Twilio and of the dialer, it asks of the account that it is made with. */
  #effectTools(plan: Plan): EffectTools {
    const { clock, publicUrl, gate, dialers, twilioOf } = this.#tools;
    const memory = this.#tools.memory(plan.tenant_id, plan.request_id);
    return { clock, publicUrl, memory, gate: gate(memory), twilio: twilioOf(plan.tenant_id, plan.account_sid), dialer: dialers.of(plan) };
  }

  #ours(input: Plan): Plan {
    const plan = planSchema.parse(input);
    if (this.ctx.id.name !== undefined && this.ctx.id.name !== objectName(plan)) throw new Error("this object holds another project's calls");
    return plan;
  }

  #turnFor({ strategy }: Plan): number {
    return strategy === "round_robin" ? this.#storage.takeTurn() : 0;
  }

  /** @returns what to tell Twilio; null when this object knows no such call */
  async handle(callId: string, event: CallEvent): Promise<VoiceReply | null> {
    const state = this.#engine.apply(callId, event.type === "menu_key" ? await this.#withConsent(callId, event) : event);
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
    const verdict = await askForCustomer(this.#tools.gate(this.#tools.memory(state.plan.tenant_id, state.plan.request_id)), state.plan, state.customer.attempts + 1);
    return verdict.answer === "yes" ? event : { ...event, digit: "" };
  }

  /** The customer has asked again, in words that make it an emergency. @returns false when the object has never heard of the call */
  emergency(callId: string, askedAt: number): boolean {
    return this.#engine.apply(callId, { type: "wanted", asked_at: askedAt, emergency: true }) !== null;
  }

  /** The customer is being spoken to by another way: what is still on its way to them stops. */
  contacted(callId: string, by: string): boolean {
    return this.#engine.apply(callId, { type: "contacted", by }) !== null;
  }

  /** The sweep's question: look after the call now. @returns false when it never got here */
  poke(callId: string): boolean {
    if (!this.#storage.load(callId)) return false;
    this.#engine.lookAfter(callId, true);
    return true;
  }

  /** The dialer's turn has come for this call. @returns whether it still wants it */
  granted(callId: string, phone: string): boolean {
    const state = this.#storage.load(callId)?.state;
    if (!state || !wants(state, phone)) return false;
    this.#engine.apply(callId, { type: "granted", phone });
    return true;
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
    if (phase !== "ended" || live.length > 0) for (const effect of [...live.map((sid) => ({ kind: "hang_up" as const, sid })), { kind: "release" as const }]) await perform(this.#effectTools(plan), plan, effect, false);
    this.#storage.remove(callId);
  }

  /**
   * A database was brought back in which this call was open: a person decides about it now, so nobody is rung for it any more. A conversation goes
   * on, and what has ended since stays as it ended. Safe to repeat.
   */
  async giveUp(callId: string): Promise<void> {
    const state = this.#storage.load(callId)?.state;
    if (state && state.phase !== "ended" && state.connected_at === null) await this.forget(callId);
  }

  override async alarm(): Promise<void> {
    this.#alarm.hasFired();
    if (this.#tools.closed) {
      await this.#alarm.noLaterThan(Date.now() + CLOSED_LOOK_MS);
      return;
    }
    for (const callId of this.#storage.active()) {
      try {
        this.#engine.lookAfter(callId);
      } catch (error) {
        // One call's mishap is not the others': they share the object, not the fault.
        log.error("a call could not be looked after", { call_id: callId, error: describeError(error) });
      }
    }
    await this.#engine.arm();
  }
}
