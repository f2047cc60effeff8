import type { Sniper, Source, SourceKind } from "../../../../core/dna/schema/sniper.ts";
import type { Reading } from "../extract/draft.ts";
import type { Extracted, ModelTools } from "../extract/read.ts";

export type { Source, SourceKind } from "../../../../core/dna/schema/sniper.ts";
export type Permission = NonNullable<Source["permission"]>;
type SourceOf<Kind extends SourceKind> = Extract<Source, { kind: Kind }>;

/** A page of a source, as it was fetched. */
export interface Fetched {
  url: string;
  text: string;
}

/** One kind of place to look in. */
export interface SourceAdapter<Kind extends SourceKind> {
  kind: Kind;
  /** What the platform says of being read by machines. */
  permits: {
    /** Whether, and by what. */
    statement: string;
    /** Which permissions in the DNA are enough; no platform is read without one. */
    accepts: readonly Permission["by"][];
    /** What an owner who has none of them does instead. */
    instead: string;
  };
  /** Where to look: an address with `{keyword}`, `{place}`, `{page}`; null where the DNA must say it. */
  template: (source: SourceOf<Kind>) => string | null;
  /** Whether pages are made by scripts, and are opened in the browser. */
  scripts: (source: SourceOf<Kind>) => boolean;
  accept: string;
  /** @returns null for what is not of this kind. @throws AppError of the model's gateway */
  read: (page: Fetched, source: SourceOf<Kind>, reading: Reading, model: ModelTools | null) => Promise<Extracted | null>;
}

/** A source that is to be read, by its name in the DNA. */
export interface NamedSource {
  name: string;
  source: Source;
}

export type Platforms = Pick<Sniper, "platforms" | "sources">;
