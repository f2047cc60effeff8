import type { TenantMemory } from "../../../core/memory/memory.ts";
import type { Page } from "../page.ts";
import { pageMetadataSchema } from "../page.schemas.ts";

/** The page above a page: the hub of its service. Null when there is none, or the page is one itself. */
export const hubOf = async ({ keyed }: Pick<TenantMemory, "keyed">, { project_id, metadata }: Page): Promise<{ name: string; path: string } | null> => {
  if (metadata.place === null) return null;
  const hub = await keyed.find(project_id, "page", `page:${metadata.service.slug}//hub`);
  const found = pageMetadataSchema.safeParse(hub?.metadata).data;
  if (hub === undefined || found === undefined || found.status === "retired" || found.status === "held") return null;
  return { name: found.service.name, path: found.path };
};
