import { z } from "@hono/zod-openapi";
import { keywordIn } from "../../agents/lead-gen/hunt/words.ts";
import type { HuntProgress } from "../../agents/lead-gen/hunt/progress.ts";
import { rules, scoringRecordSchema } from "../../agents/lead-gen/scoring/scoring.types.ts";
import { iso } from "../../core/clock.ts";
import type { Entity } from "../../core/memory/entities.store.ts";

const sourceSetupSchema = z
  .object({
    name: z.string(),
    kind: z.string().nullable(),
    chosen: z.boolean().openapi({ description: "Whether hunts look there" }),
    state: z.enum(["ready", "no_permission", "not_enough", "expired", "no_address", "unknown"]).openapi({ description: "Only `ready` is read" }),
    url: z.string().nullable(),
    searches: z.number().int(),
    permission: z.object({ by: z.string(), statement: z.string(), until: z.string().nullable() }).nullable(),
    permits: z.object({ statement: z.string(), accepts: z.array(z.string()), instead: z.string() }).nullable(),
  })
  .openapi("HuntSource");

export const huntSetupSchema = z
  .object({
    sources: z.array(sourceSetupSchema),
    keywords: z.array(z.string()),
    negative_keywords: z.array(z.string()),
    places: z.array(z.string()),
    score_threshold: z.number(),
    limits: z.object({ max_pages: z.number(), max_details: z.number(), max_minutes: z.number(), max_usd: z.number() }),
    enabled: z.boolean(),
    next_at: z.string().nullable().openapi({ description: "When the schedule hunts next; null: it does not" }),
  })
  .openapi("HuntSetup");

const judged = z.object({ score: z.number(), evidence: z.string() });
const keptSchema = z.object({
  lead_id: z.string(),
  outcome: z.enum(["created", "joined"]).openapi({ description: "joined: it was a lead already" }),
  name: z.string(),
  place: z.string().nullable(),
  platform: z.string().nullable(),
  url: z.string().nullable(),
  matched: z.string().nullable().openapi({ description: "The keyword of the DNA that its words hold" }),
  status: z.string(),
  score: z.number().nullable(),
  band: z.enum(["hot", "warm", "cold"]).nullable(),
  judgement: z.object({ urgency: judged, budget: judged, fit: judged }).nullable(),
  rules: z.array(z.enum(rules)),
  acted: z.string().nullable().openapi({ description: "What was done about it: `call` or `card`" }),
});

export const huntSchema = z
  .object({
    run_id: z.string(),
    project_id: z.string(),
    status: z.string(),
    whole: z.object({ run_id: z.string(), status: z.string(), label: z.string() }).nullable().openapi({ description: "The run that scores what this one finds and acts on it; null: this one only reads" }),
    cost_usd: z.number(),
    sources: z.array(
      z.object({
        source: z.string(),
        pages_read: z.number().int(),
        found: z.number().int(),
        created: z.number().int(),
        joined: z.number().int(),
        dropped: z.record(z.string(), z.number().int()),
        unread_pages: z.number().int(),
        problems: z.array(z.object({ url: z.string(), problem: z.string() })),
        stopped: z.string().nullable().openapi({ description: "Why it was read no further; null: not at its end" }),
        waits_until: z.string().nullable(),
        advice: z.string().nullable(),
      }),
    ),
    kept: z.array(keptSchema).openapi({ description: "The best first; at most 200" }),
    left_out: z.array(z.object({ source: z.string(), title: z.string(), url: z.string().nullable(), reason: z.string() })).openapi({ description: "Up to forty of each source, for ninety days" }),
  })
  .openapi("Hunt");

/** At most so many leads are shown of one hunt. */
export const MOST_KEPT = 200;

const words = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

export const shownKept = ({ id, name, metadata }: Entity, outcome: "created" | "joined", keywords: readonly string[]): z.infer<typeof keptSchema> => {
  const scoring = scoringRecordSchema.safeParse(metadata.scoring).data;
  const acted = z.looseObject({ how: z.string() }).safeParse(metadata.acted).data;
  return {
    lead_id: id, outcome, name,
    place: words(metadata.place),
    platform: words(metadata.platform),
    url: words(metadata.source_url),
    matched: keywordIn(words(metadata.message) ?? name, keywords),
    status: words(metadata.status) ?? "new",
    score: typeof metadata.score === "number" ? metadata.score : null,
    band: scoring?.band ?? null,
    judgement: scoring?.judgement ?? null,
    rules: scoring?.rules ?? [],
    acted: acted?.how ?? null,
  };
};

export const shownSources = ({ sources }: Pick<HuntProgress, "sources">) =>
  sources.map(({ name, pages_read, found, created, joined, dropped, unread_pages, problems, stop, not_before, advice }) => ({
    source: name, pages_read, found, dropped, unread_pages, problems, advice,
    created: created.length,
    joined: joined.length,
    stopped: stop,
    waits_until: stop !== null || not_before === null ? null : iso(not_before),
  }));
