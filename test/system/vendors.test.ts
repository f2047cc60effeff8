import { describe, expect, it } from "vitest";
import { eventually } from "./support/eventually.ts";
import { type Business, eventsOf, openBusiness } from "./support/business.ts";
import { useHouse } from "./support/house.ts";
import { phoneNumber } from "./support/phone-numbers.ts";

const house = useHouse();

const transcriptionRun = async (business: Business, what: string, wanted: (run: { status: string; attempts: number }) => boolean) =>
  eventually(what, async () => {
    const { items } = await house.client.runs({ project_id: business.project_id, task: "lead_gen_manager" });
    if (items.length > 1) throw new Error(`${items.length} runs for one recording`);
    const [run] = items;
    return run !== undefined && wanted(run) && run;
  });

describe("when Twilio", () => {
  it("refuses a call for its pace (429), it is asked again and rings once", async () => {
    const business = await openBusiness(house);
    house.sandbox.setTwilioFaults({ calls: { mode: "before", status: 429, retry_after_s: 1, times: 1 } });
    const { lead_id } = await business.submitGoogle({ phone: phoneNumber() });
    const call = await business.settled(lead_id);
    expect(call.end_reason).toBe("connected");
    expect(house.log.dials(business.owner).map(({ status }) => status)).toEqual([429, 201]);
    expect(house.log.legsTo(business.owner)).toHaveLength(1);
  });

  it.each([
    ["answers 503 after it has made the call", { status: 503 }, {}],
    ["makes the call and the connection breaks", { status: "destroy" }, {}],
    ["makes the call, the connection breaks and callbacks are lost", { status: "destroy" }, { callbacks: { drop: ["initiated", "ringing", "answered"] } }],
  ])("%s, nobody is rung twice", async (_what, calls, more) => {
    const business = await openBusiness(house);
    house.sandbox.setTwilioFaults({ calls: { mode: "after", times: 1, ...calls }, ...more });
    const { lead_id } = await business.submitGoogle({ phone: phoneNumber() });
    const call = await business.settled(lead_id);
    expect(call.end_reason).toBe("connected");
    expect(house.log.dials(business.owner)).toHaveLength(1);
    expect(house.log.legsTo(business.owner)).toHaveLength(1);
  });

  it.each([
    ["fails before it has made the call (503)", { mode: "before", status: 503, times: 1 }],
    ["cuts the connection before it has made the call", { mode: "before", status: "destroy", times: 1 }],
  ])("%s, it is looked up and then made, once", async (_what, calls) => {
    const business = await openBusiness(house);
    house.sandbox.setTwilioFaults({ calls });
    const { lead_id } = await business.submitGoogle({ phone: phoneNumber() });
    const call = await business.settled(lead_id);
    expect(call.end_reason).toBe("connected");
    expect(house.log.legsTo(business.owner)).toHaveLength(1);
    const requests = house.log.dials(business.owner);
    expect(requests).toHaveLength(2);
    // Between the two it was asked what had become of the first.
    const [first, second] = requests;
    const looks = house.sandbox.events({ kind: "request" }).filter((entry) => String(entry["method"]) === "GET" && String(entry["path"]).includes("/Calls.json") && String(entry["path"]).includes(encodeURIComponent(business.owner)));
    expect(looks.some(({ seq }) => seq > (first?.seq ?? 0) && seq < (second?.seq ?? 0))).toBe(true);
  });

  it("loses the answer to a text, the owner still gets it once", async () => {
    const business = await openBusiness(house, { destinations: [phoneNumber("9904")] });
    house.sandbox.setTwilioFaults({ messages: { mode: "after", status: "destroy", times: 1 } });
    const { lead_id } = await business.submitGoogle({ phone: phoneNumber() });
    await business.settled(lead_id);
    expect(house.log.textsTo(business.owner)).toHaveLength(1);
  });
});

