import type { Clock } from "../../../../core/clock.ts";
import type { WordpressClient } from "../../../../core/providers/wordpress/wordpress.client.ts";
import type { PostType, WpPost, WpPostChange } from "../../../../core/providers/wordpress/wordpress.wire.ts";
import { fingerprintOf, type OutgoingPage, type PublishTarget, type StateOf } from "../target.ts";
import { addressOn, sameSlug, slugTaken } from "./address.ts";
import { findPost, type Place } from "./find-post.ts";
import { tellRankMath } from "./json-ld.ts";
import { createMediaPlacer, type MediaMemory } from "./media.ts";
import { type Losses, readFrame } from "./markup.ts";
import { ensureParents, isTrashed, type WithSlugLease } from "./parents.ts";
import type { SiteProfile } from "./profile.ts";
import { changeFor, hashOf, notesOn, settle, type Written } from "./write-post.ts";

export interface WordpressTargetTools {
  client: WordpressClient;
  profile: SiteProfile;
  /** What becomes of a page that goes out: a draft that a person looks at, or live at once. */
  status: "draft" | "publish";
  withLease: WithSlugLease;
  media: MediaMemory;
  clock: Clock;
}

type State = StateOf<"wordpress">;

const NO_LOSSES: Losses = { lost: [], words_changed: false };

const urlOf = ({ status, link }: WpPost): string | null => (status === "publish" && URL.canParse(link) ? link : null);
const placementOf = ({ status }: WpPost): State["placement"] => (status === "publish" ? "live" : status === "trash" ? "taken_down" : "draft");

/**
 * Pages in somebody's WordPress. A page is made as a draft, read back and mended, and only then seen by the world; a lost answer is found
 * again by the slug and by the frame around its text (`markup.ts`), so that nothing is posted twice.
 */
