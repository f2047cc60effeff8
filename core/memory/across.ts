/* Questions that are asked before the tenant is known, put to all of a region's databases at once. With one database nothing is added. */

/** The answer of the one that knows; names that are had once are known to one only (claims.ts). */
export const firstOf = async <Store, Answer>(stores: readonly Store[], ask: (store: Store) => Promise<Answer | undefined>): Promise<Answer | undefined> => {
  const answers = await Promise.all(stores.map(ask));
  return answers.find((answer) => answer !== undefined && answer !== null);
};

export const listOf = async <Store, Item>(stores: readonly Store[], ask: (store: Store) => Promise<readonly Item[]>): Promise<Item[]> => (await Promise.all(stores.map(ask))).flat();

export const eachOf = async <Store>(stores: readonly Store[], tell: (store: Store) => Promise<unknown>): Promise<void> => {
  await Promise.all(stores.map(tell));
};
