import type { Finding } from "../page.schemas.ts";

/** What a finding takes from 100. One rule that finds the same thing everywhere takes this much once and a little for each more. */
const WEIGHTS = { error: 25, warning: 5 } as const;
const EACH_MORE = { error: 3, warning: 1 } as const;
const MOST_FINDINGS = 100;

/** 0 to 100. */
const scoreOf = (findings: readonly Finding[]): number => {
  const seen = new Set<string>();
  const taken = findings.reduce((sum, { rule, severity }) => {
    const first = !seen.has(`${rule}/${severity}`);
    seen.add(`${rule}/${severity}`);
    return sum + (first ? WEIGHTS[severity] : EACH_MORE[severity]);
  }, 0);
  return Math.max(0, 100 - taken);
};

/** Errors first, each once, as many as a page's metadata holds. */
const kept = (findings: readonly Finding[]): Finding[] => {
  const unique = [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
  return [...unique.filter(({ severity }) => severity === "error"), ...unique.filter(({ severity }) => severity === "warning")].slice(0, MOST_FINDINGS);
};

export interface Verdict {
  score: number;
  passed: boolean;
  findings: Finding[];
}

/**
 * What rules and model together say. An error is a failure whatever the score; the model's own score may lower it and never raises it.
 * @param modelScore null: it was not asked
 */
export const verdictOf = (findings: readonly Finding[], modelScore: number | null, minScore: number): Verdict => {
  const score = Math.min(scoreOf(findings), modelScore ?? 100);
  return { score, passed: score >= minScore && !findings.some(({ severity }) => severity === "error"), findings: kept(findings) };
};
