import type { D1Database, D1PreparedStatement, D1Result } from "@cloudflare/workers-types";

/** What one part of the product asked of D1. */
export interface Tally {
  /** Requests to the database: a batch is one. */
  trips: number;
  statements: number;
  rows_read: number;
  rows_written: number;
}

/** Takes what one request to D1 has cost. */
export type NoteRows = (part: Tally) => void;

export const newTally = (): Tally => ({ trips: 0, statements: 0, rows_read: 0, rows_written: 0 });

/**
 * A D1 binding that adds up `meta.rows_read` and `meta.rows_written`, the figures that Cloudflare bills by.
 * `first` and `raw` bring no `meta`, so they are done by `all`. Of two result columns with one name only one would come
 * back: the product selects none such, and would fail at once here if it did.
 */
export const countedDatabase = <Database extends Pick<D1Database, "prepare" | "batch" | "exec">>(d1: Database, to: Tally | NoteRows): Database => {
  const take: NoteRows =
    typeof to === "function"
      ? to
      : (part) => {
          to.trips += part.trips;
          to.statements += part.statements;
          to.rows_read += part.rows_read;
          to.rows_written += part.rows_written;
        };
  const genuine = new WeakMap<object, D1PreparedStatement>();

  const note = <T>(results: readonly D1Result<T>[]): void => {
    const sum = (field: "rows_read" | "rows_written") => results.reduce((total, { meta }) => total + meta[field], 0);
    take({ trips: 1, statements: results.length, rows_read: sum("rows_read"), rows_written: sum("rows_written") });
  };

  const all = async <T>(statement: D1PreparedStatement): Promise<D1Result<T>> => {
    const result = await statement.all<T>();
    note([result]);
    return result;
  };

  const counted = (statement: D1PreparedStatement): D1PreparedStatement => {
    const wrapped = {
      bind: (...values: unknown[]) => counted(statement.bind(...values)),
      all: async () => all(statement),
      run: async () => all(statement),
      first: async (column?: string) => {
        const [row] = (await all<Record<string, unknown>>(statement)).results;
        return row === undefined ? null : column === undefined ? row : row[column];
      },
      raw: async (options?: { columnNames?: boolean }) => {
        const { results } = await all<Record<string, unknown>>(statement);
        const rows = results.map((row) => Object.values(row));
        return options?.columnNames === true ? [Object.keys(results[0] ?? {}), ...rows] : rows;
      },
    } as unknown as D1PreparedStatement;
    genuine.set(wrapped, statement);
    return wrapped;
  };

  return {
    prepare: (query: string) => counted(d1.prepare(query)),
    batch: async <T>(statements: D1PreparedStatement[]): Promise<D1Result<T>[]> => {
      const results = await d1.batch<T>(statements.map((statement) => genuine.get(statement) ?? statement));
      note(results);
      return results;
    },
    exec: async (query: string) => d1.exec(query),
    withSession: () => {
      throw new Error("Sessions are not counted yet.");
    },
  } as unknown as Database;
};
