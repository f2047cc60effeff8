import type { Page } from "../../core/web/page.ts";

/** Where passages of a site go, for other agents to write from. */
export interface PassageStore {
  /** Makes a source's passages be exactly these. */
  replace: (source: { project_id: string; source: string; passages: { type: "site"; text: string }[] }) => Promise<unknown>;
  /** Makes them findable. Safe to repeat. */
  sync: (projectId: string, options: { holder: string }) => Promise<unknown>;
}

const MAX_CHARACTERS = 1200;
const MIN_CHARACTERS = 40;
const MAX_OF_PAGE = 60;

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
      heading = line.slice(3).slice(0, 200);
      continue;
    }
    const piece = line.slice(0, MAX_CHARACTERS);
    if (text.length + piece.length > MAX_CHARACTERS) close();
    text += `${piece}\n`;
  }
  close();
  return [...new Set(passages)].slice(0, MAX_OF_PAGE);
};

/** Stores what the pages say. @returns how many passages there were */
export const storePassages = async (store: PassageStore, { project_id, run_id, pages }: { project_id: string; run_id: string; pages: readonly Page[] }): Promise<number> => {
  let stored = 0;
  for (const page of pages) {
    const passages = passagesOf(page).map((text) => ({ type: "site" as const, text }));
    if (passages.length > 0) await store.replace({ project_id, source: page.url.slice(0, 500), passages });
    stored += passages.length;
  }
  if (stored > 0) await store.sync(project_id, { holder: run_id });
  return stored;
};
