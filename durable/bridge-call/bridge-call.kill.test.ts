import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { makeProject, postForm, type TestProject } from "../../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../../test/support/twilio-wire.ts";
import type { EndReason } from "./bridge-call.types.ts";
import type { Effect } from "./effect.types.ts";
import { performers } from "./effects.ts";
import { type Cut, type EffectName, live, nameOf, Reaper } from "./kill.testing.ts";
import { type Callee, Telephones } from "./telephones.testing.ts";

/*
 * The object is killed at every effect that a call can have: when the effect is stored and not yet done, when it is done and
 * we have not heard, when we have heard and not yet stored it. The call must come to the same end as without.
 */

const DANA = "+64213000001";
const SAM = "+64213000002";
const KIM = "+64213000003";

interface Play {
  /** The business's DNA, under `sales_bridge`. */
  bridge: string;
  people: Record<string, Callee>;
  customer: Callee;
  /** The customer calls the business; otherwise a form comes in. */
  inbound?: true;
  ends: EndReason;
  /** How often each phone has rung, how many pairs have talked, how many texts each phone has got: no more and no less. */
  rings: Record<string, number>;
  talks: number;
  texts: Record<string, number>;
  recordings?: number;
}

const CUSTOMER = "customer";
const destinations = (...phones: string[]): string => `destinations: [${phones.map((phone) => `{phone: "${phone}"}`).join(", ")}]`;
const TAKES_IT: Callee = { answers: "person", keys: ["1"] };

const PLAYS = {
  conversation: {
    bridge: `{${destinations(DANA)}, recording: {strict: true}, customer_texts: {before_ring: "{business} is calling you now."}}`,
    people: { [DANA]: TAKES_IT },
    customer: { answers: "person" },
    ends: "connected", rings: { [DANA]: 1, [CUSTOMER]: 1 }, talks: 1, texts: { [DANA]: 1, [CUSTOMER]: 1 }, recordings: 1,
  },
  nobody: {
    bridge: `{${destinations(DANA, SAM)}, fallback_contact: {phone: "${KIM}"}}`,
    people: {},
    customer: {},
    ends: "owner_no_answer", rings: { [DANA]: 1, [SAM]: 1, [CUSTOMER]: 0 }, talks: 0, texts: { [SAM]: 1, [KIM]: 1, [CUSTOMER]: 1 },
  },
  unheard: {
    bridge: `{${destinations(DANA)}}`,
    people: { [DANA]: { unheard: true } },
    customer: {},
    ends: "owner_no_answer", rings: { [DANA]: 1, [CUSTOMER]: 0 }, talks: 0, texts: { [DANA]: 1, [CUSTOMER]: 1 },
  },
  answer_lost: {
    bridge: `{${destinations(DANA)}}`,
    people: { [DANA]: { unheard: true, answer_lost: true } },
    customer: {},
    ends: "owner_no_answer", rings: { [DANA]: 1, [CUSTOMER]: 0 }, talks: 0, texts: { [DANA]: 1, [CUSTOMER]: 1 },
  },
  everybody: {
    bridge: `{${destinations(DANA, SAM, KIM)}, ring_strategy: simultaneous}`,
    people: { [DANA]: { answers: "person", keys: ["2"], listens: true }, [SAM]: { answers: "person", keys: ["2", "2", "1"] }, [KIM]: { rings_on: true } },
    customer: { answers: "person" },
    ends: "connected", rings: { [DANA]: 1, [SAM]: 1, [KIM]: 1, [CUSTOMER]: 1 }, talks: 1, texts: { [SAM]: 1 },
  },
  machine: {
    bridge: `{${destinations(DANA)}, voicemail_message: {text: "Please call us back."}}`,
    people: { [DANA]: { answers: "person", keys: ["1", "2"] } },
    customer: { answers: "machine" },
    ends: "customer_voicemail", rings: { [DANA]: 1, [CUSTOMER]: 1 }, talks: 0, texts: { [DANA]: 1, [CUSTOMER]: 1 },
  },
  machine_again: {
    bridge: `{${destinations(DANA)}, voicemail_message: {text: "Please call us back."}}`,
    people: { [DANA]: { answers: "person", keys: ["1", "1"] } },
    customer: { answers: "machine", then: "person" },
    ends: "connected", rings: { [DANA]: 1, [CUSTOMER]: 2 }, talks: 1, texts: { [DANA]: 1 },
  },
  message: {
    bridge: `{${destinations(DANA)}}`,
    people: {},
    customer: { leaves_message: true },
    inbound: true,
    ends: "voicemail_left", rings: { [DANA]: 1 }, talks: 0, texts: { [DANA]: 1, [CUSTOMER]: 1 },
  },
  silence: {
    bridge: `{${destinations(DANA)}}`,
    people: {},
    customer: {},
    inbound: true,
    ends: "owner_no_answer", rings: { [DANA]: 1 }, talks: 0, texts: { [DANA]: 1, [CUSTOMER]: 1 },
  },
} satisfies Record<string, Play>;
type PlayName = keyof typeof PLAYS;

