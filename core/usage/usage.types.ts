/** What is metered; the name says the unit that its quantity counts. */
export const usageKinds = ["model_input_tokens", "model_output_tokens", "embedding_tokens", "calls", "call_seconds", "sms_segments", "browser_seconds", "storage_bytes", "place_searches"] as const;
export type UsageKind = (typeof usageKinds)[number];

/** Something that was used, once. */
export interface UsageLine {
  kind: UsageKind;
  /** What the kind is told apart by; "": nothing. */
  detail: string;
  quantity: number;
  /** Micro-dollars. */
  cost_micros: number;
}

/** Caps on what a tenant spends on models, in micro-dollars; null: none. */
export interface SpendCaps {
  money_per_day_micros: number | null;
  money_per_month_micros: number | null;
}
