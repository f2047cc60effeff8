import type { Dna } from "../../../core/dna/schema.ts";
import type { Source } from "../../../core/dna/schema/sniper.ts";
import { adapterOf, isPermitted, sourceNamed } from "./sources/index.ts";
import { searchesOf } from "./searches.ts";

/** `no_permission`: the DNA gives none; `not_enough`: one that the platform does not take; `unknown`: no source has that name. */
export type SourceState = "ready" | "no_permission" | "not_enough" | "expired" | "no_address" | "unknown";

/** A place to look in, and whether it may be. */
export interface SourceSetup {
  name: string;
  kind: Source["kind"] | null;
  /** Whether hunts look there: the DNA's `platforms` name it. */
  chosen: boolean;
  state: SourceState;
  /** Where it looks, with `{keyword}`, `{place}`, `{page}`; null where the DNA must say it. */
  url: string | null;
  /** Searches in one hunt: each keyword at each place, where the address asks for them. */
  searches: number;
  permission: { by: string; statement: string; until: string | null } | null;
  /** What the platform says of being read by machines, which permissions are enough, and what to do without one. */
  permits: { statement: string; accepts: readonly string[]; instead: string } | null;
}

const stateOf = (source: Source, now: number): SourceState => {
  const adapter = adapterOf(source);
  const { permission } = source;
  if (permission === undefined) return "no_permission";
  if (!adapter.permits.accepts.includes(permission.by)) return "not_enough";
  if (!isPermitted(adapter, permission, now)) return "expired";
  return adapter.template === null ? "no_address" : "ready";
};

/** Every source of the DNA, those that hunts look in first, as the hunt itself would judge it. @param now ms */
export const huntSetup = ({ modules }: Dna, now: number): SourceSetup[] => {
  const { sniper } = modules.lead_gen;
  const names = [...new Set([...sniper.platforms, ...Object.keys(sniper.sources)])];
  return names.map((name) => {
    const chosen = sniper.platforms.includes(name);
    const source = sourceNamed(name, sniper)?.source;
    if (source === undefined) return { name, kind: null, chosen, state: "unknown", url: null, searches: 0, permission: null, permits: null };
    const { template, permits } = adapterOf(source);
    const { permission } = source;
    return {
      name, chosen, permits,
      kind: source.kind,
      state: stateOf(source, now),
      url: template,
      searches: template === null ? 0 : searchesOf(template, { keywords: sniper.keywords, places: sniper.geo_filter, firstPage: source.first_page ?? 1 }).length,
      permission: permission === undefined ? null : { by: permission.by, statement: permission.statement, until: permission.until ?? null },
    };
  });
};
