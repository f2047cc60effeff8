import type { Page } from "../../core/web/page.ts";

/**
 * Words that a business never writes for customers: they speak to the machine that reads. Taking such lines out only spares the
 * model the noise; what keeps a page from doing harm is that its words are data and that every value is looked up (`evidence.ts`).
 */
const TO_MACHINES = [
  /\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruction|prompt|rule|above|previous|prior|everything)/i,
  /\b(?:system|developer)\s*(?:prompt|message|note|override)\b|^\W*(?:system|assistant|developer)\s*:/i,
  /\b(?:ai|a\.i\.|llm|language model|chatbot|assistant|agent|crawler|automated system)s?\b.{0,60}\b(?:must|should|shall|are instructed|please|now|set|output|reply|write|use)\b/i,
  /\b(?:you are now|act as|pretend to be|new instructions?|your (?:task|instructions?) (?:is|are))\b/i,
  /\b(?:destination|sales_bridge|api[_ ]?key|webhook|system_instruction|dna\.)\b.{0,60}(?:\+?\d|https?:|set|send)/i,
];

export const speaksToMachines = (line: string): boolean => TO_MACHINES.some((pattern) => pattern.test(line));

/** The page without the lines that speak to machines, and how many there were. */
export const withoutSuspicious = (page: Page): { page: Page; removed: number } => {
  const lines = page.text.split("\n");
  const kept = lines.filter((line) => !speaksToMachines(line));
  return { page: { ...page, text: kept.join("\n"), description: speaksToMachines(page.description) ? "" : page.description }, removed: lines.length - kept.length };
};
