import { BadRequest } from "../kit/http.ts";
import { isObject, textIn } from "../kit/json.ts";
import { dresses, FIRST_POSTS, type NewPost, type Post, postAt } from "./posts.ts";

export const PAGE_SIZE = 8;

/** What of the board can be set from outside. */
export interface BoardSettings {
  /** Another seed, another board. */
  readonly seed: string;
  /** How many more requests to `/board/busy` are told to come back later. */
  readonly busy: number;
  /** Seconds that robots.txt asks robots to wait between two requests; null: it does not say. */
  readonly crawlDelayS: number | null;
}

const DEFAULTS: BoardSettings = { seed: "apex", busy: 1, crawlDelayS: null };

export interface Query {
  readonly words: string;
  readonly place: string;
}

const matches = ({ title, text, place }: Post, { words, place: where }: Query): boolean => {
  const said = `${title} ${text}`.toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) => said.includes(word)) && place.toLowerCase().includes(where.toLowerCase());
};

/** A board of people who look for a tradesperson. The same seed gives the same posts; more can be added. */
export class JobBoard {
  #settings = DEFAULTS;
  #posts: Post[] = [];
  #added = 0;

  constructor() {
    this.reset();
  }

  get settings(): BoardSettings {
    return this.#settings;
  }

  /** Forgets what was added, and begins anew. */
  reset(): void {
    this.set(DEFAULTS);
  }

  set(settings: Partial<BoardSettings>): void {
    const before = this.#settings;
    this.#settings = { ...before, ...settings };
    if (this.#posts.length > 0 && this.#settings.seed === before.seed && settings !== DEFAULTS) return;
    const opened = Date.now();
    this.#added = 0;
    this.#posts = Array.from({ length: FIRST_POSTS }, (_, place) => postAt(this.#settings.seed, place, opened));
  }

  /** Newest first. */
  find(query: Query): readonly Post[] {
    return this.#posts.filter((post) => matches(post, query));
  }

  get(id: string): Post | undefined {
    return this.#posts.find((post) => post.id === id);
  }

  add({ title, text, place = "Ponsonby", phone = null, dress = "json_ld" }: NewPost): Post {
    this.#added += 1;
    const post: Post = { id: String(2000 + this.#added), title, text, place, phone, dress, postedAt: Date.now() };
    this.#posts = [post, ...this.#posts];
    return post;
  }

  remove(id: string): void {
    this.#posts = this.#posts.filter((post) => post.id !== id);
  }

  /** Whether this request is told to come back later. */
  takeBusy(): boolean {
    const { busy } = this.#settings;
    if (busy > 0) this.#settings = { ...this.#settings, busy: busy - 1 };
    return busy > 0;
  }
}

/** @throws BadRequest */
export function parsePost(input: unknown): NewPost {
  if (!isObject(input)) throw new BadRequest("The body is an object.");
  const [title, text, place, phone] = ["title", "text", "place", "phone"].map((name) => textIn(input, name));
  if (title === undefined || text === undefined) throw new BadRequest("title and text are needed.");
  const dress = dresses.find((one) => one === input["dress"]);
  if (input["dress"] !== undefined && dress === undefined) throw new BadRequest(`dress is one of ${dresses.join(", ")}.`);
  return { title, text, ...(place === undefined ? {} : { place }), ...(phone === undefined ? {} : { phone }), ...(dress === undefined ? {} : { dress }) };
}

/** @throws BadRequest */
export function parseSettings(input: unknown): Partial<BoardSettings> {
  if (!isObject(input)) throw new BadRequest("The body is an object.");
  const { seed, busy, crawl_delay_s: delay } = input;
  if (seed !== undefined && typeof seed !== "string") throw new BadRequest("seed is text.");
  if (busy !== undefined && (typeof busy !== "number" || busy < 0)) throw new BadRequest("busy is how many requests are put off.");
  if (delay !== undefined && delay !== null && (typeof delay !== "number" || delay < 0)) throw new BadRequest("crawl_delay_s is a number of seconds, or null.");
  return { ...(seed === undefined ? {} : { seed }), ...(busy === undefined ? {} : { busy }), ...(delay === undefined ? {} : { crawlDelayS: delay }) };
}