/**
 * In which play each effect comes, and where it is cut one by one. Each that is not cut "before" by itself is cut before it is done
 * and then, tried again, after it; a leg that was left meanwhile is not sent anywhere a second time. An effect without a row does not
 * compile.
 */
const ROWS: Record<EffectName, [PlayName, ...Cut[]]> = {
  clear: ["nobody"],
  dial: ["conversation", "during", "after"],
  look_up: ["answer_lost"],
  check_leg: ["unheard"],
  check_caller: ["silence"],
  claim_leg: ["conversation"],
  renew_lease: ["conversation"],
  release: ["nobody"],
  hang_up: ["everybody"],
  "redirect taken": ["everybody"],
  "redirect parked": ["machine", "before", "after"],
  "redirect menu": ["machine_again", "before", "during", "after"],
  "redirect message": ["machine"],
  start_recording: ["conversation", "during"],
  "sms before_ring": ["conversation"],
  "sms lead_card": ["nobody", "during"],
  "sms missed_text": ["nobody"],
  "sms alert": ["nobody"],
  "sms feedback": ["conversation"],
  "sms text_back": ["message"],
  "sms voicemail_card": ["message"],
};

let twilio: TwilioWire;
let phones: Telephones;
const reaper = new Reaper();
const projects = new Map<PlayName, Promise<TestProject>>();
/** Noon in Auckland. Each call has a day of its own, so that none is an earlier one's affair. */
let day = Date.UTC(2027, 1, 1, 23);
let customers = 0;

beforeAll(() => {
  twilio = standInForTwilio();
  phones = new Telephones(twilio);
  twilio.answerWith((request) => phones.serve(request));
  twilio.holdAnswersWith(async (request) => reaper.holdAnswer(request));
  reaper.watch();
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  twilio.restore();
});

const projectOf = async (name: PlayName): Promise<TestProject> => {
  const known = projects.get(name) ?? makeProject(`modules: {lead_gen: {sales_bridge: ${PLAYS[name].bridge}}}`);
  projects.set(name, known);
  return known;
};

const callSchema = z.object({ id: z.string(), status: z.string(), end_reason: z.string().nullable() });
const callOf = async (project: TestProject) =>
  callSchema.nullable().parse(await env.DB.prepare("SELECT id, status, end_reason FROM calls WHERE project_id = ? ORDER BY id DESC LIMIT 1").bind(project.id).first());

const setBack = (byMs: number): void => {
  vi.setSystemTime(Date.now() - byMs);
  phones.areBehind(0);
};

