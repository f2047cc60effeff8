import { describe, expect, it } from "vitest";
import { replyTo } from "./bridge-call.reply.ts";
import { aPlan, DANA, Rehearsal, SAM } from "./bridge-call.testing.ts";
import type { CallEvent } from "./event.types.ts";
import { isLive } from "./transition.ts";

const two = (over = {}) => aPlan({ destinations: [DANA, SAM], ...over });
const live = (call: Rehearsal): string[] => call.state.legs.filter(isLive).map((leg) => leg.phone);

describe("the whisper's keys", () => {
  it.each([
    ["1", "ringing_customer", "connect"],
    ["2", "reaching", "ask"],
    ["7", "reaching", "ask"],
    ["", "reaching", "ask"],
    ["9", "ended", "hang_up"],
    ["0", "ended", "hang_up"],
  ])("%s leads to %s, and the leg hears %s", (digit, phase, reply) => {
    const call = new Rehearsal().ring().answer().press(digit);
    expect(call.state.phase).toBe(phase);
    expect(replyTo(call.state, { type: "owner_key", nonce: "n1", sid: "CA-n1", digit }, "https://a.test").kind).toBe(reply);
  });

  it("repeats the whisper, but not for ever: then the next person is rung", () => {
    const call = new Rehearsal(two()).ring().answer().press("2").press("2");
    expect(call.state.phase).toBe("reaching");
    expect(call.press("2").did("clear").at(-1)?.phones).toEqual([SAM.phone]);
  });

  it("9 passes the lead to the next, and never rings that person about it again in a later round", () => {
    const call = new Rehearsal(two({ rounds: 2 })).ring().answer().press("9");
    expect(call.did("clear").at(-1)?.phones).toEqual([SAM.phone]);
    call.clear(SAM.phone).owner("no-answer").waitForDeadline();
    expect(call.did("clear").at(-1)?.phones).toEqual([SAM.phone]);
  });

  it("0 asks for the reason where there are any, and keeps it", () => {
    const call = new Rehearsal(two({ decline_reasons: ["too far", "too busy"] })).ring().answer().press("0");
    expect(call.state.phase).toBe("reaching");
    call.press("2");
    expect(call.state.end_reason).toBe("owner_declined");
    expect(call.state.timeline.find((entry) => entry.event === "owner_declined")?.detail).toEqual({ digit: "0", reason: "too busy" });
    expect(call.did("dial")).toHaveLength(1);
  });

  it("are heard from the leg's own SID and nonce only", () => {
    const call = new Rehearsal().ring().answer();
    const before = call.state;
    call.send({ type: "owner_key", nonce: "other", sid: "CA-n1", digit: "1" }).send({ type: "owner_key", nonce: "n1", sid: "CA-other", digit: "1" });
    expect(call.state).toBe(before);
  });
});

describe("what is no answer", () => {
  it.each<[string, (call: Rehearsal) => Rehearsal, string]>([
    ["nobody picks up", (call) => call.owner("no-answer"), "owner_no_answer"],
    ["the line is busy", (call) => call.owner("busy"), "owner_busy"],
    ["the number does not exist", (call) => call.owner("failed", { sip_code: 404 }), "invalid_number"],
    ["the carrier fails", (call) => call.owner("failed", { sip_code: 503 }), "carrier_failed"],
    ["call screening picks up and presses nothing", (call) => call.answer().owner("completed"), "owner_no_answer"],
    ["the leg ends as a machine's", (call) => call.answer().owner("completed", { answered_by: "machine_start" }), "owner_voicemail"],
    ["a machine is heard", (call) => call.answer().send({ type: "leg_is_machine", nonce: "n1", sid: "CA-n1" }), "owner_voicemail"],
    ["no key makes sense", (call) => call.answer().press("5").press("5").press("5"), "owner_no_answer"],
  ])("when %s, the next person is rung, and with nobody left that is the end", (_, fail, reason) => {
    expect(fail(new Rehearsal(two()).ring()).did("clear").at(-1)?.phones).toEqual([SAM.phone]);
    const alone = fail(new Rehearsal().ring());
    expect(alone.state.end_reason).toBe(reason);
    expect(alone.state.marks.connected).toBeUndefined();
  });

  it("whoever has pressed a key is no machine, whatever the detection says", () => {
    const call = new Rehearsal().ring().answer().press("2").send({ type: "leg_is_machine", nonce: "n1", sid: "CA-n1" });
    expect(call.state.phase).toBe("reaching");
    expect(call.press("1").state.phase).toBe("ringing_customer");
  });
});

