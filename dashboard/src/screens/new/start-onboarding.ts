import type { QueryClient } from "@tanstack/react-query";
import { api, ApiProblem, ok } from "@/api/client";
import { projectQuery, runQuery } from "@/api/queries";

export interface Business {
  business_name: string;
  niche: string;
  country: string;
  phone: string;
  website: string;
}

const PATIENCE = 80;
const LOOK_MS = 250;

/** The same words are the same request, however often a lost connection has it sent. */
const keyOf = async (body: unknown): Promise<string> => [...new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(body))))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** @throws ApiProblem 422 with what is wrong with an answer; nothing is made then */
export const startOnboarding = async (project_id: string, { website, ...business }: Business): Promise<string> => {
  const params = { ...business, ...(website === "" ? {} : { website }) };
  const body = { task: "onboarding", project_id, params };
  const started = await ok(api.POST("/api/run", { body, headers: { "Idempotency-Key": await keyOf(body) } }));
  return "run_id" in started ? started.run_id : started.id;
};

/** The run's first step makes the project: what comes after can be told by its address. @throws ApiProblem when the run gives up before */
export const untilRegistered = async (cache: QueryClient, projectId: string, runId: string): Promise<void> => {
  for (let looks = 0; ; looks += 1) {
    try {
      await cache.query({ ...projectQuery(projectId), staleTime: 0, retry: false });
      await cache.invalidateQueries({ queryKey: ["projects"], exact: true });
      return;
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 404 || looks >= PATIENCE) throw error;
    }
    const run = await cache.query({ ...runQuery(runId), staleTime: 0 });
    if (run.error !== null && (run.status === "failed" || run.status === "dead")) throw new ApiProblem({ status: 409, code: run.error.code, detail: run.error.message });
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
};
