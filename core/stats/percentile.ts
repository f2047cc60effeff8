/**
 * The nearest-rank percentile: the smallest sample that at least `p` percent of all samples do not exceed. It is always a
 * value that was measured, never one in between.
 * @param p above 0, up to 100
 * @returns NaN when there are no samples
 */
export const percentile = (samples: readonly number[], p: number): number => {
  if (!(p > 0 && p <= 100)) throw new RangeError(`p must be above 0 and at most 100, not ${p}`);
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.ceil((p / 100) * sorted.length) - 1] ?? Number.NaN;
};
