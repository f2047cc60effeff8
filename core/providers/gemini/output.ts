import type { z } from "zod";
import { geminiError } from "./gemini.errors.ts";

const FENCED = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?\s*```\s*$/i;

/** JSON as models write it, with or without a Markdown fence around it; undefined when it is none. */
export const looseJson = (text: string): unknown => {
  try {
    return JSON.parse(FENCED.exec(text)?.[1] ?? text);
  } catch {
    return undefined;
  }
};

/**
 * The value that an answer's text holds.
 * @throws AppError `gemini_invalid_output` (retryable): a model that is asked again often does better
 */
export const readAnswer = <T>(text: string, schema: z.ZodType<T>, acceptText: ((text: string) => T | undefined) | undefined): T => {
  const parsed = schema.safeParse(looseJson(text));
  if (parsed.success) return parsed.data;
  const accepted = acceptText?.(text);
  if (accepted !== undefined) return accepted;
  // The answer itself stays out of the message: it may hold what a customer said.
  const issues = parsed.error.issues.map(({ path, message }) => `${path.map(String).join(".")}: ${message}`).join("; ");
  throw geminiError("gemini_invalid_output", `Gemini's answer is not what was asked for: ${issues}`, { retryable: true });
};
