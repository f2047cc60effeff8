/** What went wrong, in words for the person who typed the command. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** Node's parseArgs says in its own words what is wrong with an argument. */
const isAboutArguments = (error: unknown): boolean => error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");

/** Runs a command to its end. A person's mistake is told in its words, one of ours with its stack; either ends the process with 1. */
export const runMain = async (main: () => Promise<void>): Promise<void> => {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof UsageError || isAboutArguments(error) ? (error as Error).message : error);
    process.exit(1);
  }
};
