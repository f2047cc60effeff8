import { z } from "zod";
import { describeError } from "../../../core/errors.ts";
import { logger } from "../../../core/log.ts";
import type { GeminiGateway } from "../../../core/providers/gemini/gateway.ts";
import { fenced, fenceRule, newMark } from "../../fence.ts";
import { clip, oneLine } from "../call-analysis/words.ts";

const log = logger("contact-intent");

const MOST_OUTPUT_TOKENS = 256;
/** As long as a text message can be. */
const MOST_CHARACTERS = 1600;

export const contactIntents = ["stop", "start", "call_me", "question", "later", "no", "interested", "other"] as const;
export type ContactIntent = (typeof contactIntents)[number];

const answerSchema = z.object({
  intent: z.enum(contactIntents).describe(
    [
      "stop: does not want to be contacted any more, in whatever words, anger and a wrong number included",
      "start: takes an earlier stop back",
      "call_me: wants to be rung",
      "question: asks something",
      "later: wants to hear from the business at another time, or by another way",
      "no: declines what was offered, but not contact as such",
      "interested: wants what was offered",
      "other: anything else",
    ].join(". "),
  ),
});

export interface ReadIntentOptions {
  /** What a stranger wrote. */
  text: string;
  /** What the business had written last, if it had: a "no" is an answer to something. */
  lastSent?: string | null;
  businessName: string;
  gateway: Pick<GeminiGateway, "generate">;
  signal?: AbortSignal;
  /** Marks where data begins and ends; nobody who wrote the data can have known it. */
  fence?: () => string;
}

/** `failed`: no model could be asked, so `other` means "unknown", and the caller decides what is safe. */
export interface ReadIntent {
  intent: ContactIntent;
  failed: boolean;
}

const systemFor = (businessName: string, token: string): string =>
  [
    `You read text messages that people send to ${clip(oneLine(businessName), 200)}, a local service business, and say what each wants.`,
    "A wish not to be contacted outweighs everything else in the message. \"Stop\" said of something else (\"stop the leak\", \"stop by at five\") is no such wish.",
    fenceRule(token, "written"),
  ].join("\n");

/**
 * What a text means for contacting its sender, where the rules (core/security/consent/opt-out-words.ts) are not sure. The model
 * only chooses from the list; nothing of its words is used.
 * @throws the signal's reason when it was aborted; nothing else
 */
export const readIntent = async ({ text, lastSent = null, businessName, gateway, signal, fence = newMark }: ReadIntentOptions): Promise<ReadIntent> => {
  if (text.trim() === "") return { intent: "other", failed: false };
  const token = fence();
  const part = (title: string, data: string): { text: string } => ({ text: `${title}\n${fenced(token, clip(data, MOST_CHARACTERS))}` });
  try {
    const { value } = await gateway.generate({
      purpose: "analysis",
      system: systemFor(businessName, token),
      parts: [...(lastSent === null ? [] : [part("What the business had written:", lastSent)]), part("The message:", text)],
      schema: answerSchema,
      maxOutputTokens: MOST_OUTPUT_TOKENS,
      ...(signal === undefined ? {} : { signal }),
    });
    return { intent: value.intent, failed: false };
  } catch (error) {
    signal?.throwIfAborted();
    log.error("a text's intent could not be read", { error: describeError(error) });
    return { intent: "other", failed: true };
  }
};
