import { setTimeout as sleep } from "node:timers/promises";
import { callCron } from "../../scripts/lib/cron.ts";
import { localDatabase } from "../../scripts/lib/seed/local-database.ts";

const LIMIT_MS = 6 * 60_000;

/** Has a running product roll up its figures, as its cron does by and by. @throws Error when that takes too long */
export const rollUp = async (url: string, stateDir: string): Promise<void> => {
  const database = localDatabase(stateDir);
  const end = performance.now() + LIMIT_MS;
  while (database.hoursToRollUp(Date.now()) > 0) {
    if (performance.now() > end) throw new Error("The figures were not rolled up in time.");
    const failure = await callCron(url, AbortSignal.timeout(LIMIT_MS));
    if (failure !== null) await sleep(1_000);
  }
};
