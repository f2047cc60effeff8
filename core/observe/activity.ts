import { AsyncLocalStorage } from "node:async_hooks";
import { newTally, type Tally } from "../memory/counted-database.ts";

/** What one request or job has done so far, wherever in the house it was done. */
export interface Activity {
  /** Requests to D1, and the rows that it bills. */
  database: Tally;
  /** How often each vendor was asked, tries that failed included. */
  vendors: Record<string, number>;
  /** For how long it had a browser. */
  browserMs: number;
  /** Whether it is a batch's, which gives way. */
  bulk: boolean;
  /** The request that all of it came from. */
  requestId: string | null;
  /** Ids that became known on the way, for the log line. */
  about: Record<string, string>;
}

const current = new AsyncLocalStorage<Activity>();

/** Does some work with an account of its own of what it does. */
export const withActivity = async <T>(work: (activity: Activity) => Promise<T>, requestId: string | null = null): Promise<T> => {
  const activity: Activity = { database: newTally(), vendors: {}, browserMs: 0, bulk: false, requestId, about: {} };
  return current.run(activity, async () => work(activity));
};

/** The name of the request that brought about what is being done; null: nobody's. */
export const currentRequestId = (): string | null => current.getStore()?.requestId ?? null;

/** Whether what is being done gives way to what somebody waits for. */
export const nobodyWaits = (): boolean => current.getStore()?.bulk ?? false;

/** Counted for whoever is at work; outside of a request or job, for nobody. */
export const notedRows = (part: Tally): void => {
  const tally = current.getStore()?.database;
  if (tally === undefined) return;
  tally.trips += part.trips;
  tally.statements += part.statements;
  tally.rows_read += part.rows_read;
  tally.rows_written += part.rows_written;
};

export const notedVendor = (vendor: string): void => {
  const vendors = current.getStore()?.vendors;
  if (vendors !== undefined) vendors[vendor] = (vendors[vendor] ?? 0) + 1;
};

/** Work in a browser, whose time is noted whatever becomes of it. */
export const inBrowser = async <T>(work: () => Promise<T>): Promise<T> => {
  const activity = current.getStore();
  if (activity === undefined) return work();
  notedVendor("browser");
  const began = Date.now();
  try {
    return await work();
  } finally {
    activity.browserMs += Date.now() - began;
  }
};

/** Adds ids to the line that will be logged. Never personal data. */
export const notedIds = (ids: Record<string, string>): void => void Object.assign(current.getStore()?.about ?? {}, ids);

/** A fetch that counts for a vendor. */
export const counting = (vendor: string, fetcher: typeof globalThis.fetch): typeof globalThis.fetch => async (input, init) => {
  notedVendor(vendor);
  return fetcher(input, init);
};

/** An activity in the words of a log line. */
export const figuresOf = ({ database, vendors, browserMs, about }: Activity): Record<string, unknown> => ({
  ...about,
  d1_trips: database.trips,
  d1_rows_read: database.rows_read,
  d1_rows_written: database.rows_written,
  ...(Object.keys(vendors).length === 0 ? {} : { vendor_calls: vendors }),
  ...(browserMs === 0 ? {} : { browser_ms: browserMs }),
});
