/** Each has an entry of its name in docs/runbook.md. */
export const RULES = ["error_rate", "slow_responses", "dead_letters", "canary_failed", "no_leads", "budget_near", "duties_overdue", "backup_overdue", "model_ending"] as const;
export type Rule = (typeof RULES)[number];
