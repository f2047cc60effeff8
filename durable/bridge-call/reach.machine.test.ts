import { describe, expect, it } from "vitest";
import { aPlan, DANA, FORM_AT, person, Rehearsal, SAM } from "./bridge-call.testing.ts";
import { leadStatusOf, projectionOf } from "./projection.ts";
import { WEEKDAYS } from "../../core/dna/hours.ts";
import { pauseMs } from "./reach.ts";
import { isLive } from "./transition.ts";

const at = (iso: string): number => Date.parse(iso);
/** The form comes in at 15:00 of a Sunday in Auckland; Monday's 8:00 is 19:00 UTC. */
const weekdays = { time_zone: "Pacific/Auckland", hours: { mon: ["08:00-17:00"], tue: ["08:00-17:00"] } };
const MONDAY = at("2026-11-22T19:00:00Z");
const KIM = person("Kim", "+64210000003");

describe("whom to ring", () => {
  it.each([
    ["sequential", 0, [DANA, SAM, KIM]],
    ["sequential", 4, [DANA, SAM, KIM]],
    ["round_robin", 1, [SAM, KIM, DANA]],
    ["round_robin", 5, [KIM, DANA, SAM]],
  ] as const)("%s at turn %i", (strategy, turn, people) => {
    const call = new Rehearsal(aPlan({ destinations: [DANA, SAM, KIM], strategy }), { turn });
    expect(call.did("clear")[0]?.phones).toEqual(people.map((one) => one.phone));
  });

  it("is only those whose hours it is", () => {
    expect(new Rehearsal(aPlan({ destinations: [person("Dana", DANA.phone, weekdays), SAM] })).did("clear")[0]?.phones).toEqual([SAM.phone]);
  });

  it("ends at once and says why when the DNA names nobody", () => {
    const call = new Rehearsal(aPlan({ destinations: [] }));
    expect(call.state).toMatchObject({ phase: "ended", end_reason: "blocked" });
    expect(leadStatusOf(call.state)).toBe("needs_contact");
  });

  it("goes on without whoever the gate refuses, also when that one was the last of the round", () => {
    const plan = aPlan({ destinations: [DANA, SAM], rounds: 2 });
    const refused = new Rehearsal(plan).send({ type: "people_refused", phones: [DANA.phone], detail: "cap" });
    expect(refused.did("clear").at(-1)?.phones).toEqual([SAM.phone]);
    const last = new Rehearsal(plan).ring().owner("no-answer").send({ type: "people_refused", phones: [SAM.phone], detail: "cap" });
    expect(last.state).toMatchObject({ phase: "waiting", waiting_for: "pause", round: 2 });
    expect(new Rehearsal().send({ type: "people_refused", phones: [DANA.phone], detail: "cap" }).state.end_reason).toBe("blocked");
  });
});

describe("rounds", () => {
  const plan = aPlan({ destinations: [DANA, SAM], rounds: 3 });
  const missed = (call: Rehearsal): Rehearsal => call.ring().owner("no-answer").clear(SAM.phone).owner("no-answer");

  it("are capped, and spaced with jitter that differs from call to call", () => {
    const call = missed(new Rehearsal(plan));
    expect(call.state).toMatchObject({ phase: "waiting", waiting_for: "pause", deadline: call.now + pauseMs(plan, 1) });
    missed(call.waitForDeadline());
    missed(call.waitForDeadline());
    expect(call.state.end_reason).toBe("owner_no_answer");
    expect(call.did("dial")).toHaveLength(6);
    const pauses = Array.from({ length: 50 }, (_, index) => pauseMs({ ...plan, call_id: `call_${index}` }, 1));
    expect(new Set(pauses).size).toBeGreaterThan(45);
    for (const pause of pauses) expect(Math.abs(pause - 180_000)).toBeLessThanOrEqual(54_000);
  });

  it("are asked for as retries, which let fresh leads go first", () => {
    const call = missed(new Rehearsal(plan)).waitForDeadline();
    expect(call.did("clear").map((clear) => clear.retry)).toEqual([false, false, true]);
  });
});

