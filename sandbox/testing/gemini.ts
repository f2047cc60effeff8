import { isObject, listIn, objectIn, textIn, type JsonObject } from "../kit/json.ts";
import type { JsonAnswer, Stage } from "./stage.ts";

export const MODEL = "/v1beta/models/gemini-3.5-flash-lite";

export function generate(stage: Stage, parts: readonly unknown[], config: object = {}): Promise<JsonAnswer> {
  return stage.gemini(`${MODEL}:generateContent`, { store: false, contents: [{ role: "user", parts }], generationConfig: config });
}

/** The text of an answer, without its thoughts. */
export function answerOf({ body }: JsonAnswer): string {
  const [candidate] = (listIn(body, "candidates") ?? []).filter(isObject);
  const parts = listIn(objectIn(candidate ?? {}, "content") ?? {}, "parts") ?? [];
  return parts.filter(isObject).filter((part) => part["thought"] !== true).map((part) => textIn(part, "text") ?? "").join("");
}

export async function fill(stage: Stage, schema: object, parts: readonly unknown[], dialect = "responseJsonSchema"): Promise<JsonObject> {
  const parsed: unknown = JSON.parse(answerOf(await generate(stage, parts, { responseMimeType: "application/json", [dialect]: schema })));
  if (!isObject(parsed)) throw new Error("not an object");
  return parsed;
}

export function audioPart(wav: Buffer): object {
  return { inlineData: { mimeType: "audio/wav", data: wav.toString("base64") } };
}
