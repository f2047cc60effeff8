import { beforeEach, describe, expect, test } from "vitest";
import { useStage } from "../testing/use-stage.ts";

const stage = await useStage(({ product }) => product.on("/done", "<Response><Hangup/></Response>"));

const OWNER = "+64211234567";
const done = (): Record<string, string> => Object.fromEntries(stage.product.at("/done")[0]?.form ?? []);
const heard = (): unknown[] => stage.sandbox.events({ kind: "call" }).filter((event) => event["heard"] !== undefined).map((event) => event["text"]);

function dialing(inside: string, attributes = 'action="/done"'): void {
  stage.product.on("/answer", `<Response><Dial ${attributes}>${inside}</Dial><Say>After</Say></Response>`);
}

describe("a live call", () => {
  beforeEach(() => {
    stage.product.on("/elsewhere", "<Response><Say>Moved</Say></Response>");
    dialing('<Number statusCallback="/leg" statusCallbackEvent="answered completed">+64220009922</Number>');
  });

  async function talking(): Promise<{ parent: string; child: string }> {
    const parent = await stage.call("+64215559922");
    const bridged = await stage.sandbox.event((event) => event["call_sid"] === parent && event["bridged_to"] !== undefined);
    return { parent, child: String(bridged["bridged_to"]) };
  }

  test("can be redirected out of its conversation, which ends the child", async () => {
    const { parent, child } = await talking();
    expect((await stage.api("POST", `/Calls/${parent}.json`, { Url: `${stage.product.url}/elsewhere` })).status).toBe(200);
    await stage.sandbox.idle();
    expect(heard()).toEqual(["Moved"]);
    expect(await stage.statusOf(child)).toBe("completed");
    expect(await stage.statusOf(parent)).toBe("completed");
    expect(stage.product.at("/done")).toEqual([]);
  });

  test("goes on with the Dial's action when its child is ended", async () => {
    const { parent, child } = await talking();
    await stage.api("POST", `/Calls/${child}.json`, { Status: "completed" });
    await stage.sandbox.idle();
    expect(done()).toMatchObject({ DialCallStatus: "completed", DialBridged: "true" });
    expect(await stage.statusOf(parent)).toBe("completed");
  });

  test("lets go of a child that is redirected, and goes on itself", async () => {
    const { child } = await talking();
    await stage.api("POST", `/Calls/${child}.json`, { Twiml: "<Response><Say>You are alone now</Say></Response>" });
    await stage.sandbox.idle();
    expect(heard()).toEqual(["You are alone now"]);
    expect(stage.product.at("/done")).toHaveLength(1);
    expect(await stage.statusOf(child)).toBe("completed");
  });

  test("can be canceled while it rings, but not redirected, and no more once it is over", async () => {
    const results: unknown[] = [];
    stage.product.on("/status", async ({ form }) => {
      if (form.get("CallStatus") !== "ringing") return 204;
      const path = `/Calls/${form.get("CallSid") ?? ""}.json`;
      results.push((await stage.api("POST", path, { Url: `${stage.product.url}/elsewhere` })).body["code"]);
      results.push((await stage.api("POST", path, { Status: "canceled" })).status);
      return 204;
    });
    const sid = await stage.callThrough(OWNER);
    stage.product.on("/status", 204);
    expect(results).toEqual([21220, 200]);
    expect(await stage.statusOf(sid)).toBe("canceled");
    expect((await stage.api("POST", `/Calls/${sid}.json`, { Status: "completed" })).body["code"]).toBe(21220);
  });

  test("a child that is canceled while it rings counts as not reached", async () => {
    dialing('<Number statusCallback="/leg" statusCallbackEvent="ringing">+64220001111</Number>');
    stage.product.on("/leg", async ({ form }) => {
      await stage.api("POST", `/Calls/${form.get("CallSid") ?? ""}.json`, { Status: "canceled" });
      return 204;
    });
    await stage.callThrough(OWNER);
    stage.product.on("/leg", 204);
    expect(done()).toMatchObject({ DialCallStatus: "canceled", DialBridged: "false" });
  });
});
