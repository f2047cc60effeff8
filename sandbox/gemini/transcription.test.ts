import { describe, expect, test } from "vitest";
import { planDialogue } from "../audio/dialogue.ts";
import { wavChunks } from "../audio/recording.stream.ts";
import { isObject, objectIn } from "../kit/json.ts";
import { answerOf, audioPart, fill, generate } from "../testing/gemini.ts";
import { useStage } from "../testing/use-stage.ts";
import { channelOf } from "../testing/wav.ts";

const stage = await useStage();

/** A minute of conversation, as a recording has it. */
const dialogue = planDialogue("a test", "owner", "customer");
const recording = Buffer.concat([...wavChunks(dialogue, "dual")]);
const saidBy = (channel: 0 | 1): string[] => dialogue.lines.filter((line) => line.channel === channel).map((line) => line.clip.text);

const SEGMENTS = {
  type: "object",
  properties: { segments: { type: "array", items: { type: "object", properties: { start_s: { type: "number" }, end_s: { type: "number" }, text: { type: "string" } }, required: ["start_s", "text"] } } },
  required: ["segments"],
};

describe("audio", () => {
  test("of one channel is transcribed word for word, with its times", async () => {
    for (const channel of [0, 1] as const) {
      const { segments } = await fill(stage, SEGMENTS, [{ text: "Transcribe." }, audioPart(channelOf(recording, channel))]);
      const lines = dialogue.lines.filter((line) => line.channel === channel);
      expect(segments).toEqual(
        lines.map((line) => ({ text: line.clip.text, start_s: Number((line.startFrame / 8000).toFixed(3)), end_s: Number(((line.startFrame + line.clip.samples.length) / 8000).toFixed(3)) })),
      );
    }
  });

  test("of both channels at once is unintelligible", async () => {
    const { segments } = await fill(stage, SEGMENTS, [audioPart(recording)]);
    expect(JSON.stringify(segments)).toContain("[unintelligible ");
    for (const text of saidBy(0)) expect(JSON.stringify(segments)).not.toContain(text);
  });

  test("without a schema is told as lines with times", async () => {
    const text = answerOf(await generate(stage, [audioPart(channelOf(recording, 0))]));
    expect(text.split("\n")).toHaveLength(saidBy(0).length);
    expect(text).toMatch(/^\[0:00\] /);
  });

  test("times come in the unit and form that the schema names, speakers from the words before", async () => {
    const items = { type: "OBJECT", properties: { speaker: { type: "STRING", enum: ["owner", "customer"] }, startMs: { type: "INTEGER" }, end: { type: "STRING" }, text: { type: "STRING" } } };
    const { lines, duration_seconds } = await fill(stage, { type: "OBJECT", properties: { lines: { type: "ARRAY", items }, duration_seconds: { type: "NUMBER" } } },
      [{ text: "This is the customer:" }, audioPart(channelOf(recording, 1))],
      "responseSchema",
    );
    const [first] = Array.isArray(lines) ? (lines as unknown[]) : [];
    expect(first).toMatchObject({ speaker: "customer", text: saidBy(1)[0], end: expect.stringMatching(/^\d\d:\d\d$/) as string });
    expect(isObject(first) && Number.isInteger(first["startMs"])).toBe(true);
    expect(duration_seconds).toBeCloseTo(dialogue.frames / 8000, 2);
  });

  test("counts 32 tokens a second", async () => {
    const { body } = await generate(stage, [{ text: "abcd" }, audioPart(channelOf(recording, 0))]);
    expect(objectIn(body, "usageMetadata")).toMatchObject({ promptTokenCount: 1 + Math.ceil((dialogue.frames / 8000) * 32) });
  });

  test("of silence, and of what is no WAV", async () => {
    expect(await fill(stage, SEGMENTS, [audioPart(Buffer.concat([...wavChunks({ lines: [], frames: 8000 }, "single")]))])).toEqual({ segments: [] });
    expect(answerOf(await generate(stage, [{ inlineData: { mimeType: "audio/mp3", data: Buffer.alloc(8000, 1).toString("base64") } }]))).toBe("[0:00] [unintelligible 2.0 s]");
  });
});
