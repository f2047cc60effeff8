import type { TenantMemory } from "../../../core/memory/memory.ts";
import { slugOf } from "../../../core/slug.ts";
import { pageMetadataSchema } from "../page.schemas.ts";
import type { ManagerParams } from "./pipeline.schemas.ts";

/** What a pipeline may take up: what is not out yet, and not in a person's hands. */
const ON_ITS_WAY = ["planned", "written", "refused", "passed"] as const;

/**
 * The pages that a run is about, by id: hubs first, since the pages below name them, then what is worth most.
 * @param most of the params and the DNA, whichever is less
 */
export const choosePages = async ({ keyed }: Pick<TenantMemory, "keyed">, projectId: string, { services, places }: Pick<ManagerParams, "services" | "places">, most: number): Promise<string[]> => {
  const isWanted = (wanted: readonly string[] | undefined, { slug, name }: { slug: string; name: string }): boolean => wanted === undefined || wanted.some((word) => slugOf(word) === slug || slugOf(word) === slugOf(name));
  const found: { id: string; depth: number; value: number }[] = [];
  for (const status of ON_ITS_WAY) {
    for await (const rows of keyed.each(projectId, "page", { status, without: ["review"] })) {
      for (const { id, metadata } of rows) {
        const page = pageMetadataSchema.safeParse(metadata).data;
        if (page === undefined) continue;
        const isHubOfAll = page.service.slug === "hub";
        if ((!isHubOfAll && !isWanted(services, page.service)) || (page.place !== null && !isWanted(places, page.place))) continue;
        found.push({ id, depth: isHubOfAll ? 0 : page.place === null ? 1 : 2, value: page.expected_value });
      }
    }
  }
  return found
    .toSorted((a, b) => a.depth - b.depth || b.value - a.value || (a.id < b.id ? -1 : 1))
    .slice(0, most)
    .map(({ id }) => id);
};
