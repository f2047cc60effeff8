import { plain } from "../security/consent/opt-out-words.ts";
import { asksForCall } from "./call-request.ts";
import type { CampaignReply } from "./campaign.types.ts";

const COURTESY = new Set(["hi", "hello", "hey", "please", "pls", "thanks", "thank", "you", "cheers", "ta", "kia", "ora", "there", "so", "much", "mate", "well", "oh"]);
const YES = new Set([
  "yes", "yep", "yeah", "yea", "yup", "ya", "sure", "ok", "okay", "absolutely", "definitely", "of course", "interested", "im interested", "i'm interested", "i am interested", "very interested", "we're interested",
  "we are interested", "yes interested", "keen", "i'm keen", "im keen", "sounds good", "sounds great", "go ahead", "please do", "do", "yes do", "book me in", "yes book me in", "yes ok", "ok yes", "yes sure", "yes sounds good", "yes call me",
  "yes ring me", "si", "oui", "ja", "ae",
]);
const NO = new Set(["no", "nope", "nah", "na", "not interested", "no not interested", "i'm not interested", "im not interested", "not needed", "not required", "no need", "all good", "no all good", "all sorted", "sorted", "we're good", "were good", "i'm good", "im good", "no longer needed", "non", "nein", "kao"]);
const LATER = new Set(["later", "maybe later", "not now", "not right now", "not just now", "not yet", "not today", "not at the moment", "no not now", "no not right now", "some other time", "another time", "not this time", "tomorrow", "next week", "next month", "next year"]);
const LATER_WITH_TIME = /\b(?:in (?:about |around )?(?:a )?(?:\d{1,2}|an?|one|two|three|four|five|six|few|couple)(?: of)? (?:day|week|month|year)s?|next (?:week|month|year|summer|winter|spring|autumn)|(?:maybe|perhaps|try|ask|text|contact)(?: me)?(?: again)? (?:later|in|next)|in (?:january|february|march|april|may|june|july|august|september|october|november|december))\b/;
const FEW_WORDS = 8;

const bare = (said: string): string => {
  const words = said.split(" ").filter((word) => word !== "");
  while (words.length > 1 && COURTESY.has(words.at(-1) ?? "")) words.pop();
  while (words.length > 1 && COURTESY.has(words[0] ?? "")) words.shift();
  return words.join(" ");
};

/**
 * What an answer to a campaign's text says, by rule alone; null where no rule is sure, which is for a model (agents/lead-gen/contact-intent).
 * A stop is read before this is asked (core/security/consent/opt-out-words.ts).
 */
export const readCampaignReply = (text: string): Exclude<CampaignReply, "stop" | "other"> | null => {
  if (asksForCall(text)) return "interested";
  if (/[?？]\s*$/.test(text.trim())) return "question";
  const said = plain(text);
  const words = bare(said);
  if (YES.has(words)) return "interested";
  if (NO.has(words)) return "no";
  if (LATER.has(words)) return "later";
  return words.split(" ").length <= FEW_WORDS && LATER_WITH_TIME.test(said) ? "later" : null;
};
