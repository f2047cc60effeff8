/**
 * Counts of durations by ranges that each are 4 % wide, as DDSketch has them (Masson, Rim, Lee: "DDSketch", VLDB 2019): any two can be
 * added, and a percentile of the sum is within 2 % of the one that the durations themselves would give.
 * Ranges by their number, which JSON can hold; 0 is for what took less than a millisecond.
 */
export type Histogram = Record<string, number>;

const RATIO = 1.04;

export const rangeNumber = (ms: number): number => (ms < 1 ? 0 : 1 + Math.floor(Math.log(ms) / Math.log(RATIO)));

/** The duration that stands for all of a range: no member is further from it than 2 %. */
const middleOf = (range: number): number => (range === 0 ? 0 : Math.round((2 * RATIO ** range) / (1 + RATIO)));

const inOrder = (histogram: Histogram): [range: number, count: number][] =>
  Object.entries(histogram)
    .map(([range, count]): [number, number] => [Number(range), count])
    .sort(([a], [b]) => a - b);

export const countOf = (histogram: Histogram): number => Object.values(histogram).reduce((sum, count) => sum + count, 0);

/**
 * Nearest-rank percentiles, each within 2 % of a duration that was measured, ms.
 * @param percents above 0, up to 100
 * @returns null for each when there are none
 */
export const percentilesOf = (histogram: Histogram, percents: readonly number[]): (number | null)[] => {
  const ranges = inOrder(histogram);
  const total = countOf(histogram);
  return percents.map((p) => {
    if (!(p > 0 && p <= 100)) throw new RangeError(`p must be above 0 and at most 100, not ${p}`);
    let left = Math.ceil((p / 100) * total);
    for (const [range, count] of ranges) {
      left -= count;
      if (left <= 0) return middleOf(range);
    }
    return null;
  });
};

/**
 * How many durations lie between each two bounds, a range being wholly on the side of its middle.
 * @param bounds ms, growing
 * @returns one more than there are bounds: the last is what is above all of them
 */
export const distribution = (histogram: Histogram, bounds: readonly number[]): number[] => {
  const counts = new Array<number>(bounds.length + 1).fill(0);
  for (const [range, count] of inOrder(histogram)) {
    const at = bounds.findIndex((bound) => middleOf(range) <= bound);
    const place = at === -1 ? bounds.length : at;
    counts[place] = (counts[place] ?? 0) + count;
  }
  return counts;
};
