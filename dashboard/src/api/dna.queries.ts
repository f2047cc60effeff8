import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, ok, type Schemas } from "./client.ts";

export type DnaCheck = Schemas["DnaCheck"];
export type DnaVersion = Schemas["DnaVersion"];
export type DnaLayer = "custom" | "generated";

/** A layer as it was written, and what its `If-Match` is. */
export interface WrittenLayer {
  text: string;
  etag: string;
}

const asText = { parseAs: "text" } as const;
/** An answer without a single byte, as of a layer to which nothing was written yet, has no data at all. @throws ApiProblem */
const textOf = async (answer: Promise<{ data?: string | undefined; error?: unknown; response: Response }>): Promise<string> => (await ok<string | undefined>(answer)) ?? "";

/** Weak by a proxy that compresses it: the API takes either. */
const etagOf = (response: Response): string => response.headers.get("ETag") ?? "";
/** The version that an ETag names. */
export const versionOf = (etag: string): string => etag.replace(/^W\//, "").replaceAll('"', "");

const pathOf = (project_id: string) => ({ path: { project_id } });

/** @throws ApiProblem */
const readCustom = async (project_id: string): Promise<WrittenLayer> => {
  const answer = await api.GET("/api/projects/{project_id}/dna/custom", { params: pathOf(project_id), ...asText });
  return { text: await textOf(Promise.resolve(answer)), etag: etagOf(answer.response) };
};

/** @throws ApiProblem 412 when the layer is no longer what `etag` names, 422 with each mistake */
export const writeCustom = async (project_id: string, { text, etag }: WrittenLayer): Promise<WrittenLayer> => {
  const answer = await api.PUT("/api/projects/{project_id}/dna/custom", {
    params: { ...pathOf(project_id), header: { "if-match": etag } },
    body: text,
    bodySerializer: (body: string | undefined) => body,
    headers: { "Content-Type": "application/yaml" },
    ...asText,
  });
  return { text: await textOf(Promise.resolve(answer)), etag: etagOf(answer.response) };
};

/** @throws ApiProblem 412 when the layer is no longer what `etag` names */
export const restoreCustom = async (project_id: string, version: string, etag: string): Promise<void> => {
  await ok(api.POST("/api/projects/{project_id}/dna/custom/restore", { params: { ...pathOf(project_id), header: { "if-match": etag } }, body: { version } }));
};

export const customQuery = (project_id: string) => queryOptions({ queryKey: ["dna", project_id, "custom"], queryFn: async () => readCustom(project_id), staleTime: 0 });

export const generatedQuery = (project_id: string) =>
  queryOptions({ queryKey: ["dna", project_id, "generated"], queryFn: async () => textOf(api.GET("/api/projects/{project_id}/dna/generated", { params: pathOf(project_id), ...asText })) });

/** What a text would do, and what lies beneath it. The last answer is shown until the next is there. */
export const checkQuery = (project_id: string, text: string) =>
  queryOptions({
    queryKey: ["dna", project_id, "check", text],
    queryFn: async () => ({
      text,
      ...(await ok(api.POST("/api/projects/{project_id}/dna/custom/check", { params: pathOf(project_id), body: text, bodySerializer: (body: string | undefined) => body, headers: { "Content-Type": "application/yaml" } }))),
    }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    gcTime: 60_000,
  });

/** It changes with a release only. */
export const schemaQuery = queryOptions({ queryKey: ["dna", "schema"], queryFn: async () => ok(api.GET("/api/schemas/dna.json", { parseAs: "json" })), staleTime: Infinity });

export const versionsQuery = (project_id: string, layer: DnaLayer) =>
  infiniteQueryOptions({
    queryKey: ["dna", project_id, "versions", layer],
    queryFn: async ({ pageParam }) => ok(api.GET("/api/projects/{project_id}/dna/{layer}/versions", { params: { path: { project_id, layer }, query: { limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) } } })),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
  });

/** What a version changed, value by value. */
export const versionDiffQuery = (project_id: string, layer: DnaLayer, version: string) =>
  queryOptions({ queryKey: ["dna", project_id, "diff", layer, version], queryFn: async () => ok(api.GET("/api/projects/{project_id}/dna/{layer}/diff", { params: { path: { project_id, layer }, query: { to: version } } })), staleTime: Infinity });

export const versionTextQuery = (project_id: string, layer: DnaLayer, version: string) =>
  queryOptions({ queryKey: ["dna", project_id, "text", layer, version], queryFn: async () => textOf(api.GET("/api/projects/{project_id}/dna/{layer}/versions/{version}", { params: { path: { project_id, layer, version } }, ...asText })), staleTime: Infinity });
