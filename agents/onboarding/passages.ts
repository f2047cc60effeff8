import { AppError, describeError } from "../../core/errors.ts";
import { logger } from "../../core/log.ts";
import type { BrandContext } from "../../core/memory/context/context.types.ts";
import type { Page } from "../../core/web/page.ts";

const log = logger("onboarding");

const MAX_CHARACTERS = 1200;
const MIN_CHARACTERS = 40;
const MAX_OF_PAGE = 60;
const MAX_HEADING = 200;
/** What a page leaves in the brand brain at most. */
export const MOST_CHARACTERS_OF_PAGE = MAX_OF_PAGE * (MAX_HEADING + MAX_CHARACTERS);

/** A page in passages of one thought each: under its headings, in pieces that are short enough to be found by meaning. */
export const passagesOf = (page: Pick<Page, "title" | "text">): string[] => {
  const passages: string[] = [];
  let heading = "";
  let text = "";
  const close = (): void => {
    const passage = [heading, text.trim()].filter((part) => part !== "").join("\n");
    if (text.trim().length >= MIN_CHARACTERS) passages.push(passage);
    text = "";
  };
  for (const line of page.text.split("\n")) {
    if (line.startsWith("## ")) {
      close();
      heading = line.slice(3).slice(0, MAX_HEADING);
      continue;
    }
    const piece = line.slice(0, MAX_CHARACTERS);
    if (text.length + piece.length > MAX_CHARACTERS) close();
    text += `${piece}\n`;
  }
  close();
  return [...new Set(passages)].slice(0, MAX_OF_PAGE);
};

/** Stores what the pages say, for other agents to write from. @returns how many passages there were */
export const storePassages = async (context: Pick<BrandContext, "replace" | "sync">, { project_id, run_id, pages }: { project_id: string; run_id: string; pages: readonly Page[] }): Promise<number> => {
  let stored = 0;
  for (const page of pages) {
    const passages = passagesOf(page).map((text) => ({ type: "site" as const, text }));
    if (passages.length > 0) await context.replace({ project_id, source: page.url.slice(0, 500), passages });
    stored += passages.length;
  }
  try {
    if (stored > 0) await context.sync(project_id, { holder: run_id });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // They are stored: the run that follows the DNA's version brings them to the index too.
    log.warn("passages are not in the index yet", { project_id, run_id, error: describeError(error) });
  }
  return stored;
};
