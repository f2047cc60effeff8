import { describe, expect, it } from "vitest";
import { aPlan, FORM_AT, Rehearsal } from "./bridge-call.testing.ts";
import { leadStatusOf, projectionOf } from "./projection.ts";

const two = aPlan({ destinations: [{ name: "Dana", phone: "+64210000001" }, { name: "Sam", phone: "+64210000002" }] });

describe("a call that goes well", () => {
  const call = (): Rehearsal => new Rehearsal().ring().answer().press("1").customer("ringing").send({ type: "customer_listening", nonce: "n1" }).customer("in-progress").dialDone("completed", { bridged: true, duration_s: 62 });

  it("rings, hears, presses, connects, ends, in this order", () => {
    expect(call().events).toEqual(["received", "dialed", "owner_ringing", "owner_answered", "owner_pressed", "customer_ringing", "customer_answered", "connected", "ended"]);
    expect(call().state).toMatchObject({ phase: "ended", end_reason: "connected", duration_s: 62 });
  });

  it("counts every latency from the form", () => {
    expect(projectionOf(call().state, FORM_AT, null).latency).toMatchObject({ form_to_dial_ms: 120, form_to_owner_answer_ms: 420, form_to_connected_ms: 820 });
  });

  it("dials once, gives the phone back and sends no card", () => {
    const done = call();
    expect(done.did("dial")).toHaveLength(1);
    expect(done.did("release")).toHaveLength(1);
    expect(done.did("sms_owner")).toHaveLength(0);
    expect(leadStatusOf(done.state)).toBe("called");
  });

  it("keeps the phone for the length of the conversation", () => {
    const talking = new Rehearsal().ring().answer().press("1");
    expect(talking.did("renew_lease").at(-1)?.until).toBeGreaterThan(talking.now + 7_200_000);
  });

  it("learns of the conversation from the Dial's report alone when the leg's callbacks were lost", () => {
    const done = new Rehearsal().ring().answer().press("1").dialDone("completed", { duration_s: 30 });
    expect(done.state).toMatchObject({ end_reason: "connected", duration_s: 30 });
    expect(done.events).toContain("connected");
    expect(Date.parse(done.state.timeline.find((entry) => entry.event === "connected")?.at ?? "")).toBe(done.now - 30_000);
  });
});

describe("how a call ends", () => {
  it.each<[string, (call: Rehearsal) => Rehearsal, string, string]>([
    ["nobody picks up", (call) => call.owner("no-answer"), "owner_no_answer", "no_answer"],
    ["the line is busy", (call) => call.owner("busy"), "owner_busy", "no_answer"],
    ["the number does not exist", (call) => call.owner("failed", { sip_code: 404 }), "invalid_number", "needs_contact"],
    ["the carrier fails", (call) => call.owner("failed", { sip_code: 503 }), "carrier_failed", "no_answer"],
    ["it is answered and no key is pressed", (call) => call.answer().owner("completed"), "owner_no_answer", "no_answer"],
    ["a machine answers", (call) => call.answer().owner("completed", { answered_by: "machine_start" }), "owner_voicemail", "no_answer"],
    ["the owner declines", (call) => call.answer().press("0"), "owner_declined", "no_answer"],
    ["the owner passes and is the last", (call) => call.answer().press("9"), "owner_declined", "no_answer"],
    ["the customer does not pick up", (call) => call.answer().press("1").dialDone("no-answer"), "customer_no_answer", "no_answer"],
    ["the customer is busy", (call) => call.answer().press("1").dialDone("busy"), "customer_busy", "no_answer"],
    ["the customer's number is none", (call) => call.answer().press("1").dialDone("failed"), "invalid_number", "needs_contact"],
    ["the customer hangs up while the notice is spoken", (call) => call.answer().press("1").customer("in-progress").dialDone("completed", { bridged: false }), "abandoned", "no_answer"],
    ["the owner hangs up before the customer answers", (call) => call.answer().press("1").customer("ringing").owner("completed").waitForDeadline(), "abandoned", "no_answer"],
    ["the owner hangs up after a conversation", (call) => call.answer().press("1").customer("in-progress").owner("completed"), "connected", "called"],
  ])("when %s", (_, play, reason, status) => {
    const call = play(new Rehearsal().ring());
    expect(call.state.end_reason).toBe(reason);
    expect(leadStatusOf(call.state)).toBe(status);
    expect(projectionOf(call.state, call.now, null)).toMatchObject({ status: "ended", next_due_at: null });
  });

  it("sends the card once when the owner was not reached, and none when they declined", () => {
    expect(new Rehearsal().ring().owner("no-answer").owner("no-answer").did("sms_owner")).toEqual([{ kind: "sms_owner", phone: "+64210000001", body: "New lead Jane Doe" }]);
    expect(new Rehearsal().ring().answer().press("0").did("sms_owner")).toEqual([]);
  });

  it("never rings the customer before the owner has pressed 1", () => {
    for (const digit of ["", "3", "5", "#", "*", "0", "9"]) expect(new Rehearsal().ring().answer().press(digit).state.phase).toBe("ended");
    expect(new Rehearsal().ring().answer().press("2").state.phase).toBe("owner_answered");
  });

  it("repeats the whisper on 2, but not for ever", () => {
    const call = new Rehearsal().ring().answer().press("2").press("2");
    expect(call.state.phase).toBe("owner_answered");
    expect(call.press("2").state.end_reason).toBe("owner_declined");
  });

  it("goes on to the next person when one does not answer, and names the last failure when nobody is left", () => {
    const call = new Rehearsal(two).ring().owner("busy");
    expect(call.events.slice(-2)).toEqual(["owner_busy", "escalated"]);
    expect(call.did("clear").at(-1)).toEqual({ kind: "clear", phones: ["+64210000002"] });
    call.clear("+64210000002").send({ type: "dial_accepted", nonce: "n2", sid: "CA-n2" }).owner("no-answer");
    expect(call.state.end_reason).toBe("owner_no_answer");
    expect(call.did("dial").map((dial) => dial.phone)).toEqual(["+64210000001", "+64210000002"]);
  });
});

