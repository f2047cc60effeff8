import type { WordpressClient } from "../../../../core/providers/wordpress/wordpress.client.ts";
import type { PostType, WpPost } from "../../../../core/providers/wordpress/wordpress.wire.ts";
import { type OutgoingPage, type StateOf, fingerprintOf } from "../target.ts";
import { sameSlug, slugTaken } from "./address.ts";
import { PLACEHOLDER, readFrame, versionOf } from "./markup.ts";
import { isTrashed, livingAt } from "./parents.ts";
import { hashOf } from "./write-post.ts";

export type Found =
  | { is: "new" }
  /** Ours to write, as it stands. */
  | { is: "ours"; post: WpPost }
  /** Somebody has changed it, or taken it away: not ours to decide. `post` null: it is gone. */
  | { is: "theirs"; post: WpPost | null; why: string };

type State = StateOf<"wordpress">;

export interface Place {
  slug: string;
  /** 0: at the top. */
  parent: number;
}

const OFFLINE = new Set(["draft", "pending", "private"]);

/** By the id that was returned when it went out. */
const judgeKnown = (post: WpPost | null, page: OutgoingPage, known: State): Found => {
  const before = known.placement === "held" ? known.held_from : known.placement;
  const wasTakenDown = before === "taken_down";
  if (post === null) return wasTakenDown ? { is: "new" } : { is: "theirs", post, why: "Somebody has deleted the page in WordPress." };
  const frame = readFrame(post.content.raw);
  if (hashOf(post) !== known.content_sha256) {
    // A version that is not in our books yet: our own write, whose answer was lost. A person's edit leaves the version as it was.
    const isOurs = frame?.page_id === page.page_id && frame.version !== versionOf(known.sha256);
    if (!isOurs) return { is: "theirs", post, why: "Somebody has changed the page in WordPress since." };
  }
  if (wasTakenDown) return { is: "ours", post };
  if (isTrashed(post)) return { is: "theirs", post, why: "Somebody has put the page into the trash of WordPress." };
  if (before === "live" && OFFLINE.has(post.status)) return { is: "theirs", post, why: `Somebody has taken the page offline in WordPress (${post.status}).` };
  return { is: "ours", post };
};

/** By its address: after an answer that was lost, or a state that was. */
const judgeUnknown = (posts: readonly WpPost[], page: OutgoingPage, versions: readonly string[], { slug, parent }: Place): Found => {
  const ours = posts.filter((post) => readFrame(post.content.raw)?.page_id === page.page_id);
  const [own] = ours;
  if (own && ours.length === 1) {
    if (isTrashed(own)) return { is: "theirs", post: own, why: "The page is in the trash of WordPress." };
    return own.status === "draft" || versions.includes(readFrame(own.content.raw)?.version ?? "") ? { is: "ours", post: own } : { is: "theirs", post: own, why: "The page is out in another version than Apex knows of." };
  }
  const living = livingAt(posts, slug, parent);
  if (ours.length > 1 || living.length > 1) throw slugTaken(slug);
  const [there] = living;
  if (there === undefined) return { is: "new" };
  if (readFrame(there.content.raw)?.page_id === PLACEHOLDER) return { is: "ours", post: there };
  throw slugTaken(slug);
};

/**
 * The post that a page has on a site, by id and then by slug, drafts and trash included.
 * @param known what was returned for this site
 * @param elsewhere what was returned when the site had another address: it may have moved, with everything in it
 * @throws AppError 409 `wordpress_slug_taken` when something that is not ours has the address
 */
export const findPost = async (client: WordpressClient, type: PostType, page: OutgoingPage, { known, elsewhere }: { known: State | null; elsewhere: State | null }, place: Place): Promise<Found> => {
  if (known !== null) {
    const found = judgeKnown(await client.get(type, known.id), page, known);
    if (found.is !== "new") return found;
  }
  const posts = (await client.withSlug(type, place.slug)).filter((post) => sameSlug(post.slug.replace(/__trashed$/, ""), place.slug));
  const versions = [fingerprintOf(page), ...(elsewhere === null ? [] : [elsewhere.sha256])].map(versionOf);
  return judgeUnknown(posts, page, versions, place);
};
