import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { makeProject, postForm, type TestProject } from "../../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../../test/support/twilio-wire.ts";
import type { BridgeCallState } from "./bridge-call.types.ts";
import { live, Reaper } from "./kill.testing.ts";
import { Telephones } from "./telephones.testing.ts";

/* Whom the object rings, when, and after asking whom: with the real gate and dialer, and telephones on the wire. */

const [DANA, SAM, KIM] = ["+64213100001", "+64213100002", "+64213100003"] as const;
/** Thursday noon in Auckland. */
const NOON = Date.UTC(2027, 1, 3, 23);
const HOUR = 3_600_000;

let twilio: TwilioWire;
let phones: Telephones;
const reaper = new Reaper();
let customers = 0;

beforeAll(() => {
  twilio = standInForTwilio();
  phones = new Telephones(twilio);
  twilio.answerWith((request) => phones.serve(request));
  reaper.watch();
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(NOON);
});
afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  twilio.restore();
});

const projectWith = async (bridge: string): Promise<TestProject> => makeProject(`modules: {lead_gen: {sales_bridge: {${bridge}}}}`);
const aCustomer = (): string => `+6421410${String(++customers).padStart(4, "0")}`;
const objectOf = (project: TestProject) => env.BRIDGE_CALL.getByName(`${project.tenant_id}/${project.id}`);
const dialer = () => env.DIALER.getByName(env.TWILIO_ACCOUNT_SID);

/** A form comes in. @returns its call */
const submit = async (project: TestProject, phone: string): Promise<string> => {
  const { lead_id } = z.object({ lead_id: z.string() }).parse(await (await postForm(project, { name: "Jane", phone })).json());
  return (await env.DB.prepare("SELECT id FROM calls WHERE lead_id = ?").bind(lead_id).first<{ id: string }>())?.id ?? "";
};
const finish = async (project: TestProject, callId: string): Promise<BridgeCallState> => (await live({ objectOf: () => objectOf(project), callId, phones, reaper })).state;
const quiet = async (): Promise<void> => vi.waitUntil(() => reaper.isQuiet, { timeout: 10_000, interval: 2 }).then(() => undefined);
const verdictsAbout = async (callId: string): Promise<string[]> =>
  (await env.DB.prepare("SELECT action FROM audit WHERE resource = ? AND action LIKE 'contact.%'").bind(`call:${callId}`).all<{ action: string }>()).results.map(({ action }) => action);
const statesOf = async (project: TestProject): Promise<BridgeCallState[]> =>
  runInDurableObject(objectOf(project), (_, { storage }) =>
    storage.sql.exec<{ state: string }>("SELECT state FROM call ORDER BY received_at DESC").toArray().map(({ state }) => JSON.parse(state) as BridgeCallState));

describe("whom the object rings", () => {
  it("round_robin: over nine calls each of three people is rung first three times, in turn", async () => {
    const project = await projectWith(`ring_strategy: round_robin, destinations: [{phone: "${DANA}"}, {phone: "${SAM}"}, {phone: "${KIM}"}]`);
    const first: string[] = [];
    for (let call = 0; call < 9; call++) {
      phones.belongTo(Object.fromEntries([DANA, SAM, KIM].map((phone) => [phone, { answers: "person", keys: ["0"] }])));
      const state = await finish(project, await submit(project, aCustomer()));
      first.push(state.legs[0]?.phone ?? "");
    }
    expect(first).toEqual([DANA, SAM, KIM, DANA, SAM, KIM, DANA, SAM, KIM]);
  });

  it("a night's twelve leads: newest first and spread, none lost", async () => {
    const project = await makeProject(`identity: {time_zone: Pacific/Auckland}\nmodules: {lead_gen: {sales_bridge: {spread_s: 90, hours: {fri: ["08:00-17:00"]}, destinations: [{phone: "${DANA}"}]}}}`);
    const opening = Date.UTC(2027, 1, 4, 19);
    phones.belongTo({ [DANA]: { answers: "person", keys: Array.from({ length: 12 }, () => "0") } });
    const inOrder: string[] = [];
    for (let lead = 0; lead < 12; lead++) {
      // From nine in the evening on.
      vi.setSystemTime(NOON + 9 * HOUR + lead * 60_000);
      inOrder.unshift(await submit(project, aCustomer()));
    }
    expect((await statesOf(project)).map((state) => [state.waiting_for, state.deadline])).toEqual(inOrder.map(() => ["hours", opening]));
    await finish(project, inOrder.at(-1) ?? "");
    const states = await statesOf(project);
    const dialed = states.map((state) => [state.plan.call_id, Math.round(((state.marks.dialed ?? 0) - opening) / 1000)]);
    expect(dialed).toEqual(inOrder.map((callId, place) => [callId, place * 90]));
  });
});

