import { isObject, listIn, objectIn, textIn, type JsonObject } from "../kit/json.ts";
import { GeminiError } from "./errors.ts";
import type { Files } from "./files.ts";
import type { HeardSegment, Matter } from "./filler.ts";
import { transcribe, type Transcript } from "./speech.ts";

export interface Prompt extends Matter {
  readonly textTokens: number;
  readonly audioTokens: number;
}

/** Gemini counts 32 tokens a second of audio; four letters a token is its own rule of thumb for text. */
const TOKENS_PER_S = 32;
const LETTERS_PER_TOKEN = 4;

export function textTokens(text: string): number {
  return Math.ceil(text.length / LETTERS_PER_TOKEN);
}

function partsOf(content: unknown): readonly JsonObject[] {
  return (isObject(content) ? (listIn(content, "parts") ?? []) : []).filter(isObject);
}

function snakeOrCamel(part: JsonObject, camel: string, snake: string): JsonObject | undefined {
  return objectIn(part, camel) ?? objectIn(part, snake);
}

async function audioOf(part: JsonObject, files: Files): Promise<Transcript | undefined> {
  const inline = snakeOrCamel(part, "inlineData", "inline_data");
  const file = snakeOrCamel(part, "fileData", "file_data");
  const mimeType = textIn(inline ?? file ?? {}, "mimeType") ?? textIn(inline ?? file ?? {}, "mime_type") ?? "";
  if (inline !== undefined) {
    if (!mimeType.startsWith("audio/")) throw new GeminiError(400, `This stand-in hears audio only, not ${JSON.stringify(mimeType)}.`);
    return transcribe(Buffer.from(textIn(inline, "data") ?? "", "base64"));
  }
  return file === undefined ? undefined : await files.transcribe(textIn(file, "fileUri") ?? textIn(file, "file_uri") ?? "");
}

/** Everything that a request says: its text, and what is heard in its audio. */
export async function readPrompt(body: JsonObject, files: Files): Promise<Prompt> {
  const contents = listIn(body, "contents") ?? [];
  if (contents.length === 0) throw new GeminiError(400, "* GenerateContentRequest.contents: contents is not specified");
  const last = contents.at(-1);
  if (isObject(last) && last["role"] === "model") throw new GeminiError(400, "Please ensure that the last content is not a model turn.");
  const system = snakeOrCamel(body, "systemInstruction", "system_instruction");
  const texts: string[] = [];
  const segments: HeardSegment[] = [];
  let seconds = 0;
  let audioParts = 0;
  for (const part of contents.flatMap(partsOf)) {
    const text = textIn(part, "text");
    if (text !== undefined) texts.push(text);
    const heard = await audioOf(part, files);
    if (heard === undefined) continue;
    const label = texts.at(-1) ?? "";
    segments.push(...heard.segments.map((segment) => ({ ...segment, part: audioParts, label })));
    seconds += heard.seconds;
    audioParts += 1;
  }
  const prompt = texts.join("\n");
  const instructions = partsOf(system).map((part) => textIn(part, "text") ?? "").join("\n");
  segments.sort((a, b) => a.startS - b.startS);
  return {
    prompt,
    instructions,
    speech: audioParts === 0 ? null : { segments, seconds },
    textTokens: textTokens(prompt) + textTokens(instructions),
    audioTokens: Math.ceil(seconds * TOKENS_PER_S),
  };
}
