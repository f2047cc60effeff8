const known = (value: number | null, show: (value: number) => string): string => (value === null || !Number.isFinite(value) ? "–" : show(value));

/** Milliseconds as a person reads them. */
export const ms = (value: number | null): string => known(value, (time) => (time >= 1000 ? `${(time / 1000).toFixed(2)} s` : `${time.toFixed(1)} ms`));
export const kib = (bytes: number | null): string => known(bytes, (size) => (size >= 10 * 1024 * 1024 ? `${(size / 1024 / 1024).toFixed(0)} MiB` : `${Math.round(size / 1024)} KiB`));
export const count = (value: number | null): string => known(value, (number) => (Number.isInteger(number) ? number.toLocaleString("en") : number.toFixed(1)));
export const ratio = (value: number | null): string => known(value, (number) => number.toFixed(2));

/** A Markdown table; readable as it stands too. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = head.map((title, column) => Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`;
  return [line(head), `| ${widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`, ...rows.map(line)].join("\n");
};
