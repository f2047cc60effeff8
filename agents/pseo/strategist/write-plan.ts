import { z } from "zod";
import type { KeyedEntity } from "../../../core/memory/keyed-entities.store.ts";
import type { TenantMemory } from "../../../core/memory/memory.ts";
import { pageMetadataSchema } from "../page.schemas.ts";
import { keywordKey } from "./keywords.ts";
import { pathFor } from "./matrix.ts";
import type { Candidate } from "./select.ts";

/** A page as it is put: what a stored plan holds. */
export const plannedPageSchema = z.object({ key: z.string(), name: z.string(), anchor_name: z.string().nullable(), metadata: pageMetadataSchema });
export type PlannedPage = z.infer<typeof plannedPageSchema>;

/** What the strategist may still change as a whole: nobody has written it, or decided about it. */
const UNTOUCHED = { status: "planned", drafts: 0, content: null };
/** Of a page that is on its way only what it is worth is brought up to date. One that a person holds, or that is retired, is left alone. */
const ON_ITS_WAY = { status: ["planned", "written", "refused", "needs_person", "passed", "published"] };

interface Existing {
  id: string;
  key: string;
  path: string;
  status: string;
  untouched: boolean;
}

const existingPages = async ({ keyed }: Pick<TenantMemory, "keyed">, projectId: string): Promise<Map<string, Existing>> => {
  const pages = new Map<string, Existing>();
  for await (const rows of keyed.each(projectId, "page", { without: ["review", "evidence"] })) {
    for (const { id, metadata } of rows) {
      const key = String(metadata.dedupe_key);
      pages.set(key, { id, key, path: String(metadata.path), status: String(metadata.status), untouched: metadata.status === "planned" && metadata.drafts === 0 && (metadata.content ?? null) === null });
    }
  }
  return pages;
};

/** Candidates as pages, with paths of their own; one that is there already keeps the path that it has. */
export const pagesOf = async (memory: Pick<TenantMemory, "keyed">, projectId: string, candidates: readonly Candidate[], template: string): Promise<PlannedPage[]> => {
  const existing = await existingPages(memory, projectId);
  const taken = new Set([...existing.values()].map(({ path }) => path));
  return candidates.map((candidate) => {
    const { key, service, place, intent, anchor, primary_keyword, secondary_keywords, evidence, demand, expected_value } = candidate;
    const path = existing.get(key)?.path ?? pathFor(template, candidate, taken);
    taken.add(path);
    const where = place === null ? "" : ` in ${place.name}`;
    return {
      key,
      name: intent === "near_anchor" && anchor !== null ? primary_keyword : intent === "service" || intent === "hub" ? `${service.name}${where}` : `${service.name}${where} (${intent})`,
      anchor_name: anchor?.name ?? null,
      metadata: {
        status: "planned",
        dedupe_key: key,
        service,
        place: place === null ? null : { name: place.name, slug: place.slug, city: place.city, lat: place.lat, lon: place.lon },
        intent,
        primary_keyword,
        secondary_keywords,
        evidence,
        demand,
        expected_value,
        path,
        content: null,
        review: null,
        drafts: 0,
      },
    };
  });
};

export interface Written {
  created: number;
  changed: number;
  unchanged: number;
  /** Pages that were planned before, never written, and are not part of the plan any more. */
  removed: number;
  /** Pages of the plan that a person holds, or that are retired: as they were. */
  left_alone: number;
}

/**
 * Makes the project's pages and keywords follow a plan. Everything is put by its key: a second time writes what is different. Interrupted
 * anywhere, it is done again.
 * @param inScope which of the planned pages the plan speaks of: those it does not name are removed, others are not its business
 */
export const writePlan = async ({ keyed }: Pick<TenantMemory, "keyed">, projectId: string, pages: readonly PlannedPage[], inScope: (key: string) => boolean): Promise<Written> => {
  const existing = await existingPages({ keyed }, projectId);
  const row = ({ key, name, metadata }: PlannedPage): KeyedEntity => ({ project_id: projectId, entity_type: "page", dedupe_key: key, name, metadata });
  const fresh = pages.filter(({ key }) => existing.get(key)?.untouched ?? true);
  const others = pages.filter(({ key }) => existing.get(key)?.untouched === false);
  const answers = [
    ...(await keyed.put(fresh.map(row), UNTOUCHED)),
    ...(await keyed.put(others.map((page) => ({ ...row(page), metadata: { demand: page.metadata.demand, expected_value: page.metadata.expected_value } })), ON_ITS_WAY)),
  ];
  const wanted = new Set(pages.map(({ key }) => key));
  const gone = [...existing.values()].filter(({ key, untouched }) => untouched && !wanted.has(key) && inScope(key)).map(({ id }) => id);
  const removed = await keyed.remove(projectId, "page", gone, UNTOUCHED);
  await keyed.put(
    pages.map(({ key, metadata }): KeyedEntity => {
      const { primary_keyword, secondary_keywords, demand, service, place, intent } = metadata;
      return {
        project_id: projectId,
        entity_type: "keyword",
        dedupe_key: `keyword:${keywordKey(primary_keyword)}`,
        name: primary_keyword,
        // An imported keyword keeps its figures and learns which page is for it.
        metadata: { keyword: primary_keyword, secondary_keywords, page_key: key, service: service.slug, place: place?.slug ?? null, intent, ...(demand.source === "estimated" ? { status: "planned", ...demand } : {}) },
      };
    }),
  );
  const held = others.filter(({ key }) => ["held", "retired"].includes(existing.get(key)?.status ?? "")).length;
  const count = (outcome: string): number => answers.filter((answer) => answer.outcome === outcome).length;
  return { created: count("created"), changed: count("changed"), unchanged: count("unchanged") - held, removed, left_alone: held };
};
