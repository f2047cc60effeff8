import { describe, expect, test } from "vitest";
import { transcribe } from "../gemini/speech.ts";
import { HEADER_BYTES, readWavFormat } from "../audio/wav.ts";
import { allClips } from "../audio/voices.ts";
import { channelOf } from "../testing/wav.ts";
import { OUR_NUMBER } from "../testing/stage.ts";
import { useStage } from "../testing/use-stage.ts";

const stage = await useStage();

const voiceOf = (text: string): string | undefined => allClips().find((clip) => clip.text === text)?.voice;
const voices = (wav: Buffer): (string | undefined)[] => [...new Set(transcribe(wav).segments.map((segment) => voiceOf(segment.text)))];

/** The recordings' callbacks, and the media of the last. */
async function media(query = ""): Promise<Response> {
  const form = stage.product.at("/rec").at(-1)?.form;
  const url = new URL(`${form?.get("RecordingUrl") ?? ""}.wav${query}`);
  return await stage.fetch(url.pathname + url.search);
}

async function sound(query = ""): Promise<Buffer> {
  return Buffer.from(await (await media(query)).arrayBuffer());
}

const DUAL = 'record="record-from-answer-dual" recordingStatusCallback="/rec" recordingStatusCallbackEvent="in-progress completed absent"';

describe("a recorded conversation", () => {
  test("has the parent's person in the first channel and the child's in the second, really apart", async () => {
    stage.product.on("/answer", `<Response><Dial ${DUAL} action="/done"><Number>+64220001111</Number></Dial></Response>`);
    stage.product.on("/done", "<Response/>");
    const sid = await stage.callThrough("+64211234567");
    expect(stage.product.fields("/rec", "RecordingStatus")).toEqual(["in-progress", "completed"]);
    const form = Object.fromEntries(stage.product.at("/rec")[1]?.form ?? []);
    expect(form).toMatchObject({ CallSid: sid, AccountSid: stage.sandbox.accountSid, RecordingChannels: "2", RecordingSource: "DialVerb", RecordingTrack: "both", ErrorCode: "0" });
    expect(stage.product.fields("/done", "RecordingUrl")).toEqual([form["RecordingUrl"]]);

    const wav = await sound("?RequestedChannels=2");
    expect(readWavFormat(wav)).toEqual({ channels: 2, sampleRate: 8000, dataOffset: HEADER_BYTES, dataBytes: wav.length - HEADER_BYTES });
    expect(Math.round((wav.length - HEADER_BYTES) / 32_000)).toBe(Number(form["RecordingDuration"]));
    expect(voices(channelOf(wav, 0))).toEqual(["owner"]);
    expect(voices(channelOf(wav, 1))).toEqual(["customer"]);
  });

  test("has them the other way round in a call that came in", async () => {
    stage.product.on("/incoming", `<Response><Dial ${DUAL}><Number>+64211112222</Number></Dial></Response>`);
    await stage.control("POST", "/twilio/incoming-call", { to: OUR_NUMBER, from: "+64277654321", url: `${stage.product.url}/incoming` });
    await stage.sandbox.idle();
    const wav = await sound("?RequestedChannels=2");
    expect(voices(channelOf(wav, 0))).toEqual(["customer"]);
    expect(voices(channelOf(wav, 1))).toEqual(["owner"]);
  });

  test("is unintelligible once its channels are mixed", async () => {
    stage.product.on("/answer", `<Response><Dial ${DUAL}><Number>+64220001111</Number></Dial></Response>`);
    await stage.callThrough("+64211234567");
    for (const wav of [await sound("?RequestedChannels=1"), await sound()]) {
      const { segments } = transcribe(wav);
      expect(segments.length).toBeGreaterThan(3);
      expect(segments.every((segment) => /^\[unintelligible \d+\.\d s\]$/.test(segment.text))).toBe(true);
    }
  });

  test("differs from call to call, and is the same each time it is fetched", async () => {
    stage.product.on("/answer", `<Response><Dial ${DUAL}><Number>+64220001111</Number></Dial></Response>`);
    const texts: string[] = [];
    for (const to of ["+64211234567", "+64211234568", "+64211234569"]) {
      await stage.callThrough(to);
      const [once, again] = [await sound("?RequestedChannels=2"), await sound("?RequestedChannels=2")];
      expect(again.equals(once)).toBe(true);
      texts.push(transcribe(channelOf(once, 1)).segments.map((segment) => segment.text).join(" "));
    }
    expect(new Set(texts).size).toBe(3);
  });

  test("of a voicemail machine has its greeting and what was said to it", async () => {
    stage.product.on("/answer", `<Response><Dial ${DUAL}><Number>+64220009910</Number></Dial></Response>`);
    await stage.callThrough("+64211234567");
    const wav = await sound("?RequestedChannels=2");
    expect(voices(channelOf(wav, 1))).toEqual(["machine"]);
    expect(voices(channelOf(wav, 0))).toEqual(["owner"]);
  });

  test("of an hour is streamed, with its length told beforehand", async () => {
    stage.product.on("/answer", `<Response><Dial ${DUAL}><Number>+64220009920</Number></Dial></Response>`);
    await stage.callThrough("+64211234567");
    expect(stage.product.fields("/rec", "RecordingDuration").at(-1)).toBe("3600");
    const response = await media("?RequestedChannels=2");
    expect(response.headers.get("content-length")).toBe(String(HEADER_BYTES + 3600 * 32_000));
    let bytes = 0;
    const reader = response.body?.getReader();
    for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) {
      bytes += next.value.length;
    }
    expect(bytes).toBe(HEADER_BYTES + 3600 * 32_000);
  });

  test("can be sent without a length", async () => {
    stage.product.on("/answer", `<Response><Dial ${DUAL}><Number>+64220001111</Number></Dial></Response>`);
    await stage.callThrough("+64211234567");
    stage.sandbox.setTwilioFaults({ media: { chunked: true, times: 1 } });
    const response = await media();
    expect(response.headers.get("content-length")).toBeNull();
    expect(Buffer.from(await response.arrayBuffer()).length).toBeGreaterThan(100_000);
  });
});

