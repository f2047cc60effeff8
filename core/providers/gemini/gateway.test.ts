import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { type Answer, BASE, GOOD, problem, retryInfo, says, type Sent, setUp, wire } from "./gemini.testing.ts";
import { type Admit, vendorBusy } from "../pace.ts";
import { MODELS } from "./models.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const { fallback: _, ...analysis } = MODELS.analysis;
/** Without another model to fall back on. */
const ALONE = { ...MODELS, analysis };

describe("generate", () => {
  it("sends the wire format of generateContent and asks that nothing be stored", async () => {
    const sent = wire(GOOD);
    const { ask, usages } = setUp({ baseUrl: `${BASE}/` });
    expect(await ask()).toEqual({ value: { answer: "42" }, usage: { input_tokens: 10, output_tokens: 5, model: "v-1" } });
    expect(sent[0]?.url).toBe(`${BASE}/v1beta/models/${MODELS.analysis.id}:generateContent`);
    expect(sent[0]?.headers.get("x-goog-api-key")).toBe("AQ.key");
    expect(sent[0]?.body).toMatchObject({
      store: false,
      contents: [{ role: "user", parts: [{ text: "?" }] }],
      systemInstruction: { parts: [{ text: "Be brief." }] },
      generationConfig: {
        responseMimeType: "application/json",
        maxOutputTokens: 1000,
        responseJsonSchema: { type: "object", properties: { answer: { type: "string" } }, required: ["answer"] },
      },
    });
    expect(usages).toEqual([{ purpose: "analysis", duration_ms: expect.any(Number) as number, input_tokens: 10, output_tokens: 5, model: "v-1" }]);
  });

  it.each([
    ["thoughts beside the answer", { candidates: [{ content: { parts: [{ text: "Hm {", thought: true }, { text: '{"answer":' }, { text: '"42"}' }] }, finishReason: "STOP" }] }],
    ["an answer without usage, version or finish reason", { candidates: [{ content: { parts: [{ text: '{"answer":"42"}' }] } }] }],
    ["usage that makes no sense", { ...says('{"answer":"42"}'), usageMetadata: { promptTokenCount: "many" }, modelVersion: 7 }],
    ["a Markdown fence", says('```json\n{"answer":"42"}\n```')],
    ["more fields than were asked for", says('{"answer":"42","why":"because"}')],
  ])("reads %s", async (_, answer) => {
    wire(answer);
    const { value, usage } = await setUp().ask();
    expect(value).toEqual({ answer: "42" });
    expect(usage).toEqual({ input_tokens: 0, output_tokens: 0, model: MODELS.analysis.id });
  });

  it.each<{ what: string; answer: Answer; waits: number[] }>([
    { what: "429 without a delay", answer: problem(429), waits: [3000] },
    { what: "429 that names a delay", answer: problem(429, [retryInfo("21.5s")]), waits: [21_500] },
    { what: "500", answer: problem(500), waits: [3000] },
    { what: "503 that is not JSON", answer: new Response("<html>", { status: 503 }), waits: [3000] },
    { what: "504", answer: problem(504), waits: [3000] },
    { what: "a network that fails", answer: new TypeError("Network connection lost."), waits: [3000] },
    { what: "a 200 that is not JSON", answer: new Response("oops"), waits: [3000] },
    { what: "no candidates and no reason", answer: {}, waits: [3000] },
    { what: "JSON that does not satisfy the schema", answer: says('{"answer":42}'), waits: [] },
    { what: "text that is no JSON", answer: says("Forty-two."), waits: [] },
  ])("tries again after $what", async ({ answer, waits }) => {
    const sent = wire(answer, GOOD);
    const gateway = setUp();
    expect((await gateway.ask()).value).toEqual({ answer: "42" });
    expect(sent).toHaveLength(2);
    expect(gateway.waits).toEqual(waits);
  });

  it.each<{ what: string; answer: Answer; code: string; retryable: boolean; tries: number }>([
    { what: "an invalid request", answer: problem(400), code: "gemini_rejected", retryable: false, tries: 1 },
    { what: "a wrong key", answer: problem(401), code: "gemini_rejected", retryable: false, tries: 1 },
    { what: "a key without the right", answer: problem(403), code: "gemini_rejected", retryable: false, tries: 1 },
    {
      what: "a daily quota that is used up",
      answer: problem(429, [{ "@type": "type.googleapis.com/google.rpc.QuotaFailure", violations: [{ quotaId: "GenerateRequestsPerDayPerProjectPerModel" }] }, retryInfo("5s")]),
      code: "gemini_quota_exhausted",
      retryable: false,
      tries: 1,
    },
    { what: "a delay too long to wait out here", answer: problem(429, [retryInfo("600s")]), code: "gemini_rate_limited", retryable: true, tries: 1 },
    { what: "a prompt that was refused", answer: { promptFeedback: { blockReason: "SAFETY" } }, code: "gemini_blocked", retryable: false, tries: 1 },
    { what: "an answer stopped for safety", answer: says("", "SAFETY"), code: "gemini_stopped", retryable: false, tries: 1 },
    { what: "an answer stopped for prohibited content", answer: says('{"answer":"42"}', "PROHIBITED_CONTENT"), code: "gemini_stopped", retryable: false, tries: 1 },
    { what: "a service that stays down", answer: problem(503), code: "gemini_unavailable", retryable: true, tries: 3 },
    { what: "answers that stay wrong", answer: says("{}"), code: "gemini_invalid_output", retryable: true, tries: 3 },
    { what: "a model that was retired", answer: problem(404), code: "gemini_model_gone", retryable: false, tries: 1 },
  ])("fails with $code on $what", async ({ answer, code, retryable, tries }) => {
    const sent = wire(answer);
    await expect(setUp({ models: ALONE }).ask()).rejects.toMatchObject({ code, retryable, status: 502 });
    expect(sent).toHaveLength(tries);
  });

  describe("of a model with a fall-back", () => {
    const daily = problem(429, [{ "@type": "type.googleapis.com/google.rpc.QuotaFailure", violations: [{ quotaId: "GenerateRequestsPerDayPerProjectPerModel" }] }]);
    const modelsOf = (sent: Sent[]) => sent.map(({ url }) => /models\/([^:]+):/.exec(url)?.[1]);
    const [first, second] = [MODELS.analysis.id, MODELS.analysis.fallback];
    const models = { ...MODELS, analysis: { ...MODELS.analysis, timeoutMs: 50 } };

    it.each([
      ["was retired", problem(404), [first, second]],
      ["is over its quota of the day", daily, [first, second]],
      ["is busy for long", problem(429, [retryInfo("600s")]), [first, second]],
      ["is overloaded, three times in a row", problem(503), [first, first, first, second]],
      ["does not answer in time, once", "hang" as const, [first, second]],
    ])("asks that when the first %s", async (_, answer, asked) => {
      const sent = wire(...asked.slice(1).map(() => answer), GOOD);
      expect((await setUp({ models }).ask()).value).toEqual({ answer: "42" });
      expect(modelsOf(sent)).toEqual(asked);
    });

    it.each([
      ["that was refused", { promptFeedback: { blockReason: "SAFETY" } }, "gemini_blocked"],
      ["with a wrong key", problem(401), "gemini_rejected"],
    ])("does not ask it a question %s", async (_, answer, code) => {
      const sent = wire(answer, GOOD);
      await expect(setUp().ask()).rejects.toMatchObject({ code });
      expect(modelsOf(sent)).toEqual([first]);
    });

    it("says what became of the fall-back when that fails too", async () => {
      wire(problem(404), problem(400));
      await expect(setUp().ask()).rejects.toMatchObject({ code: "gemini_rejected" });
    });
  });

  it("waits longer before the third try than before the second, and never over ten seconds of its own accord", async () => {
    wire(problem(503));
    const { ask, waits } = setUp({ models: ALONE, random: () => 0.999 });
    await expect(ask()).rejects.toThrow();
    expect(waits).toEqual([3998, 7996]);
  });

  it("hands on how long the vendor asked to wait", async () => {
    wire(problem(429, [retryInfo("600s")]));
    await expect(setUp({ models: ALONE }).ask()).rejects.toMatchObject({ retryAfterMs: 600_000 });
  });

  it("asks once more with a larger limit after a truncated answer, and then gives up for good", async () => {
    const truncated = says('{"answer":"4', "MAX_TOKENS");
    const helped = wire(truncated, GOOD);
    expect((await setUp().ask()).value).toEqual({ answer: "42" });
    const limits = (sent: Sent[]) => sent.map(({ body }) => z.object({ maxOutputTokens: z.number() }).parse(body.generationConfig).maxOutputTokens);
    expect(limits(helped)).toEqual([1000, 4000]);
    vi.restoreAllMocks();
    const inVain = wire(truncated);
    await expect(setUp().ask({ maxOutputTokens: 60_000 })).rejects.toMatchObject({ code: "gemini_truncated", retryable: false });
    expect(limits(inVain)).toEqual([60_000, 65_536]);
    vi.restoreAllMocks();
    const atTheTop = wire(truncated);
    await expect(setUp().ask({ maxOutputTokens: 1_000_000 })).rejects.toMatchObject({ code: "gemini_truncated", retryable: false });
    expect(limits(atTheTop)).toEqual([65_536]);
  });

  it("lets the caller make something of a finished answer in another shape, and never of a cut one", async () => {
    const acceptText = (text: string) => (text === "Forty-two." ? { answer: text } : undefined);
    const sent = wire(says("Forty-three."), says("Forty-two."));
    expect((await setUp().ask({ acceptText })).value).toEqual({ answer: "Forty-two." });
    expect(sent).toHaveLength(2);
    vi.restoreAllMocks();
    wire(says("Forty-two.", "MAX_TOKENS"));
    await expect(setUp().ask({ acceptText })).rejects.toMatchObject({ code: "gemini_truncated" });
  });

  it("counts the tokens of every try, and keeps an answer that could not be counted", async () => {
    wire({ ...GOOD, ...says("no") }, GOOD);
    const { ask, usages } = setUp();
    expect((await ask()).usage).toEqual({ input_tokens: 20, output_tokens: 10, model: "v-1" });
    expect(usages).toHaveLength(2);
    const failing = setUp({
      onUsage: () => {
        throw new Error("D1 is away");
      },
    });
    expect((await failing.ask()).value).toEqual({ answer: "42" });
  });

  it("gives up on a model that does not answer in time, whether it sends nothing or stops halfway", async () => {
    const models = { ...MODELS, analysis: { ...analysis, timeoutMs: 10 } };
    const halfway: Answer = async (signal) =>
      Promise.resolve(
        new Response(
          new ReadableStream({
            start(controller) {
              controller.enqueue(new TextEncoder().encode('{"candi'));
              signal?.addEventListener("abort", () => controller.error(new Error("aborted")));
            },
          }),
        ),
      );
    for (const answer of ["hang" as const, halfway]) {
      const sent = wire(answer);
      await expect(setUp({ models }).ask()).rejects.toMatchObject({ code: "gemini_timeout", retryable: true });
      expect(sent).toHaveLength(3);
      vi.restoreAllMocks();
    }
  });

  it("asks for room before each try, for as long as one may last, and is no longer tried here once there is none", async () => {
    const sent = wire(problem(503), GOOD);
    const asked: number[] = [];
    const admit: Admit = async (request, { lastsMs }) => (asked.push(lastsMs), request());
    await setUp({ admit }).ask();
    await setUp({ admit }).gateway.embed({ model: MODELS.embedding, task: "query", texts: ["x"] }).catch(() => undefined);
    expect(asked.slice(0, 3)).toEqual([MODELS.analysis.timeoutMs, MODELS.analysis.timeoutMs, MODELS.embedding.timeoutMs]);
    const before = sent.length;
    const full = setUp({ admit: async () => Promise.reject(vendorBusy("gemini", 20_000)) });
    await expect(full.ask()).rejects.toMatchObject({ code: "vendor_busy", retryAfterMs: 20_000 });
    expect([sent.length, full.waits]).toEqual([before, []]);
  });

  it("stops at once when the caller no longer wants the answer", async () => {
    const before = AbortSignal.abort(new Error("not needed"));
    const sent = wire("hang");
    await expect(setUp().ask({ signal: before })).rejects.toThrow("not needed");
    expect(sent).toHaveLength(0);
    const during = new AbortController();
    const asked = setUp().ask({ signal: during.signal });
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    during.abort(new Error("call was erased"));
    await expect(asked).rejects.toThrow("call was erased");
    expect(sent).toHaveLength(1);
  });
});
