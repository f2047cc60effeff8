import { describeError } from "../errors.ts";
import { logger } from "../log.ts";

/* Questions that are asked before the tenant is known, put to all of a region's databases at once. With one database nothing is added. */

const log = logger("memory");

/** The answer of the one that knows; names that are had once are known to one only (claims.ts). */
export const firstOf = async <Store, Answer>(stores: readonly Store[], ask: (store: Store) => Promise<Answer | undefined>): Promise<Answer | undefined> => {
  const answers = await Promise.all(stores.map(ask));
  return answers.find((answer) => answer !== undefined && answer !== null);
};

export const listOf = async <Store, Item>(stores: readonly Store[], ask: (store: Store) => Promise<readonly Item[]>): Promise<Item[]> => (await Promise.all(stores.map(ask))).flat();

/** For the sweep: of those that answer. One that is away keeps nobody of another waiting. @throws AggregateError of what they threw, when none answered */
export const listOfReachable = async <Store, Item>(stores: readonly Store[], ask: (store: Store) => Promise<readonly Item[]>): Promise<Item[]> => {
  const answers = await Promise.allSettled(stores.map(ask));
  const failures = answers.flatMap((answer): unknown[] => (answer.status === "rejected" ? [answer.reason] : []));
  if (failures.length === stores.length && failures.length > 0) throw new AggregateError(failures, failures.map(describeError).join("; "));
  for (const failure of failures) log.error("a database did not answer the sweep", { error: describeError(failure) });
  return answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
};

export const eachOf = async <Store>(stores: readonly Store[], tell: (store: Store) => Promise<unknown>): Promise<void> => {
  await Promise.all(stores.map(tell));
};