describe("before the dial", () => {
  it("ends at once and says why when the DNA names nobody", () => {
    const call = new Rehearsal(aPlan({ destinations: [] }));
    expect(call.state).toMatchObject({ phase: "ended", end_reason: "blocked" });
    expect(leadStatusOf(call.state)).toBe("needs_contact");
  });

  it("ends as blocked when the gate refuses, and marks who opted out", () => {
    const call = new Rehearsal().send({ type: "blocked", reason: "opted_out", detail: "asked not to" });
    expect(call.state.end_reason).toBe("blocked");
    expect(call.did("dial")).toEqual([]);
    expect(leadStatusOf(call.state)).toBe("opted_out");
  });

  it("is held while it waits its turn, asks again, and does not dial when it has grown too old", () => {
    const call = new Rehearsal().send({ type: "must_wait", until: FORM_AT + 15_000 });
    expect(projectionOf(call.state, call.now, call.state.deadline).status).toBe("held");
    expect(call.waitForDeadline().did("clear")).toHaveLength(2);
    call.send({ type: "must_wait", until: FORM_AT + 3_700_000 }).waitForDeadline();
    expect(call.state.end_reason).toBe("expired");
    expect(call.did("dial")).toEqual([]);
  });
});

describe("when Twilio's answer to a dial is not known", () => {
  const lost = (answered: boolean): Rehearsal => new Rehearsal().clear().send({ type: "dial_unknown", nonce: "n1", answered });

  it("adopts the call that announces itself by a callback, and looks nothing up", () => {
    const call = lost(false).owner("ringing");
    expect(call.state).toMatchObject({ phase: "ringing_owner", legs: [{ sid: "CA-n1" }] });
    expect(call.did("look_up")).toEqual([]);
    expect(call.did("dial")).toHaveLength(1);
  });

  it("adopts the call that the look-up finds", () => {
    const call = lost(true).waitForDeadline().send({ type: "leg_found", nonce: "n1", sid: "CA-n1", status: "ringing" });
    expect(call.state.phase).toBe("ringing_owner");
    expect(call.did("dial")).toHaveLength(1);
  });

  it("dials again after Twilio has said once (twice, where it had not answered at all) that there is no such call", () => {
    const failed = lost(true).waitForDeadline().send({ type: "leg_absent", nonce: "n1" }).waitForDeadline();
    expect(failed.did("clear")).toHaveLength(2);
    const silent = lost(false).waitForDeadline().send({ type: "leg_absent", nonce: "n1" });
    expect(silent.did("clear")).toHaveLength(1);
    expect(silent.waitForDeadline().send({ type: "leg_absent", nonce: "n1" }).waitForDeadline().did("clear")).toHaveLength(2);
  });

  it("asks ever more slowly while Twilio does not answer, and gives up with a card when the lead is too old", () => {
    const call = lost(false);
    let asked = 0;
    for (; call.state.phase !== "ended" && asked < 1000; asked++) call.waitForDeadline().send({ type: "look_up_failed", nonce: "n1" }, 0);
    expect(call.state.end_reason).toBe("expired");
    expect(asked).toBeLessThan(130);
    expect(call.did("sms_owner")).toHaveLength(1);
    expect(call.did("dial")).toHaveLength(1);
  });

  it("does not dial again when it cannot tell which call is its own: it alerts and sends the card", () => {
    const call = lost(true).waitForDeadline().send({ type: "leg_uncertain", nonce: "n1", candidates: 2 });
    expect(call.state.end_reason).toBe("carrier_failed");
    expect(call.events).toContain("alert");
    expect(call.did("sms_owner")).toHaveLength(1);
  });

  it("takes back an attempt given up for lost that rings after all, if nothing newer was dialled", () => {
    const call = lost(true).waitForDeadline().send({ type: "leg_absent", nonce: "n1" }).owner("ringing");
    expect(call.state).toMatchObject({ phase: "ringing_owner", untried: [] });
    expect(call.clear().did("dial")).toHaveLength(1);
  });

  it("hangs such an attempt up if a newer one is on its way", () => {
    const call = lost(true).waitForDeadline().send({ type: "leg_absent", nonce: "n1" }).waitForDeadline().clear();
    call.send({ type: "leg_progress", nonce: "n1", sid: "CA-late", status: "ringing", answered_by: null, sip_code: null });
    expect(call.did("hang_up")).toEqual([{ kind: "hang_up", sid: "CA-late" }]);
    expect(call.state.legs.at(-1)?.nonce).toBe("n2");
  });
});

