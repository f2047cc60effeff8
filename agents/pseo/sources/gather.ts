import type { Dna } from "../../../core/dna/schema.ts";
import type { ContextHit, ContextType } from "../../../core/memory/context/context.types.ts";
import type { ContextKeeper } from "../../../core/memory/context/brand-context.ts";
import type { TenantMemory } from "../../../core/memory/memory.ts";
import { sha256Hex } from "../../../core/security/constant-time.ts";
import type { Page } from "../page.ts";
import type { Source } from "../page.schemas.ts";
import { anchorSource } from "./anchor-sources.ts";
import { brainSources, dnaSources } from "./dna-sources.ts";
import { type NewSource, numbered, sourceText } from "./source-texts.ts";

const MOST_ANCHORS = 8;
/** Passages that answer best are on every page about the matter; of the others each page takes its own, so that pages differ. */
const BEST_PASSAGES = 3;
const OTHER_PASSAGES = 4;
const CONSIDERED = 16;
const MOST_QUESTIONS = 4;
const PASSAGE_TYPES: readonly ContextType[] = ["insider_tip", "differentiator", "objection", "site"];

export interface GatherTools {
  memory: Pick<TenantMemory, "keyed" | "context">;
  context: Pick<ContextKeeper, "query">;
}

const asSource = ({ id, text, type }: Pick<ContextHit, "id" | "text" | "type">): NewSource => ({ kind: type === "question_answer" ? "question" : "passage", id, text: sourceText(text) });

/** The same for a page each time, and another for each page. */
const shuffled = (pageId: string, all: readonly NewSource[]): NewSource[] =>
  all.map((one) => ({ one, rank: sha256Hex([pageId, one.id, one.text].join("\n")) })).sort((a, b) => (a.rank < b.rank ? -1 : 1)).map(({ one }) => one);

/**
 * Everything that a page may say: from the DNA, the map, the brand brain, and what customers asked on calls. In an order that does not
 * change while nothing behind it does.
 * @throws those of the model gateway, as a query is embedded
 */
export const gatherSources = async ({ memory, context }: GatherTools, page: Page, dna: Dna): Promise<Source[]> => {
  const { service, place, primary_keyword, evidence } = page.metadata;
  const named = (...kinds: string[]): string[] => evidence.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);

  const order = named("anchor");
  const anchors = (await memory.keyed.withIds(order.slice(0, 50)))
    .filter(({ project_id }) => project_id === page.project_id)
    .sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id))
    .flatMap((entity) => anchorSource(entity) ?? [])
    .slice(0, MOST_ANCHORS);

  const asked = named("passage", "question");
  const planned = (await memory.context.named(page.project_id, asked)).sort((a, b) => asked.indexOf(a.id) - asked.indexOf(b.id)).map(asSource);

  const about = [service.name, primary_keyword, place?.name ?? ""].join(". ");
  const passages = (await context.query(about, { project_id: page.project_id, types: PASSAGE_TYPES, limit: CONSIDERED })).map(asSource);
  const questions = (await context.query(about, { project_id: page.project_id, types: ["question_answer"], limit: MOST_QUESTIONS })).map(asSource);
  // A brand brain that has not been filled yet: the DNA itself, in no order of worth.
  const brain = passages.length > 0 ? passages : shuffled(page.id, brainSources(dna));
  return numbered([
    ...dnaSources(dna, page.metadata),
    ...anchors,
    ...planned,
    ...brain.slice(0, BEST_PASSAGES),
    ...shuffled(page.id, brain.slice(BEST_PASSAGES)).slice(0, OTHER_PASSAGES),
    ...questions,
  ]);
};

/**
 * Sources of a page that are not true any more: taken out of the DNA, the map or the brand brain since, or changed there.
 */
export const staleSources = async ({ memory }: Pick<GatherTools, "memory">, page: Page, dna: Dna, sources: readonly Source[]): Promise<Source[]> => {
  const ids = (...kinds: Source["kind"][]): string[] => sources.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
  const rows = await memory.context.named(page.project_id, ids("passage", "question"));
  const anchors = await memory.keyed.withIds(ids("anchor"));
  const now = new Set(
    [
      ...dnaSources(dna, page.metadata),
      ...brainSources(dna),
      ...rows.map(asSource),
      ...anchors.filter(({ project_id }) => project_id === page.project_id).flatMap((entity) => anchorSource(entity) ?? []),
    ].map(({ kind, id, text }) => `${kind}\n${id}\n${text}`),
  );
  return sources.filter(({ kind, id, text }) => !now.has(`${kind}\n${id}\n${text}`));
};
