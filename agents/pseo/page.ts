import type { z } from "zod";
import { AppError, notFound } from "../../core/errors.ts";
import type { Entity } from "../../core/memory/entities.store.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import type { Project } from "../../core/memory/projects.store.ts";
import { type PageMetadata, pageMetadataSchema } from "./page.schemas.ts";

/** An entity of type `page` whose metadata has been read. */
export interface Page {
  id: string;
  tenant_id: string;
  project_id: string;
  name: string;
  metadata: PageMetadata;
}

/** @throws AppError 422 `page_invalid`: somebody has put something else into its metadata */
export const asPage = (entity: Entity): Page => {
  const metadata: z.ZodSafeParseResult<PageMetadata> = pageMetadataSchema.safeParse(entity.metadata);
  const { id, tenant_id, project_id, name } = entity;
  if (!metadata.success || project_id === null) throw new AppError({ code: "page_invalid", status: 422, message: `The entity ${id} is no page that Apex could work on.` });
  return { id, tenant_id, project_id, name, metadata: metadata.data };
};

/** @throws AppError 404 for what is not a page of this project, whatever else it may be */
export const getPage = async ({ memory, project }: { memory: Pick<TenantMemory, "entities">; project: Pick<Project, "id"> }, id: string): Promise<Page> => {
  const entity = await memory.entities.find(id);
  if (entity?.entity_type !== "page" || entity.project_id !== project.id) throw notFound("page");
  return asPage(entity);
};