describe("simultaneous", () => {
  const both = (): Rehearsal => {
    const call = new Rehearsal(two({ strategy: "simultaneous" })).clear(DANA.phone).clear(SAM.phone);
    for (const nonce of ["n1", "n2"]) call.send({ type: "dial_accepted", nonce, sid: `CA-${nonce}` });
    return call;
  };
  const listens = (nonce: string): CallEvent => ({ type: "owner_listening", nonce, sid: `CA-${nonce}` });
  const key = (nonce: string, digit: string): CallEvent => ({ type: "owner_key", nonce, sid: `CA-${nonce}`, digit });

  it("asks for a lease on each phone and rings all", () => {
    expect(both().did("clear")).toEqual([{ kind: "clear", phones: [DANA.phone, SAM.phone], each: true, retry: false, dial: 1, attempt: 1 }]);
    expect(live(both())).toEqual([DANA.phone, SAM.phone]);
  });

  it("gives the lead to the first who presses 1; who only rings is hung up, who listens is told that it is taken", () => {
    const ringing = both().send(listens("n2")).send(key("n2", "1"));
    expect(ringing.did("hang_up")).toEqual([{ kind: "hang_up", sid: "CA-n1" }]);
    const listening = both().send(listens("n1")).send(listens("n2")).send(key("n2", "1"));
    expect(listening.did("redirect")).toEqual([{ kind: "redirect", sid: "CA-n1", to: "taken", nonce: "n1" }]);
    listening.send(key("n1", "1"));
    expect(listening.state.winner).toBe("n2");
    expect(replyTo(listening.state, key("n1", "1"), "")).toMatchObject({ kind: "hang_up", text: expect.stringContaining("already taken") as string });
    expect(listening.did("release")).toEqual([{ kind: "release", phone: DANA.phone }]);
  });

  it("hangs a phone up of which Twilio tells only after somebody has won", () => {
    const call = new Rehearsal(two({ strategy: "simultaneous" })).clear(DANA.phone).clear(SAM.phone).send({ type: "dial_accepted", nonce: "n1", sid: "CA-n1" });
    call.send(listens("n1")).send(key("n1", "1")).send({ type: "dial_accepted", nonce: "n2", sid: "CA-n2" });
    expect(call.did("hang_up")).toEqual([{ kind: "hang_up", sid: "CA-n2" }]);
  });

  it("gives each phone back as soon as it has stopped ringing, also while another's lease is waited for", () => {
    const call = new Rehearsal(two({ strategy: "simultaneous" })).clear(DANA.phone).send({ type: "dial_accepted", nonce: "n1", sid: "CA-n1" });
    call.send({ type: "must_wait", until: call.now + 15_000, because: "busy" }).owner("no-answer");
    expect(call.did("release")).toEqual([{ kind: "release", phone: DANA.phone }]);
    expect(call.did("clear").at(-1)?.phones).toEqual([SAM.phone]);
  });
});

