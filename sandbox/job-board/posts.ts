import { pickFrom, pickIndex } from "../kit/seed.ts";
import { NOISE, PLACES, WISHES, type Wish } from "./words.data.ts";

/** How a post's own page is written: for machines, for people who have seen worse, or against machines. */
export const dresses = ["json_ld", "messy", "injected"] as const;
export type Dress = (typeof dresses)[number];

export interface Post {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly place: string;
  /** As its writer typed it; null where they want to be written to. */
  readonly phone: string | null;
  /** ms */
  readonly postedAt: number;
  readonly dress: Dress;
}

export interface NewPost {
  readonly title: string;
  readonly text: string;
  readonly place?: string;
  readonly phone?: string | null;
  readonly dress?: Dress;
}

/** How many posts a board begins with. */
export const FIRST_POSTS = 36;
const HOUR_MS = 3_600_000;
/** Every so many posts, somebody posts what they have posted before, with a word changed. */
const REPOSTED_EVERY = 9;
const NOISE_EVERY = 6;

const filled = (text: string, place: string, phone: string | null): string => text.replaceAll("{place}", place).replaceAll("{phone}", phone ?? "the office");

/** Domestic numbers, none of which is in the sandbox's table of behaviours by accident of its last four digits. */
const phoneOf = (seed: string): string => `021 ${String(200 + pickIndex(`${seed} a`, 700))} ${String(1000 + pickIndex(`${seed} b`, 8000))}`;

function written(seed: string, place: number, wish: Wish): Pick<Post, "title" | "text" | "place" | "phone"> {
  const where = pickFrom(`${seed} place ${place}`, PLACES) ?? "Ponsonby";
  // One in four wants to be written to.
  const phone = pickIndex(`${seed} has ${place}`, 4) === 0 ? null : phoneOf(`${seed} ${place}`);
  return { title: filled(wish.title, where, phone), text: filled(wish.text, where, phone), place: where, phone };
}

/** The post of a place in the order of a seed: the same seed, the same board. `at` is when the board opened, ms. */
export function postAt(seed: string, place: number, at: number): Post {
  const repeats = place >= REPOSTED_EVERY && place % REPOSTED_EVERY === 0;
  const like = repeats ? place - REPOSTED_EVERY + 1 : place;
  const list = like % NOISE_EVERY === NOISE_EVERY - 1 ? NOISE : WISHES;
  const wish = list[pickIndex(`${seed} wish ${like}`, list.length)] ?? WISHES[0];
  if (wish === undefined) throw new Error("There are no wishes.");
  const first = written(seed, like, wish);
  return {
    id: String(1001 + place),
    ...first,
    text: repeats ? `Still looking! ${first.text}` : first.text,
    postedAt: at - (place + 1) * HOUR_MS,
    dress: dresses[pickIndex(`${seed} dress ${place}`, 2)] ?? "messy",
  };
}
