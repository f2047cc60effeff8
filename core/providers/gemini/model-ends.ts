import { MODEL_ENDS } from "./model-ends.data.ts";
import { type ModelTable, MODELS } from "./models.ts";

export interface EndingModel {
  model: string;
  /** What it is configured for, e.g. `analysis` or `analysis (fall-back)`. */
  for: string[];
  /** `2027-05-07` */
  ends_on: string;
  /** Whole days from now; negative once it has ended. */
  days_left: number;
}

const DAY_MS = 86_400_000;
/** Time enough to try another model out, and to fill another index. */
const NOTICE_DAYS = 60;

/** Configured models that end within the notice, the soonest first. @param now ms */
export const endingModels = (now: number, { models = MODELS, ends = MODEL_ENDS, noticeDays = NOTICE_DAYS }: { models?: ModelTable; ends?: Readonly<Record<string, string>>; noticeDays?: number } = {}): EndingModel[] => {
  const uses = new Map<string, string[]>();
  for (const [purpose, model] of Object.entries(models)) {
    const fallback = "fallback" in model ? model.fallback : undefined;
    for (const [id, use] of [[model.id, purpose], [fallback, `${purpose} (fall-back)`]] as const) if (id !== undefined) uses.set(id, [...(uses.get(id) ?? []), use]);
  }
  return [...uses]
    .flatMap(([model, purposes]): EndingModel[] => {
      const ends_on = ends[model];
      if (ends_on === undefined) return [];
      const days_left = Math.floor((Date.parse(`${ends_on}T00:00:00Z`) - now) / DAY_MS);
      return days_left > noticeDays ? [] : [{ model, for: purposes, ends_on, days_left }];
    })
    .toSorted((one, other) => one.days_left - other.days_left);
};
