import type { Sniper } from "../../../core/dna/schema/sniper.ts";
import { sha256Hex } from "../../../core/security/constant-time.ts";
import type { Unvisited, Visitor } from "../../../core/web/visitor.ts";
import type { Reading } from "./extract/draft.ts";
import { type Extracted, type ModelTools, readDetails } from "./extract/read.ts";
import type { KeptFinds } from "./keep.ts";
import type { Listing } from "./listing.ts";
import { MOST_LEFT_OUT, type SourceProgress, type Stop } from "./progress.ts";
import { nextOf, type Search, searchesOf, urlOf } from "./searches.ts";
import { adapterOf, isPermitted } from "./sources/index.ts";
import type { NamedSource } from "./sources/source.types.ts";
import { unwanted } from "./words.ts";

export interface HuntSourceTools {
  visitor: Visitor;
  reading: Reading;
  model: ModelTools | null;
  /** Accounts for what a page's reading has cost. */
  spend: (page: Pick<Extracted, "usages" | "made_up">) => void;
  keep: (listings: readonly Listing[]) => Promise<KeptFinds>;
  /** Told after each step, with all that was found by then: from there it is gone on. */
  save: () => Promise<void>;
  now: () => number;
  /** ms; no page is begun after it. */
  endsAt: number;
}

export type Wanted = Pick<Sniper, "keywords" | "negative_keywords" | "geo_filter" | "max_pages" | "max_details">;

const PATIENCE_MS = 60_000;
const MOST_SETBACKS = 3;
const MOST_PROBLEMS = 50;
const MOST_SEEN = 5000;
/** Characters; a post that is longer has said what it is about. */
const TEASER = 200;

const keyOf = ({ url, title, description }: Listing): string => sha256Hex(url ?? `${title}\n${description}`).slice(0, 24);
const pageKey = (url: string): string => sha256Hex(`page ${url}`).slice(0, 24);

const note = (progress: SourceProgress, url: string, problem: string): void => {
  if (progress.problems.length < MOST_PROBLEMS) progress.problems.push({ url, problem });
};

const count = (progress: SourceProgress, reason: string): void => {
  progress.dropped[reason] = (progress.dropped[reason] ?? 0) + 1;
};

/** A post of which only its address, or else its title, was read. */
export const namedBy = (post: string): Pick<Listing, "title" | "url"> => ({ title: post, url: URL.canParse(post) ? post : null });

/** Counted, and named while there are few: of those whose person was erased nothing is written down. */
export const leaveOut = (progress: Pick<SourceProgress, "dropped" | "left_out">, { title, url }: Pick<Listing, "title" | "url">, reason: string): void => {
  progress.dropped[reason] = (progress.dropped[reason] ?? 0) + 1;
  if (progress.left_out.length < MOST_LEFT_OUT) progress.left_out.push({ title: title.slice(0, 160), url, reason });
};

/** Whether there is something to read, and leave to. Sets the searches when it is first asked. */
const begin = ({ name, source }: NamedSource, wanted: Wanted, progress: SourceProgress, now: number): boolean => {
  const adapter = adapterOf(source);
  if (!isPermitted(adapter, source.permission, now)) {
    Object.assign(progress, { stop: "no_permission" satisfies Stop, advice: `${adapter.permits.statement} ${adapter.permits.instead} With a permission of your own: modules.lead_gen.sniper.sources.${name}.permission, by ${adapter.permits.accepts.join(" or ")}.` });
    return false;
  }
  if (adapter.template === null) {
    Object.assign(progress, { stop: "no_address" satisfies Stop, advice: `Say where to look: modules.lead_gen.sniper.sources.${name}.url.` });
    return false;
  }
  progress.waiting ??= searchesOf(adapter.template, { keywords: wanted.keywords, places: wanted.geo_filter, firstPage: source.first_page ?? 1 });
  return true;
};

/** What an unread page means for the rest of the source: wait for it, leave it, or leave the whole source. */
const onTrouble = (progress: SourceProgress, search: Search, { problem, retryAfterMs }: Unvisited, { now, endsAt }: HuntSourceTools): "waits" | "goes on" | "ends" => {
  const end = (stop: Stop): "ends" => {
    progress.stop = stop;
    return "ends";
  };
  note(progress, urlOf(search), problem);
  switch (problem) {
    case "busy":
    case "unreachable": {
      progress.setbacks += 1;
      const until = now() + (retryAfterMs ?? PATIENCE_MS * 2 ** (progress.setbacks - 1));
      if (progress.setbacks >= MOST_SETBACKS || until >= endsAt) return end(problem);
      progress.not_before = until;
      progress.waiting?.unshift(search);
      return "waits";
    }
    case "forbidden":
    case "login_wall":
    case "captcha":
    case "no_browser":
    case "refused":
      return end(problem);
    case "robots":
    case "not_found":
    case "too_large":
      if (progress.waiting?.length === 0) progress.stop = problem === "robots" ? "robots" : "end";
      return "goes on";
  }
};

