import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ok, type Schemas } from "./client.ts";

export type PageSummary = Schemas["PageSummary"];
export type LocalPage = Schemas["Page"];
export type Pipeline = Schemas["PagePipeline"];
export type PageStatus = PageSummary["status"];

/* Pages are entities: what is asked of them is kept among the project's lists of entities, which the live feed has read again at each change. */

const LOOK_MS = 3_000;

export const pipelineQuery = (project_id: string) =>
  queryOptions({
    queryKey: ["entities", "list", project_id, "pipeline"],
    queryFn: async () => ok(api.GET("/api/projects/{project_id}/pages/pipeline", { params: { path: { project_id } } })),
    // What it costs, and that its run has failed, is no change of an entity.
    refetchInterval: ({ state }) => (state.data?.state === "running" ? LOOK_MS : false),
  });

export interface PageFilter {
  status?: PageStatus;
  q?: string;
}

export const pagesQuery = (project_id: string, filter: PageFilter = {}) =>
  infiniteQueryOptions({
    queryKey: ["entities", "list", project_id, "pages", filter],
    queryFn: async ({ pageParam }) => ok(api.GET("/api/projects/{project_id}/pages", { params: { path: { project_id }, query: { limit: 50, ...filter, ...(pageParam === null ? {} : { cursor: pageParam }) } } })),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
  });

export const pageQuery = (project_id: string, id: string) => queryOptions({ queryKey: ["entities", "list", project_id, "page", id], queryFn: async () => ok(api.GET("/api/pages/{id}", { params: { path: { id } } })) });

/** An earlier text never changes. */
export const pageTextQuery = (id: string, version: string) => queryOptions({ queryKey: ["page-text", id, version], queryFn: async () => ok(api.GET("/api/pages/{id}", { params: { path: { id }, query: { version } } })), staleTime: Infinity });

export const pageVersionsQuery = (id: string, current: string | null) => queryOptions({ queryKey: ["page-versions", id, current], queryFn: async () => ok(api.GET("/api/pages/{id}/versions", { params: { path: { id } } })) });

export const pagePreviewQuery = (id: string, current: string | null) => queryOptions({ queryKey: ["page-preview", id, current], queryFn: async () => ok(api.GET("/api/pages/{id}/preview", { params: { path: { id } } })), staleTime: 60_000 });
