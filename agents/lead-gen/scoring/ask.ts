import type { Dna } from "../../../core/dna/schema.ts";
import type { GeminiGateway } from "../../../core/providers/gemini/gateway.ts";
import { restsOn, shownEvidence } from "./evidence.ts";
import { answerSchema, LEADS_A_QUESTION, questionOf, type ScoringAnswer } from "./question.ts";
import type { JudgedPart, Judgement, LeadToScore } from "./scoring.types.ts";

/** Three sentences a post. */
export const TOKENS_A_POST = 400;

export interface Asked {
  /** By the lead's id. Whom the model left out twice is not in it. */
  judgements: Map<string, Judgement>;
  /** As the vendor named it. */
  model: string;
}

const judged = ({ score, evidence }: { score: number; evidence: string }, words: string): JudgedPart => {
  const shown = shownEvidence(evidence, words);
  return { score: Math.round(score), evidence: shown, supported: restsOn(shown, words) };
};

/** One question. A post that the answer leaves out, or names twice, has no judgement. */
const ask = async (leads: readonly LeadToScore[], dna: Dna, gateway: Pick<GeminiGateway, "generate">): Promise<Asked> => {
  const { system, parts, named } = questionOf(leads, dna);
  const { value, usage } = await gateway.generate({ purpose: "scoring", system, parts, schema: answerSchema, maxOutputTokens: TOKENS_A_POST * leads.length });
  const judgements = new Map<string, Judgement>();
  for (const [name, lead] of named) {
    const [answer, ...others]: ScoringAnswer["posts"] = value.posts.filter(({ post }) => post === name);
    if (answer === undefined || others.length > 0) continue;
    const words = [lead.title, lead.message, lead.place ?? ""].join("\n");
    judgements.set(lead.id, { urgency: judged(answer.urgency, words), budget: judged(answer.budget, words), fit: judged(answer.fit, words) });
  }
  return { judgements, model: usage.model };
};

/**
 * Has up to ten leads judged in one call; those that the answer leaves out or names twice are asked about once more.
 * @throws AppError of `gemini.errors.ts`
 */
export const judge = async (leads: readonly LeadToScore[], dna: Dna, gateway: Pick<GeminiGateway, "generate">): Promise<Asked> => {
  if (leads.length > LEADS_A_QUESTION) throw new Error(`at most ${LEADS_A_QUESTION} leads a question`);
  const first = await ask(leads, dna, gateway);
  const missing = leads.filter(({ id }) => !first.judgements.has(id));
  if (missing.length === 0) return first;
  const second = await ask(missing, dna, gateway);
  return { judgements: new Map([...first.judgements, ...second.judgements]), model: second.model };
};