export const createWordpressTarget = ({ client, profile, status, withLease, media, clock }: WordpressTargetTools): PublishTarget<"wordpress"> => {
  const stateOf = (post: WpPost, type: PostType, page: OutgoingPage, known: State | null, written: Written, rankMath: Record<string, number> | undefined): State => {
    const now = clock.now();
    return {
      placement: placementOf(post),
      url: urlOf(post),
      sha256: fingerprintOf(page),
      first_at: known?.first_at ?? now,
      at: now,
      notes: notesOn(written, page),
      site: profile.root,
      id: post.id,
      type,
      slug: post.slug,
      modified_gmt: post.modified_gmt,
      content_sha256: hashOf(post),
      json_ld: written.json_ld,
      ...(rankMath === undefined ? {} : { rank_math: rankMath }),
    };
  };

  /** As we last knew it, so that it is held for the same reason the next time, until a person has decided. */
  const heldState = (page: OutgoingPage, type: PostType, known: State | null, post: WpPost | null, why: string): State => {
    const held = { placement: "held" as const, url: post === null ? null : urlOf(post), notes: [why], at: clock.now() };
    if (known !== null) return { ...known, ...held, held_from: known.held_from ?? known.placement };
    if (post === null) throw new Error("a page that was never out cannot be gone");
    const asFound = stateOf(post, type, page, null, { post, json_ld: "none", losses: NO_LOSSES }, undefined);
    return { ...asFound, ...held, held_from: asFound.placement, sha256: readFrame(post.content.raw)?.version ?? "", content_sha256: "" };
  };

  /** Writes over a post of ours. Where it stands is changed only if that has changed. */
  const rewrite = async (type: PostType, post: WpPost, page: OutgoingPage, place: Place): Promise<Written> => {
    const moved: WpPostChange = { ...(sameSlug(post.slug, place.slug) ? {} : { slug: place.slug }), ...(type === "page" && (post.parent ?? 0) !== place.parent ? { parent: place.parent } : {}) };
    const change = changeFor(page, profile, profile.json_ld === "inline");
    const changed = await client.update(type, post.id, { ...change, ...moved, ...(isTrashed(post) ? { status: "draft" as const } : {}) });
    if (!sameSlug(changed.slug, place.slug)) {
      // As it was before.
      if (isTrashed(post)) await client.trash(type, post.id);
      else await client.update(type, post.id, { slug: post.slug });
      throw slugTaken(place.slug);
    }
    return settle(client, type, page, profile, changed, change.content);
  };

  const makeNew = async (type: PostType, page: OutgoingPage, place: Place): Promise<Written> => {
    const change = changeFor(page, profile, profile.json_ld === "inline");
    const made = await client.create(type, { ...change, slug: place.slug, ...(type === "page" ? { parent: place.parent } : {}), status: "draft" });
    if (!sameSlug(made.slug, place.slug)) {
      await client.destroy(type, made.id);
      throw slugTaken(place.slug);
    }
    return settle(client, type, page, profile, made, change.content);
  };

  /** The post holds what we last wrote, and that is what is wanted. */
  const isUpToDate = (post: WpPost, page: OutgoingPage, known: State | null): boolean => known !== null && known.sha256 === fingerprintOf(page) && known.content_sha256 === hashOf(post);

  const bringOut = async (type: PostType, page: OutgoingPage, states: { known: State | null; elsewhere: State | null }, overwrite: boolean): Promise<State> => {
    const { known } = states;
    const address = addressOn(type, page);
    const parent = (await ensureParents(client, address.parents, withLease)).at(-1) ?? 0;
    const place = { slug: address.slug, parent };
    return withLease(address.slug, async () => {
      const found = await findPost(client, type, page, states, place);
      if (found.is === "theirs" && !overwrite) return heldState(page, type, known, found.post, found.why);
      const post = found.is === "new" ? null : found.post;
      const written = post === null ? await makeNew(type, page, place) : known !== null && isUpToDate(post, page, known) && !isTrashed(post) ? { post, json_ld: known.json_ld, losses: NO_LOSSES } : await rewrite(type, post, page, place);
      const rankMath = written.json_ld === "rank_math" ? await tellRankMath(client, written.post.id, page, known) : undefined;
      const goesLive = status === "publish" && written.post.status !== "publish";
      const last = goesLive ? await client.update(type, written.post.id, { status: "publish" }) : written.post;
      return stateOf(last, type, page, known, written, rankMath);
    });
  };

  return {
    name: "wordpress",
    placeImage: createMediaPlacer({ client, site: profile.root, memory: media, withLease }),

    async publish(page, given, { overwrite } = { overwrite: false }) {
      const known = given?.site === profile.root ? given : null;
      if (known?.placement === "live" && known.sha256 === fingerprintOf(page) && !overwrite) return known;
      // What is out as a post stays one: WordPress cannot make a page of it.
      return bringOut(known?.type ?? profile.type, page, { known, elsewhere: known === null ? given : null }, overwrite);
    },

    async unpublish(known, how) {
      const post = await client.get(known.type, known.id);
      const now = { placement: "taken_down" as const, url: null, notes: [], at: clock.now() };
      if (post === null || isTrashed(post)) return { ...known, ...now };
      if (how === "trash") await client.trash(known.type, known.id);
      else if (post.status !== "draft") await client.update(known.type, known.id, { status: "draft" });
      return { ...known, ...now };
    },

    async restore(known) {
      const post = await client.get(known.type, known.id);
      if (post === null) return { ...known, placement: "held", url: null, notes: ["WordPress has it no more: publish it again."], at: clock.now() };
      const back = await client.update(known.type, known.id, { status });
      if (isTrashed(post) && !sameSlug(back.slug, known.slug)) {
        await client.update(known.type, known.id, { status: "draft" });
        throw slugTaken(known.slug);
      }
      return { ...known, placement: placementOf(back), url: urlOf(back), slug: back.slug, notes: [], at: clock.now() };
    },
  };
};