describe("hours", () => {
  const night = aPlan({ destinations: [person("Dana", DANA.phone, weekdays)] });

  it("hold the lead until the first minute of the next window", () => {
    const call = new Rehearsal(night);
    expect(call.state).toMatchObject({ phase: "waiting", waiting_for: "hours", deadline: MONDAY, window_at: MONDAY });
    expect(call.did("clear")).toEqual([]);
    expect(projectionOf(call.state, call.now, MONDAY).status).toBe("held");
    expect(call.waitForDeadline().did("clear")).toHaveLength(1);
  });

  it.each([0, 1, 7])("give the %ith of a night's leads its place in the row", (place) => {
    const call = new Rehearsal(night);
    call.send({ type: "window_opened", place }, MONDAY - call.now);
    if (place > 0) {
      expect(call.state).toMatchObject({ phase: "waiting", waiting_for: "turn", deadline: MONDAY + place * 90_000 });
      call.waitForDeadline();
    }
    expect(call.did("clear")).toHaveLength(1);
    expect(call.state.phase).toBe("clearing");
  });

  it("do not open early, whatever is said", () => {
    expect(new Rehearsal(night).send({ type: "window_opened", place: 0 }).did("clear")).toEqual([]);
  });

  it("count the lead's age from when it could first be rung", () => {
    const call = new Rehearsal({ ...night, max_age_ms: 60_000 }).waitForDeadline();
    expect(call.clear().did("dial")).toHaveLength(1);
  });

  it("do not matter to an emergency", () => {
    expect(new Rehearsal({ ...night, emergency: true }).did("clear")).toHaveLength(1);
  });

  it("that never come end it with an alert", () => {
    expect(new Rehearsal(aPlan({ destinations: [person("Dana", DANA.phone, { time_zone: "Pacific/Auckland", hours: {} })] })).state.end_reason).toBe("expired");
  });

  describe("where the customer may not be called when the business works", () => {
    const DAY = 86_400_000;
    const EVENING = at("2026-11-22T07:00:00Z");
    const daily = aPlan({ received_at: EVENING, destinations: [person("Dana", DANA.phone, { time_zone: "Pacific/Auckland", hours: Object.fromEntries(WEEKDAYS.map((day) => [day, ["08:00-17:00"]])) })] });
    /** The business opens, and the gate says: not before the evening, at which the business is closed. */
    const missOpening = (call: Rehearsal): Rehearsal => {
      call.waitForDeadline().send({ type: "must_wait", until: call.now + 10 * 3_600_000, because: "contact" });
      return call.state.phase === "ended" ? call : call.waitForDeadline();
    };

    it("a weekend like that is waited through, and then the customer is called", () => {
      const call = missOpening(missOpening(new Rehearsal(daily, {}, EVENING)));
      expect(call.state).toMatchObject({ phase: "waiting", waiting_for: "hours", deadline: MONDAY + 2 * DAY });
      expect(call.waitForDeadline().clear().did("dial")).toHaveLength(1);
    });

    it("does not wait for ever: it ends within days, and the owner has the card", () => {
      const call = new Rehearsal(daily, {}, EVENING);
      let openings = 0;
      for (; call.state.phase !== "ended" && openings < 30; openings++) missOpening(call);
      expect(call.state).toMatchObject({ phase: "ended", end_reason: "expired" });
      expect(openings).toBeGreaterThan(2);
      expect(call.now).toBeLessThan(MONDAY + 4 * DAY);
      expect(call.texts("lead_card")).toHaveLength(1);
      expect(call.did("dial")).toEqual([]);
    });

    it("a business that keeps leads for longer is heard", () => {
      const call = new Rehearsal({ ...daily, max_age_ms: 10 * DAY }, {}, EVENING);
      for (let openings = 0; openings < 9; openings++) missOpening(call);
      expect(call.state.phase).toBe("waiting");
    });
  });

  it("end in the middle of the rounds: the next one is in the morning", () => {
    const evening = aPlan({ rounds: 2, destinations: [person("Dana", DANA.phone, { time_zone: "Pacific/Auckland", hours: { sun: ["15:00-15:02"], mon: ["08:00-17:00"] } })] });
    const call = new Rehearsal(evening).ring().owner("no-answer").waitForDeadline();
    expect(call.state).toMatchObject({ waiting_for: "hours", deadline: MONDAY });
  });
});

