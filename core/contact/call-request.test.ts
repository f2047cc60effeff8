import { describe, expect, it } from "vitest";
import { asksForCall } from "./call-request.ts";

describe("a text asks for a call", () => {
  it.each(["CALL", "call", "Call.", "call me", "Please call me", "ring me now", "Call me back please!", "can you call me asap", "phone me", "callback", "give me a call", "Hi, could you ring me right now? Thanks"])("with %j", (text) => {
    expect(asksForCall(text)).toBe(true);
  });
  it.each(["don't call me", "do not call", "call me tomorrow", "I'll call you", "never call me", "who called me?", "call 021 446 0564", "recall", "", "call off the job", "stop calling me"])("not with %j", (text) => {
    expect(asksForCall(text)).toBe(false);
  });
});
