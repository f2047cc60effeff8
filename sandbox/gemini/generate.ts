import { randomBytes } from "node:crypto";
import { numberIn, objectIn, type JsonObject } from "../kit/json.ts";
import { analyse } from "./conversation.ts";
import { GeminiError } from "./errors.ts";
import type { GeminiFault } from "./faults.ts";
import { Filler } from "./filler.ts";
import { textTokens, type Prompt } from "./prompt.ts";
import { readSchema, type Schema } from "./schema.ts";

const LETTERS_PER_TOKEN = 4;

function configOf(body: JsonObject): JsonObject {
  return objectIn(body, "generationConfig") ?? objectIn(body, "generation_config") ?? {};
}

/** The schema that an answer must satisfy; undefined when none is given. */
export function schemaOf(body: JsonObject): Schema | undefined {
  const config = configOf(body);
  const dialect = ["responseSchema", "responseJsonSchema", "responseFormat"].find((name) => config[name] !== undefined);
  const format = dialect === undefined ? undefined : objectIn(config, dialect);
  return format === undefined ? undefined : readSchema(objectIn(objectIn(format, "text") ?? format, "schema") ?? format);
}

/** The answer's text: JSON that satisfies the schema where there is one. */
function answerText(prompt: Prompt, body: JsonObject): string {
  const config = configOf(body);
  const dialects = ["responseSchema", "responseJsonSchema", "responseFormat"].filter((name) => config[name] !== undefined);
  if (dialects.length > 1) throw new GeminiError(400, `Only one of ${dialects.join(", ")} can be given.`);
  const json = config["responseMimeType"] === "application/json" || config["responseFormat"] !== undefined;
  const schema = schemaOf(body);
  if (schema !== undefined) {
    if (!json) throw new GeminiError(400, `${dialects[0] ?? ""} requires responseMimeType application/json.`);
    return JSON.stringify(new Filler(prompt).fill(schema));
  }
  if (prompt.speech !== null && !json) {
    return prompt.speech.segments.map((segment) => `[${Math.floor(segment.startS / 60)}:${String(Math.floor(segment.startS % 60)).padStart(2, "0")}] ${segment.text}`).join("\n");
  }
  const { summary, keyPoints, customerIntent, nextSteps, sentiment, urgency } = analyse(prompt.prompt);
  return json ? JSON.stringify({ summary, key_points: keyPoints, customer_intent: customerIntent, next_steps: nextSteps, sentiment, urgency }) : summary;
}

/** The body of a generateContent answer. A fault is one that still answers 200. */
export function generateContent(body: JsonObject, prompt: Prompt, model: string, fault: GeminiFault | undefined, scripted: string | undefined): JsonObject {
  const usage = (answerTokens: number, thoughtTokens: number): JsonObject => ({
    promptTokenCount: prompt.textTokens + prompt.audioTokens,
    ...(answerTokens > 0 ? { candidatesTokenCount: answerTokens } : {}),
    ...(thoughtTokens > 0 ? { thoughtsTokenCount: thoughtTokens } : {}),
    totalTokenCount: prompt.textTokens + prompt.audioTokens + answerTokens + thoughtTokens,
    promptTokensDetails: [
      { modality: "TEXT", tokenCount: prompt.textTokens },
      ...(prompt.audioTokens > 0 ? [{ modality: "AUDIO", tokenCount: prompt.audioTokens }] : []),
    ],
  });
  const envelope = { modelVersion: model, responseId: randomBytes(12).toString("base64url") };
  if (fault?.kind === "blocked") return { promptFeedback: { blockReason: "PROHIBITED_CONTENT" }, usageMetadata: usage(0, 0), ...envelope };

  const config = configOf(body);
  let text = scripted ?? answerText(prompt, body);
  let finishReason = "STOP";
  if (fault?.kind === "invalid_json") text = `Here is the JSON:\n${text.slice(0, -1)},`;
  const limit = fault?.kind === "max_tokens" ? Math.floor(textTokens(text) / 2) : (numberIn(config, "maxOutputTokens") ?? Infinity);
  if (textTokens(text) > limit) {
    text = text.slice(0, Math.max(1, limit) * LETTERS_PER_TOKEN);
    finishReason = "MAX_TOKENS";
  }
  const thought = "The user wants an answer; first I look at what was said.";
  const parts = fault?.kind === "thought" ? [{ text: thought, thought: true }, { text }] : [{ text }];
  return {
    candidates: [{ content: { role: "model", parts }, finishReason, index: 0 }],
    usageMetadata: usage(textTokens(text), fault?.kind === "thought" ? textTokens(thought) : 0),
    ...envelope,
  };
}
