/** Judged by the sweep, from what the database knows. */
const JUDGED_RULES = ["error_rate", "slow_responses", "dead_letters", "canary_failed", "no_leads", "budget_near", "spend_high", "duties_overdue", "backup_overdue", "model_ending"] as const;
export type JudgedRule = (typeof JUDGED_RULES)[number];

/** Each has an entry of its name in docs/runbook.md. `not_judged`: the others cannot be judged. */
export const RULES = ["not_judged", ...JUDGED_RULES] as const;
export type Rule = (typeof RULES)[number];