describe("recordings by the API", () => {
  const PEOPLE = "<Response><Dial><Number>+64220009922</Number></Dial></Response>";

  async function talking(): Promise<string> {
    stage.product.on("/answer", PEOPLE);
    const sid = await stage.call("+64215559922");
    await stage.sandbox.event((event) => event["call_sid"] === sid && event["bridged_to"] !== undefined);
    return sid;
  }

  test("start on a live call, one at a time, and end with it", async () => {
    const sid = await talking();
    const form = { RecordingStatusCallback: `${stage.product.url}/rec`, RecordingStatusCallbackEvent: "completed absent", RecordingChannels: "dual" };
    const first = await stage.api("POST", `/Calls/${sid}/Recordings.json`, form);
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ call_sid: sid, status: "in-progress", source: "StartCallRecordingAPI", channels: 2 });
    expect((await stage.api("POST", `/Calls/${sid}/Recordings.json`, form)).body["code"]).toBe(21220);
    await stage.api("POST", `/Calls/${sid}.json`, { Status: "completed" });
    await stage.sandbox.idle();
    expect(stage.product.fields("/rec", "RecordingStatus")).toEqual(["completed"]);
    expect(voices(channelOf(await sound("?RequestedChannels=2"), 0))).toEqual(["owner"]);
  });

  test("can be stopped", async () => {
    const sid = await talking();
    await stage.api("POST", `/Calls/${sid}/Recordings.json`, { RecordingStatusCallback: `${stage.product.url}/rec` });
    expect((await stage.api("POST", `/Calls/${sid}/Recordings/Twilio.CURRENT.json`, { Status: "stopped" })).status).toBe(200);
    await stage.api("POST", `/Calls/${sid}.json`, { Status: "completed" });
    await stage.sandbox.idle();
    const listed = await stage.api("GET", `/Calls/${sid}/Recordings.json`);
    expect(listed.body["recordings"]).toMatchObject([{ call_sid: sid }]);
  });

  test("come with the call's last callback when the call asked for one", async () => {
    stage.product.on("/answer", "<Response><Dial><Number>+64220001111</Number></Dial></Response>");
    await stage.callThrough("+64211234567", { Record: "true", RecordingStatusCallback: `${stage.product.url}/rec` });
    const last = stage.product.at("/status").at(-1)?.form;
    expect(last?.get("RecordingSid")).toMatch(/^RE[0-9a-f]{32}$/);
    expect(stage.product.fields("/rec", "RecordingChannels")).toEqual(["1"]);
    expect(stage.product.fields("/rec", "RecordingSource")).toEqual(["OutboundAPI"]);
  });

  test("are absent when nobody talked", async () => {
    stage.product.on("/answer", "<Response><Hangup/></Response>");
    await stage.callThrough("+64211234567", { Record: "true", RecordingStatusCallback: `${stage.product.url}/rec`, RecordingStatusCallbackEvent: ["completed", "absent"] });
    expect(stage.product.fields("/rec", "RecordingStatus")).toEqual(["absent"]);
    expect(stage.product.fields("/rec", "ErrorCode")).toEqual(["16101"]);
    expect((await media()).status).toBe(404);
  });

  test("can be looked up and deleted, and their sound needs the login", async () => {
    stage.product.on("/answer", `<Response><Dial ${DUAL}><Number>+64220001111</Number></Dial></Response>`);
    const sid = await stage.callThrough("+64211234567");
    const path = new URL(stage.product.at("/rec").at(-1)?.form.get("RecordingUrl") ?? "").pathname;
    expect((await stage.fetch(`${path}.wav`, { headers: { Authorization: "Basic bm86bm8=" } })).status).toBe(401);
    expect((await stage.fetch(`${path}.mp3`)).status).toBe(404);
    expect((await stage.api("GET", `/Recordings.json?CallSid=${sid}`)).body["recordings"]).toHaveLength(1);
    expect((await stage.fetch(`${path}.json`, { method: "DELETE" })).status).toBe(204);
    expect((await stage.fetch(`${path}.json`)).status).toBe(404);
    expect((await media()).status).toBe(404);
  });

  test("of one person alone cannot be had in two channels", async () => {
    stage.product.on("/incoming", '<Response><Record recordingStatusCallback="/rec"/></Response>');
    await stage.control("POST", "/twilio/incoming-call", { to: OUR_NUMBER, from: "+64277654321", url: `${stage.product.url}/incoming` });
    await stage.sandbox.idle();
    expect((await media("?RequestedChannels=2")).status).toBe(400);
    expect(voices(await sound())).toEqual(["customer"]);
  });
});
