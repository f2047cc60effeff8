import { queryOptions } from "@tanstack/react-query";
import * as z from "zod/mini";
import { api, ok, type Schemas } from "@/api/client";
import type { Run } from "@/api/queries";

export type Hunt = Schemas["Hunt"];
export type HuntSetup = Schemas["HuntSetup"];
export type HuntSource = Schemas["HuntSource"];

export const huntSetupQuery = (project_id: string) => queryOptions({ queryKey: ["projects", project_id, "hunt"], queryFn: async () => ok(api.GET("/api/projects/{project_id}/hunt", { params: { path: { project_id } } })), staleTime: 30_000 });

/** Read again at each change of a run of the project (api/live.ts). */
export const huntQuery = (project_id: string, id: string) => queryOptions({ queryKey: ["hunts", project_id, id], queryFn: async () => ok(api.GET("/api/hunts/{id}", { params: { path: { id } } })) });

const counts = z.record(z.string(), z.number());
const resultSchema = z.object({ found: z.number(), created: z.array(z.string()), joined: z.array(z.string()), dropped: counts });

/** What came of a hunt, where it is over. */
export const huntFigures = ({ result }: Pick<Run, "result">): { found: number; created: number; joined: number; dropped: number } | null => {
  const { data } = resultSchema.safeParse(result);
  return data === undefined ? null : { found: data.found, created: data.created.length, joined: data.joined.length, dropped: Object.values(data.dropped).reduce((sum, one) => sum + one, 0) };
};

export const isOpen = ({ status }: { status: string }): boolean => status === "queued" || status === "running";
