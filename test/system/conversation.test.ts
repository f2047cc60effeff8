import { describe, expect, it } from "vitest";
import { analysisSchema } from "./support/api.schemas.ts";
import { type Business, eventsOf, openBusiness } from "./support/business.ts";
import { eventually } from "./support/eventually.ts";
import { hangUp } from "./support/hang-up.ts";
import { OUR_NUMBER } from "../../scripts/lib/sandbox-vars.ts";
import { useHouse } from "./support/house.ts";
import { asTyped, phoneNumber } from "./support/phone-numbers.ts";
import { linesOf, loudSamples, readWav } from "./support/recording.ts";
import { sweepNowAndThen } from "./support/sweep.ts";

const house = useHouse();
const sweep = sweepNowAndThen(house);

/** The order in which the product tells the story of a call that goes well. */
const STORY = ["received", "dialed", "owner_ringing", "owner_answered", "owner_pressed", "customer_ringing", "customer_answered", "connected", "ended"];

/** What the vendors must have seen of a lead that became a conversation: one call to the owner, the key, then the customer. */
const expectBridged = (business: Business, customer: string): { owner: string; customer: string } => {
  const dials = house.log.dials(business.owner);
  expect(dials).toHaveLength(1);
  expect(dials[0]?.form["From"]).toBe(OUR_NUMBER);
  const [owner, ...others] = house.log.legsTo(business.owner);
  const [toCustomer, ...moreToCustomer] = house.log.legsTo(customer);
  if (owner === undefined || toCustomer === undefined) throw new Error("one of the two telephones never rang");
  expect([others, moreToCustomer]).toEqual([[], []]);
  expect(toCustomer).toMatchObject({ parent: owner.sid, from: OUR_NUMBER, status: "completed" });
  const keys = house.log.pressedBy(owner.sid);
  expect(keys.map(({ pressed }) => pressed)).toEqual(["1"]);
  expect(keys[0]?.seq).toBeLessThan(toCustomer.began);
  expect(house.log.bridged(owner.sid).map((entry) => entry.bridged_to)).toEqual([toCustomer.sid]);
  return { owner: owner.sid, customer: toCustomer.sid };
};

