import { beforeAll, describe, expect, it } from "vitest";
import type { Call } from "./support/api.schemas.ts";
import { type Business, openBusiness } from "./support/business.ts";
import { eventually } from "./support/eventually.ts";
import { hangUp } from "./support/hang-up.ts";
import { useHouse } from "./support/house.ts";
import { phoneNumber } from "./support/phone-numbers.ts";
import { sweepNowAndThen } from "./support/sweep.ts";

/** Slow enough for a phone to ring while the Worker starts again. */
const SPEED = 0.06;
/** In telephone time: 35 s of ours. Twilio lets a phone ring for 600 s at most. */
const LONG_RING_MS = 590_000;

const house = useHouse({ speed: SPEED, interrupted: true });

const sweep = sweepNowAndThen(house);

/** The cron handler is what finds a duty that nothing else remembers. */
const withSweeps = async (leadId: string, what: string, wanted: (call: Call) => boolean): Promise<Call> => {
  let seen: Call | undefined;
  return eventually(
    what,
    async () => {
      await sweep();
      const [call, ...more] = (await house.client.calls({ lead_id: leadId })).items;
      if (more.length > 0) throw new Error(`${more.length + 1} calls for lead ${leadId}`);
      seen = call && (await house.client.call(call.id));
      return seen !== undefined && wanted(seen) && seen;
    },
    () => seen,
  );
};

const ended = ({ status }: Call): boolean => status === "ended";
const analysed = ({ analysis }: Call): boolean => analysis !== null;

interface Story {
  business: Business;
  lead: string;
}

describe("a kill -9 of the Worker", () => {
  const stories: Partial<Record<"refused" | "unanswered" | "unheard" | "ringing" | "missed" | "talking" | "unfetched", Story>> = {};
  const storyOf = (name: keyof typeof stories): Story => {
    const story = stories[name];
    if (story === undefined) throw new Error(`no story ${name}`);
    return story;
  };
  const begin = async (name: keyof typeof stories, owner: string, customer: string, bridge: string[] = []): Promise<Story> => {
    const business = await openBusiness(house, { destinations: [owner], bridge });
    const { lead_id, status } = await business.submitGoogle({ name: "Jane Doe", phone: customer });
    expect(status).toBe("accepted");
    const story = { business, lead: lead_id };
    stories[name] = story;
    return story;
  };

  beforeAll(async () => {
    const { sandbox, log } = house;
    // A conversation that nobody ends yet. (Twilio would, after more than three minutes of ours.)
    const talking = await begin("talking", phoneNumber(), phoneNumber("9922"), ["max_call_minutes: 60"]);
    await talking.business.callWhen(talking.lead, "connected", ({ status }) => status === "connected");

    // A recording that is announced and cannot be fetched: its job waits for another try in a queue that forgets.
    sandbox.setTwilioFaults({ media: { status: 503 } });
    const unfetched = await begin("unfetched", phoneNumber(), phoneNumber());
    await eventually("the job to have failed once", async () => (await house.client.runs({ project_id: unfetched.business.project_id })).items.some(({ status, attempts }) => status === "queued" && attempts > 0));

    // Two telephones that ring and ring.
    for (const name of ["ringing", "missed"] as const) {
      const phone = phoneNumber();
      sandbox.setNumber(phone, { answer_after_ms: LONG_RING_MS });
      const { business, lead } = await begin(name, phone, phoneNumber(), ["ring_timeout_s: 600"]);
      await business.callWhen(lead, "ringing", ({ timeline }) => timeline.some(({ event }) => event === "owner_ringing"));
    }

    // Twilio has made the call, and neither its answer nor a callback has told the Worker so.
    sandbox.setTwilioFaults({ calls: { mode: "after", status: "hang", times: 1 }, callbacks: { drop: ["initiated", "ringing"] } });
    const phone = phoneNumber();
    sandbox.setNumber(phone, { answer_after_ms: LONG_RING_MS });
    await begin("unheard", phone, phoneNumber(), ["ring_timeout_s: 600"]);
    await eventually("the phone to ring", () => log.legsTo(phone)[0]?.status === "ringing");

    // Accepted, and Twilio is down.
    sandbox.setTwilioFaults({ calls: { mode: "before", status: 503 } });
    const refused = await begin("refused", phoneNumber(), phoneNumber());
    await eventually("Twilio to have failed", () => log.dials(refused.business.owner).some(({ status }) => status === 503));
    // Accepted, and the request to Twilio is under way.
    sandbox.setTwilioFaults({ calls: { mode: "before", status: "hang" } });
    const unanswered = await begin("unanswered", phoneNumber(), phoneNumber());
    await eventually("the request to have reached Twilio", () => log.dials(unanswered.business.owner).length > 0);

    await house.kill();
    // One of the phones stops ringing while nobody is there to hear of it.
    await hangUp(house, log.legsTo(storyOf("missed").business.owner)[0]?.sid ?? "", "canceled");
    sandbox.setTwilioFaults({ calls: null, media: null, callbacks: null });
    await house.restart();
  });

  it.each(["refused", "unanswered"] as const)("between accepting a lead and its call (%s): the call still happens, once", async (name) => {
    const { business, lead } = storyOf(name);
    const call = await withSweeps(lead, "the call to be over", ended);
    expect(call.end_reason).toBe("connected");
    expect(house.log.legsTo(business.owner)).toHaveLength(1);
    expect(house.log.dials(business.owner).filter(({ status }) => status === 201)).toHaveLength(1);
    expect(call.timeline.filter(({ event }) => event === "connected")).toHaveLength(1);
  });

  it("while two people talk: nobody is rung again, and the call ends and is analysed as any other", async () => {
    const { business, lead } = storyOf("talking");
    const [leg] = house.log.legsTo(business.owner);
    expect(leg?.ended).toBe(Infinity);
    await hangUp(house, leg?.sid ?? "");
    const call = await withSweeps(lead, "the call to be analysed", analysed);
    expect(call.end_reason).toBe("connected");
    expect(house.log.dials(business.owner)).toHaveLength(1);
  });

  it.each([
    ["while the owner's phone rings", "ringing"],
    ["after Twilio has made the call and before it could say so", "unheard"],
  ] as const)("%s: it is not rung again, and who picks up later is connected", async (_when, name) => {
    const { business, lead } = storyOf(name);
    const call = await withSweeps(lead, "the call to be over", ended);
    expect(call.end_reason).toBe("connected");
    expect(house.log.dials(business.owner)).toHaveLength(1);
  });

  describe("and half an hour later", () => {
    beforeAll(async () => {
      await house.kill();
      await house.restart({ APEX_CLOCK_OFFSET_S: "1800" });
    });

    it("a phone that stopped ringing meanwhile: Twilio is asked, nobody is rung again, and the owner gets a text", async () => {
      const { business, lead } = storyOf("missed");
      const call = await withSweeps(lead, "the owner to have got a text", ({ timeline }) => timeline.some(({ event }) => event === "sms_owner"));
      expect(call).toMatchObject({ status: "ended", end_reason: "owner_no_answer" });
      expect(house.log.dials(business.owner)).toHaveLength(1);
      expect(house.log.textsTo(business.owner)).toHaveLength(1);
    });

    it("between a recording and its transcription: the sweep finds the job that the queue has lost", async () => {
      const { business, lead } = storyOf("unfetched");
      const call = await withSweeps(lead, "the call to be analysed", analysed);
      expect(call.transcription?.segments.length).toBeGreaterThan(0);
      const { items } = await house.client.runs({ project_id: business.project_id, task: "lead_gen_manager" });
      expect(items).toHaveLength(1);
      const recording = house.log.recordingsOf(house.log.legsTo(business.owner)[0]?.sid ?? "")[0]?.recording_sid ?? "";
      expect(house.log.downloads(recording).filter(({ status }) => status === 200)).toHaveLength(1);
    });
  });
});

