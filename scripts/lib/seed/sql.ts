export type Value = string | number | null;
export type Row = Readonly<Record<string, Value>>;

/** D1 takes 100 kB a statement; what the columns' names need is little. */
const STATEMENT_CHARACTERS = 60_000;

const literal = (value: Value): string => (value === null ? "NULL" : typeof value === "number" ? String(value) : `'${value.replaceAll("'", "''")}'`);

/** Statements that insert the rows, which all have the columns of the first. */
export const inserts = (table: string, rows: readonly Row[]): string[] => {
  const [first] = rows;
  if (first === undefined) return [];
  const columns = Object.keys(first);
  const head = `INSERT INTO ${table} (${columns.join(", ")}) VALUES\n`;
  const statements: string[] = [];
  let values: string[] = [];
  let size = 0;
  const end = (): void => {
    if (values.length > 0) statements.push(`${head}${values.join(",\n")};`);
  };
  for (const row of rows) {
    const text = `(${columns.map((column) => literal(row[column] ?? null)).join(", ")})`;
    if (size + text.length > STATEMENT_CHARACTERS) {
      end();
      [values, size] = [[], 0];
    }
    values.push(text);
    size += text.length;
  }
  end();
  return statements;
};
