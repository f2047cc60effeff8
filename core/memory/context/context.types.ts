/** What kind of knowledge a passage is. */
export const contextTypes = ["insider_tip", "differentiator", "objection", "service", "site", "question_answer"] as const;
export type ContextType = (typeof contextTypes)[number];

/** Characters of one passage: far below every model's limit, and short enough to be one thought. */
export const MAX_PASSAGE_CHARACTERS = 2000;
/** The idempotency key of the run that follows a project's DNA: one a version, one a day. */
export const followKey = (projectId: string, versionOrDay: string): string => `context:${projectId}:${versionOrDay}`;
/** How long after an edit of a DNA the brand brain follows: edits that come in quick succession cost one run's work. */
export const FOLLOW_AFTER_MS = 10_000;
/** Passages of one source. */
export const MAX_PASSAGES_OF_SOURCE = 500;

export interface Passage {
  type: ContextType;
  /** 1 to `MAX_PASSAGE_CHARACTERS` characters; space around it is dropped. */
  text: string;
}

export interface SourcePassages {
  project_id: string;
  /** What the passages were taken from, 1 to 500 characters: `dna:…`, a page's URL, a call's id. */
  source: string;
  /** Which version of the source, where it has versions. */
  version?: string | null;
  /** All that the source has now: earlier passages of it that are not listed go. */
  passages: readonly Passage[];
}

export interface ContextHit {
  /** The passage's id, which citations name. */
  id: string;
  text: string;
  type: ContextType;
  source: string;
  /** Cosine similarity, -1 to 1. Comparable within one answer only. */
  score: number;
}

export interface ContextQuery {
  project_id: string;
  /** Any, when absent or empty. */
  types?: readonly ContextType[] | undefined;
  /** 1 to 50, default 5. */
  limit?: number | undefined;
}

/** What is to be embedded with a model. */
export interface DuePassages {
  model: string;
  passages: number;
  characters: number;
}

export interface SyncOptions {
  /** Whose work it is: a run's id. The same holder may go on after a crash at once. */
  holder: string;
  /** Told once, before anything is embedded, what there is to embed; nothing: an empty list. */
  begin?: ((due: readonly DuePassages[]) => Promise<void>) | undefined;
  /** Told after each step: passages done, and still to do. */
  report?: ((progress: { done: number; left: number }) => Promise<void>) | undefined;
}

/** A tenant's knowledge, searchable by meaning. `tools.contextOf(memory)` in agents. */
export interface BrandContext {
  /**
   * Makes a source's passages be exactly these. Written to the database at once, and found once `sync` has run.
   * @throws AppError 404 for another's project, 422 for a passage that is empty or too long
   */
  replace(source: SourcePassages): Promise<{ added: number; removed: number }>;
  /** Takes sources out. Their passages are not found from now on; their vectors go with the next `sync`. */
  remove(projectId: string, sources: readonly string[]): Promise<number>;
  /**
   * Makes the index follow the database. Safe to repeat.
   * @throws AppError 503 `context_busy` (retryable) while another holder is at work; those of the model gateway
   */
  sync(projectId: string, options: SyncOptions): Promise<{ embedded: number; deleted: number }>;
  /** The passages nearest in meaning, best first. Fewer than `limit` where fewer are there. @throws those of the model gateway */
  query(text: string, query: ContextQuery): Promise<ContextHit[]>;
}