it("a kill -9 in the middle of a transcription costs time, not the transcription", async () => {
  const business = await openBusiness(house);
  house.sandbox.setGeminiFaults({ generate: { kind: "hang" } });
  const since = house.log.now();
  const { lead_id } = await business.submitGoogle({ phone: phoneNumber() });
  await eventually("the model to have been asked", () => house.log.generations(since).length > 0);
  await house.kill();
  house.sandbox.setGeminiFaults({ generate: null });
  // Past the time for which an attempt may hold its run.
  await house.restart({ APEX_CLOCK_OFFSET_S: "3600" });
  const call = await withSweeps(lead_id, "the call to be analysed", analysed);
  expect(call.end_reason).toBe("connected");
  const [run, ...more] = (await house.client.runs({ project_id: business.project_id, task: "lead_gen_manager" })).items;
  expect([run?.attempts, more]).toEqual([2, []]);
  const recording = house.log.recordingsOf(house.log.legsTo(business.owner)[0]?.sid ?? "")[0]?.recording_sid ?? "";
  expect(house.log.downloads(recording)).toHaveLength(1);
});

it("a kill -9 in the middle of a storm loses no lead that was accepted, and rings nobody twice", async () => {
  const destinations = Array.from({ length: 20 }, () => phoneNumber());
  const business = await openBusiness(house, { destinations });
  const customers = destinations.map(() => phoneNumber());
  house.sandbox.setTwilioFaults({ calls: { mode: "before", status: 503 } });
  const accepted: string[] = [];
  let killed: Promise<void> | undefined;
  await Promise.all(
    customers.map(async (phone) => {
      try {
        accepted.push((await business.submitGoogle({ phone })).lead_id);
      } catch {
        // The Worker died before it could answer: nobody was promised anything.
      }
      if (accepted.length === 8) killed ??= house.kill();
    }),
  );
  await killed;
  house.sandbox.setTwilioFaults({ calls: null });
  await house.restart();
  expect(accepted.length).toBeGreaterThanOrEqual(8);
  const calls = await Promise.all(accepted.map(async (lead) => withSweeps(lead, "the call to be over", ended)));
  expect(new Set(calls.map(({ end_reason }) => end_reason))).toEqual(new Set(["connected"]));
  // A lead that was stored without an answer is called as well: nobody knows that it was not promised.
  const stored = (await house.client.entities({ project_id: business.project_id, type: "lead" })).items;
  for (const { id } of stored) await withSweeps(id, "the call to be over", ended);
  expect(stored.map(({ id }) => id)).toEqual(expect.arrayContaining(accepted));
  expect(destinations.flatMap((phone) => house.log.legsTo(phone))).toHaveLength(stored.length);
  for (const customer of customers) expect(house.log.legsTo(customer).length).toBeLessThanOrEqual(1);
});
