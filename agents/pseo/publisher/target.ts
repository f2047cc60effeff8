import { z } from "zod";
import type { PhotoCopy } from "../media/image.schemas.ts";
import { sha256Hex } from "../../../core/security/constant-time.ts";

/*
 * Where a page can go. The publish agent composes a page, and a target brings it out; it knows nothing of the page's making.
 * What a target must remember of a page, it returns; the agent keeps it in the page's metadata (`published`, by target's name)
 * and hands it over again the next time.
 */

export const targetNames = ["wordpress", "hosted"] as const;
export type TargetName = (typeof targetNames)[number];

/** How a page stands on a target. `held`: somebody else has changed it there since, or has its address; nothing was overwritten. */
export const placements = ["live", "draft", "taken_down", "held"] as const;

const stateFields = {
  placement: z.enum(placements),
  /** Where people read it; null while nobody can. */
  url: z.url().nullable(),
  /** SHA-256 of what was handed over (`fingerprintOf`): the same again has nothing to do. */
  sha256: z.string(),
  /** When it first went out on this target, and when it last changed there; business time in ms. */
  first_at: z.number().int(),
  at: z.number().int(),
  /** Which version of the page's text is there; not there for what went out before versions were noted. */
  version: z.string().optional(),
  /** What a person should know, in words: why it is held, what the site took away. */
  notes: z.array(z.string().max(300)).max(10),
};

/** How a page's JSON-LD gets onto a site: by a registered meta field, by Rank Math, in the text, or not at all. */
export const jsonLdWays = ["meta", "rank_math", "inline", "none"] as const;
export type JsonLdWay = (typeof jsonLdWays)[number];

const wordpressStateSchema = z.looseObject({
  ...stateFields,
  /** The site's REST root: a state of one site says nothing about another. */
  site: z.string(),
  id: z.number().int().positive(),
  type: z.enum(["page", "post"]),
  slug: z.string(),
  /** As the site had it right after we last wrote (GMT, no zone). */
  modified_gmt: z.string(),
  /** SHA-256 of the title, text and place as the site kept them: how a person's later edit is told. */
  content_sha256: z.string(),
  json_ld: z.enum(jsonLdWays),
  /** Of a page that is held: how it stood before. */
  held_from: z.enum(placements).optional(),
  /** Rank Math's own ids of what was given to it. */
  rank_math: z.record(z.string(), z.number()).optional(),
});

/** The hosted target may keep more (loose). */
export const hostedStateSchema = z.looseObject({
  ...stateFields,
  host: z.string(),
  path: z.string(),
});

/** Metadata `published` of a page. */
export const publishedSchema = z.object({ wordpress: wordpressStateSchema.optional(), hosted: hostedStateSchema.optional() });
export type Published = z.infer<typeof publishedSchema>;
/** Whether there is anything of it on a target that would have to be taken down. */
export const isAnywhere = (published: Published): boolean => Object.values(published).some(({ placement }) => placement !== "taken_down");
/** Whether the page is anywhere, for all to see or as a draft. */
export const isOut = (published: Published): boolean => Object.values(published).some(({ placement }) => placement === "live" || placement === "draft");
export type StateOf<Name extends TargetName> = NonNullable<Published[Name]>;

/** A page as it goes out: made by `composePage` of its text, links and pictures, with the addresses that they have on this target. */
export interface ComposedPage {
  /** What search engines show. */
  title: string;
  /** What readers see above the text: the title that a CMS prints. */
  h1: string;
  meta_description: string;
  /** The last part of the path. */
  slug: string;
  /** Begins with a slash; on a CMS with a tree of pages, the parts before the last are its parents. */
  path: string;
  /** Begins below the H1 for a CMS that prints the title itself; without `data-source`. */
  body_html: string;
  json_ld: readonly Record<string, unknown>[];
  /** Where the page says that it lives, when not where it is served. */
  canonical: string | null;
}

export interface OutgoingPage extends ComposedPage {
  page_id: string;
  /** The number that the page shows in place of the business's own, E.164; null: it shows that one. */
  phone: string | null;
}

/** Of all that a reader or a search engine gets to see of it. */
export const fingerprintOf = ({ title, h1, meta_description, slug, path, body_html, json_ld, canonical }: ComposedPage): string =>
  sha256Hex(JSON.stringify([title, h1, meta_description, slug, path, body_html, json_ld, canonical]));

/** An `image` entity's picture, to be put where the target's pages can show it. */
export interface OutgoingImage {
  image_id: string;
  sha256: string;
  width: number;
  height: number;
  alt: string;
  content_type: "image/png" | "image/jpeg" | "image/webp";
  /** Narrower ones of ours, for a target that has no way to make any. */
  copies: readonly PhotoCopy[];
  /** For the file's name: lower-case words joined by dashes. */
  name: string;
  read: () => Promise<Uint8Array>;
}

export interface PlacedImage {
  url: string;
  /** Narrower copies that the target serves, by width in pixels. */
  sizes: readonly { width: number; url: string }[];
}

/**
 * One place that pages can be brought to, opened for one project. Every verb may be called again after it was cut short anywhere, and
 * then does what is left: nothing is ever out twice.
 */
export interface PublishTarget<Name extends TargetName = TargetName> {
  readonly name: Name;
  /** Once for each picture, whatever number of pages show it and however often it is asked for. */
  placeImage(image: OutgoingImage): Promise<PlacedImage>;
  /**
   * Brings a page out or up to date. What somebody else changed on the target is left alone: `placement` then is `held`.
   * @param known what this target last returned for the page; null: never out, as far as we know
   * @param options.overwrite a person has decided that ours counts, whatever was changed there
   * @throws AppError saying whether to try again
   */
  publish(page: OutgoingPage, known: StateOf<Name> | null, options?: { overwrite: boolean }): Promise<StateOf<Name>>;
  /** Takes it from the world; `trash` where the target has one, else the same as `draft`. Gone already is as good. */
  unpublish(known: StateOf<Name>, how: "draft" | "trash"): Promise<StateOf<Name>>;
  /** Brings back what `unpublish` took, as it was. */
  restore(known: StateOf<Name>): Promise<StateOf<Name>>;
}