describe("a Google Ads lead", () => {
  it("becomes a conversation that is recorded, transcribed and analysed", async () => {
    const business = await openBusiness(house);
    const customer = phoneNumber();
    const answer = await business.submitGoogle({ name: "Jane <Doe> & Sons", phone: asTyped(customer), email: "jane@example.nz", service: "Hot water", city: "Auckland" });
    expect(answer.status).toBe("accepted");
    const call = await business.analysed(answer.lead_id);

    const legs = expectBridged(business, customer);
    const whisper = house.log.heardBy(legs.owner)[0]?.text ?? "";
    for (const part of ["Rata Street Plumbing", "Jane <Doe> & Sons", "Hot water", "Auckland", "Press 1"]) expect(whisper).toContain(part);

    expect(call).toMatchObject({ direction: "outbound", status: "ended", end_reason: "connected" });
    expect(eventsOf(call).filter((event) => STORY.includes(event))).toEqual(STORY);
    // Besides these only the text that asks the owner how it went.
    expect(eventsOf(call).filter((event) => !STORY.includes(event) && event !== "sms_owner")).toEqual(["recorded", "transcribed", "analysed"]);
    const { form_to_dial_ms: dial, form_to_owner_answer_ms: answered, form_to_connected_ms: connected } = call.latency;
    const received = Date.parse(call.timeline[0]?.at ?? "");
    const after = (event: string): number => Date.parse(call.timeline.find((entry) => entry.event === event)?.at ?? "") - received;
    expect([dial, answered, connected]).toEqual([after("dialed"), after("owner_answered"), after("connected")]);
    expect([dial, answered, connected]).toEqual([dial, answered, connected].toSorted((a, b) => (a ?? -1) - (b ?? -1)));

    // The notice comes before the bridge, to the customer alone.
    const notice = house.log.heardBy(legs.customer)[0];
    expect(notice?.text).toMatch(/recorded/i);
    expect(notice?.seq).toBeLessThan(house.log.bridged(legs.owner)[0]?.seq ?? 0);

    const recordings = house.log.recordingsOf(legs.owner);
    expect(new Set(recordings.map(({ source }) => source))).toEqual(new Set(["DialVerb"]));
    expect(house.log.downloads(recordings[0]?.recording_sid ?? "")).toHaveLength(1);
  });

  it("leaves all of it on the lead, and keeps the bulk out of lists", async () => {
    const business = await openBusiness(house);
    const customer = phoneNumber();
    const { lead_id } = await business.submitGoogle({ name: "Jane Doe", phone: customer, email: "jane@example.nz" });
    const call = await business.analysed(lead_id);
    const lead = await house.client.entity(lead_id);
    expect(lead).toMatchObject({ entity_type: "lead", project_id: business.project_id, name: "Jane Doe", primary_contact: customer });
    expect(lead.metadata).toMatchObject({
      source: "google_ads",
      status: "called",
      project_id: business.project_id,
      phone: customer,
      email: "jane@example.nz",
      call_sid: house.log.legsTo(business.owner)[0]?.sid,
      call_transcription: call.transcription?.text,
      call_analysis: call.analysis,
      recording_url: `/api/calls/${call.id}/recording`,
      raw_payload: { form_id: 8123456789 },
    });
    expect(lead.metadata["call_duration"]).toBe(call.duration_s);
    expect(JSON.stringify(lead)).not.toContain(business.webhooks.google_ads.key);
    const [listed] = (await house.client.entities({ type: "lead", project_id: business.project_id })).items;
    expect(listed?.id).toBe(lead_id);
    expect(Object.keys(listed?.metadata ?? {})).not.toContain("raw_payload");
    expect(Object.keys(listed?.metadata ?? {})).not.toContain("call_transcription");
    expect((await house.client.audit({ resource: `entity:${lead_id}` })).items.map(({ action }) => action)).toContain("lead.received");
  });

  it("may teach what customers ask: a run for later, and the brand brain follows the DNA meanwhile", async () => {
    const business = await openBusiness(house);
    await house.client.ask("PATCH", `/api/projects/${business.project_id}/dna/custom`, { json: { brand_brain: { insider_tips: ["Turn the main valve off first when a pipe bursts."] } } });
    const { lead_id } = await business.submitGoogle({ phone: phoneNumber() });
    await business.analysed(lead_id);
    const runs = async () => (await house.client.runs({ project_id: business.project_id, task: "context_sync" })).items;
    await eventually("the run that learns to wait for its time", async () => (await runs()).some(({ action, status }) => action === "learn" && status === "queued"));
    await eventually("the runs that follow to be done", async () => {
      await sweep();
      return (await runs()).filter(({ action }) => action === "follow").every(({ status }) => status === "succeeded");
    });
    const found = (await house.client.ask("GET", `/api/projects/${business.project_id}/context?q=${encodeURIComponent("a pipe bursts")}&limit=1`)).bytes.toString();
    expect(found).toContain("Turn the main valve off first when a pipe bursts.");
  });

  it("is recorded on two channels, each transcribed as the person who spoke on it", async () => {
    const business = await openBusiness(house);
    const { lead_id } = await business.submitGoogle({ phone: phoneNumber() });
    const call = await business.analysed(lead_id);
    const url = call.recording_url ?? "";

    const whole = await house.client.recording(url);
    expect(whole.status).toBe(200);
    const wav = readWav(whole.bytes);
    expect(wav).toMatchObject({ channels: 2, bitsPerSample: 16 });
    const [owner, customer] = wav.samples;
    if (owner === undefined || customer === undefined) throw new Error("two channels without sound");
    expect(loudSamples(owner)).toBeGreaterThan(wav.sampleRate);
    expect(loudSamples(customer)).toBeGreaterThan(wav.sampleRate);
    expect(Buffer.from(owner.buffer).equals(Buffer.from(customer.buffer))).toBe(false);

    const part = await house.client.recording(url, { Range: "bytes=44-143" });
    expect(part.status).toBe(206);
    expect(part.headers.get("Content-Range")).toBe(`bytes 44-143/${whole.bytes.length}`);
    expect(part.bytes.equals(whole.bytes.subarray(44, 144))).toBe(true);
    expect((await house.client.recording(url, { Range: `bytes=${whole.bytes.length}-` })).status).toBe(416);

    const segments = call.transcription?.segments ?? [];
    for (const who of ["owner", "customer"] as const) {
      const said = segments.filter(({ speaker }) => speaker === who).map(({ text }) => text);
      expect(said.length).toBeGreaterThan(0);
      expect(said.filter((text) => !linesOf(who).has(text))).toEqual([]);
    }
    expect(segments.map(({ start_s }) => start_s)).toEqual(segments.map(({ start_s }) => start_s).toSorted((a, b) => a - b));
    const analysis = analysisSchema.parse(call.analysis);
    expect(segments.some(({ text }) => analysis.summary.includes(text.split(/[.?]/)[0] ?? text))).toBe(true);
  });
});

