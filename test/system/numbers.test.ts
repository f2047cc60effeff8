import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { postAsTwilio } from "./support/as-twilio.ts";
import { type Business, openBusiness } from "./support/business.ts";
import { type Client, signUp } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { OUR_NUMBER } from "../../scripts/lib/sandbox-vars.ts";
import { useHouse } from "./support/house.ts";
import { phoneNumber } from "./support/phone-numbers.ts";

/* A tenant brings its own Twilio account and number: what goes out, what comes in, and who may speak for whom. */

const house = useHouse();

const account = (numbers: string[]) => ({ sid: `AC${randomUUID().replaceAll("-", "")}`, auth_token: randomUUID(), numbers });
const MINE = "+6495550111";
const THEIRS = "+6495550122";
const mine = account([MINE, "+6495550112"]);
const theirs = account([THEIRS]);

const numbersSchema = z.object({ items: z.array(z.object({ phone_number: z.string(), account_sid: z.string().nullable(), is_from: z.boolean() })) });
const messagesSchema = z.object({ items: z.array(z.object({ from: z.string(), to: z.string(), purpose: z.string(), status: z.string() })) });

const put = async (client: Client, projectId: string, number: string, { sid, auth_token }: { sid: string; auth_token: string }) =>
  client.ask("PUT", `/api/projects/${projectId}/numbers/${number}`, { json: { twilio: { account_sid: sid, auth_token } } });

