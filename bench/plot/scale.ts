export interface Axis {
  label: string;
  /** Each step ten times the one before; for values above 0. */
  log?: boolean;
  /** Where a number is written; chosen when left out. */
  ticks?: readonly number[];
  /** What the axis begins with; 0, or the least value of a logarithmic one, when left out. */
  from?: number;
}

export interface Scale {
  /** 0 at the axis' beginning, 1 at its end. */
  place: (value: number) => number;
  ticks: readonly number[];
}

/** 1, 2 or 5 times a power of ten: the step of which some five fill the span. */
const stepFor = (span: number): number => {
  const rough = span / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5, 10].find((step) => step * power >= rough) ?? 10) * power;
};

const linear = (most: number, { ticks, from = 0 }: Axis): Scale => {
  const step = stepFor(Math.max(most - from, Number.MIN_VALUE));
  const end = Math.max(from + Math.ceil((most - from) / step) * step, from + step);
  const own = Array.from({ length: Math.round((end - from) / step) + 1 }, (_, index) => from + index * step);
  return { place: (value) => (value - from) / (end - from), ticks: ticks ?? own };
};

const logarithmic = (least: number, most: number, { ticks, from }: Axis): Scale => {
  const first = Math.log10(from ?? least);
  const last = Math.max(Math.log10(most), first + 1e-6);
  const [low, high] = ticks === undefined ? [Math.floor(first), Math.max(Math.ceil(last), Math.floor(first) + 1)] : [first, last];
  const own = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
  return { place: (value) => (Math.log10(value) - low) / (high - low), ticks: ticks ?? own };
};

/** Where values lie on an axis that shows all of them. */
export const scaleFor = (values: readonly number[], axis: Axis): Scale => {
  const all = [...values, ...(axis.ticks ?? [])];
  const most = Math.max(...all);
  return axis.log === true ? logarithmic(Math.min(...all), most, axis) : linear(most, axis);
};

/** A number on an axis: 1,000 is 1k, 1,000,000 is 1M. */
export const tickLabel = (value: number): string =>
  value >= 1e6 ? `${value / 1e6}M` : value >= 1e4 || value === 1000 ? `${value / 1e3}k` : Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