describe("a recording", () => {
  it("that Twilio announces several times is fetched, transcribed and paid for once", async () => {
    const business = await openBusiness(house);
    house.sandbox.setTwilioFaults({ callbacks: { duplicate: 4 } });
    const since = house.log.now();
    const { lead_id } = await business.submitGoogle({ phone: phoneNumber() });
    await business.analysed(lead_id);
    await house.sandbox.idle();
    await house.sweep();
    const run = await transcriptionRun(business, "the transcription to be over", ({ status }) => status === "succeeded");
    expect(run.attempts).toBe(1);
    const [leg] = house.log.legsTo(business.owner);
    const announced = house.log.callbacks(leg?.sid ?? "").filter(({ purpose }) => purpose === "recording-status");
    expect(announced).toHaveLength(5);
    expect(house.log.downloads(announced[0]?.params["RecordingSid"] ?? "")).toHaveLength(1);
    // One a channel, and the analysis.
    expect(house.log.generations(since)).toHaveLength(3);
  });

  it("that cannot be fetched at first is fetched later", async () => {
    const business = await openBusiness(house);
    house.sandbox.setTwilioFaults({ media: { status: 503, times: 1 } });
    const { lead_id } = await business.submitGoogle({ phone: phoneNumber() });
    expect((await business.analysed(lead_id)).transcription?.segments.length).toBeGreaterThan(0);
    const run = await transcriptionRun(business, "the transcription to be over", ({ status }) => status === "succeeded");
    expect(run.attempts).toBe(2);
    expect(run.error).toBeNull();
  });

  it("that comes without its length is stored whole", async () => {
    const business = await openBusiness(house);
    house.sandbox.setTwilioFaults({ media: { chunked: true, times: 1 } });
    const { lead_id } = await business.submitGoogle({ phone: phoneNumber() });
    const call = await business.analysed(lead_id);
    const { bytes } = await house.client.recording(call.recording_url ?? "");
    expect(bytes.length).toBe(bytes.readUInt32LE(4) + 8);
  });
});

describe("when Gemini", () => {
  it("is overloaded for a moment, the call is analysed a moment later", async () => {
    const business = await openBusiness(house);
    const since = house.log.now();
    house.sandbox.setGeminiFaults({ generate: { kind: "503", times: 1 } });
    const { lead_id } = await business.submitGoogle({ phone: phoneNumber() });
    await business.analysed(lead_id);
    const asked = house.log.generations(since);
    expect(asked.map(({ status }) => status)).toEqual([503, 200, 200, 200]);
    expect((await house.client.entity(lead_id)).metadata).toHaveProperty("call_analysis.summary");
  });

  it.each([
    ["answers with something that is no JSON", "invalid_json"],
    ["cuts its answer off", "max_tokens"],
    ["thinks aloud before it answers", "thought"],
  ])("%s once, the call is analysed all the same", async (_what, kind) => {
    const business = await openBusiness(house);
    house.sandbox.setGeminiFaults({ generate: { kind, times: 1 } });
    const { lead_id } = await business.submitGoogle({ phone: phoneNumber() });
    const call = await business.analysed(lead_id);
    expect(new Set(call.transcription?.segments.map(({ speaker }) => speaker))).toEqual(new Set(["owner", "customer"]));
  });

  it("refuses a call, its run is dead and can be tried again once the reason is gone", async () => {
    const business = await openBusiness(house);
    house.sandbox.setGeminiFaults({ generate: { kind: "blocked" } });
    const { lead_id } = await business.submitGoogle({ phone: phoneNumber() });
    const dead = await transcriptionRun(business, "the run to be given up", ({ status }) => status === "dead");
    expect(dead).toMatchObject({ action: "transcribe_call", attempts: 1, error: { code: "gemini_blocked" } });
    expect((await house.client.runs({ project_id: business.project_id, status: "dead" })).items.map(({ id }) => id)).toEqual([dead.id]);
    const call = await business.settled(lead_id);
    expect(call).toMatchObject({ end_reason: "connected", transcription: null, analysis: null });
    // The sound is safe, whatever becomes of the words.
    expect((await house.client.recording(call.recording_url ?? "")).status).toBe(200);

    house.sandbox.setGeminiFaults({ generate: null });
    expect((await house.client.ask("POST", `/api/runs/${dead.id}/retry`)).status).toBe(202);
    const analysed = await business.analysed(lead_id);
    expect(analysed.transcription?.segments.length).toBeGreaterThan(0);
    expect(eventsOf(analysed).slice(-3)).toEqual(["recorded", "transcribed", "analysed"]);
    const again = await transcriptionRun(business, "the run to succeed", ({ status }) => status === "succeeded");
    expect(again.error).toBeNull();
    expect((await house.client.ask("POST", `/api/runs/${dead.id}/retry`)).status).toBe(409);
    const [leg] = house.log.legsTo(business.owner);
    expect(house.log.downloads(house.log.recordingsOf(leg?.sid ?? "")[0]?.recording_sid ?? "")).toHaveLength(1);
  });
});
