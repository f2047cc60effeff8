/** Places of values from 1, ascending; equal values share the mean of theirs. */
const ranksOf = (values: readonly number[]): number[] => {
  const order = values.map((value, index) => ({ value, index })).toSorted((a, b) => a.value - b.value);
  const ranks = new Array<number>(values.length).fill(0);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (order[to + 1]?.value === order[from]?.value) to += 1;
    for (const { index } of order.slice(from, to + 1)) ranks[index] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return ranks;
};

/** Pearson's r of the ranks, -1 to 1: how far two orders agree. 0 where one side knows no order. */
export const spearman = (a: readonly number[], b: readonly number[]): number => {
  const [x, y] = [ranksOf(a), ranksOf(b)];
  const mean = (a.length + 1) / 2;
  const sum = (of: (at: number) => number): number => x.reduce((total, _, at) => total + of(at), 0);
  const [dx, dy] = [(at: number) => (x[at] ?? 0) - mean, (at: number) => (y[at] ?? 0) - mean];
  const spread = Math.sqrt(sum((at) => dx(at) ** 2) * sum((at) => dy(at) ** 2));
  return spread === 0 ? 0 : sum((at) => dx(at) * dy(at)) / spread;
};

/** Kendall's tau-b, -1 to 1: of all pairs, those in the same order less those in the other, ties set right. */
export const kendall = (a: readonly number[], b: readonly number[]): number => {
  let [agreeing, tiedA, tiedB, pairs] = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      const [x, y] = [Math.sign((a[i] ?? 0) - (a[j] ?? 0)), Math.sign((b[i] ?? 0) - (b[j] ?? 0))];
      pairs += 1;
      agreeing += x * y;
      if (x === 0) tiedA += 1;
      if (y === 0) tiedB += 1;
    }
  }
  const spread = Math.sqrt((pairs - tiedA) * (pairs - tiedB));
  return spread === 0 ? 0 : agreeing / spread;
};

/** How many of the best `n` by one measure are among the best `n` by the other, 0 to 1. */
export const topOverlap = (a: readonly number[], b: readonly number[], n: number): number => {
  const best = (values: readonly number[]) => new Set(values.map((value, index) => ({ value, index })).toSorted((x, y) => y.value - x.value || x.index - y.index).slice(0, n).map(({ index }) => index));
  const [left, right] = [best(a), best(b)];
  return [...left].filter((index) => right.has(index)).length / n;
};
