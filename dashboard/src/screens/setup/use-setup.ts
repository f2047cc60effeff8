import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { callsQuery, connectionsQuery, dnaQuery, originsQuery, type Run, runQuery, runsQuery } from "@/api/queries";
import { dnaPartsSchema, type DnaParts } from "./setup.schemas.ts";
import { nextOf, statesOf, type Step, type StepState } from "./steps.ts";

const LOOK_MS = 700;
const LISTEN_MS = 2_500;

export interface Setup {
  run: Run | null;
  dna: DnaParts;
  /** By path: which layer a value is of. */
  origins: Readonly<Record<string, string>>;
  states: Record<Step, StepState>;
  next: Step;
}

/** All that the steps stand on, read from the API. @returns null while it is on its way */
export const useSetup = (project: string): { setup: Setup | null; error: Error | null; retry: () => void } => {
  const runs = useInfiniteQuery(runsQuery(project, { task: "onboarding" }));
  const listed = runs.data?.pages[0]?.items.find(({ action }) => action === "onboard") ?? null;
  const isOver = listed !== null && ["succeeded", "failed", "dead"].includes(listed.status);
  // A step of it is some hundred milliseconds long, and somebody is watching.
  const followed = useQuery({ ...runQuery(listed?.id ?? ""), enabled: listed !== null, refetchInterval: ({ state }) => (state.data !== undefined && ["succeeded", "failed", "dead"].includes(state.data.status) ? false : LOOK_MS) });
  const run = followed.data ?? listed;
  const isRead = run?.status === "succeeded";
  const key = isOver || isRead ? "read" : "reading";
  const dna = useQuery({ ...dnaQuery(project), queryKey: [...dnaQuery(project).queryKey, key] });
  const origins = useQuery({ ...originsQuery(project), queryKey: [...originsQuery(project).queryKey, key] });
  const connections = useQuery({ ...connectionsQuery(project), refetchInterval: LISTEN_MS });
  const calls = useInfiniteQuery(callsQuery(project));
  const all = [runs, dna, origins, connections, calls];
  const error = all.find((query) => query.error !== null)?.error ?? null;
  const retry = (): void => all.forEach((query) => void query.refetch());
  if (runs.data === undefined || dna.data === undefined || origins.data === undefined || connections.data === undefined || calls.data === undefined || (listed !== null && run === null)) return { setup: null, error, retry };
  const parsed = dnaPartsSchema.safeParse(dna.data);
  if (!parsed.success) return { setup: null, error: parsed.error, retry };
  const states = statesOf({
    run,
    isCorrected: Object.values(origins.data.origins).includes("custom"),
    isConnected: connections.data.items.some(({ connection, state }) => (connection === "google_ads" || connection === "website_form") ? state === "tested" || state === "connected" : state === "set_up"),
    hasTalked: calls.data.pages.some(({ items }) => items.some(({ canary, end_reason, timeline }) => !canary && (end_reason === "connected" || timeline.some((event) => typeof event === "object" && event !== null && "event" in event && event.event === "connected")))),
    isLive: parsed.data.modules.lead_gen.live,
  });
  return { setup: { run, dna: parsed.data, origins: origins.data.origins, states, next: nextOf(states) }, error, retry };
};
