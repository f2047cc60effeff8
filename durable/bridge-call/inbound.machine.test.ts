import { describe, expect, it } from "vitest";
import { aPlan, DANA, FORM_AT, person, Rehearsal, SAM } from "./bridge-call.testing.ts";
import type { CallEvent } from "./event.types.ts";
import type { Person, Plan } from "./plan.schema.ts";
import { VOICEMAIL_CARD_MS } from "./outcome.ts";

const KIM = person("Kim", "+64210000003");
/** It is 15:00 of a Sunday in Auckland. */
const weekdays = { time_zone: "Pacific/Auckland", hours: { mon: ["08:00-17:00"] } };
const closed = person("Dana", DANA.phone, weekdays);
const english = { key: "", offer: "", language: "en-NZ", greeting: "Acme.", closed_greeting: "We are closed.", notice: "Recorded.", voicemail_prompt: "Leave a message." };
const maori = { ...english, key: "2", offer: "Mō te reo Māori, pēhia te rua.", language: "mi-NZ" };

const anInboundPlan = (over: Partial<Plan> = {}, inbound: Partial<NonNullable<Plan["inbound"]>> = {}): Plan => {
  const base = aPlan();
  return aPlan({
    direction: "inbound",
    destinations: [DANA, SAM, KIM],
    fallback_phone: "+64210000009",
    texts: { ...base.texts, card: "Missed call", missed: null, text_back: "Sorry we missed you.", feedback: "How did it go?" },
    inbound: { languages: [english], message_max_s: 120, message_only: false, emergency_offer: null, text_back_key: "text_back:acme:1", ...inbound },
    ...over,
  });
};

/** A caller, and the documents and reports that Twilio asks for and brings. */
class Caller extends Rehearsal {
  constructor(plan: Plan = anInboundPlan()) {
    super(plan, { caller: { sid: "CA-caller", nonce: "in" } });
  }
  dialed = (): string[] => this.state.timeline.filter(({ event }) => event === "dialed").map(({ detail }) => String(detail["to"]));
  /** The <Dial> that began with this leg is over. */
  forwarded = (nonce: string, status: string, over: { over?: boolean; bridged?: boolean; duration_s?: number } = {}): this =>
    this.send({ type: "dial_done", nonce, attempt: 0, status, bridged: over.bridged ?? null, duration_s: over.duration_s ?? null, over: over.over ?? false });
  hearsWhisper = (nonce: string): this => this.send({ type: "owner_listening", nonce, sid: `CA-${nonce}` });
  presses = (nonce: string, digit: string): this => this.send({ type: "owner_key", nonce, sid: `CA-${nonce}`, digit });
  talks = (nonce: string): this => this.hearsWhisper(nonce).presses(nonce, "1");
  key = (menu: string, digit: string): this => this.send({ type: "caller_key", menu, digit });
}

describe("whom a caller is put through to", () => {
  it.each([
    ["sequential", [[DANA.phone], [SAM.phone], [KIM.phone]]],
    ["simultaneous", [[DANA.phone, SAM.phone, KIM.phone]]],
  ] as const)("%s: in order, until nobody is left, then a message", (strategy, batches) => {
    const call = new Caller(anInboundPlan({ strategy }));
    const rung: string[] = [];
    for (const batch of batches) {
      rung.push(...batch);
      expect(call.dialed()).toEqual(rung);
      expect(call.state).toMatchObject({ phase: "reaching", untried: [DANA, SAM, KIM].slice(rung.length) });
      call.forwarded(`in-${rung.length - batch.length + 1}`, "no-answer");
    }
    expect(call.state).toMatchObject({ phase: "voicemail", end_reason: null });
    expect(call.state.legs.every(({ stage }) => stage === "over")).toBe(true);
  });

  it("round_robin begins with whoever's turn it is", () => {
    const call = new Rehearsal(anInboundPlan({ strategy: "round_robin" }), { caller: { sid: "CA-caller", nonce: "in" }, turn: 2 });
    expect(call.state.legs.map(({ phone }) => phone)).toEqual([KIM.phone]);
  });

  it("is only who works now, and their phones count as taken meanwhile", () => {
    const call = new Caller(anInboundPlan({ destinations: [closed, SAM] }));
    expect(call.dialed()).toEqual([SAM.phone]);
    expect(call.did("renew_lease").map(({ phone, until }) => [phone, until > call.now])).toEqual([[SAM.phone, true]]);
  });

  it.each<[string, Person[], Partial<NonNullable<Plan["inbound"]>>]>([
    ["nobody works now", [closed], {}],
    ["the DNA names nobody", [], { emergency_offer: "Press 1 for an emergency." }],
    ["nobody may be rung", [DANA], { message_only: true, emergency_offer: "Press 1 for an emergency." }],
  ])("is nobody but the voicemail where %s", (_, destinations, inbound) => {
    const call = new Caller(anInboundPlan({ destinations }, inbound));
    expect([call.state.phase, call.dialed()]).toEqual(["voicemail", []]);
    expect(call.did("release")).toHaveLength(1);
  });

  it("is at most ten at once, as <Dial> takes no more", () => {
    const many = Array.from({ length: 12 }, (_, index) => person(`P${index}`, `+642100001${String(index).padStart(2, "0")}`));
    const call = new Caller(anInboundPlan({ strategy: "simultaneous", destinations: many }));
    expect(call.dialed()).toHaveLength(10);
    expect(call.forwarded("in-1", "no-answer").dialed()).toHaveLength(12);
    expect(call.forwarded("in-11", "no-answer").state.phase).toBe("voicemail");
  });
});

