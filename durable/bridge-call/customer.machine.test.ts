import { describe, expect, it } from "vitest";
import { replyTo } from "./bridge-call.reply.ts";
import { aPlan, DANA, FORM_AT, Rehearsal } from "./bridge-call.testing.ts";
import type { CallEvent } from "./event.types.ts";
import { leadStatusOf, projectionOf } from "./projection.ts";

const pressed = (over = {}): Rehearsal => new Rehearsal(aPlan(over)).ring().answer().press("1");
const judged = (call: Rehearsal, by: string): Rehearsal => call.send({ type: "customer_judged", nonce: call.nonce, attempt: call.attempt, sid: "CA-customer", answered_by: by });
const menu = (call: Rehearsal, digit: string): Rehearsal => call.send({ type: "menu_key", nonce: call.nonce, sid: `CA-${call.nonce}`, digit, attempt: call.attempt });
const withMachine = { detect_machines: { owner: true, customer: true }, voicemail_message: { text: "Call us back." }, customer_attempts: 2 };

describe("a call that goes well", () => {
  const call = (): Rehearsal => pressed().customer("ringing").send({ type: "customer_listening", nonce: "n1", attempt: 1 }).customer("in-progress").dialDone("completed", { bridged: true, duration_s: 62 });

  it("rings, hears, presses, connects, ends, in this order, and counts from the form", () => {
    expect(call().events).toEqual(["received", "dialed", "owner_ringing", "owner_answered", "owner_pressed", "customer_ringing", "customer_answered", "connected", "ended"]);
    expect(call().state).toMatchObject({ end_reason: "connected", duration_s: 62 });
    expect(projectionOf(call().state, FORM_AT, null).latency).toEqual({
      form_to_dial_ms: 120, form_to_owner_ringing_ms: 320, form_to_owner_answer_ms: 420, form_to_pressed_ms: 520, form_to_customer_ringing_ms: 620, form_to_connected_ms: 820,
    });
    expect(leadStatusOf(call().state)).toBe("called");
  });

  it("keeps the phone for the length of the conversation, and gives it back once", () => {
    expect(pressed().did("renew_lease").at(-1)?.until).toBeGreaterThan(FORM_AT + 7_200_000);
    // Not while it is still being told that the conversation is over: when it has hung up, by its own report …
    const done = call();
    expect([done.state.phase, done.did("release")]).toEqual(["ended", []]);
    expect(done.owner("completed").did("release")).toHaveLength(1);
    expect(done.owner("completed").did("release")).toHaveLength(1);
    // … or by the <Dial>'s, which says so where the owner hung up.
    expect(pressed().customer("in-progress").dialDone("completed", { duration_s: 30, over: true }).did("release")).toHaveLength(1);
  });

  it("asks Twilio about a phone that is not reported to have hung up", () => {
    const done = call().waitForDeadline();
    expect(done.did("check_leg").map(({ sid }) => sid)).toEqual([`CA-${done.nonce}`]);
    expect(done.owner("completed").did("release")).toHaveLength(1);
  });

  it("learns of the conversation from the Dial's report alone when the leg's callbacks were lost", () => {
    const done = pressed().dialDone("completed", { duration_s: 30 });
    expect(done.state).toMatchObject({ end_reason: "connected", duration_s: 30 });
    expect(Date.parse(done.state.timeline.find((entry) => entry.event === "connected")?.at ?? "")).toBe(done.now - 30_000);
  });

  it("takes the length of the conversation even after the end, once", () => {
    const done = pressed().customer("in-progress").owner("completed");
    expect(done.dialDone("completed", { duration_s: 41 }).state.duration_s).toBe(41);
  });

  it("asks now and then whether they still talk, not every half minute", () => {
    const talking = pressed().customer("in-progress").waitForDeadline();
    expect(talking.did("check_leg")).toHaveLength(1);
    expect((talking.state.deadline ?? 0) - talking.now).toBe(300_000);
  });
});

describe("how it ends without a conversation", () => {
  it.each<[string, (call: Rehearsal) => Rehearsal, string]>([
    ["the customer does not pick up", (call) => call.dialDone("no-answer"), "customer_no_answer"],
    ["the customer is busy", (call) => call.dialDone("busy"), "customer_busy"],
    ["the number is none", (call) => call.dialDone("failed"), "invalid_number"],
    ["the carrier fails", (call) => call.customer("failed", { sip_code: 503 }).dialDone("failed"), "carrier_failed"],
    ["the customer hangs up while the notice is spoken", (call) => call.customer("in-progress").dialDone("completed", { bridged: false }), "abandoned"],
    ["the owner hangs up before the customer answers", (call) => call.customer("ringing").owner("completed").waitForDeadline(), "abandoned"],
    ["the owner hangs up, and the customer's leg is told of first", (call) => call.customer("ringing").customer("canceled").owner("completed").waitForDeadline(), "abandoned"],
    ["the owner hangs up, and Twilio says so by the Dial", (call) => call.customer("ringing").customer("canceled").dialDone("no-answer", { over: true }), "abandoned"],
  ])("when %s", (_, play, reason) => {
    expect(play(pressed()).state).toMatchObject({ phase: "ended", end_reason: reason });
  });
});

describe("an owner who hangs up while the customer's phone rings", () => {
  it.each(["no-answer", "canceled"])("has the card, and the customer hears of no answer that they did not give (%s)", (status) => {
    const call = pressed({ customer_attempts: 2 }).customer("ringing").customer("canceled").dialDone(status, { over: true });
    expect(call.did("sms").map((text) => text.purpose)).toEqual(["lead_card"]);
    expect(call.events).not.toContain("customer_no_answer");
    expect(leadStatusOf(call.state)).toBe("needs_contact");
  });
});

