/** What a runtime keeps from one test file to the next, of whom each has modules of its own. */
export const keptByRuntime = <T>(name: string, make: () => T): T => {
  const runtime = globalThis as unknown as Record<symbol, T | undefined>;
  return (runtime[Symbol.for(`apex.tests.${name}`)] ??= make());
};