describe("gate and dialer", () => {
  it("a refusal ends the call as blocked, and marks who opted out", () => {
    const call = new Rehearsal().send({ type: "blocked", reason: "opted_out", detail: "asked not to" });
    expect(call.state.end_reason).toBe("blocked");
    expect(leadStatusOf(call.state)).toBe("opted_out");
    expect(call.did("dial")).toEqual([]);
  });

  it("a busy phone holds it; it asks again, and does not dial when it has grown too old", () => {
    const call = new Rehearsal().send({ type: "must_wait", until: FORM_AT + 15_000, because: "busy" });
    expect(projectionOf(call.state, call.now, call.state.deadline).status).toBe("held");
    expect(call.waitForDeadline().did("clear")).toHaveLength(2);
    call.send({ type: "must_wait", until: FORM_AT + 3_700_000, because: "busy" }).waitForDeadline();
    expect(call.state.end_reason).toBe("expired");
  });

  it("the customer's own hours are waited for, and cost the lead none of its time", () => {
    const call = new Rehearsal().send({ type: "must_wait", until: MONDAY, because: "contact" });
    expect(call.state).toMatchObject({ phase: "waiting", waiting_for: "contact", deadline: MONDAY });
    expect(call.did("release")).toHaveLength(1);
    expect(call.waitForDeadline().clear().did("dial")).toHaveLength(1);
  });

  it("a turn that is granted is asked of the gate again before anybody is rung", () => {
    const call = new Rehearsal().send({ type: "must_wait", until: FORM_AT + 15_000, because: "busy" }).send({ type: "granted", phone: DANA.phone });
    expect(call.did("clear")).toHaveLength(2);
    expect(call.did("dial")).toEqual([]);
  });

  it.each<[string, (call: Rehearsal) => Rehearsal]>([
    ["has ended", (call) => call.send({ type: "contacted", by: "reply" })],
    ["has been put off", (call) => call.send({ type: "must_wait", until: MONDAY, because: "contact" })],
  ])("a lease that comes when the call %s meanwhile goes back", (_, before) => {
    const call = before(new Rehearsal());
    const released = call.did("release").length;
    call.clear();
    expect(call.did("release")).toHaveLength(released + 1);
    expect(call.did("dial")).toEqual([]);
  });
});

describe("first contact by another channel", () => {
  it.each<[string, (call: Rehearsal) => Rehearsal]>([
    ["waits", (call) => call],
    ["rings", (call) => call.ring()],
    ["is listened to", (call) => call.ring().answer()],
  ])("ends a call that %s, without a text", (_, before) => {
    const call = before(new Rehearsal()).send({ type: "contacted", by: "customer_called" });
    expect(call.state.end_reason).toBe("superseded");
    expect(call.did("sms")).toEqual([]);
    expect(call.did("hang_up")).toHaveLength(call.state.legs.length);
  });

  it("leaves a conversation alone", () => {
    expect(new Rehearsal().ring().answer().press("1").send({ type: "contacted", by: "reply" }).state.phase).toBe("ringing_customer");
  });
});

describe("an owner who calls in", () => {
  const callsIn = (call: Rehearsal): Rehearsal => call.send({ type: "owner_called_in", nonce: "CAowner", sid: "CAowner", phone: SAM.phone, name: "Sam" });

  it("takes the lead up on their own line; the phone that rings is hung up", () => {
    const call = callsIn(new Rehearsal(aPlan({ destinations: [DANA, SAM] })).ring());
    expect(call.did("hang_up")).toEqual([{ kind: "hang_up", sid: "CA-n1" }]);
    call.send({ type: "owner_key", nonce: "CAowner", sid: "CAowner", digit: "1" });
    expect(call.state).toMatchObject({ phase: "ringing_customer", winner: "CAowner" });
  });

  it.each(["sequential", "simultaneous"] as const)("has nobody else rung: a dial still under way is hung up, and not tried again (%s)", (strategy) => {
    const accepted = callsIn(new Rehearsal(aPlan({ destinations: [DANA, SAM], strategy })).clear()).send({ type: "dial_accepted", nonce: "n1", sid: "CA-n1" });
    expect(accepted.did("hang_up")).toEqual([{ kind: "hang_up", sid: "CA-n1" }]);
    const refused = callsIn(new Rehearsal(aPlan({ destinations: [DANA, SAM], strategy })).clear()).send({ type: "dial_refused", nonce: "n1", failure: "retry", code: null, message: "busy" });
    expect(refused.state.untried).toEqual([]);
    expect(refused.state.legs.filter(isLive)).toHaveLength(1);
  });
});