const control = async (path: string, body: Record<string, string>): Promise<void> => {
  const answer = await fetch(`${house.sandbox.url}/_sandbox/twilio/${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  expect(answer.status).toBe(201);
};

describe("a tenant with a Twilio account of its own", () => {
  let business: Business;
  let other: Business;
  const owner = phoneNumber("0001");

  beforeAll(async () => {
    for (const { sid, ...rest } of [mine, theirs]) house.sandbox.setAccount(sid, rest);
    business = await openBusiness(house, { destinations: [owner] });
    other = await openBusiness(house, { client: (await signUp(house.url, "Other")).client });
  });

  it("cannot give a project a number that is not the account's, nor with a wrong token; nothing is stored", async () => {
    for (const [number, given, path] of [[THEIRS, mine, "phone_number"], [MINE, { ...mine, auth_token: "wrong" }, "twilio.auth_token"]] as const) {
      const answer = await put(house.client, business.project_id, number, given);
      expect([answer.status, answer.problem().errors?.[0]?.path]).toEqual([422, path]);
    }
    house.sandbox.setTwilioFaults({ reads: { status: 503 } });
    expect((await put(house.client, business.project_id, MINE, mine)).status).toBe(502);
    house.sandbox.setTwilioFaults({ reads: null });
    expect((await house.client.ask("GET", `/api/projects/${business.project_id}/numbers`)).as(numbersSchema).items).toEqual([]);
  });

  it("gives it its number once, and a stranger who knows the account's token hears no more than that it is taken", async () => {
    expect((await put(house.client, business.project_id, MINE, mine)).status).toBe(204);
    expect((await put(house.client, business.project_id, MINE, mine)).status).toBe(204);
    const answer = await put(other.client, other.project_id, MINE, mine);
    expect([answer.status, answer.problem().code, answer.bytes.toString().includes(business.project_id)]).toEqual([409, "number_taken", false]);
    expect((await put(other.client, other.project_id, THEIRS, theirs)).status).toBe(204);
    const listed = await house.client.ask("GET", `/api/projects/${business.project_id}/numbers`);
    expect(listed.as(numbersSchema).items).toMatchObject([{ phone_number: MINE, account_sid: mine.sid, is_from: true }]);
    expect(listed.bytes.toString()).not.toContain(mine.auth_token);
  });

  it("is rung from its number, by its account, until the analysis; callbacks of others about that call are 403", async () => {
    const { lead_id } = await business.submitGoogle({ phone: phoneNumber("9922") });
    const call = await business.callWhen(lead_id, "connected", ({ status }) => status === "connected");
    const [dial] = house.log.dials(owner);
    expect(dial?.path).toContain(`/Accounts/${mine.sid}/`);
    expect(dial?.form["From"]).toBe(MINE);
    const leg = house.log.legsTo(owner)[0];
    const callback = house.log.callbacks(leg?.sid).at(-1);
    const { pathname, search } = new URL(callback?.url ?? "");
    const hangUp = { CallSid: leg?.sid ?? "", CallStatus: "completed" };
    const before = await house.client.call(call.id);
    const attempts = [
      [house.sandbox.accountSid, house.sandbox.authToken],
      [theirs.sid, theirs.auth_token],
      [mine.sid, house.sandbox.authToken],
      [mine.sid, theirs.auth_token],
      ["AC00000000000000000000000000000000", mine.auth_token],
    ] as const;
    for (const path of [pathname, "/api/voice/whisper", "/api/voice/recording-status", "/api/voice/taken", "/api/voice/transcription"]) {
      for (const [AccountSid, token] of attempts) {
        const answer = await postAsTwilio(house, `${path}${search}`, { ...hangUp, AccountSid, RecordingSid: "RE1", RecordingStatus: "completed", TranscriptionStatus: "completed", TranscriptionText: "x" }, "signed", token);
        expect([path, AccountSid, answer.status, answer.problem().code]).toEqual([path, AccountSid, 403, "bad_signature"]);
      }
    }
    expect(await house.client.call(call.id)).toEqual(before);
    // The right account's word counts, and about a call that nobody knows it changes nothing.
    const unknown = new URLSearchParams(search);
    unknown.set("call", "call_unknown");
    expect((await postAsTwilio(house, `${pathname}?${unknown.toString()}`, { ...hangUp, AccountSid: mine.sid }, "signed", mine.auth_token)).status).toBe(200);
    const ended = await fetch(`${house.sandbox.url}/2010-04-01/Accounts/${mine.sid}/Calls/${leg?.sid ?? ""}.json`, {
      method: "POST", headers: { Authorization: `Basic ${Buffer.from(`${mine.sid}:${mine.auth_token}`).toString("base64")}` }, body: new URLSearchParams({ Status: "completed" }),
    });
    expect(ended.status).toBe(200);
    expect((await business.analysed(lead_id)).end_reason).toBe("connected");
    await house.sandbox.idle();
  });

  it("has a call to its number joined in its project, and its caller texted back from it; nobody else's account brings one in", async () => {
    const caller = phoneNumber("9921");
    await control("incoming-call", { to: MINE, from: caller, url: business.webhooks.voice.incoming_url, account_sid: mine.sid });
    const call = await eventually("the call that came in", async () => (await house.client.calls({ project_id: business.project_id })).items.find(({ direction, status }) => direction === "inbound" && status === "ended"));
    expect(call.end_reason).toBe("abandoned");
    const texts = await eventually("the text back", async () => {
      const { items } = (await house.client.ask("GET", `/api/messages?project_id=${business.project_id}`)).as(messagesSchema);
      return items.some(({ purpose }) => purpose === "text_back") && items;
    });
    expect(new Set(texts.map(({ from }) => from))).toEqual(new Set([MINE]));

    const count = async (): Promise<number> => (await house.client.calls({ project_id: business.project_id })).items.length + (await other.client.calls({ project_id: other.project_id })).items.length;
    const before = await count();
    const path = (one: Business): string => `/api/voice/incoming?project_id=${one.project_id}`;
    const attempts = [
      [path(business), THEIRS, theirs], [path(business), MINE, theirs], [path(other), MINE, mine], [path(business), THEIRS, mine], [path(business), "+6495550112", mine],
      [path(business), MINE, { sid: house.sandbox.accountSid, auth_token: house.sandbox.authToken }], [path(business), OUR_NUMBER, { sid: house.sandbox.accountSid, auth_token: house.sandbox.authToken }],
    ] as const;
    for (const [address, To, { sid, auth_token }] of attempts) {
      for (const [where, form] of [[address, { CallSid: `CA${randomUUID()}` }], [address.replace("voice", "sms"), { MessageSid: `SM${randomUUID()}`, Body: "hello" }]] as const) {
        const answer = await postAsTwilio(house, where, { ...form, AccountSid: sid, From: phoneNumber(), To }, "signed", auth_token);
        expect([where, To, sid, answer.status]).toEqual([where, To, sid, 403]);
      }
    }
    expect(await count()).toBe(before);
  });

  it("keeps a call under way when the number is taken away, and rings by the service's number from then on", async () => {
    const { lead_id } = await business.submitGoogle({ phone: phoneNumber("9922") });
    await business.callWhen(lead_id, "connected", ({ status }) => status === "connected");
    expect((await house.client.ask("DELETE", `/api/projects/${business.project_id}/numbers/${MINE}`)).status).toBe(204);
    expect((await house.client.ask("DELETE", `/api/projects/${business.project_id}/numbers/${MINE}`)).status).toBe(404);
    const leg = house.log.legsTo(owner).at(-1);
    await fetch(`${house.sandbox.url}/2010-04-01/Accounts/${mine.sid}/Calls/${leg?.sid ?? ""}.json`, {
      method: "POST", headers: { Authorization: `Basic ${Buffer.from(`${mine.sid}:${mine.auth_token}`).toString("base64")}` }, body: new URLSearchParams({ Status: "completed" }),
    });
    expect((await business.analysed(lead_id)).end_reason).toBe("connected");
    const later = await business.submitGoogle({ phone: phoneNumber() });
    await business.analysed(later.lead_id);
    expect(house.log.dials(owner).at(-1)?.form["From"]).toBe(OUR_NUMBER);
  });
});
