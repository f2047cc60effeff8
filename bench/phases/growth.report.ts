import { count, ms, ratio, table } from "../lib/markdown.ts";
import type { Report } from "../lib/phase.ts";
import { linePlot } from "../plot/svg.ts";
import type { GrowthFigures, OperationFigures, SizeFigures } from "./growth.ts";

const MOST_RATIO = 1.3;
/** Of what must not become slower. */
const TIMED = ["intake", "list, first page"];
/** Rows that may come and go with what else is in a page of an index. */
const ROWS_ASIDE = 5;

const namesOf = ({ sizes }: GrowthFigures): string[] => Object.keys(sizes[0]?.operations ?? {});
const ends = ({ sizes }: GrowthFigures): [SizeFigures | undefined, SizeFigures | undefined] => [sizes[0], sizes.at(-1)];
const of = (size: SizeFigures | undefined, name: string, field: keyof OperationFigures): number => size?.operations[name]?.[field] ?? Number.NaN;
const growth = (figures: GrowthFigures, name: string): number => {
  const [first, last] = ends(figures);
  return of(last, name, "p50") / of(first, name, "p50");
};

const series = (figures: GrowthFigures, field: "p50" | "rowsRead", names: readonly string[]) =>
  names.map((name, index) => ({ name, colour: index % 5, dashed: index >= 5, points: figures.sizes.map((size) => [size.entities, of(size, name, field)] as const) }));

export const growthReport: Report<GrowthFigures> = {
  describe: (figures) => {
    const { sizes, neighbours, samples } = figures;
    const cells = (name: string, show: (size: SizeFigures) => string): string[] => [name, ...sizes.map(show)];
    const head = sizes.map(({ entities }) => `${count(entities)} leads`);
    return `One tenant with so many leads (one in ten of them called) over 120 days, and ${count(neighbours)} tenants beside it, each size in a database of its own; their
Workers are up at once and asked in turn. The leads were written into the database's file by SQL, with all indexes and triggers at work, and
the product rolled its figures up. Rows are D1's own count for one operation, sign-in included, in the median of ${samples}. A page has 20 rows; stats are of whole hours that are over. SQLite counts a row
of the full-text index once, however many entries its search has gone through: what that takes shows in the times. \`6422000\` begins more words than are looked up, each of them one lead's.

Rows read (aim: what is returned decides, not what there is) / rows written:

${table(["operation", ...head], namesOf(figures).map((name) => cells(name, (size) => `${count(of(size, name, "rowsRead"))} / ${count(of(size, name, "rowsWritten"))}`)))}

Time of an HTTP request, p50 / p95 (aim: p50 of intake and of the list's first page grows by ${MOST_RATIO} at most):

${table(["operation", ...head, "growth of p50"], namesOf(figures).map((name) => [...cells(name, (size) => `${ms(of(size, name, "p50"))} / ${ms(of(size, name, "p95"))}`), ratio(growth(figures, name))]))}`;
  },

  plots: (figures) => {
    const x = { label: "leads of the tenant", log: true };
    return [
      linePlot({ name: "growth-latency", title: "Time of a request by the number of leads, p50", x, y: { label: "milliseconds", log: true }, series: series(figures, "p50", namesOf(figures)) }),
      linePlot({ name: "growth-rows", title: "Rows read from D1 by the number of leads", x, y: { label: "rows read, median" }, series: series(figures, "rowsRead", namesOf(figures)) }),
    ];
  },

  missed: (figures) => {
    const [first, last] = ends(figures);
    const grown = (field: "rowsRead" | "rowsWritten", words: string): string[] =>
      namesOf(figures)
        .filter((name) => !(of(last, name, field) <= of(first, name, field) + ROWS_ASIDE))
        .map((name) => `${name}: ${words} grow from ${count(of(first, name, field))} to ${count(of(last, name, field))}`);
    return [
      ...TIMED.filter((name) => !(growth(figures, name) <= MOST_RATIO)).map((name) => `${name}: p50 grows by ${ratio(growth(figures, name))}, aim ${MOST_RATIO}`),
      ...grown("rowsRead", "rows read"),
      ...grown("rowsWritten", "rows written"),
    ];
  },
};
