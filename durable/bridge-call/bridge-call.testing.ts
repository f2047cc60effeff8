import { begin, reduce } from "./bridge-call.machine.ts";
import type { BridgeCallState, CallEvent, Effect, Plan } from "./bridge-call.types.ts";

/** 2026-11-22T02:00:00Z: when the form came in, in these tests. */
export const FORM_AT = Date.UTC(2026, 10, 22, 2);

export const aPlan = (over: Partial<Plan> = {}): Plan => ({
  call_id: "call_1",
  lead_id: "ent_1",
  project_id: "acme",
  tenant_id: "ten_1",
  received_at: FORM_AT,
  from: "+6495550100",
  customer: { name: "Jane Doe", phone: "+64211234567" },
  destinations: [{ name: "Dana", phone: "+64210000001" }],
  whisper: "New lead. Press 1.",
  sms_card: "New lead Jane Doe",
  language: "en-US",
  ring_timeout_s: 25,
  customer_ring_timeout_s: 30,
  keypress_timeout_s: 8,
  max_call_s: 7200,
  max_age_ms: 3_600_000,
  recording: { enabled: true, strict: false, owner_notice: "Recorded.", customer_notice: "This call is recorded." },
  policy: { allowed_countries: ["NZ"], country: "NZ" },
  ...over,
});

/** Feeds events to the machine and keeps what it asked for, as the shell would. */
export class Rehearsal {
  state: BridgeCallState;
  now = FORM_AT + 20;
  readonly effects: Effect[] = [];
  #nonces = 0;

  constructor(plan: Plan = aPlan()) {
    const first = begin(plan, this.now);
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
    if (this.state.deadline === null) throw new Error("the machine waits for nothing");
    return this.send({ type: "tick" }, Math.max(0, this.state.deadline - this.now));
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
    return this.send({ type: "customer_progress", nonce: this.nonce, sid: "CA-customer", status, duration_s: over.duration_s ?? null, sip_code: over.sip_code ?? null });
  }

  ring = (): this => this.clear().send({ type: "dial_accepted", nonce: this.nonce, sid: `CA-${this.nonce}` }).owner("ringing");
  answer = (): this => this.send({ type: "owner_listening", nonce: this.nonce, sid: `CA-${this.nonce}` });
  press = (digit: string): this => this.send({ type: "owner_key", nonce: this.nonce, sid: `CA-${this.nonce}`, digit });
  dialDone = (status: string, over: { bridged?: boolean; duration_s?: number } = {}): this =>
    this.send({ type: "dial_done", nonce: this.nonce, status, bridged: over.bridged ?? null, duration_s: over.duration_s ?? null });
}
