/** A part of Durable Objects' synchronous storage. */
type Store = Pick<SyncKvStorage, "get" | "put" | "delete">;

interface Outage {
  since: number;
  /** Ways of telling that are taken, until when, ms; null: by that one it was told. */
  ways: Record<string, number | null>;
}

const KEY = "unjudged";

/** That alerts cannot be judged, and by which ways the operator was told: kept here since the database that keeps the others' may be what fails. */
export const openUnjudged = (store: Store) => {
  const read = (): Outage | undefined => store.get<Outage>(KEY);
  const move = (way: string, to: number | null | undefined): void => {
    const outage = read();
    if (outage === undefined) return;
    const { [way]: _, ...rest } = outage.ways;
    store.put(KEY, { ...outage, ways: to === undefined ? rest : { ...rest, [way]: to } });
  };

  return {
    /** It is so. @returns since when it has been, ms */
    lasts(now: number): number {
      const outage = read() ?? { since: now, ways: {} };
      store.put(KEY, outage);
      return outage.since;
    },

    /** Takes a way of telling on oneself. @returns true for one at a time, until `leaseMs` are over, and for nobody once it was told */
    take(way: string, leaseMs: number, now: number): boolean {
      const outage = read();
      const until = outage?.ways[way];
      if (outage === undefined || until === null || (until !== undefined && until > now)) return false;
      move(way, now + leaseMs);
      return true;
    },

    told: (way: string): void => move(way, null),
    /** It could not be told that way: whoever comes next tries again. */
    leave: (way: string): void => move(way, undefined),

    /** It is over. @returns since when it had been, and the ways by which that was told; null when there was nothing to end */
    over(): { since: number; told: string[] } | null {
      const outage = read();
      if (outage === undefined) return null;
      store.delete(KEY);
      return { since: outage.since, told: Object.entries(outage.ways).flatMap(([way, until]) => (until === null ? [way] : [])) };
    },
  };
};
