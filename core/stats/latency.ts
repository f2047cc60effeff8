import type { Dna } from "../dna/schema.ts";
import { percentile } from "./percentile.ts";

/** The way of a call, as its ledger names it: ms from the form to each step. */
export const STEPS = ["form_to_dial_ms", "form_to_owner_ringing_ms", "form_to_owner_answer_ms", "form_to_pressed_ms", "form_to_customer_ringing_ms", "form_to_connected_ms"] as const;
export type Step = (typeof STEPS)[number];

/** What the business aims at, ms. */
export type Targets = Partial<Record<Step, number>>;

export const targetsOf = (dna: Dna): Targets => {
  const { form_to_dial_s, form_to_connected_s } = dna.modules.lead_gen.targets;
  return { form_to_dial_ms: form_to_dial_s * 1000, form_to_connected_ms: form_to_connected_s * 1000 };
};

/** For several businesses at once: the hardest aim of each step. */
export const strictest = (all: readonly Targets[]): Targets => {
  const hardest = (step: Step): number => Math.min(...all.map((targets) => targets[step] ?? Number.POSITIVE_INFINITY));
  return Object.fromEntries(STEPS.flatMap((step) => (Number.isFinite(hardest(step)) ? [[step, hardest(step)]] : [])));
};

export interface StepFigures {
  /** How many calls got so far. */
  count: number;
  /** ms, nearest rank; null when none did. */
  p50: number | null;
  p95: number | null;
  target: number | null;
}

const forEachStep = <T>(make: (step: Step) => T): Record<Step, T> => ({
  form_to_dial_ms: make("form_to_dial_ms"),
  form_to_owner_ringing_ms: make("form_to_owner_ringing_ms"),
  form_to_owner_answer_ms: make("form_to_owner_answer_ms"),
  form_to_pressed_ms: make("form_to_pressed_ms"),
  form_to_customer_ringing_ms: make("form_to_customer_ringing_ms"),
  form_to_connected_ms: make("form_to_connected_ms"),
});

export type Latencies = Record<Step, StepFigures>;

/** Collects calls and tells their percentiles. */
export const createLedger = () => {
  const samples = forEachStep((): number[] => []);
  let calls = 0;
  return {
    add(latency: Record<string, number | null>): void {
      calls += 1;
      for (const step of STEPS) {
        const ms = latency[step];
        if (typeof ms === "number") samples[step].push(ms);
      }
    },
    calls: (): number => calls,
    figures: (targets: Targets): Latencies =>
      forEachStep((step) => {
        const of = samples[step];
        const rank = (p: number): number | null => (of.length === 0 ? null : percentile(of, p));
        return { count: of.length, p50: rank(50), p95: rank(95), target: targets[step] ?? null };
      }),
  };
};

export type Ledger = ReturnType<typeof createLedger>;
