/** A source of chance that is the same each time for the same seed (mulberry32, by Tommy Ettinger; in the public domain). */
export interface Random {
  /** [0, 1) */
  next: () => number;
  /** Both ends included. */
  whole: (from: number, to: number) => number;
  chance: (p: number) => boolean;
  pick: <T>(all: readonly [T, ...T[]]) => T;
  /** One of the names, by their weights. */
  weighted: <T extends string>(weights: Readonly<Record<T, number>>) => T;
  /** Log-normal: half lie below `median`; `spread` is the standard deviation of the logarithm. */
  around: (median: number, spread: number) => number;
  /** How many of something happen that happens `mean` times on average (Poisson, Knuth's way). */
  count: (mean: number) => number;
  hex: (digits: number) => string;
}

export const createRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const whole = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    whole,
    chance: (p) => next() < p,
    pick: (all) => all[whole(0, all.length - 1)] ?? all[0],
    weighted: <T extends string>(weights: Readonly<Record<T, number>>): T => {
      const entries = Object.entries(weights) as [T, number][];
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [name, weight] of entries) if ((left -= weight) < 0) return name;
      throw new RangeError("nothing has any weight");
    },
    around: (median, spread) => median * Math.exp(spread * normal()),
    count: (mean) => {
      let [product, n] = [next(), 0];
      for (const limit = Math.exp(-mean); product > limit; n += 1) product *= next();
      return n;
    },
    hex: (digits) => Array.from({ length: digits }, () => whole(0, 15).toString(16)).join(""),
  };
};
