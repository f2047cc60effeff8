import { conflict } from "../../core/errors.ts";
import type { Entity } from "../../core/memory/entities.store.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import { asPage, type Page } from "./page.ts";
import { type Finding, type PageStatus, pageStatuses, type Review } from "./page.schemas.ts";
import { isOut } from "./publisher/target.ts";

/*
 * What a person decides about a page. Each is written only if the page still is what was decided about: a stage that finished meanwhile
 * wins, and the person is told.
 */

export type Decision = "hold" | "release" | "approve" | "rewrite";

interface Change {
  status: PageStatus;
  [field: string]: unknown;
}

/** Where a page was before it was held; for one that was held by hand, as far as it has come. */
const placeBefore = ({ metadata }: Page): PageStatus => {
  const before = pageStatuses.find((status) => status === metadata["held_from"]);
  if (before !== undefined && before !== "held") return before;
  if (isOut(metadata.published ?? {})) return "published";
  if (metadata.content === null) return "planned";
  return metadata.review?.passed === true && metadata.review.sha256 === metadata.content.sha256 ? "passed" : "written";
};

const remark = (note: string): Finding => ({ rule: "person", severity: "error", line: null, message: note, suggestion: null });

/** Back to the writer, who is told what was wrong: by the person, or by the critic. Without either it is written from what is known today. */
const rewritten = ({ metadata: { review } }: Page, note: string | undefined, now: number): Change => {
  const findings = [...(note === undefined ? [] : [remark(note)]), ...(review?.findings ?? []).filter(({ rule }) => rule !== "person")].slice(0, 100);
  const refused = findings.some(({ severity }) => severity === "error");
  const judged: Review = { score: review?.score ?? 0, passed: false, findings, sha256: review?.sha256 ?? "", reviewed_at: review?.reviewed_at ?? now };
  return { status: refused ? "refused" : "planned", drafts: 0, needs_person: null, ...(refused ? { review: judged } : {}) };
};

const FROM: Readonly<Record<Decision, readonly PageStatus[]>> = {
  hold: ["planned", "written", "refused", "needs_person", "passed", "published"],
  release: ["held"],
  approve: ["written", "refused", "needs_person"],
  rewrite: ["written", "refused", "needs_person", "passed", "published"],
};

const changeFor = (decision: Decision, page: Page, note: string | undefined, now: number): Change => {
  switch (decision) {
    case "hold":
      return { status: "held", held_from: page.metadata.status };
    case "release":
      return { status: placeBefore(page), held_from: null };
    case "approve":
      if (page.metadata.content === null) throw conflict("page_not_written", "There is no text yet that could be approved.");
      return { status: "passed", needs_person: null, approved_at: now };
    case "rewrite":
      return rewritten(page, note, now);
  }
};

/**
 * Does what a person has decided.
 * @param note for `rewrite`: what should be different, in their words
 * @throws AppError 409 `page_wrong_status`, `page_not_written`, `page_moved` (it changed at the same moment: look again)
 */
export const decideOnPage = async ({ keyed }: Pick<TenantMemory, "keyed">, entity: Entity, decision: Decision, { note, now }: { note?: string | undefined; now: number }): Promise<Entity> => {
  const page = asPage(entity);
  const { status, content, drafts } = page.metadata;
  if (!FROM[decision].includes(status)) throw conflict("page_wrong_status", `This page is ${status.replaceAll("_", " ")}; that cannot be done with it.`);
  const changed = await keyed.change(page.id, { set: changeFor(decision, page, note, now), expect: { status, drafts, "content.version": content?.version ?? null } });
  if (changed === null) throw conflict("page_moved", "The page has just changed. Look at it again.");
  return changed;
};
