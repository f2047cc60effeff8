/** A D1 database that counts the rows that statements read and wrote, as its bill would. */
export const countRows = (d1: D1Database) => {
  const rows = { read: 0, written: 0 };
  const count = <T extends { meta?: Record<string, unknown> }>(result: T): T => {
    rows.read += Number(result.meta?.rows_read ?? 0);
    rows.written += Number(result.meta?.rows_written ?? 0);
    return result;
  };
  const counted = (statement: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(statement, {
      get(target, name) {
        if (name === "bind") return (...values: unknown[]) => counted(target.bind(...values));
        if (name === "run" || name === "all") return async () => count(await target.run());
        // These two say nothing of rows: the same rows by way of `all`.
        if (name === "raw") return async () => count(await target.run()).results.map((row) => Object.values(row));
        if (name === "first") return async () => count(await target.run()).results[0] ?? null;
        return Reflect.get(target, name) as unknown;
      },
    });
  const wrapped = new Proxy(d1, {
    get(target, name) {
      if (name === "prepare") return (sql: string) => counted(target.prepare(sql));
      if (name === "batch") return async (statements: D1PreparedStatement[]) => (await target.batch(statements)).map(count);
      return Reflect.get(target, name) as unknown;
    },
  });
  return {
    d1: wrapped,
    /** What the work cost. */
    async during(work: () => Promise<unknown>): Promise<{ read: number; written: number }> {
      const before = { ...rows };
      await work();
      return { read: rows.read - before.read, written: rows.written - before.written };
    },
  };
};
