import { type Demand, demandFor, expectedValue, type KnownKeyword } from "./demand.ts";
import { type Combination, type Dropped, pageKey } from "./matrix.ts";

/** A combination with what it is worth. */
export interface Candidate extends Combination {
  demand: Demand;
  expected_value: number;
}

/** Best first; of two that are worth the same always the same one. */
export const ranked = (combinations: readonly Combination[], known: ReadonlyMap<string, KnownKeyword>): Candidate[] =>
  combinations
    .map((one): Candidate => {
      const demand = demandFor([one.primary_keyword, ...one.secondary_keywords], one.intent, known);
      return { ...one, demand, expected_value: expectedValue(demand, one.intent, one.evidence.length) };
    })
    .toSorted((a, b) => b.expected_value - a.expected_value || (a.key < b.key ? -1 : 1));

/**
 * The best pages that fit into the budget, each with the hub above it: a page that nothing leads to is found by nobody. Hubs of services
 * of which no page fits are left out.
 * @param most pages, hubs included
 * @param candidates best first
 */
export const selected = (candidates: readonly Candidate[], most: number): { chosen: Candidate[]; dropped: Dropped[] } => {
  const hubs = new Map(candidates.filter(({ place }) => place === null).map((hub) => [hub.key, hub]));
  const chosen = new Map<string, Candidate>();
  const over: Candidate[] = [];
  for (const candidate of candidates) {
    if (candidate.place === null) continue;
    const needed = [pageKey("hub", "", "hub"), pageKey(candidate.service.slug, "", "hub")].flatMap((key) => {
      const hub = hubs.get(key);
      return hub === undefined || chosen.has(key) ? [] : [hub];
    });
    if (chosen.size + needed.length + 1 > most) {
      over.push(candidate);
      continue;
    }
    for (const page of [...needed, candidate]) chosen.set(page.key, page);
  }
  const left = [...over, ...[...hubs.values()].filter(({ key }) => !chosen.has(key))];
  return {
    chosen: [...chosen.values()].toSorted((a, b) => b.expected_value - a.expected_value || (a.key < b.key ? -1 : 1)),
    dropped: left.map(({ key, service, place, intent }) => ({ key, service: service.name, place: place?.name ?? null, intent, why: place === null ? "no page below it was chosen" : `worth less than the ${most} pages that the DNA or the run allows` })),
  };
};