describe("before anybody is rung", () => {
  it("the dialer's lease comes first, then the gate's word, then the dial", async () => {
    const project = await projectWith(`destinations: [{phone: "${DANA}"}]`);
    phones.belongTo({ [DANA]: { rings_on: true } });
    const older = await submit(project, aCustomer());
    await quiet();
    const waiting = await submit(project, aCustomer());
    await quiet();
    // Who has to wait for the phone has asked the gate nothing, and spent nothing of any cap.
    expect([phones.rings(DANA), await verdictsAbout(waiting)]).toEqual([1, []]);

    const before: unknown[] = [];
    twilio.holdAnswersWith(async ({ method, path }) => {
      if (method === "POST" && path.endsWith("/Calls.json")) before.push(await dialer().busyAmong([DANA]), await verdictsAbout(waiting));
    });
    await objectOf(project).contacted(older, "reply");
    await twilio.until(() => (phones.rings(DANA) === 2 && before.length === 2 ? before : undefined));
    twilio.holdAnswersWith(async () => Promise.resolve());
    expect(before).toEqual([[DANA], ["contact.allowed", "contact.allowed"]]);
    await objectOf(project).contacted(waiting, "reply");
    await finish(project, waiting);
    expect(await dialer().busyAmong([DANA])).toEqual([]);
  });

  it("key 1 in the menu rings no customer who has opted out meanwhile; the owner has the card", async () => {
    const project = await projectWith(`destinations: [{phone: "${DANA}"}]`);
    const customer = aCustomer();
    phones.belongTo({ [DANA]: { answers: "person", keys: ["1", "1"] }, [customer]: {} });
    const call = await submit(project, customer);
    await vi.waitUntil(async () => {
      await quiet();
      return phones.rings(customer) === 1 || !(await phones.step());
    });
    await env.DB.prepare("INSERT INTO opt_outs (tenant_id, phone, channel, reason, created_at) VALUES (?, ?, 'call', 'STOP', 1)").bind(project.tenant_id, customer).run();
    const state = await finish(project, call);
    expect(state.customer).toMatchObject({ attempts: 1 });
    expect(phones.rings(customer)).toBe(1);
    expect(state.end_reason).toBe("customer_no_answer");
    expect(twilio.textsTo(DANA).length).toBeGreaterThan(0);
  });
});

describe("the chase ends", () => {
  it.each(["customer_called", "reply"])("as superseded when they are in contact by another way (%s): the phone stops ringing and is free, and no text goes out", async (by) => {
    const project = await projectWith(`destinations: [{phone: "${DANA}"}, {phone: "${SAM}"}]`);
    phones.belongTo({ [DANA]: { rings_on: true } });
    const call = await submit(project, aCustomer());
    await quiet();
    const texts = twilio.messages.length;
    await objectOf(project).contacted(call, by);
    expect(await finish(project, call)).toMatchObject({ end_reason: "superseded" });
    expect([phones.onTheLine, phones.rings(SAM), twilio.messages.length - texts, await dialer().busyAmong([DANA, SAM])]).toEqual([[], 0, 0, []]);
  });

  it("when the owner calls in: the phone that rings stops, nobody else is rung, and they talk to the customer on the line that is there", async () => {
    const project = await projectWith(`destinations: [{phone: "${DANA}"}, {phone: "${SAM}"}]`);
    const customer = aCustomer();
    phones.belongTo({ [DANA]: { rings_on: true }, [SAM]: { answers: "person", keys: ["1"] }, [customer]: { answers: "person" } });
    const call = await submit(project, customer);
    await quiet();
    await phones.calls(SAM, project.id);
    const state = await finish(project, call);
    expect(state).toMatchObject({ end_reason: "connected", legs: [{ phone: DANA }, { phone: SAM, called_in: true }] });
    expect([phones.talks, phones.rings(DANA), phones.onTheLine, await dialer().busyAmong([DANA, SAM])]).toEqual([1, 1, [], []]);
    await runDurableObjectAlarm(objectOf(project));
  });
});
