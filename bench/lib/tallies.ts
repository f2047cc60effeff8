import { setTimeout as sleep } from "node:timers/promises";
import type { Tally } from "../../test/support/counted-database.ts";

/** What each part of the product has asked of D1 since its Worker (bench/counting) was started. */
export type Tallies = Record<string, Tally>;

export const readTallies = async (url: string): Promise<Tallies> => (await (await fetch(`${url}/__bench/rows`)).json()) as Tallies;

/** Waits until nothing has been asked of D1 for a while. @throws Error when that never is */
export const settledTallies = async (url: string): Promise<Tallies> => {
  for (let last = "", tries = 0; tries < 60; tries += 1) {
    const tallies = await readTallies(url);
    const text = JSON.stringify(tallies);
    if (text === last) return tallies;
    last = text;
    await sleep(1_000);
  }
  throw new Error("The product never stops asking D1.");
};
