import type { Dna } from "../dna/schema.ts";
import { countOf, type Histogram, percentilesOf } from "./histogram.ts";

/** The way of a call, as its ledger names it: ms from the form to each step. */
export const STEPS = ["form_to_dial_ms", "form_to_owner_ringing_ms", "form_to_owner_answer_ms", "form_to_pressed_ms", "form_to_customer_ringing_ms", "form_to_connected_ms"] as const;
export type Step = (typeof STEPS)[number];

export const ofEachStep = <Value>(valueOf: (step: Step) => Value): Record<Step, Value> => Object.fromEntries(STEPS.map((step) => [step, valueOf(step)])) as Record<Step, Value>;

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
  /** ms, nearest rank, within 2 %; null when none did. */
  p50: number | null;
  p95: number | null;
  target: number | null;
}

export type Latencies = Record<Step, StepFigures>;

/** The figures of each step, from how long calls took to it. */
export const latenciesOf = (steps: Record<string, Histogram>, targets: Targets): Latencies => {
  const of = (step: Step): StepFigures => {
    const histogram = steps[step] ?? {};
    const [p50 = null, p95 = null] = percentilesOf(histogram, [50, 95]);
    return { count: countOf(histogram), p50, p95, target: targets[step] ?? null };
  };
  return ofEachStep(of);
};
