import { AppError, describeError, invalid } from "../../../core/errors.ts";
import { type AgentContext, type Later, later } from "../../../core/kernel/agent.ts";
import { logger } from "../../../core/log.ts";
import { zoneOf } from "../../../core/dna/time-zone.ts";
import { createVisitor } from "../../../core/web/visitor.ts";
import type { AgentTools } from "../../tools.ts";
import type { ModelTools } from "./extract/read.ts";
import type { Reading } from "./extract/draft.ts";
import { huntSource, type Wanted } from "./hunt-source.ts";
import { keepListings } from "./keep.ts";
import { modelMicros } from "../../../core/usage/prices.ts";
import { sleep } from "../../../core/wait.ts";
import { estimatedMicros } from "./money.ts";
import { createProgressStore, type HuntProgress, newSource, type SourceProgress } from "./progress.ts";
import { type HuntResult, resultOf } from "./result.ts";
import { sourceNamed } from "./sources/index.ts";
import { MICROS } from "../../../core/money.ts";

const log = logger("hunt");

/** Who reads, and what for: `robots.txt` is asked by the first word. */
const USER_AGENT = "ApexBot/1.0 (looks for public requests for tradespeople, by agreement with the site)";
const LIMITS = { maxBytes: 1_500_000, fetchTimeoutMs: 15_000, renderTimeoutMs: 30_000 };
/** Pages of one attempt: each takes some fifteen requests of ours, of which the platform allows a thousand. */
const STEPS_AN_ATTEMPT = 15;
/** Later attempts go on without the model: what says of itself where its posts are is of use today. */
const MODEL_ATTEMPTS = 2;

export interface HuntParams {
  platforms?: string[] | undefined;
  keywords?: string[] | undefined;
  max_pages?: number | undefined;
}

export const readingOf = ({ dna, project, tools }: AgentContext<AgentTools>, platform: string): Reading => ({ platform, country: project.country, zone: zoneOf(dna), now: tools.clock.now(), places: dna.modules.lead_gen.sniper.geo_filter });

/** The model of a hunt, as long as there is money for it, and what it has cost. */
export const modelOf = ({ memory, project, runId, dna, tools }: AgentContext<AgentTools>, progress: Pick<HuntProgress, "spent_micros">): ModelTools | null => {
  const budget = dna.modules.lead_gen.sniper.max_usd * MICROS;
  if (budget === 0) return null;
  const now = tools.clock.now();
  return {
    gateway: tools.gatewayOf(memory, project.id, runId),
    mayAsk: (usages, characters) => progress.spent_micros + usages.reduce((sum, usage) => sum + modelMicros(usage, now), 0) + estimatedMicros(characters, now) <= budget,
  };
};

/** @throws AppError 422 where there is nowhere to look */
export const platformsOf = ({ dna }: AgentContext<AgentTools>, { platforms }: HuntParams): string[] => {
  const { sniper } = dna.modules.lead_gen;
  const named = [...new Set(platforms ?? sniper.platforms)];
  if (named.length === 0) throw invalid([{ path: "params.platforms", message: "must name a source: the DNA's modules.lead_gen.sniper.platforms is empty" }]);
  const unknown = platforms?.filter((name) => sourceNamed(name, sniper) === null) ?? [];
  if (unknown.length > 0) throw invalid(unknown.map((name) => ({ path: "params.platforms", message: `there is no source ${name}; the DNA has: ${Object.keys(sniper.sources).join(", ") || "none"}` })));
  return named;
};

const isOver = ({ stop }: SourceProgress): boolean => stop !== null;

/**
 * Looks for listings on the project's platforms, one source after the other, and saves what is wanted. It takes itself up again where
 * a site wants to be left alone for a while, and after every few pages; what was done is stored (progress.ts).
 * @throws AppError 422 where there is nowhere to look
 */
export const hunt = async (context: AgentContext<AgentTools>, params: HuntParams): Promise<HuntResult | Later> => {
  const { tools, memory, project, dna, runId, attempt } = context;
  const { sniper } = dna.modules.lead_gen;
  const names = platformsOf(context, params);
  const store = createProgressStore(tools.storage, { tenant_id: memory.tenantId, run_id: runId });
  const progress: HuntProgress = (await store.load()) ?? { started_at: tools.clock.now(), spent_micros: 0, input_tokens: 0, output_tokens: 0, made_up: 0, failures: 0, sources: names.map(newSource) };
  const wanted: Wanted = { ...sniper, keywords: params.keywords ?? sniper.keywords, max_pages: params.max_pages ?? sniper.max_pages };
  const now = (): number => tools.clock.now();
  const endsAt = progress.started_at + sniper.max_minutes * 60_000;
  const visitor = createVisitor({ fetch: tools.egress.fetch, render: tools.renderPage, clock: tools.clock, userAgent: USER_AGENT, turnAt: tools.turnAt, wait: sleep }, { ...LIMITS, delayS: sniper.delay_s });
  const model = progress.failures < MODEL_ATTEMPTS ? modelOf(context, progress) : null;

  const report = async (label: string): Promise<void> => context.report({ done: progress.sources.filter(isOver).length, total: progress.sources.length, label });

  for (const source of progress.sources) {
    if (isOver(source) || (source.not_before !== null && source.not_before > now())) continue;
    await report(`Reading ${source.name}`);
    const named = sourceNamed(source.name, sniper);
    if (named === null) {
      source.stop = "unknown_source";
      source.advice = `The DNA names it in platforms and has no modules.lead_gen.sniper.sources.${source.name}.`;
      continue;
    }
    try {
      const over = await huntSource(named, wanted, source, {
        visitor,
        reading: readingOf(context, source.name),
        model,
        spend: ({ usages, made_up }) => {
          progress.made_up += made_up;
          for (const usage of usages) {
            progress.spent_micros += modelMicros(usage, now());
            progress.input_tokens += usage.input_tokens;
            progress.output_tokens += usage.output_tokens;
          }
        },
        keep: async (listings) => keepListings({ memory, similarOf: tools.similarOf }, { project, dna, listings, run_id: runId }),
        save: async () => {
          await store.save(progress);
          await report(`Reading ${source.name}: ${source.pages_read} pages, ${source.found} posts, ${source.created.length} new leads`);
        },
        now,
        endsAt,
      }, STEPS_AN_ATTEMPT);
      if (!over && source.not_before === null) return later(0);
    } catch (error) {
      if (!(error instanceof AppError) || model === null) throw error;
      log.warn("a page could not be read by the model", { run_id: runId, project_id: project.id, source: source.name, attempt, error: describeError(error) });
      // As it was stored: the page is read again, once more with the model, then without it.
      const kept = (await store.load()) ?? { ...progress, sources: names.map(newSource) };
      await store.save({ ...kept, failures: progress.failures + 1 });
      return later(error.retryAfterMs ?? MODEL_PATIENCE_MS);
    }
  }
  const waiting = progress.sources.flatMap((source) => (isOver(source) || source.not_before === null ? [] : [source.not_before]));
  if (waiting.length > 0) return later(Math.max(1000, Math.min(...waiting) - now()));
  await report("The hunt is over");
  const result = resultOf(progress, now());
  await store.close(progress);
  return result;
};

const MODEL_PATIENCE_MS = 20_000;
