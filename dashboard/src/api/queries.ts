import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ok, type Schemas } from "./client.ts";

export type Entity = Schemas["Entity"];
export type Call = Schemas["Call"];
/** As lists show it: with who the customer is. */
export type ListedCall = Schemas["ListedCall"];
export type Run = Schemas["Run"];

/* One place for what is asked and under which key it is kept: the live feed changes it there. */

export const projectsQuery = queryOptions({ queryKey: ["projects"], queryFn: async () => ok(api.GET("/api/projects", { params: { query: { limit: 200 } } })), staleTime: 60_000 });

export const projectQuery = (project_id: string) => queryOptions({ queryKey: ["projects", project_id], queryFn: async () => ok(api.GET("/api/projects/{project_id}", { params: { path: { project_id } } })), staleTime: 60_000 });

export const meQuery = queryOptions({ queryKey: ["me"], queryFn: async () => ok(api.GET("/api/auth/me")), staleTime: 60_000 });

export interface EntityFilter {
  type?: string;
  status?: string;
  q?: string;
}

export const entitiesQuery = (project_id: string, filter: EntityFilter = {}) =>
  infiniteQueryOptions({
    queryKey: ["entities", "list", project_id, filter],
    queryFn: async ({ pageParam }) => ok(api.GET("/api/entities", { params: { query: { project_id, limit: 50, ...filter, ...(pageParam === null ? {} : { cursor: pageParam }) } } })),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
  });

export const entityQuery = (id: string) => queryOptions({ queryKey: ["entities", "one", id], queryFn: async () => ok(api.GET("/api/entities/{id}", { params: { path: { id } } })) });

export const callsQuery = (project_id: string, lead_id?: string) =>
  infiniteQueryOptions({
    queryKey: ["calls", "list", project_id, lead_id ?? null],
    queryFn: async ({ pageParam }) => ok(api.GET("/api/calls", { params: { query: { project_id, limit: 50, ...(lead_id === undefined ? {} : { lead_id }), ...(pageParam === null ? {} : { cursor: pageParam }) } } })),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
  });

export const callQuery = (id: string) => queryOptions({ queryKey: ["calls", "one", id], queryFn: async () => ok(api.GET("/api/calls/{id}", { params: { path: { id } } })) });

export const runsQuery = (project_id: string, filter: { status?: Run["status"]; task?: string } = {}) =>
  infiniteQueryOptions({
    queryKey: ["runs", "list", project_id, filter],
    queryFn: async ({ pageParam }) => ok(api.GET("/api/runs", { params: { query: { project_id, limit: 50, ...filter, ...(pageParam === null ? {} : { cursor: pageParam }) } } })),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
  });

export const runQuery = (id: string) => queryOptions({ queryKey: ["runs", "one", id], queryFn: async () => ok(api.GET("/api/runs/{id}", { params: { path: { id } } })) });

export const statsQuery = (project_id: string, range: { from?: string; to?: string; compare?: "previous" } = {}) =>
  queryOptions({ queryKey: ["stats", project_id, range], queryFn: async () => ok(api.GET("/api/stats", { params: { query: { project_id, ...range } } })), staleTime: 15_000, refetchInterval: 60_000 });

export const timelineQuery = (id: string) => queryOptions({ queryKey: ["timeline", id], queryFn: async () => ok(api.GET("/api/entities/{id}/timeline", { params: { path: { id } } })) });

export const connectionsQuery = (project_id: string) => queryOptions({ queryKey: ["connections", project_id], queryFn: async () => ok(api.GET("/api/projects/{project_id}/connections", { params: { path: { project_id } } })) });

/** Holds keys: asked for by screens that show them, and forgotten with them. */
export const webhooksQuery = (project_id: string) => queryOptions({ queryKey: ["webhooks", project_id], queryFn: async () => ok(api.GET("/api/projects/{project_id}/webhooks", { params: { path: { project_id } } })), gcTime: 0, staleTime: 60_000 });

export const dnaQuery = (project_id: string) => queryOptions({ queryKey: ["dna", project_id, "effective"], queryFn: async () => ok(api.GET("/api/projects/{project_id}/dna", { params: { path: { project_id } }, headers: { Accept: "application/json" } })) as Promise<Record<string, unknown>> });

export const originsQuery = (project_id: string) => queryOptions({ queryKey: ["dna", project_id, "origins"], queryFn: async () => ok(api.GET("/api/projects/{project_id}/dna/origins", { params: { path: { project_id } } })) });
