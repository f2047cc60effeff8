import Papa from "papaparse";

/**
 * Cells that a spreadsheet would run as a formula: `=`, `+`, `-`, `@` (also as full-width letters, and behind spaces or line
 * breaks that an import trims). papaparse's own pattern misses a cell that goes on over a second line.
 */
const FORMULA = /^[\s\u0000\uFEFF]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/;

export type Cell = string | number;

/**
 * Rows as CSV (RFC 4180): every cell in quotes, those that start a formula behind an apostrophe, so that a spreadsheet shows
 * them as text.
 * @param header written first when given
 */
export const toCsv = (rows: readonly (readonly Cell[])[], header?: readonly string[]): string => {
  const lines = [...(header === undefined ? [] : [header]), ...rows].map((row) => [...row]);
  return lines.length === 0 ? "" : `${Papa.unparse(lines, { quotes: true, newline: "\r\n", escapeFormulae: FORMULA })}\r\n`;
};

/** What `toCsv` put before a cell so that no spreadsheet runs it. */
const unescaped = (cell: string): string => (cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell).trim();

/**
 * CSV as spreadsheets save it: comma, semicolon, tab or bar between cells, told by the text itself. Cells are trimmed, and lose the
 * apostrophe that `toCsv` gives them. Rows that are empty stay, so that a row's place is the one that a spreadsheet shows. Never throws.
 */
export const fromCsv = (text: string): string[][] => {
  const { data } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ""), { delimitersToGuess: [",", ";", "\t", "|"] });
  return data.map((row) => row.map(unescaped));
};
