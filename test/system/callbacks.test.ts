import { beforeAll, describe, expect, it } from "vitest";
import type { Call, Run } from "./support/api.schemas.ts";
import { postAsTwilio, type Signing } from "./support/as-twilio.ts";
import { type Business, openBusiness } from "./support/business.ts";
import { send } from "./support/client.ts";
import { hangUp } from "./support/hang-up.ts";
import { useHouse } from "./support/house.ts";
import { phoneNumber } from "./support/phone-numbers.ts";

const house = useHouse();
/** Runs that a callback could start or change. What follows the DNA goes its own way meanwhile. */
const jobs = async (query: Record<string, string>): Promise<Run[]> => (await house.client.runs(query)).items.filter(({ task }) => task !== "context_sync");

/** Every path on which Twilio is listened to (API.md), those of later stages too: they must not answer strangers even now. */
const PATHS = [
  "/api/voice/whisper", "/api/voice/connect", "/api/voice/notice", "/api/voice/notice-done", "/api/voice/dial-done", "/api/voice/status",
  "/api/voice/customer-status", "/api/voice/recording-status", "/api/voice/incoming", "/api/voice/transcription", "/api/sms/status", "/api/sms/incoming",
];
/** Among these are the words that would do the most harm if they were believed. */
const HARMFUL = { CallStatus: "completed", Digits: "1", DialCallStatus: "completed", RecordingStatus: "completed", RecordingSid: "RE00000000000000000000000000000000" };

describe("while two people talk,", () => {
  let business: Business;
  let leadId: string;
  let query: string;
  let callSid: string;

  /** All that a callback could change. */
  const everything = async (): Promise<unknown> => {
    const call: Call = await business.callWhen(leadId, "connected", ({ status }) => status === "connected");
    return { call, lead: await house.client.entity(leadId), runs: await jobs({ project_id: business.project_id }), requests: house.log.dials(business.owner).length, legs: house.log.legsTo(business.owner) };
  };

  beforeAll(async () => {
    business = await openBusiness(house);
    leadId = (await business.submitGoogle({ phone: phoneNumber("9922") })).lead_id;
    await business.callWhen(leadId, "connected", ({ status }) => status === "connected");
    callSid = house.log.legsTo(business.owner)[0]?.sid ?? "";
    query = new URL(house.log.callbacks(callSid)[0]?.url ?? "").search;
  });

  describe.each(["signed with another token", "signed for another address", "signed for another body", "not signed"] satisfies Signing[])("a callback that is %s", (how) => {
    it.each(PATHS)("to %s is 403 and changes nothing", async (path) => {
      const before = await everything();
      const answer = await postAsTwilio(house, `${path}${query}`, { CallSid: callSid, ...HARMFUL }, how);
      expect(answer.status).toBe(403);
      expect(await everything()).toEqual(before);
    });
  });

  it("a GET without a signature is no way round", async () => {
    for (const path of PATHS) expect([403, 404]).toContain((await send("GET", `${house.url}${path}${query}`)).status);
  });

  it("a signed callback about a leg that the call does not have changes nothing", async () => {
    const before = await everything();
    const strange = new URLSearchParams(query);
    strange.set("leg", "of-somebody-else");
    for (const path of PATHS.filter((one) => /whisper|connect|notice|dial-done|status/.test(one) && !/sms|recording/.test(one))) {
      expect((await postAsTwilio(house, `${path}?${strange.toString()}`, { CallSid: callSid, ...HARMFUL })).status).toBe(200);
    }
    expect(await everything()).toEqual(before);
  });

  it("and the call still ends as it should", async () => {
    await hangUp(house, callSid);
    expect((await business.analysed(leadId)).end_reason).toBe("connected");
  });
});

describe("a signed callback about a call that nobody knows", () => {
  const UNKNOWN = ["whisper", "connect", "notice", "notice-done", "dial-done", "status", "customer-status", "recording-status"].map((name) => `/api/voice/${name}`);
  const params = { CallSid: "CA11111111111111111111111111111111", AccountSid: "AC1", ...HARMFUL };
  it.each(UNKNOWN)("is answered 200 by %s, and nothing changes", async (path) => {
    const before = [(await house.client.calls({})).items, await jobs({}), (await house.client.entities({})).items];
    for (const query of ["?tenant=nobody&project=nobody&call=nobody&leg=nobody", `?tenant=${house.tenantId}&project=unknown&call=call_unknown&leg=x`, "?foo=bar", ""]) {
      const answer = await postAsTwilio(house, `${path}${query}`, params);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("Content-Type")).toMatch(/^text\/xml/);
      expect(answer.bytes.toString()).not.toMatch(/<(Dial|Gather|Redirect)/);
    }
    expect([(await house.client.calls({})).items, await jobs({}), (await house.client.entities({})).items]).toEqual(before);
  });

  it("is no different when the call is another tenant's", async () => {
    const business = await openBusiness(house);
    const { lead_id } = await business.submitGoogle({ phone: phoneNumber() });
    const call = await business.analysed(lead_id);
    const foreign = new URLSearchParams({ tenant: "ten_of_somebody_else", lead: lead_id, call: call.id, leg: "x" }).toString();
    for (const path of UNKNOWN) expect((await postAsTwilio(house, `${path}?${foreign}`, params)).status).toBe(200);
    expect(await house.client.call(call.id)).toEqual(call);
  });
});

it("callbacks about a call that is over, sent again one by one, change nothing", async () => {
  const business = await openBusiness(house);
  const { lead_id } = await business.submitGoogle({ phone: phoneNumber() });
  const call = await business.analysed(lead_id);
  await house.sandbox.idle();
  const since = house.log.now();
  const before = { call: await house.client.call(call.id), lead: await house.client.entity(lead_id), runs: await jobs({ project_id: business.project_id }) };
  const { sid } = house.log.legsTo(business.owner)[0] ?? { sid: "" };
  const children = house.log.legsOf(sid).map((leg) => leg.sid);
  const sent = [sid, ...children].flatMap((one) => house.log.callbacks(one));
  expect(sent.length).toBeGreaterThan(8);
  for (const { url, params } of sent.toReversed()) {
    const { pathname, search } = new URL(url);
    expect((await postAsTwilio(house, `${pathname}${search}`, params)).status).toBe(200);
  }
  expect({ call: await house.client.call(call.id), lead: await house.client.entity(lead_id), runs: await jobs({ project_id: business.project_id }) }).toEqual(before);
  expect(house.log.generations(since)).toEqual([]);
  expect([house.log.dials(business.owner).length, house.log.legsTo(business.owner).length]).toEqual([1, 1]);
});
