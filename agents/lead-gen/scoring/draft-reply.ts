import { z } from "zod";
import { fillTemplate } from "../../../core/contact/template.ts";
import type { Dna } from "../../../core/dna/schema.ts";
import { describeError } from "../../../core/errors.ts";
import { logger } from "../../../core/log.ts";
import type { GeminiGateway } from "../../../core/providers/gemini/gateway.ts";
import { fenced, fenceRule, newMark } from "../../fence.ts";
import { createLinkGuard } from "../call-analysis/links.ts";
import { clip, oneLine } from "../call-analysis/words.ts";
import type { LeadToScore } from "./scoring.types.ts";

const log = logger("scoring");

/** Fits into a text beside what the lead is and where. */
const MOST_CHARACTERS = 280;
const MOST_WORDS_READ = 2000;
const answerSchema = z.object({ reply: z.string().min(1).max(4000) });

/** A number to ring or a sum of money: neither is for a model to give. */
const PROMISES = /\d[\d\s().-]{5,}\d|[$€£]\s?\d|\d\s?(?:dollars|euros|pounds|usd|nzd|aud)\b/i;

const fromTemplate = ({ title, place }: LeadToScore, dna: Dna): string =>
  clip(fillTemplate(dna.modules.lead_gen.scoring.reply.template, { business: dna.identity.business_name, title: clip(oneLine(title), 80), place }), MOST_CHARACTERS);

/**
 * An answer to a post that the owner may put there themselves: nobody sends it. A model's is taken if it holds no address, number to ring or
 * price; else, and when no model can be asked, it is the DNA's template.
 */
export const draftReply = async (lead: LeadToScore, dna: Dna, gateway: Pick<GeminiGateway, "generate">): Promise<string> => {
  if (dna.modules.lead_gen.scoring.reply.drafted_by === "template") return fromTemplate(lead, dna);
  const mark = newMark();
  const system = [
    `You draft, for the owner of ${clip(oneLine(dna.identity.business_name), 200)}, an answer to a post in which somebody looks for a trade. Its manner: ${clip(oneLine(dna.brand_brain.voice_tone), 300)}.`,
    `Services: ${dna.services.slice(0, 40).map(({ name }) => clip(oneLine(name), 80)).join(", ")}.`,
    "Two sentences at most, in the post's language: name the business, take up what they need, offer to ring or to quote. Promise no price, no time and no result; no addresses, no phone numbers.",
    fenceRule(mark, "written"),
  ].join("\n");
  try {
    const { value } = await gateway.generate({ purpose: "scoring", system, parts: [{ text: fenced(mark, clip(`${lead.title}\n${lead.message}`, MOST_WORDS_READ)) }], schema: answerSchema, maxOutputTokens: 400 });
    const reply = oneLine(value.reply);
    const isSafe = createLinkGuard("")(reply) === reply && !PROMISES.test(reply) && reply.length <= MOST_CHARACTERS;
    return isSafe ? reply : fromTemplate(lead, dna);
  } catch (error) {
    log.warn("reply taken from the template", { lead_id: lead.id, error: describeError(error) });
    return fromTemplate(lead, dna);
  }
};
