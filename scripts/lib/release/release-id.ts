import type { CommandResult } from "./command.ts";

const COMMIT_CHARACTERS = 12;

/**
 * Names what is built here: the commit, `3f2a1b9c0d12`. Where the files are not those of a commit, the moment is added, since two such builds
 * are not the same: `3f2a1b9c0d12-dirty-20261126T134500Z`; `unversioned-…` outside of a repository.
 */
export const releaseIdOf = async (git: (...args: string[]) => Promise<CommandResult>, now: Date): Promise<string> => {
  const moment = now.toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const head = await git("rev-parse", "HEAD");
  if (head.code !== 0) return `unversioned-${moment}`;
  const status = await git("status", "--porcelain");
  const commit = head.stdout.trim().slice(0, COMMIT_CHARACTERS);
  return status.code === 0 && status.stdout.trim() === "" ? commit : `${commit}-dirty-${moment}`;
};