/** Plays it, killing the object where it is told to, and looks at what is left. @param aheadMs how far our clock runs ahead until the object is killed */
const play = async (name: PlayName, choose: (effect: Effect) => Cut | null, aheadMs = 0): Promise<number> => {
  const told: Play = PLAYS[name];
  const project = await projectOf(name);
  vi.setSystemTime((day += 86_400_000));
  const customer = `+6421400${String(++customers).padStart(4, "0")}`;
  phones.belongTo({ ...told.people, [customer]: told.customer });
  const sent = twilio.messages.length;
  phones.areBehind(aheadMs);
  reaper.begin(choose);
  if (told.inbound) await phones.calls(customer, project.id);
  else await postForm(project, { name: "Jane", phone: customer });
  const callId = (await callOf(project))?.id ?? "";
  const { state, lives } = await live({ objectOf: () => env.BRIDGE_CALL.getByName(`${project.tenant_id}/${project.id}`), callId, phones, reaper, onKill: () => setBack(aheadMs) });

  const everybody = [DANA, SAM, KIM, CUSTOMER];
  const numberOf = (phone: string): string => (phone === CUSTOMER ? customer : phone);
  const counts = (of: (phone: string) => number): Map<string, number> => new Map(everybody.map((phone) => [phone, of(numberOf(phone))]));
  const wanted = (expected: Record<string, number>): Map<string, number> => new Map(everybody.map((phone) => [phone, expected[phone] ?? 0]));
  expect(state).toMatchObject({ phase: "ended", end_reason: told.ends, outbox: [] });
  expect(counts((phone) => phones.rings(phone) - (told.inbound && phone === customer ? 1 : 0))).toEqual(wanted(told.rings));
  expect(phones.talks).toBe(told.talks);
  expect(phones.recordings).toBe(told.recordings ?? 0);
  const texts = twilio.messages.slice(0, twilio.messages.length - sent);
  expect(counts((phone) => texts.filter(({ to }) => to === phone).length)).toEqual(wanted(told.texts));
  expect(new Set(texts.map(({ to, body }) => `${to} ${body}`)).size).toBe(texts.length);
  expect(state.timeline.filter(({ event }) => event === "alert")).toEqual([]);
  expect(phones.onTheLine).toEqual([]);
  expect(await callOf(project)).toEqual({ id: callId, status: "ended", end_reason: told.ends });
  const dialer = env.DIALER.getByName(env.TWILIO_ACCOUNT_SID);
  expect(await dialer.busyAmong([DANA, SAM, KIM])).toEqual([]);
  expect(await runInDurableObject(dialer, (_, { storage }) => storage.sql.exec("SELECT holder FROM waiting").toArray())).toEqual([]);
  return lives;
};

/** Kills once, at the first effect of that name. */
const once = (name: EffectName, cut: Cut) => {
  let isDone = false;
  return (effect: Effect): Cut | null => {
    if (isDone || nameOf(effect) !== name) return null;
    isDone = true;
    return cut;
  };
};

/** Kills twice at each of these: first before it is done, and when it is tried again, after. */
const twice = (...which: EffectName[]) => {
  const tries = new Map<EffectName, number>();
  return (effect: Effect): Cut | null => {
    if (!which.includes(nameOf(effect))) return null;
    const known = tries.get(nameOf(effect)) ?? 0;
    tries.set(nameOf(effect), known + 1);
    return (["before", "after"] as const)[known] ?? null;
  };
};

const names = Object.keys(ROWS) as EffectName[];
const plays = Object.keys(PLAYS) as PlayName[];

describe("every effect has its place", () => {
  it("in the table: none that can be performed is left out", () => {
    expect(new Set(names.map((name) => name.split(" ")[0]))).toEqual(new Set(Object.keys(performers)));
  });

  it.each(plays)("%s: comes to its end undisturbed, and performs what the table says", async (name) => {
    expect(await play(name, () => null)).toBe(1);
    expect(reaper.performed).toEqual(expect.arrayContaining(names.filter((effect) => ROWS[effect][0] === name)));
  });
});

describe("an object that is killed", () => {
  it.each(names.filter((name) => !ROWS[name].includes("before")))("before and after %s: the call comes to the same end, nobody is rung twice, no text is sent twice or forgotten, and the phones are free", async (name) => {
    expect(await play(ROWS[name][0], twice(name))).toBe(3);
  });

  const apart = names.flatMap((name) => ROWS[name].slice(1).map((cut) => [cut as Cut, name] as const));
  it.each(apart)("%s %s: the same", async (cut, name) => {
    expect(await play(ROWS[name][0], once(name, cut))).toBe(2);
  });

  it.each(["conversation", "answer_lost"] as const)("with a dial under way, and comes back to a clock that was set back by ten minutes (%s): the same", async (name) => {
    expect(await play(name, once("dial", "during"), 600_000)).toBe(2);
  });

  it.each(["conversation", "nobody"] as const)("again and again, at everything that it does (%s): the same", async (name) => {
    expect(await play(name, twice(...names))).toBeGreaterThan(names.filter((effect) => ROWS[effect][0] === name).length);
  }, 60_000);
});
