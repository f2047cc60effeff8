import { beforeEach, describe, expect, test } from "vitest";
import { useStage } from "../testing/use-stage.ts";

const stage = await useStage(({ product }) => product.on("/done", "<Response><Hangup/></Response>"));

const OWNER = "+64211234567";

function dialing(inside: string, attributes = 'action="/done"'): void {
  stage.product.on("/answer", `<Response><Dial ${attributes}>${inside}</Dial><Say>After</Say></Response>`);
}

describe("machine detection", () => {
  beforeEach(() => {
    stage.product.on("/answer", "<Response><Say>Hello</Say></Response>");
  });

  test.each([["+64215559910", "Enable", "machine_start"], ["+64215559910", "DetectMessageEnd", "machine_end_beep"], [OWNER, "Enable", "human"]])(
    "of %s (%s) comes with the document request: %s",
    async (to, mode, answeredBy) => {
      const sid = await stage.callThrough(to, { MachineDetection: mode });
      expect(stage.product.fields("/answer", "AnsweredBy")).toEqual([answeredBy]);
      expect((await stage.api("GET", `/Calls/${sid}.json`)).body["answered_by"]).toBe(answeredBy);
    },
  );

  test("is posted by itself when it is asynchronous", async () => {
    dialing("+64220009922");
    const sid = await stage.call("+64215559910", { MachineDetection: "Enable", AsyncAmd: "true", AsyncAmdStatusCallback: `${stage.product.url}/amd` });
    await stage.sandbox.event((event) => event["purpose"] === "amd-status");
    await stage.api("POST", `/Calls/${sid}.json`, { Status: "completed" });
    await stage.sandbox.idle();
    expect(stage.product.at("/answer")[0]?.form.has("AnsweredBy")).toBe(false);
    expect(Object.fromEntries(stage.product.at("/amd")[0]?.form ?? [])).toMatchObject({ CallSid: sid, AnsweredBy: "machine_start" });
  });

  test("works for a dialled number too", async () => {
    dialing('<Number machineDetection="Enable" amdStatusCallback="/amd">+64220009910</Number>');
    stage.sandbox.setNumber("+64220009910", { talk_ms: null });
    stage.sandbox.setNumber(OWNER, { talk_ms: null });
    const sid = await stage.call(OWNER);
    await stage.sandbox.event((event) => event["purpose"] === "amd-status");
    await stage.api("POST", `/Calls/${sid}.json`, { Status: "completed" });
    await stage.sandbox.idle();
    expect(stage.product.fields("/amd", "AnsweredBy")).toEqual(["machine_start"]);
  });
});
