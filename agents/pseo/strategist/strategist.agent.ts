import { z } from "zod";
import { invalid } from "../../../core/errors.ts";
import { type Agent, action, type AgentContext } from "../../../core/kernel/agent.ts";
import { slugOf } from "../../../core/slug.ts";
import { createCheckpoints } from "../../onboarding/checkpoints.ts";
import type { AgentTools } from "../../tools.ts";
import { withoutCompetition } from "./cluster.ts";
import { knownKeywords, readKeywords } from "./demand.ts";
import { gatherPlaces, gatherServices } from "./evidence.ts";
import { keywordKey } from "./keywords.ts";
import { type Dropped, matrixOf } from "./matrix.ts";
import { ranked, selected } from "./select.ts";
import { pagesOf, plannedPageSchema, writePlan } from "./write-plan.ts";

const names = z.array(z.string().trim().min(1).max(120)).max(500);
const params = z.object({
  ids: z.array(z.string().max(60)).max(5000).optional().describe("Entities of type place; default: all that the scout has found"),
  limit: z.number().int().min(1).max(5000).optional().describe("At most so many pages; the DNA's pages.max_pages holds too"),
  services: names.optional().describe("Names or slugs of services of the DNA; default: all"),
  places: names.optional().describe("Names or slugs of places; default: all"),
  keywords_csv: z.string().max(200_000).optional().describe("Keywords with volume and competition, as CSV with headings"),
});

const droppedSchema = z.object({ key: z.string(), service: z.string(), place: z.string().nullable(), intent: z.enum(["hub", "service", "emergency", "price", "near_anchor"]), why: z.string() });
const planSchema = z.object({ pages: z.array(plannedPageSchema), dropped: z.array(droppedSchema), considered: z.number() });
/** Shown of what was dropped; the counts are of all. */
const MOST_SHOWN = 200;

type Context = AgentContext<AgentTools>;
type Params = z.infer<typeof params>;

/** Keywords that came with the run become entities: the next run knows them too. @throws AppError 422 for a CSV without a column of keywords */
const importKeywords = async ({ memory, project }: Context, csv: string): Promise<number> => {
  const rows = readKeywords(csv);
  if (rows === null) throw invalid([{ path: "params.keywords_csv", message: "must have a column named keyword (and volume, competition)" }]);
  const byKey = new Map(rows.map((row) => [keywordKey(row.keyword), row]));
  byKey.delete("");
  await memory.keyed.put([...byKey].map(([key, row]) => ({ project_id: project.id, entity_type: "keyword", dedupe_key: `keyword:${key}`, name: row.keyword, metadata: { status: "imported", ...row } })));
  return byKey.size;
};

const draw = async ({ memory, project, dna, tools }: Context, { ids, limit, services: wantedServices, places: wantedPlaces }: Params): Promise<z.infer<typeof planSchema>> => {
  const { pages: budget, publishing } = dna.modules.local_seo;
  const evidence = { memory, context: tools.contextOf(memory) };
  const services = await gatherServices(evidence, project.id, dna, wantedServices);
  const places = await gatherPlaces(evidence, project.id, dna, ({ id, name, slug }) => (ids === undefined || ids.includes(id)) && (wantedPlaces === undefined || wantedPlaces.some((word) => slugOf(word) === slug || slugOf(word) === slugOf(name))));
  const matrix = matrixOf(services, places, dna.identity.niche ?? services[0]?.name ?? dna.identity.business_name);
  const known = await knownKeywords(memory, project.id);
  const { kept, merged } = await withoutCompetition(ranked(matrix.combinations, known), tools.similarOf(memory), project.id);
  // Anew, since a page that took over others' keywords may be worth more.
  const { chosen, dropped } = selected(ranked(kept, known), Math.min(limit ?? Infinity, budget.max_pages));
  return { pages: await pagesOf(memory, project.id, chosen, publishing.path_template), dropped: [...matrix.dropped, ...merged, ...dropped], considered: matrix.combinations.length + matrix.dropped.length };
};

const countBy = (dropped: readonly Dropped[]): Record<string, number> => {
  const kindOf = ({ why }: Dropped): string => (why.startsWith("nothing is known") ? "no_evidence" : why.startsWith("would compete") ? "competing" : "over_budget");
  const counts: Record<string, number> = {};
  for (const one of dropped) counts[kindOf(one)] = (counts[kindOf(one)] ?? 0) + 1;
  return counts;
};

const plan = async (context: Context, given: Params) => {
  const { memory, project, tools, runId, report } = context;
  const kept = createCheckpoints(tools.storage, { tenant_id: memory.tenantId, run_id: runId });
  const imported = given.keywords_csv === undefined ? 0 : await importKeywords(context, given.keywords_csv);
  await report({ done: 0, total: 2, label: "what is known" });
  // Drawn once, which costs; written as often as it takes.
  const drawn = await kept.step("plan", planSchema, async () => draw(context, given));
  await report({ done: 1, total: 2, label: `${drawn.pages.length} pages planned` });
  const isPart = (words: readonly string[] | undefined, slug: string): boolean => words === undefined || words.some((word) => slugOf(word) === slug);
  const inScope = (key: string): boolean => {
    const [, service = "", place = ""] = /^page:([^/]*)\/([^/]*)\//.exec(key) ?? [];
    return given.ids === undefined && given.limit === undefined && isPart(given.services, service) && isPart(given.places, place);
  };
  const written = await writePlan(memory, project.id, drawn.pages, inScope);
  await kept.clear();
  const sources: Record<string, number> = {};
  for (const { metadata } of drawn.pages) sources[metadata.demand.source] = (sources[metadata.demand.source] ?? 0) + 1;
  return { considered: drawn.considered, pages: drawn.pages.length, ...written, demand: sources, keywords_imported: imported, dropped: countBy(drawn.dropped), dropped_pages: drawn.dropped.slice(0, MOST_SHOWN) };
};

/** The StrategistAgent: which pages there should be, and what each rests on. */
export const strategistAgent: Agent<AgentTools> = { task: "strategist_run", defaultAction: "plan", actions: { plan: action(params, plan) } };
