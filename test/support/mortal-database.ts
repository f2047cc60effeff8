import type { D1Database, D1PreparedStatement, D1Result } from "@cloudflare/workers-types";

/** A D1 binding of which every trip to the database goes through `trip`, which may fail it before or after the deed. */
export const databaseThrough = <Database extends Pick<D1Database, "prepare" | "batch" | "exec">>(d1: Database, trip: <T>(work: () => Promise<T>) => Promise<T>): Database => {
  const genuine = new WeakMap<object, D1PreparedStatement>();
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement => {
    const wrapped = {
      bind: (...values: unknown[]) => wrap(statement.bind(...values)),
      all: async () => trip(async () => statement.all()),
      run: async () => trip(async () => statement.run()),
      first: async (column?: string) => trip(async () => (column === undefined ? statement.first() : statement.first(column))),
      raw: async (options?: { columnNames?: false }) => trip(async () => statement.raw(options)),
    } as unknown as D1PreparedStatement;
    genuine.set(wrapped, statement);
    return wrapped;
  };
  return {
    prepare: (query: string) => wrap(d1.prepare(query)),
    batch: async <T>(statements: D1PreparedStatement[]): Promise<D1Result<T>[]> => trip(async () => d1.batch<T>(statements.map((statement) => genuine.get(statement) ?? statement))),
    exec: async (query: string) => trip(async () => d1.exec(query)),
  } as unknown as Database;
};

/**
 * A D1 binding of a Worker that can die: from the trip on that `killAfter` names, nothing reaches the database, or what does is not
 * heard of any more (every other death is after the deed). All that the Worker does next fails, until it is revived.
 */
export const mortalDatabase = <Database extends Pick<D1Database, "prepare" | "batch" | "exec">>(d1: Database) => {
  let left = Number.POSITIVE_INFINITY;
  let deaths = 0;
  let trips = 0;
  const died = (): Error => new Error("the Worker has died");

  const trip = async <T>(work: () => Promise<T>): Promise<T> => {
    trips += 1;
    left -= 1;
    if (left < 0) throw died();
    if (left > 0) return work();
    deaths += 1;
    if (deaths % 2 === 0) await work();
    throw died();
  };

  return {
    database: databaseThrough(d1, trip),
    killAfter: (more: number): void => void (left = more),
    revive: (): void => void (left = Number.POSITIVE_INFINITY),
    isDead: (): boolean => left <= 0,
    trips: (): number => trips,
  };
};
