/** Keeps what would be found out again and again, `most` of it: what was remembered first makes room. */
export const remember = <Key, Value>(kept: Map<Key, Value>, most: number, key: Key, value: Value): void => {
  const oldest = kept.keys().next();
  if (!kept.has(key) && kept.size >= most && !oldest.done) kept.delete(oldest.value);
  kept.set(key, value);
};
