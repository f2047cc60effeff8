import * as z from "zod/mini";
import { huntWord } from "../hunt/words.ts";

const part = z.object({ score: z.number(), evidence: z.string() });
const scoringSchema = z.object({ judgement: z.nullable(z.object({ urgency: part, budget: part, fit: part })), rules: z.array(z.string()) });
export type Scoring = z.infer<typeof scoringSchema>;

/** What a lead's metadata say of its score; null where nothing judged it. */
export const scoringOf = (value: unknown): Scoring | null => {
  const { data } = scoringSchema.safeParse(value);
  return data === undefined || (data.judgement === null && data.rules.length === 0) ? null : data;
};

const PARTS = ["urgency", "budget", "fit"] as const;

/** Why a lead has the score that it has: the rule that settled it, or what a model found in its words. */
export const ScoreReasons = ({ scoring: { judgement, rules } }: { scoring: Scoring }) => {
  if (rules.length > 0) return <p className="text-[13px] text-quiet">{rules.map((rule) => huntWord("rule", rule)).join(" · ")}</p>;
  if (judgement === null) return null;
  return (
    <ul className="grid gap-0.5 text-[13px] text-quiet">
      {PARTS.map((name) => <li key={name}><span className="tabular font-medium">{`${huntWord("judged", name)} ${judgement[name].score}`}</span>{judgement[name].evidence === "" ? "" : ` – ${judgement[name].evidence}`}</li>)}
    </ul>
  );
};