describe("the caller's menus", () => {
  const bilingual = (): Caller => new Caller(anInboundPlan({}, { languages: [english, maori] }));
  const emergency = (): Caller => new Caller(anInboundPlan({ destinations: [closed] }, { emergency_offer: "Press 1 if water is running." }));

  it.each([["2", 1], ["", 0], ["7", 0]])("language: key %o gives language %i, and rings", (digit, language) => {
    const call = bilingual();
    expect([call.state.phase, call.dialed()]).toEqual(["greeting", []]);
    call.key("language", digit);
    expect(call.state).toMatchObject({ phase: "reaching", caller: { language, menu: null } });
  });

  it("emergency: 1 rings people outside their hours, anything else takes a message", () => {
    expect(emergency().key("emergency", "1").dialed()).toEqual([DANA.phone]);
    for (const digit of ["", "2"]) expect(emergency().key("emergency", digit).state.phase).toBe("voicemail");
  });

  it("a key that comes twice, late, or of another menu changes nothing", () => {
    const call = bilingual().key("language", "2");
    const { state } = call;
    expect(call.key("language", "").key("emergency", "1").state).toBe(state);
    const waiting = emergency();
    const before = waiting.state;
    expect(waiting.key("language", "1").state).toBe(before);
  });
});

describe("a conversation", () => {
  it("begins with the 1 of whoever was put through, and ends with its <Dial>, whose length asks for feedback", () => {
    const call = new Caller().talks("in-1");
    expect(call.state).toMatchObject({ phase: "connected", winner: "in-1" });
    call.forwarded("in-1", "completed", { bridged: true, duration_s: 95 });
    expect(call.state).toMatchObject({ phase: "ended", end_reason: "connected", duration_s: 95 });
    expect(call.did("sms").map(({ purpose, to }) => [purpose, to])).toEqual([["feedback", DANA.phone]]);
    // The legs are the caller's children and go by themselves.
    expect(call.did("hang_up")).toEqual([]);
  });

  it("9 passes the caller on; the one who passed is not put through again", () => {
    const call = new Caller().hearsWhisper("in-1").presses("in-1", "9");
    call.forwarded("in-1", "completed");
    expect(call.dialed()).toEqual([DANA.phone, SAM.phone]);
    expect(call.state.winner).toBeNull();
  });

  it("a <Dial> that is reported again after the next one began changes nothing", () => {
    const call = new Caller().forwarded("in-1", "no-answer");
    const { state } = call;
    expect(call.forwarded("in-1", "no-answer").state).toBe(state);
    expect(call.forwarded("another-9", "completed", { over: true }).state).toBe(state);
  });

  it("the caller's own leg ending is its end, where the <Dial>'s report is lost", () => {
    expect(new Caller().talks("in-1").send({ type: "caller_progress", status: "completed" }).state.end_reason).toBe("connected");
  });
});