describe("when Twilio refuses a dial", () => {
  const refused = (failure: "permanent" | "account" | "retry" | "opted_out", retry_after_ms?: number): Rehearsal =>
    new Rehearsal().clear().send({ type: "dial_refused", nonce: "n1", failure, code: 1, message: "no", ...(retry_after_ms === undefined ? {} : { retry_after_ms }) });

  it("waits as long as Twilio says and dials the same person again", () => {
    const call = refused("retry", 7_000);
    expect(call.state.deadline).toBe(call.now + 7_000);
    expect(call.waitForDeadline().did("clear").at(-1)?.phones).toEqual(["+64210000001"]);
  });

  it("ends with an alert on a number that Twilio will never dial", () => {
    expect(refused("permanent").state.end_reason).toBe("invalid_number");
    expect(refused("permanent").events).toContain("alert");
  });

  it("alerts once and keeps trying while the account is at fault", () => {
    const call = refused("account").waitForDeadline().clear();
    call.send({ type: "dial_refused", nonce: "n2", failure: "account", code: 20003, message: "no" });
    expect(call.state.phase).toBe("clearing");
    expect(call.events.filter((event) => event === "alert")).toHaveLength(1);
  });
});

describe("late, repeated and foreign messages", () => {
  it("changes nothing when a message comes again", () => {
    const call = new Rehearsal().ring().answer().press("1").customer("in-progress");
    const before = { state: call.state, effects: call.effects.length };
    call.press("1").answer().owner("ringing").owner("in-progress").customer("ringing").customer("in-progress").send({ type: "dial_accepted", nonce: "n1", sid: "CA-n1" });
    expect(call.state).toEqual(before.state);
    expect(call.effects).toHaveLength(before.effects);
  });

  it("does not go back from an ended call", () => {
    const call = new Rehearsal().ring().owner("busy");
    const ended = call.state;
    expect(call.answer().press("1").owner("in-progress").dialDone("completed").clear().state).toEqual(ended);
  });

  it("takes no notice of a nonce or a SID that is not its own", () => {
    const call = new Rehearsal().ring().answer();
    const before = call.state;
    call.send({ type: "owner_key", nonce: "other", sid: "CA-n1", digit: "1" }).send({ type: "owner_key", nonce: "n1", sid: "CA-other", digit: "1" });
    expect(call.state).toBe(before);
  });

  it("takes the length of the conversation even after the end, once", () => {
    const call = new Rehearsal().ring().answer().press("1").customer("in-progress").owner("completed");
    expect(call.dialDone("completed", { duration_s: 41 }).state.duration_s).toBe(41);
    expect(call.dialDone("completed", { duration_s: 99 }).state.duration_s).toBe(41);
  });

  it("asks Twilio how the leg is doing when its callbacks are overdue", () => {
    const call = new Rehearsal().ring().waitForDeadline();
    expect(call.did("check_leg")).toEqual([{ kind: "check_leg", nonce: "n1", sid: "CA-n1" }]);
    expect(call.owner("no-answer").state.end_reason).toBe("owner_no_answer");
  });

  it("takes a call that Twilio keeps in its queue for too long back, and sends the card", () => {
    const call = new Rehearsal().clear().send({ type: "dial_accepted", nonce: "n1", sid: "CA-n1" });
    for (let polls = 0; call.state.phase !== "ended" && polls < 1000; polls++) call.waitForDeadline().owner("queued");
    expect(call.state.end_reason).toBe("expired");
    expect(call.did("hang_up")).toEqual([{ kind: "hang_up", sid: "CA-n1" }]);
    expect(call.did("sms_owner")).toHaveLength(1);
  });

  it("bounds the timeline whatever is noted", () => {
    const call = new Rehearsal();
    for (let i = 0; i < 500; i++) call.send({ type: "noted", event: "alert", detail: { i } });
    expect(call.state.timeline).toHaveLength(200);
  });
});

describe("a project that is strict about recording", () => {
  const strict = aPlan({ recording: { enabled: true, strict: true, owner_notice: "Recorded.", customer_notice: "Recorded." } });
  it("starts the recording through the API after both have heard the notice, and only once", () => {
    const call = new Rehearsal(strict).ring().answer().press("1").send({ type: "customer_listening", nonce: "n1" });
    expect(call.did("start_recording")).toEqual([]);
    call.send({ type: "notice_done", nonce: "n1" }).send({ type: "notice_done", nonce: "n1" });
    expect(call.did("start_recording")).toEqual([{ kind: "start_recording", sid: "CA-n1", nonce: "n1" }]);
  });
});
