import { describe, expect, it } from "vitest";
import { EventLog } from "../../sandbox/kit/event-log.ts";
import { customerPhone, ownerPhone } from "../lib/people.ts";
import { readTelephones } from "./telephones.ts";

const LEAD = "lead_1";
const [FIRST, SECOND] = [7, 8];

/** What Twilio's stand-in would have written down. */
const exchange = () => {
  const log = new EventLog();
  let sids = 0;
  const told = (sid: string, path: string, status: number | null, params: Record<string, string> = {}): void => {
    const url = `http://127.0.0.1/api/voice/${path}?tenant=t&lead=${LEAD}&call=c&leg=${sid}`;
    log.append("callback", { purpose: "document", url, body: "", params: { CallSid: sid, ...params }, signature: "", idempotency_token: "", status, error: status === null ? "refused" : null });
  };
  const status = (sid: string, parent: string | null, to: string, value: string): void => void log.append("call", { call_sid: sid, parent_call_sid: parent, to, from: "+6495550100", status: value });
  const owner = (person: number) => {
    const sid = `CA${++sids}`;
    status(sid, null, ownerPhone(person), "queued");
    return {
      sid,
      hears: (answer: number | null) => told(sid, "whisper", answer),
      presses: (digit: string, answer: number | null) => told(sid, "connect", answer, { Digits: digit }),
      ends: () => status(sid, null, ownerPhone(person), "completed"),
    };
  };
  const customer = (parent: string): void => status(`CA${++sids}`, parent, customerPhone(0), "queued");
  const read = (since = 0) => readTelephones({ events: (query) => log.list(query) }, [{ index: 0, leadId: LEAD, tries: 1 }], since);
  return { owner, customer, read };
};

describe("what telephones did for a lead", () => {
  it("is nothing to speak of when each rang once", () => {
    const { owner, customer, read } = exchange();
    const leg = owner(FIRST);
    leg.hears(200);
    leg.presses("1", 200);
    customer(leg.sid);
    leg.ends();
    expect(read()).toMatchObject({ twice: 0, ownersAgain: 0 });
    expect([read().rang(0), read().rang(1)]).toEqual([true, false]);
  });

  it("is a fault when a customer's phone rings a second time", () => {
    const { owner, customer, read } = exchange();
    const leg = owner(FIRST);
    leg.presses("1", 200);
    customer(leg.sid);
    customer(leg.sid);
    expect(read().twice).toBe(1);
  });

  it.each([
    ["who heard nothing, as the Worker was down", (leg: ReturnType<ReturnType<typeof exchange>["owner"]>) => leg.hears(null)],
    ["whose 1 never reached us", (leg: ReturnType<ReturnType<typeof exchange>["owner"]>) => leg.presses("1", null)],
    ["whose 1 we could not take", (leg: ReturnType<ReturnType<typeof exchange>["owner"]>) => leg.presses("1", 500)],
    ["who passed it on", (leg: ReturnType<ReturnType<typeof exchange>["owner"]>) => leg.presses("9", 200)],
  ])("is an owner rung again after one %s", (_who, what) => {
    const { owner, read } = exchange();
    const leg = owner(FIRST);
    leg.hears(200);
    what(leg);
    leg.ends();
    const next = owner(SECOND);
    next.presses("1", 200);
    next.ends();
    expect(read()).toMatchObject({ twice: 0, ownersAgain: 1 });
  });

  it("is a fault when an owner is rung while another's call still lives", () => {
    const { owner, read } = exchange();
    const leg = owner(FIRST);
    leg.hears(null);
    owner(SECOND).hears(200);
    leg.ends();
    expect(read()).toMatchObject({ twice: 1, ownersAgain: 0 });
  });

  it("is a fault when an owner is rung after one whose 1 we took", () => {
    const { owner, read } = exchange();
    const leg = owner(FIRST);
    leg.presses("1", 200);
    leg.ends();
    owner(SECOND).hears(200);
    expect(read()).toMatchObject({ twice: 1, ownersAgain: 0 });
  });

  it("is counted from a place in the log on", () => {
    const { owner, read } = exchange();
    const before = owner(FIRST);
    before.presses("1", 200);
    before.ends();
    expect(read(100)).toMatchObject({ twice: 0, ownersAgain: 0 });
  });
});
