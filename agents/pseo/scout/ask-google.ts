import { AppError } from "../../../core/errors.ts";
import type { GooglePlace, GooglePlaces } from "../../../core/providers/google-places/google-places.client.ts";
import { kmBetween, type Point } from "../../../core/providers/osm/distance.ts";
import { PLACE_KINDS } from "../../../core/providers/osm/kinds.data.ts";
import { slugOf } from "../../../core/slug.ts";
import type { GoogleFindings } from "../place.schemas.ts";
import type { JudgedAnchor } from "./judge.ts";

/** How Google Places is asked, where a project wants it and there is a key. */
export interface GoogleDesk {
  client: GooglePlaces;
  /** How often it may still be asked in this run. */
  left: number;
  /** Books one question. */
  book: () => Promise<void>;
}

export interface GoogleQuestion {
  place: { name: string; city: string | null };
  point: Point;
  kinds: readonly string[];
  radius_km: number;
  country: string;
  language: string;
  /** Business time in ms. */
  now: number;
  run_id: string;
}

/** Types that Google has under our own word for them; of the others its words decide. */
const TYPES = new Set(["courthouse", "police", "hospital"]);
/** Two points of one place: a pin and the middle of an outline. */
const SAME_PLACE_KM = 0.3;
const SHORTEST_NAME = 4;
const CLOSED = "Google Places says that it has closed for good";
/** Kept of a kind. */
const MOST_IDS = 20;

const sameName = (a: string, b: string): boolean => {
  const [one, other] = [slugOf(a), slugOf(b)].toSorted((x, y) => x.length - y.length);
  return one !== undefined && other !== undefined && one.length >= SHORTEST_NAME && other.includes(one);
};

const isSame = ({ name, metadata }: JudgedAnchor, place: GooglePlace): boolean => kmBetween(metadata, place.point) <= SAME_PLACE_KM && sameName(name, place.name);

/** The anchors with what was found of them, now or when Google was last asked. */
export const withFindings = (anchors: readonly JudgedAnchor[], { confirmed, closed }: Pick<GoogleFindings, "confirmed" | "closed">): JudgedAnchor[] =>
  anchors.map((anchor) => {
    const { dedupe_key, doubts } = anchor.metadata;
    const id = confirmed[dedupe_key];
    if (id === undefined) return anchor;
    return { ...anchor, metadata: { ...anchor.metadata, google_place_id: id, ...(closed.includes(dedupe_key) ? { status: "doubtful" as const, doubts: [...doubts, CLOSED] } : {}) } };
  });

/** What is known after a question that may have been cut short: what it did not get to is as it was known before. */
export const takenTogether = (before: GoogleFindings | undefined, now: GoogleFindings): GoogleFindings =>
  before === undefined || now.problem === null ? now : { ...now, confirmed: { ...before.confirmed, ...now.confirmed }, closed: [...new Set([...before.closed, ...now.closed])], missing: { ...before.missing, ...now.missing } };

/**
 * What Google Places says of the anchors of a place: which of them it knows too, which have closed, and what the map lacks. Nothing of
 * Google's but ids is kept, as its terms ask, so no page rests on it: a person who follows an id may add to the map what is missing.
 * A Google that cannot be asked keeps nobody from scouting: the findings say why, and the map stands by itself.
 */
export const askGoogle = async (desk: GoogleDesk, anchors: readonly JudgedAnchor[], question: GoogleQuestion): Promise<GoogleFindings> => {
  const { place, point, kinds, radius_km, country, language, now, run_id } = question;
  const confirmed: Record<string, string> = {};
  const closed = new Set<string>();
  const missing: Record<string, string[]> = {};
  let problem: string | null = null;
  let asked = 0;
  for (const kind of kinds) {
    if (desk.left <= 0) {
      problem = "the run's google_places.max_requests are used up";
      break;
    }
    desk.left -= 1;
    try {
      const text = `${PLACE_KINDS[kind]?.label ?? kind} in ${place.name}${place.city === null ? "" : `, ${place.city}`}`;
      const found = await desk.client.search({ text, type: TYPES.has(kind) ? kind : null, country, language, around: point, radius_km });
      asked += 1;
      await desk.book();
      const near = found.filter((one) => kmBetween(point, one.point) <= radius_km);
      for (const one of near) {
        const known = anchors.find((anchor) => anchor.metadata.kind === kind && isSame(anchor, one));
        if (known !== undefined) {
          confirmed[known.metadata.dedupe_key] = one.id;
          if (one.closed) closed.add(known.metadata.dedupe_key);
        } else if (!one.closed) missing[kind] = [...(missing[kind] ?? []), one.id].slice(0, MOST_IDS);
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      problem = `${error.code}: ${error.message}`.slice(0, 200);
      break;
    }
  }
  return { at: now, run_id, requests: asked, confirmed, closed: [...closed], missing, problem };
};
