import type { Plot } from "../plot/svg.ts";
import type { Bench } from "./bench.ts";

/** What is said of a phase's figures, as they are kept: numbers that are none (NaN) have become null there. */
export interface Report<Figures> {
  /** In Markdown, with what each figure means; no heading. */
  describe: (figures: Figures) => string;
  plots?: (figures: Figures) => Plot[];
  /** What must not be, such as a lost lead; the bench ends with an error. */
  failures?: (figures: Figures) => string[];
  /** Aims that were missed. They depend on the machine: they are said, and fail nothing. */
  missed?: (figures: Figures) => string[];
}

export interface Phase {
  /** For `--only`, and for its file in docs/performance. */
  readonly name: string;
  readonly title: string;
  /** @returns figures as JSON keeps them */
  readonly measure: (bench: Bench) => Promise<unknown>;
  readonly report: Required<Report<unknown>>;
}

/** A phase whose figures only it and its report know. What is reported of is what was measured by the same phase, now or in an earlier run. */
export const definePhase = <Figures>({ report, ...phase }: { name: string; title: string; measure: (bench: Bench) => Promise<Figures>; report: Report<Figures> }): Phase => ({
  ...phase,
  report: {
    describe: (figures) => report.describe(figures as Figures),
    plots: (figures) => report.plots?.(figures as Figures) ?? [],
    failures: (figures) => report.failures?.(figures as Figures) ?? [],
    missed: (figures) => report.missed?.(figures as Figures) ?? [],
  },
});
