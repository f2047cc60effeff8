import { z } from "zod";

const tokensSchema = z.object({ read: z.number(), written: z.number() });

/** What `written.workerd.ts` prints. */
export const figuresSchema = z.object({
  pages: z.number(),
  passed: z.number(),
  writing_s: z.number(),
  reviewing_s: z.number(),
  writing: z.array(tokensSchema),
  reviewing: z.array(tokensSchema),
  kinds: z.record(z.string(), z.object({ found: z.number(), traced: z.number() })),
  faults: z.array(z.object({ kind: z.string(), refused: z.boolean(), rules: z.array(z.string()) })),
});
export type Figures = z.infer<typeof figuresSchema>;

/** What `unique.workerd.ts` prints. */
export const uniqueSchema = z.object({
  steps: z.array(z.object({ pages: z.number(), ms: z.number(), rows_read: z.number(), worst_rows_read: z.number(), rows_written: z.number(), held_bytes: z.number() })),
  copies: z.number(),
  caught: z.number(),
  wronged: z.number(),
});
export type UniqueFigures = z.infer<typeof uniqueSchema>;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => [`| ${head.join(" | ")} |`, `|${head.map((_, column) => (column === 0 ? "---" : "---:")).join("|")}|`, ...rows.map((row) => `| ${row.join(" | ")} |`)].join("\n");
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
const perPage = (all: Figures["writing"], what: keyof Figures["writing"][number], pages: number): string => String(Math.round((mean(all.map((one) => one[what])) * all.length) / pages));

/** The figures in Markdown. `invalid`: pages that html-validate finds something in. */
export const describe = ({ pages, passed, writing_s, reviewing_s, writing, reviewing, kinds, faults }: Figures, unique: UniqueFigures, invalid: number, date: string): string => {
  const all = Object.entries(kinds).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const [found, traced] = [all.reduce((sum, [, kind]) => sum + kind.found, 0), all.reduce((sum, [, kind]) => sum + kind.traced, 0)];
  return `Measured ${date}.

${table(
  ["pages", "", ""],
  [
    ["written", String(pages), `${Math.round((pages * 3600) / writing_s)} an hour`],
    ["reviewed", String(pages), `${Math.round((pages * 3600) / reviewing_s)} an hour`],
    ["passed at the first draft", String(passed), ""],
    ["valid by html-validate", String(pages - invalid), ""],
    ["model tokens a page, writing", `${perPage(writing, "read", pages)} read`, `${perPage(writing, "written", pages)} written`],
    ["model tokens a page, review", `${perPage(reviewing, "read", pages)} read`, `${perPage(reviewing, "written", pages)} written`],
  ],
)}

${table(["facts", "found", "traced to a source"], [...all.map(([kind, counts]) => [kind, String(counts.found), String(counts.traced)]), ["**all**", String(found), `${traced} (${((100 * traced) / Math.max(found, 1)).toFixed(1)} %)`]])}

${table(["what the model got wrong, a page each", "refused by"], faults.map(({ kind, refused, rules }) => [kind.replaceAll("_", " "), refused ? rules.join(", ") : "**nobody**"]))}

${table(
  ["uniqueness, pages so far", "ms a page", "rows read a page", "at most", "rows written", "kB of other pages held at most"],
  unique.steps.map(({ pages: so_far, ms, rows_read, worst_rows_read, rows_written, held_bytes }) => [String(so_far), ms.toFixed(0), rows_read.toFixed(0), String(worst_rows_read), rows_written.toFixed(0), (held_bytes / 1000).toFixed(0)]),
)}

Of ${unique.copies} copies with another place ${unique.caught} were found, and of the other ${(unique.steps.at(-1)?.pages ?? 0) - unique.copies} pages ${unique.wronged} refused.
`;
};

/** What must not be; empty when all is well. */
export const failures = ({ kinds, faults }: Figures, unique: UniqueFigures, invalid: number): string[] => [
  ...Object.entries(kinds).filter(([, { found, traced }]) => traced < found).map(([kind, { found, traced }]) => `${found - traced} facts of the kind ${kind} are traced to nothing`),
  ...faults.filter(({ refused }) => !refused).map(({ kind }) => `nobody refused: ${kind}`),
  ...(unique.caught < unique.copies ? [`${unique.copies - unique.caught} copies were not found`] : []),
  ...(unique.wronged > 0 ? [`${unique.wronged} pages were taken for copies`] : []),
  ...(invalid > 0 ? [`${invalid} pages are not valid HTML`] : []),
];