describe("busy or no answer, with attempts left", () => {
  it.each(["busy", "no-answer"])("%s offers the owner a choice on their leg", (status) => {
    const call = pressed({ customer_attempts: 2 }).dialDone(status);
    expect(call.state.phase).toBe("choosing");
    expect(replyTo(call.state, { type: "dial_done", nonce: "n1", attempt: 1, status, bridged: null, duration_s: null, over: false }, "")).toMatchObject({ kind: "ask", text: expect.stringContaining("1 to try again now") as string });
  });

  it("1 rings the customer again at once, as a second attempt; what the first one's callbacks say is over", () => {
    const call = menu(pressed({ customer_attempts: 2 }).dialDone("busy"), "1");
    expect(call.state).toMatchObject({ phase: "ringing_customer", customer: { attempts: 2 } });
    const late: CallEvent = { type: "dial_done", nonce: "n1", attempt: 1, status: "busy", bridged: null, duration_s: null, over: false };
    expect(call.send(late).state.phase).toBe("ringing_customer");
    expect(call.dialDone("busy").state.end_reason).toBe("customer_busy");
  });

  it("2 lets go, and rings the same person about it ten minutes later, as a retry", () => {
    const call = menu(pressed({ customer_attempts: 2, destinations: [DANA] }).dialDone("busy"), "2");
    expect(call.state).toMatchObject({ phase: "waiting", waiting_for: "customer", deadline: call.now + 600_000, winner: null });
    expect(call.did("release")).toHaveLength(1);
    call.waitForDeadline();
    expect(call.did("clear").at(-1)).toEqual({ kind: "clear", phones: [DANA.phone], each: false, retry: true, dial: 2, attempt: 2 });
    expect(call.ring().answer().press("1").state.customer.attempts).toBe(2);
  });

  it("ends when the owner chooses nothing, or has gone", () => {
    expect(menu(pressed({ customer_attempts: 2 }).dialDone("busy"), "").state.end_reason).toBe("customer_busy");
    expect(pressed({ customer_attempts: 2 }).dialDone("busy").owner("completed").state.end_reason).toBe("customer_busy");
    expect(pressed({ customer_attempts: 2 }).dialDone("busy").waitForDeadline().state.end_reason).toBe("customer_busy");
    expect(pressed({ customer_attempts: 2 }).dialDone("busy", { over: true }).state.end_reason).toBe("customer_busy");
  });
});

describe("a machine on the customer's side", () => {
  const machine = (): Rehearsal => judged(pressed(withMachine).customer("ringing").customer("in-progress"), "machine_end_beep");

  it("parks its leg and takes the owner into the menu; no conversation is counted", () => {
    expect(machine().did("redirect")).toEqual([
      { kind: "redirect", sid: "CA-customer", to: "parked", nonce: "n1" },
      { kind: "redirect", sid: "CA-n1", to: "menu", nonce: "n1" },
    ]);
    expect(machine().state).toMatchObject({ phase: "choosing", customer: { outcome: "customer_voicemail" } });
    expect(machine().events).not.toContain("connected");
  });

  it("takes the milestone back when the verdict comes after it was taken for a person", () => {
    const late = pressed(withMachine).customer("in-progress").waitForDeadline();
    expect(late.state.phase).toBe("connected");
    expect(judged(late, "machine_end_beep").state.marks.connected).toBeUndefined();
  });

  it("is not heard of twice in the menu while the redirect is on its way", () => {
    const call = machine();
    expect(replyTo(call.state, { type: "dial_done", nonce: "n1", attempt: 1, status: "completed", bridged: true, duration_s: 9, over: false }, "https://a.test").kind).toBe("pause");
    expect(replyTo(call.state, { type: "menu_opened", nonce: "n1", sid: "CA-n1" }, "")).toMatchObject({ kind: "ask", text: expect.stringContaining("2 to leave your recorded message") as string });
  });

  it.each([
    ["2 leaves the recorded message on the parked leg", "2", { kind: "redirect", sid: "CA-customer", to: "message", nonce: "n1" }],
    ["anything else hangs the machine up", "", { kind: "hang_up", sid: "CA-customer" }],
  ])("%s", (_, digit, effect) => {
    const call = menu(machine(), digit);
    expect(call.effects).toContainEqual(effect);
    expect(call.state.end_reason).toBe("customer_voicemail");
  });

  it("1 hangs it up and rings again", () => {
    const call = menu(machine(), "1");
    expect(call.did("hang_up")).toEqual([{ kind: "hang_up", sid: "CA-customer" }]);
    expect(call.state).toMatchObject({ phase: "ringing_customer", customer: { attempts: 2, sid: null } });
  });

  it.each(["human", "unknown"])("%s is a person", (by) => {
    expect(judged(pressed(withMachine).customer("in-progress"), by).state.phase).toBe("connected");
  });
});

describe("a project that is strict about recording", () => {
  it("starts the recording through the API after both have heard the notice, and only once", () => {
    const call = pressed({ recording: { enabled: true, strict: true, owner_notice: "Recorded.", customer_notice: "Recorded." } }).send({ type: "customer_listening", nonce: "n1", attempt: 1 });
    expect(call.did("start_recording")).toEqual([]);
    call.send({ type: "notice_done", nonce: "n1", attempt: 1 }).send({ type: "notice_done", nonce: "n1", attempt: 1 });
    expect(call.did("start_recording")).toEqual([{ kind: "start_recording", sid: "CA-n1", nonce: "n1" }]);
  });
});