describe("when Twilio's answer to a dial is not known", () => {
  const lost = (answered: boolean): Rehearsal => new Rehearsal().clear().send({ type: "dial_unknown", nonce: "n1", answered });

  it.each<[string, (call: Rehearsal) => Rehearsal]>([
    ["announces itself by a callback", (call) => call.owner("ringing")],
    ["is found by the look-up", (call) => call.waitForDeadline().send({ type: "leg_found", nonce: "n1", sid: "CA-n1", status: "ringing" })],
    ["was given up for lost, and nothing newer was dialled", (call) => call.waitForDeadline().send({ type: "leg_absent", nonce: "n1" }).owner("ringing")],
  ])("adopts the call that %s, and dials no second time", (_, appear) => {
    const call = appear(lost(true));
    expect(call.state).toMatchObject({ phase: "reaching", untried: [], legs: [{ sid: "CA-n1", stage: "ringing" }] });
    expect(call.clear().did("dial")).toHaveLength(1);
  });

  it("dials again after Twilio has said once (twice, where it had not answered at all) that there is no such call", () => {
    expect(lost(true).waitForDeadline().send({ type: "leg_absent", nonce: "n1" }).waitForDeadline().did("clear")).toHaveLength(2);
    const silent = lost(false).waitForDeadline().send({ type: "leg_absent", nonce: "n1" });
    expect(silent.did("clear")).toHaveLength(1);
    expect(silent.waitForDeadline().send({ type: "leg_absent", nonce: "n1" }).waitForDeadline().did("clear")).toHaveLength(2);
  });

  it("hangs up what was given up for lost if a newer attempt is on its way", () => {
    const call = lost(true).waitForDeadline().send({ type: "leg_absent", nonce: "n1" }).waitForDeadline().clear();
    call.send({ type: "leg_progress", nonce: "n1", sid: "CA-late", status: "ringing", answered_by: null, sip_code: null });
    expect(call.did("hang_up")).toEqual([{ kind: "hang_up", sid: "CA-late" }]);
    expect(call.state.legs.at(-1)).toMatchObject({ nonce: "n2", stage: "dialing" });
  });

  it.each([
    ["look-ups fail", (nonce: string): CallEvent => ({ type: "look_up_failed", nonce })],
    ["every dial fails and is looked up in vain", (nonce: string): CallEvent => ({ type: "leg_absent", nonce })],
  ])("asks ever more slowly while %s, and gives up with a card when the lead is too old", (_, answer) => {
    const call = lost(true);
    let asked = 0;
    for (; call.state.phase !== "ended" && asked < 1000; asked++) {
      if (call.state.phase === "clearing") call.waitForDeadline().clear().send({ type: "dial_unknown", nonce: call.nonce, answered: true }, 0);
      if (call.state.phase === "reaching") call.waitForDeadline().send(answer(call.nonce), 0);
    }
    expect(call.state.end_reason).toBe("expired");
    expect(asked).toBeLessThan(150);
    expect(call.texts("lead_card")).toHaveLength(1);
  });

  it("does not dial again when it cannot tell which call is its own: it alerts and sends the card", () => {
    const call = lost(true).waitForDeadline().send({ type: "leg_uncertain", nonce: "n1", candidates: 2 });
    expect(call.state.end_reason).toBe("carrier_failed");
    expect(call.events).toContain("alert");
    expect(call.texts("lead_card")).toHaveLength(1);
    expect(call.did("dial")).toHaveLength(1);
  });
});

describe("when Twilio refuses a dial", () => {
  const refused = (failure: "permanent" | "account" | "retry", retry_after_ms?: number): Rehearsal =>
    new Rehearsal().clear().send({ type: "dial_refused", nonce: "n1", failure, code: 1, message: "no", ...(retry_after_ms === undefined ? {} : { retry_after_ms }) });

  it("waits as long as Twilio says and dials the same person again", () => {
    const call = refused("retry", 7_000);
    expect(call.state.deadline).toBe(call.now + 7_000);
    expect(call.waitForDeadline().did("clear").at(-1)?.phones).toEqual([DANA.phone]);
  });

  it("ends with an alert on a number that Twilio will never dial", () => {
    expect(refused("permanent").state.end_reason).toBe("invalid_number");
    expect(refused("permanent").events).toContain("alert");
  });

  it("alerts once and keeps trying while the account is at fault", () => {
    const call = refused("account").waitForDeadline().clear().send({ type: "dial_refused", nonce: "n2", failure: "account", code: 20003, message: "no" });
    expect(call.state.phase).toBe("clearing");
    expect(call.events.filter((event) => event === "alert")).toHaveLength(1);
  });
});