/** Finds that are wanted and were not seen in this hunt, filled in from their own pages where the source asks for it. */
const wantedOf = async (listings: readonly Listing[], wanted: Wanted, progress: SourceProgress, details: ((listing: Listing) => Promise<Listing>) | null): Promise<Listing[]> => {
  const found: Listing[] = [];
  for (const listing of listings) {
    const why = unwanted(listing, wanted);
    // What a teaser does not say, the whole post may.
    const maySayMore = why === null || (why === "no_keyword" && listing.description.length < TEASER);
    const filledIn = details !== null && maySayMore ? await details(listing) : listing;
    const reason = filledIn === listing ? why : unwanted(filledIn, wanted);
    if (reason === null) found.push(filledIn);
    else leaveOut(progress, filledIn, reason);
  }
  return found;
};

/**
 * Reads a source until there is a reason to stop, or to wait; `progress` says what became of it.
 * @returns whether it is over; if not, it is to be called again at `progress.not_before`, or at once where `maxSteps` was reached
 * @throws AppError of the model's gateway or the store: what was done until then is saved
 */
export const huntSource = async (named: NamedSource, wanted: Wanted, progress: SourceProgress, tools: HuntSourceTools, maxSteps: number): Promise<boolean> => {
  const { visitor, reading, model, now, endsAt } = tools;
  if (!begin(named, wanted, progress, now())) return true;
  const adapter = adapterOf(named.source);
  const wantsDetails = named.source.kind === "html_list" && named.source.details === true;
  progress.not_before = null;

  const detailsOf = (from: string) => async (listing: Listing): Promise<Listing> => {
    if (listing.url === null || new URL(listing.url).origin !== new URL(from).origin || progress.details_read >= wanted.max_details || now() >= endsAt) return listing;
    progress.details_read += 1;
    const visit = await visitor.visit(listing.url, { scripts: adapter.scripts });
    if (!visit.ok) {
      note(progress, listing.url, visit.problem);
      return listing;
    }
    const read = await readDetails(listing, { html: visit.text, url: visit.url }, reading, model);
    tools.spend(read);
    return read.listing;
  };

  for (let step = 0; progress.stop === null; step += 1) {
    if (step >= maxSteps) return false;
    if (progress.pages_read >= wanted.max_pages) progress.stop = "page_budget";
    else if (now() >= endsAt) progress.stop = "time_budget";
    const search = progress.stop === null ? progress.waiting?.shift() : undefined;
    if (search === undefined) {
      progress.stop ??= progress.found > 0 || progress.problems.length === 0 ? "end" : "nothing_new";
      break;
    }
    const url = urlOf(search);
    const visit = await visitor.visit(url, { scripts: adapter.scripts, accept: adapter.accept });
    if (!visit.ok) {
      const then = onTrouble(progress, search, visit, tools);
      await tools.save();
      if (then === "waits") return false;
      continue;
    }
    const page = await adapter.read({ url: visit.url, text: visit.text }, reading, model);
    progress.pages_read += 1;
    progress.setbacks = 0;
    if (page === null) {
      note(progress, url, "not_a_list");
      if (progress.waiting?.length === 0 && progress.found === 0) progress.stop = "not_a_list";
      await tools.save();
      continue;
    }
    tools.spend(page);
    if (page.unread) progress.unread_pages += 1;
    for (const post of page.expired) leaveOut(progress, namedBy(post), "expired");
    const seen = new Set(progress.seen);
    const fresh = page.listings.filter((listing) => !seen.has(keyOf(listing)));
    progress.found += fresh.length;
    const kept = await tools.keep(await wantedOf(fresh, wanted, progress, wantsDetails ? detailsOf(visit.url) : null));
    progress.created.push(...kept.created);
    progress.joined.push(...kept.joined.filter((id) => !progress.created.includes(id) && !progress.joined.includes(id)));
    for (const { reason } of kept.dropped) count(progress, reason);

    // A list that gives nothing new goes in circles, or is over; one that gives but links to itself does too.
    const next = fresh.length === 0 ? null : nextOf(search, page.next);
    const leads = next !== null && !seen.has(pageKey(urlOf(next))) && new URL(urlOf(next)).origin === new URL(visit.url).origin;
    if (leads) progress.waiting?.push(next);
    else if (progress.waiting?.length === 0) progress.stop = fresh.length === 0 && progress.found > 0 ? "nothing_new" : "end";
    progress.seen = [...progress.seen, pageKey(url), ...fresh.map(keyOf)].slice(-MOST_SEEN);
    await tools.save();
  }
  await tools.save();
  return true;
};
