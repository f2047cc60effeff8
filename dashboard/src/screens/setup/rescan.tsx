import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { api, ok } from "@/api/client";
import { runQuery } from "@/api/queries";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Problem } from "@/ui/problem";

const proposalSchema = z.object({ proposal: z.string().nullable(), changes: z.array(z.object({ path: z.string(), change: z.string() })) });
const LOOK_MS = 700;

/** Reads the site again and shows what would change; a person takes it over, or leaves it. */
export const Rescan = () => {
  const project = useProjectId();
  const cache = useQueryClient();
  const [runId, setRunId] = useState<string | null>(null);
  const run = async (action: string, params: Record<string, unknown>, prefer?: string) => ok(api.POST("/api/run", { body: { task: "onboarding", action, project_id: project, params }, params: { header: prefer === undefined ? {} : { prefer } } }));
  const start = useMutation({ mutationFn: async () => run("rescan", {}), onSuccess: (started) => setRunId("run_id" in started ? started.run_id : started.id) });
  const { data } = useQuery({ ...runQuery(runId ?? ""), enabled: runId !== null, refetchInterval: ({ state }) => (state.data !== undefined && ["succeeded", "failed", "dead"].includes(state.data.status) ? false : LOOK_MS) });
  const accept = useMutation({
    mutationFn: async (proposal: string) => run("accept", { proposal }, "wait=20"),
    onSuccess: async () => cache.invalidateQueries({ queryKey: ["dna", project] }),
  });
  const isRunning = start.isPending || (runId !== null && (data === undefined || data.status === "queued" || data.status === "running"));
  const proposed = proposalSchema.safeParse(data?.result).data;
  return (
    <div className="grid gap-3 border-t p-5 text-sm">
      <div><Button disabled={isRunning} onClick={() => start.mutate()}><RotateCcw aria-hidden size={15} />{t("onboarding.read.again")}</Button></div>
      {isRunning && data !== undefined && <p role="status" className="text-quiet">{data.progress.label}</p>}
      {start.isError && <Problem error={start.error} />}
      {data?.error != null && data.status !== "queued" && <p role="alert" className="text-bad">{data.error.message}</p>}
      {proposed !== undefined && proposed.changes.length === 0 && <p role="status">{t("onboarding.read.same")}</p>}
      {proposed?.proposal != null && (
        <div className="grid gap-2">
          <p role="status" className="font-medium">{accept.isSuccess ? t("onboarding.read.accepted") : t("onboarding.read.proposed", { count: proposed.changes.length })}</p>
          <ul className="grid gap-1">{proposed.changes.map(({ path, change }) => <li key={path} className="break-words"><code className="text-xs">{path}</code> <span className="text-quiet">{change}</span></li>)}</ul>
          {!accept.isSuccess && <div><Button kind="main" disabled={accept.isPending} onClick={() => { if (proposed.proposal !== null) accept.mutate(proposed.proposal); }}>{t("onboarding.read.accept")}</Button></div>}
          {accept.isError && <Problem error={accept.error} />}
        </div>
      )}
    </div>
  );
};
