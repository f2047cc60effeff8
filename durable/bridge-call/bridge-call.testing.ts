import { begin, type Beginning, reduce } from "./bridge-call.machine.ts";
import { nextDeadline } from "./transition.ts";
import type { BridgeCallState, OwnerLeg } from "./bridge-call.types.ts";
import type { Effect } from "./effect.types.ts";
import type { CallEvent } from "./event.types.ts";
import type { Person, Plan } from "./plan.schema.ts";

/** 2026-11-22T02:00:00Z: when the form came in, in these tests. */
export const FORM_AT = Date.UTC(2026, 10, 22, 2);

const always = { time_zone: "Pacific/Auckland" };

/** Somebody of the business who may be rung at any hour. */
export const person = (name: string, phone: string, schedule: Person["schedule"] = always): Person => ({ name, phone, schedule });
export const DANA = person("Dana", "+64210000001");
export const SAM = person("Sam", "+64210000002");

export const aPlan = (over: Partial<Plan> = {}): Plan => ({
  call_id: "call_1",
  lead_id: "ent_1",
  project_id: "acme",
  tenant_id: "ten_1",
  direction: "outbound",
  received_at: FORM_AT,
  asked_at: FORM_AT,
  from: "+6495550100",
  customer: { name: "Jane Doe", phone: "+64211234567" },
  place: null,
  destinations: [DANA],
  strategy: "sequential",
  rounds: 1,
  pause_s: 180,
  jitter: 0.3,
  customer_attempts: 1,
  customer_retry_s: 600,
  spread_s: 90,
  emergency: false,
  detect_machines: { owner: true, customer: false },
  whisper: "New lead.",
  decline_reasons: [],
  voicemail_message: null,
  texts: { card: "New lead Jane Doe", voicemail_card: "Voicemail", alert: "Nobody reached", before_ring: null, missed: "We will ring you.", feedback: null, text_back: null },
  fallback_phone: null,
  language: "en-US",
  ring_timeout_s: 25,
  customer_ring_timeout_s: 30,
  keypress_timeout_s: 8,
  max_call_s: 7200,
  max_age_ms: 3_600_000,
  recording: { enabled: true, strict: false, owner_notice: "Recorded.", customer_notice: "This call is recorded." },
  inbound: null,
  policy: { allowed_countries: ["NZ"], country: "NZ", time_zone: null, cooldown_minutes: 0, caps: { calls_per_hour: null, calls_per_day: null, sms_per_hour: null, sms_per_day: null, money_per_month_micros: null } },
  ...over,
});

/** Feeds events to the machine and keeps what it asked for, as the shell would. */
export class Rehearsal {
  state: BridgeCallState;
  now = FORM_AT + 20;
  readonly effects: Effect[] = [];
  #nonces = 0;

  constructor(plan: Plan = aPlan(), beginning: Beginning = {}, now = FORM_AT + 20) {
    this.now = now;
    const first = begin(plan, this.now, beginning);
    this.state = first.state;
    this.effects.push(...first.effects);
  }

  send(event: CallEvent, afterMs = 100): this {
    this.now += afterMs;
    const next = reduce(this.state, event, this.now);
    this.state = next.state;
    this.effects.push(...next.effects);
    return this;
  }

  /** The gate and the dialer say yes. */
  clear(phone = "+64210000001"): this {
    return this.send({ type: "cleared", phone, nonce: `n${++this.#nonces}` });
  }

  /** Waits until the machine's own deadline and lets it act. */
  waitForDeadline(): this {
    const deadline = nextDeadline(this.state);
    if (deadline === null) throw new Error("the machine waits for nothing");
    return this.send({ type: "tick" }, Math.max(0, deadline - this.now));
  }

  get nonce(): string {
    return this.state.legs.at(-1)?.nonce ?? "";
  }

  did<K extends Effect["kind"]>(kind: K): Extract<Effect, { kind: K }>[] {
    return this.effects.filter((effect): effect is Extract<Effect, { kind: K }> => effect.kind === kind);
  }

  get events(): string[] {
    return this.state.timeline.map((entry) => entry.event);
  }

  owner(status: Extract<CallEvent, { type: "leg_progress" }>["status"], over: { answered_by?: string; sip_code?: number } = {}): this {
    return this.send({ type: "leg_progress", nonce: this.nonce, sid: `CA-${this.nonce}`, status, answered_by: over.answered_by ?? null, sip_code: over.sip_code ?? null });
  }

  customer(status: Extract<CallEvent, { type: "customer_progress" }>["status"], over: { duration_s?: number; sip_code?: number } = {}): this {
    return this.send({ type: "customer_progress", nonce: this.nonce, attempt: this.attempt, sid: "CA-customer", status, duration_s: over.duration_s ?? null, sip_code: over.sip_code ?? null });
  }

  ring = (): this => this.clear().send({ type: "dial_accepted", nonce: this.nonce, sid: `CA-${this.nonce}` }).owner("ringing");
  answer = (): this => this.send({ type: "owner_listening", nonce: this.nonce, sid: `CA-${this.nonce}` });
  press = (digit: string): this => this.send({ type: "owner_key", nonce: this.nonce, sid: `CA-${this.nonce}`, digit });
  dialDone = (status: string, over: { bridged?: boolean; duration_s?: number; over?: boolean } = {}): this =>
    this.send({ type: "dial_done", nonce: this.nonce, attempt: this.attempt, status, bridged: over.bridged ?? null, duration_s: over.duration_s ?? null, over: over.over ?? false });

  get attempt(): number {
    return this.state.customer.attempts;
  }

  texts(purpose: string): Extract<Effect, { kind: "sms" }>[] {
    return this.did("sms").filter((text) => text.purpose === purpose);
  }

  /** The leg on its way to this phone. */
  leg(phone: string): OwnerLeg {
    const leg = this.state.legs.findLast((one) => one.phone === phone);
    if (!leg) throw new Error(`nobody was rung at ${phone}`);
    return leg;
  }
}