describe("a call that is put off again and again, by a cap say", () => {
  const DAY = 86_400_000;
  const QUARTER = 15 * 60_000;
  /** Each time that it may ring, the gate says: in a quarter of an hour. */
  const putOffUntil = (call: Rehearsal, end: number): void => {
    while (call.state.phase !== "ended" && call.now < end) {
      if (call.state.phase === "clearing") call.send({ type: "must_wait", until: call.now + QUARTER, because: "contact" }, 0);
      else call.waitForDeadline();
    }
  };

  it.each([
    ["at any hour", aPlan({ asked_at: null })],
    ["in a business's hours", aPlan({ asked_at: null, destinations: [person("Dana", DANA.phone, { time_zone: "Pacific/Auckland", hours: Object.fromEntries(WEEKDAYS.map((day) => [day, ["08:00-17:00"]])) })] })],
  ])("ends within days, %s, and the owner has the card", (_, plan) => {
    const call = new Rehearsal(plan);
    const began = call.now;
    putOffUntil(call, began + 30 * DAY);
    expect(call.state).toMatchObject({ phase: "ended", end_reason: "expired" });
    expect(call.now - began).toBeLessThan(5 * DAY);
    expect(call.texts("lead_card")).toHaveLength(1);
  });

  it("rings when the gate lets it, a day later too", () => {
    const call = new Rehearsal(aPlan({ asked_at: null }));
    putOffUntil(call, call.now + DAY);
    if (call.state.phase !== "clearing") call.waitForDeadline();
    expect(call.clear().did("dial")).toHaveLength(1);
  });
});

describe("a customer who asks again, in words that make it an emergency", () => {
  const NIGHT = at("2026-11-22T11:00:00Z");
  const byDay = aPlan({ received_at: NIGHT, asked_at: NIGHT, destinations: [person("Dana", DANA.phone, { time_zone: "Pacific/Auckland", hours: Object.fromEntries(WEEKDAYS.map((day) => [day, ["08:00-17:00"]])) })] });

  it("is rung now: what waited for the opening does not wait for it", () => {
    const call = new Rehearsal(byDay, {}, NIGHT);
    expect(call.state).toMatchObject({ phase: "waiting", waiting_for: "hours" });
    call.send({ type: "wanted", asked_at: NIGHT + 1, emergency: true });
    expect(call.state).toMatchObject({ phase: "clearing", plan: { emergency: true, asked_at: NIGHT + 1 } });
    expect(call.clear().did("dial")).toHaveLength(1);
  });

  it("is rung now where it was the customer's own hours that it waited for", () => {
    const call = new Rehearsal(aPlan({ received_at: NIGHT, asked_at: null }), {}, NIGHT);
    call.send({ type: "must_wait", until: NIGHT + 9 * 3_600_000, because: "contact" });
    expect(call.state.waiting_for).toBe("contact");
    call.send({ type: "wanted", asked_at: NIGHT + 1, emergency: true });
    expect(call.state).toMatchObject({ phase: "clearing", plan: { asked_at: NIGHT + 1 } });
  });

  it("waits as before where it is none; and an emergency that was known changes nothing", () => {
    const call = new Rehearsal(byDay, {}, NIGHT);
    call.send({ type: "wanted", asked_at: NIGHT, emergency: false });
    expect(call.state).toMatchObject({ phase: "waiting", waiting_for: "hours", plan: { emergency: false } });
    const known = new Rehearsal({ ...byDay, emergency: true }, {}, NIGHT).clear();
    known.send({ type: "wanted", asked_at: NIGHT + 1, emergency: true });
    expect(known.did("dial")).toHaveLength(1);
  });
});