describe("when nobody takes the call", () => {
  const unanswered = (): Caller => new Caller(anInboundPlan({ destinations: [DANA] })).forwarded("in-1", "no-answer");
  const texts = (call: Caller): string[][] => call.did("sms").map(({ purpose, to, key }) => [purpose, to, key]);
  const MISSED = [["lead_card", DANA.phone, "call_1:card"], ["alert", "+64210000009", "call_1:alert"], ["text_back", "+64211234567", "text_back:acme:1"]];

  it("a message is taken: the caller is texted once, and the owner's text waits for its words", () => {
    const call = unanswered().send({ type: "message_left", duration_s: 14 });
    expect(call.state).toMatchObject({ end_reason: "voicemail_left", duration_s: 14, caller: { message: true }, deadline: call.now + VOICEMAIL_CARD_MS });
    expect(texts(call)).toEqual([MISSED[2]]);
    expect(texts(call.waitForDeadline())).toEqual([MISSED[2], ["voicemail_card", DANA.phone, "call_1:voicemail"]]);
    expect(call.send({ type: "message_left", duration_s: 14 }).did("sms")).toHaveLength(2);
  });

  it.each<[string, CallEvent]>([
    ["leaves an empty message", { type: "message_left", duration_s: 0 }],
    ["leaves none", { type: "message_absent" }],
  ])("a caller who %s is a missed call: owner, fallback and caller are texted once", (_, event) => {
    const call = unanswered().send(event);
    expect(call.state.end_reason).toBe("owner_no_answer");
    expect(texts(call)).toEqual(MISSED);
    expect(texts(call.send(event).send({ type: "caller_progress", status: "completed" }))).toEqual(MISSED);
  });

  it.each<[string, (call: Caller) => Caller]>([
    ["while phones ring", (call) => call],
    ["in a menu", () => new Caller(anInboundPlan({}, { languages: [english, maori] }))],
  ])("a caller who hangs up %s has abandoned the call", (_, prepare) => {
    const call = prepare(new Caller()).send({ type: "caller_progress", status: "completed" });
    expect(call.state.end_reason).toBe("abandoned");
    expect(texts(call)).toEqual(MISSED);
    expect(call.state.legs.every(({ stage }) => stage === "over")).toBe(true);
  });

  it("the <Dial> ending because the caller hung up is no reason to ring the next", () => {
    const call = new Caller().forwarded("in-1", "canceled", { over: true });
    expect([call.state.end_reason, call.dialed()]).toEqual(["abandoned", [DANA.phone]]);
  });

  it("a message whose report is late is waited for after the caller's leg has ended", () => {
    const call = unanswered().send({ type: "caller_progress", status: "completed" });
    expect(call.state.end_reason).toBeNull();
    expect(call.send({ type: "message_left", duration_s: 8 }).state.end_reason).toBe("voicemail_left");
  });

  it("a caller without a number gets no text", () => {
    const call = new Caller(anInboundPlan({ destinations: [DANA], customer: { name: "", phone: null } })).send({ type: "caller_progress", status: "completed" });
    expect(texts(call).map(([purpose]) => purpose)).toEqual(["lead_card", "alert"]);
  });
});

describe("when Twilio falls silent", () => {
  it("asks how the caller's leg is doing, and again, and a call that is gone ends", () => {
    const call = new Caller().waitForDeadline().waitForDeadline();
    expect(call.did("check_caller").map(({ sid }) => sid)).toEqual(["CA-caller", "CA-caller"]);
    expect(call.send({ type: "caller_progress", status: "completed" }).state.end_reason).toBe("abandoned");
  });

  it("waits for a message once, then counts it as none", () => {
    const call = new Caller(anInboundPlan({ destinations: [] }));
    expect(call.waitForDeadline().state.phase).toBe("voicemail");
    expect(call.waitForDeadline().state.end_reason).toBe("abandoned");
    expect(call.now - FORM_AT).toBeGreaterThan(120_000);
  });

  it("a leg of the caller's that is merely reported as alive changes nothing", () => {
    const call = new Caller();
    const { state } = call;
    for (const status of ["ringing", "in-progress"] as const) expect(call.send({ type: "caller_progress", status }).state).toBe(state);
  });
});
