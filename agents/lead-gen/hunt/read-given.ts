import { AppError } from "../../../core/errors.ts";
import type { AgentContext } from "../../../core/kernel/agent.ts";
import type { AgentTools } from "../../tools.ts";
import { readListPage, readText } from "./extract/read.ts";
import { modelOf, readingOf } from "./hunt.ts";
import { leaveOut, namedBy } from "./hunt-source.ts";
import { keepListings } from "./keep.ts";
import { modelMicros } from "../../../core/usage/prices.ts";
import { createProgressStore, newSource } from "./progress.ts";
import { type HuntResult, resultOf } from "./result.ts";
import { unwanted } from "./words.ts";

/** What somebody pasted, or a mail brought. */
export interface Given {
  text: string;
  html?: string | undefined;
  /** Where it is from, if they say so. */
  url?: string | undefined;
  platform: string;
  keywords?: string[] | undefined;
  /** Of a mail: whoever has one forwarded is asked to confirm by a mail, which the owner must get to see. */
  subject?: string | undefined;
}

/** Relative links of a mail lead nowhere. */
const NOWHERE = "https://mail.invalid/";

/**
 * Reads posts out of a text that came by hand or by mail, with the code that reads pages, and saves what is wanted. A single post that
 * somebody took the trouble to paste is wanted whatever its words.
 * @throws AppError of the model's gateway: the run is tried again
 */
export const readGiven = async (context: AgentContext<AgentTools>, { text, html, url, platform, keywords, subject }: Given): Promise<HuntResult & { subject?: string }> => {
  const { tools, memory, project, dna, runId } = context;
  const { sniper } = dna.modules.lead_gen;
  const reading = readingOf(context, platform);
  const now = tools.clock.now();
  const model = modelOf(context, { spent_micros: 0 });
  const inWords = async () => readText({ text, url: url ?? null }, reading, model);
  const inMarkup = async (markup: string) => {
    const marked = await readListPage({ html: markup, url: url ?? NOWHERE }, reading, model);
    if (marked.listings.length > 0 || text === "") return marked;
    // A mail whose markup is a picture has its words in the other part.
    const words = await inWords();
    return { ...words, usages: [...marked.usages, ...words.usages] };
  };
  const read = html === undefined ? await inWords() : await inMarkup(html);
  // A model that could not be paid reads nothing: to say "nothing found" would lose what was given.
  if (read.unread && read.listings.length === 0) {
    throw new AppError({ code: "hunt_unread", status: 422, message: "The text needs a model to be read, and modules.lead_gen.sniper.max_usd leaves no money for it." });
  }
  const source = { ...newSource(platform), pages_read: 1, found: read.listings.length };
  const isChosen = read.listings.length === 1 && platform !== "mail";
  const listings = read.listings.filter((listing) => {
    const why = isChosen ? null : unwanted(listing, { ...sniper, keywords: keywords ?? sniper.keywords });
    if (why !== null) leaveOut(source, listing, why);
    return why === null;
  });
  for (const post of read.expired) leaveOut(source, namedBy(post), "expired");
  const kept = await keepListings({ memory, similarOf: tools.similarOf }, { project, dna, listings, run_id: runId });
  for (const { reason } of kept.dropped) source.dropped[reason] = (source.dropped[reason] ?? 0) + 1;
  Object.assign(source, { created: kept.created, joined: kept.joined });
  const tokens = (kind: "input_tokens" | "output_tokens"): number => read.usages.reduce((sum, usage) => sum + usage[kind], 0);
  const record = { started_at: now, spent_micros: read.usages.reduce((sum, usage) => sum + modelMicros(usage, now), 0), input_tokens: tokens("input_tokens"), output_tokens: tokens("output_tokens"), made_up: read.made_up, failures: 0, sources: [source] };
  await createProgressStore(tools.storage, { tenant_id: memory.tenantId, run_id: runId }).close(record);
  const result = resultOf(record, tools.clock.now());
  return subject === undefined ? result : { ...result, subject };
};
