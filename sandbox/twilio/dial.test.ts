import { describe, expect, test } from "vitest";
import { ALL_EVENTS, OUR_NUMBER } from "../testing/stage.ts";
import { useStage } from "../testing/use-stage.ts";

const stage = await useStage(({ product }) => product.on("/done", "<Response><Hangup/></Response>"));

const OWNER = "+64211234567";
const done = (): Record<string, string> => Object.fromEntries(stage.product.at("/done")[0]?.form ?? []);
const heard = (): unknown[] => stage.sandbox.events({ kind: "call" }).filter((event) => event["heard"] !== undefined).map((event) => event["text"]);

function dialing(inside: string, attributes = 'action="/done"'): void {
  stage.product.on("/answer", `<Response><Dial ${attributes}>${inside}</Dial><Say>After</Say></Response>`);
}

describe("Dial", () => {
  test("reports the child's leg, plays its whisper to it alone, and then bridges", async () => {
    dialing(`<Number url="/consent" statusCallback="/leg" statusCallbackEvent="${ALL_EVENTS.join(" ")}">+64220001111</Number>`, 'callerId="+6498887777" action="/done"');
    stage.product.on("/consent", "<Response><Say>This call is recorded.</Say></Response>");
    const sid = await stage.callThrough(OWNER);
    expect(stage.product.fields("/leg", "CallStatus")).toEqual(["initiated", "ringing", "in-progress", "completed"]);
    expect(stage.product.fields("/leg", "SequenceNumber")).toEqual(["0", "1", "2", "3"]);
    const [whisper] = stage.product.at("/consent");
    expect(Object.fromEntries(whisper?.form ?? [])).toMatchObject({ ParentCallSid: sid, Direction: "outbound-dial", From: "+6498887777", To: "+64220001111", CallStatus: "in-progress" });
    expect(done()).toMatchObject({ DialCallStatus: "completed", DialBridged: "true", DialCallSid: stage.product.at("/leg")[0]?.form.get("CallSid"), CallSid: sid });
    expect(Number(done()["DialCallDuration"])).toBeGreaterThan(10);
  });

  test.each<[to: string, status: string]>([
    ["+64220009903", "no-answer"],
    ["+64220009904", "busy"],
    ["+64220009905", "busy"],
    ["+64220009913", "failed"],
    ["+64220009911", "failed"],
    ["12", "failed"],
  ])("of %s ends as %s, not bridged", async (to, status) => {
    dialing(`<Number>${to}</Number>`);
    await stage.callThrough(OWNER);
    expect(done()).toMatchObject({ DialCallStatus: status, DialBridged: "false", DialCallDuration: "0" });
  });

  test("without an action goes on with the next verb", async () => {
    dialing("+64220009904", "");
    await stage.callThrough(OWNER);
    expect(heard()).toEqual(["After"]);
  });

  test("gives up after its timeout", async () => {
    dialing("+64220009902", 'timeout="3" action="/done"');
    await stage.callThrough(OWNER);
    expect(done()["DialCallStatus"]).toBe("no-answer");
  });

  test("rings several numbers at once; the first to answer wins and the others are canceled", async () => {
    stage.sandbox.setNumber("+64220000002", { answer_after_ms: 300 });
    const number = (to: string): string => `<Number statusCallback="/leg" statusCallbackEvent="completed">${to}</Number>`;
    dialing(["+64220009902", "+64220000002", "+64220009903", "+64220009904"].map(number).join(""));
    await stage.callThrough(OWNER);
    expect(done()).toMatchObject({ DialCallStatus: "completed", DialBridged: "true" });
    const ends = stage.product.at("/leg").map(({ form }) => `${form.get("To") ?? ""} ${form.get("CallStatus") ?? ""}`);
    expect(ends.sort()).toEqual(["+64220000002 completed", "+64220009902 canceled", "+64220009903 canceled", "+64220009904 busy"]);
  });

  test("a whisper that hangs up refuses: completed, but not bridged", async () => {
    dialing('<Number url="/whisper">+64220009909</Number>');
    stage.product.on("/whisper", '<Response><Gather numDigits="1" timeout="7" action="/key"><Say>Press 1.</Say></Gather><Hangup/></Response>');
    await stage.callThrough(OWNER);
    expect(done()).toMatchObject({ DialCallStatus: "completed", DialBridged: "false" });
  });

  test("a whisper whose key leads to an empty document accepts", async () => {
    dialing('<Number url="/whisper">+64220001111</Number>');
    stage.product.on("/whisper", '<Response><Gather numDigits="1" action="/key"/><Hangup/></Response>');
    stage.product.on("/key", "<Response/>");
    await stage.callThrough(OWNER);
    expect(done()["DialBridged"]).toBe("true");
  });

  test.each([["hangs up", "+64220009914", "<Response><Say>Hello</Say></Response>"], ["gets a Dial", "+64220001111", "<Response><Dial>+64220002222</Dial></Response>"]])(
    "a callee who %s in the whisper is not bridged",
    async (_what, to, whisper) => {
      dialing(`<Number url="/whisper">${to}</Number>`);
      stage.product.on("/whisper", whisper);
      await stage.callThrough(OWNER);
      expect(done()).toMatchObject({ DialCallStatus: "completed", DialBridged: "false" });
    },
  );

  test("ends the conversation at its timeLimit", async () => {
    dialing("<Number>+64220001111</Number>", 'timeLimit="5" action="/done"');
    await stage.callThrough(OWNER);
    expect(done()["DialCallDuration"]).toBe("5");
  });

  test("leaves a call that came in ringing until it is bridged, if answerOnBridge is set", async () => {
    const incoming = async (answerOnBridge: boolean): Promise<string | undefined> => {
      stage.product.on("/incoming", `<Response><Dial answerOnBridge="${answerOnBridge}"><Number url="/whisper">+64211112222</Number></Dial></Response>`);
      let seen: string | undefined;
      stage.product.on("/whisper", async ({ form }) => {
        seen = await stage.statusOf(form.get("ParentCallSid") ?? "");
        return "<Response/>";
      });
      await stage.control("POST", "/twilio/incoming-call", { to: OUR_NUMBER, from: "+64277654321", url: `${stage.product.url}/incoming` });
      await stage.sandbox.idle();
      return seen;
    };
    expect(await incoming(true)).toBe("ringing");
    expect(await incoming(false)).toBe("in-progress");
  });

  test("a caller who hangs up while it rings leaves nobody on the line", async () => {
    stage.product.on("/incoming", '<Response><Dial answerOnBridge="true" action="/done">+64211112222</Dial></Response>');
    const { body } = await stage.control("POST", "/twilio/incoming-call", { to: OUR_NUMBER, from: "+64277659921", url: `${stage.product.url}/incoming` });
    await stage.sandbox.idle();
    expect(done()["DialCallStatus"]).toBe("canceled");
    expect(await stage.statusOf(String(body["call_sid"]))).toBe("no-answer");
  });
});
