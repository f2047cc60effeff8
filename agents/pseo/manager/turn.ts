import type { PageMetadata } from "../page.schemas.ts";

/** What a page waits for. */
export type Turn =
  | { kind: "stage"; task: "write_pages" | "critic_review"; turn: string }
  /** The critic has refused it as often as it may. */
  | { kind: "give_up"; why: string }
  /** Nothing that the manager could do: how it came out is its status. */
  | { kind: "over" };

/**
 * What is next for a page. A stage's turn is named by what the page was when it began (which draft, which version), so that each is paid
 * for once however often it is asked for.
 * @param maxDrafts how often it may be written before a person has to look
 */
export const turnOf = ({ status, drafts, content }: Pick<PageMetadata, "status" | "drafts" | "content">, maxDrafts: number): Turn => {
  switch (status) {
    case "planned":
      return { kind: "stage", task: "write_pages", turn: String(drafts) };
    case "written":
      return content === null ? { kind: "give_up", why: "it is called written and has no text" } : { kind: "stage", task: "critic_review", turn: content.version };
    case "refused":
      return drafts < maxDrafts ? { kind: "stage", task: "write_pages", turn: String(drafts) } : { kind: "give_up", why: `the critic has refused ${drafts} drafts` };
    default:
      return { kind: "over" };
  }
};