it("a WordPress form becomes a conversation too", async () => {
  const business = await openBusiness(house);
  const customer = phoneNumber();
  const answer = await business.submitWordPress({ "your-name": "Jane Doe", "your-email": "jane@example.nz", "your-phone": asTyped(customer), "your-message": "The tap drips" });
  expect(answer.status).toBe("accepted");
  const call = await business.analysed(answer.lead_id);
  const { owner } = expectBridged(business, customer);
  expect(house.log.heardBy(owner)[0]?.text).toContain("The tap drips");
  expect(call.end_reason).toBe("connected");
  expect((await house.client.entity(answer.lead_id)).metadata).toMatchObject({ source: "wordpress", status: "called", phone: customer, message: "The tap drips" });
});

it("a strict project is recorded only once both have heard the notice", async () => {
  const business = await openBusiness(house, { bridge: ["recording: { strict: true, owner_notice: Owner hears this., customer_notice: Customer hears this. }"] });
  // On the line until the recording runs: nobody's conversation is shorter than the request that starts it, but the sandbox's would be.
  const customer = phoneNumber("9922");
  const { lead_id } = await business.submitGoogle({ phone: customer });
  const owner = await eventually("both to talk and the recording to run", () => {
    const [leg] = house.log.legsTo(business.owner);
    return leg !== undefined && house.log.bridged(leg.sid).length > 0 && house.log.recordingsOf(leg.sid).length > 0 && leg.sid;
  });
  await hangUp(house, owner);
  const call = await business.analysed(lead_id);
  const legs = expectBridged(business, customer);
  const [start, ...again] = house.log.recordingStarts(legs.owner);
  expect(again).toEqual([]);
  const notices = [house.log.heardBy(legs.owner).find(({ text }) => text.includes("Owner hears this.")), house.log.heardBy(legs.customer).find(({ text }) => text.includes("Customer hears this."))];
  for (const notice of notices) expect(notice?.seq).toBeLessThan(start?.seq ?? 0);
  expect(new Set(house.log.recordingsOf(legs.owner).map(({ source }) => source))).toEqual(new Set(["StartCallRecordingAPI"]));
  expect(call.end_reason).toBe("connected");
  expect(readWav((await house.client.recording(call.recording_url ?? "")).bytes).channels).toBe(2);
  expect(call.transcription?.segments.map(({ speaker }) => speaker)).toContain("customer");
});

it("a project that records nothing has a conversation and nothing else", async () => {
  const business = await openBusiness(house, { bridge: ["recording: { enabled: false }"] });
  const customer = phoneNumber();
  const { lead_id } = await business.submitGoogle({ phone: customer });
  const call = await business.settled(lead_id);
  const legs = expectBridged(business, customer);
  await house.sandbox.idle();
  expect(house.log.recordingsOf(legs.owner)).toEqual([]);
  expect(house.log.heardBy(legs.customer)).toEqual([]);
  expect(call).toMatchObject({ end_reason: "connected", recording_url: null, transcription: null, analysis: null });
});

describe("callbacks that come doubled and out of order", () => {
  it.each([
    ["a conversation", "0001", "0001", "connected"],
    ["a busy owner", "9904", "0001", "owner_busy"],
    ["an owner who declines", "9906", "0001", "owner_declined"],
    ["an owner who never presses a key", "9909", "0001", "owner_no_answer"],
    ["a customer who does not answer", "0001", "9903", "customer_no_answer"],
    ["a busy customer", "0001", "9904", "customer_busy"],
  ])("change nothing about %s", async (_what, ownerSuffix, customerSuffix, reason) => {
    const outcome = async () => {
      const business = await openBusiness(house, { destinations: [phoneNumber(ownerSuffix)] });
      const customer = phoneNumber(customerSuffix);
      const { lead_id } = await business.submitGoogle({ phone: customer });
      const call = await (reason === "connected" ? business.analysed(lead_id) : business.settled(lead_id));
      await house.sandbox.idle();
      const { metadata } = await house.client.entity(lead_id);
      return {
        end_reason: call.end_reason,
        duration_s: call.duration_s === null ? null : "some",
        events: eventsOf(call).toSorted(),
        lead: metadata["status"],
        dials: house.log.dials(business.owner).length,
        customers: house.log.legsTo(customer).length,
        texts: house.log.textsTo(business.owner).length,
      };
    };
    const plain = await outcome();
    expect(plain.end_reason).toBe(reason);
    house.sandbox.setTwilioFaults({ callbacks: { duplicate: 2, shuffle: true } });
    expect(await outcome()).toEqual(plain);
  });
});
