import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { RotateCcw } from "lucide-react";
import { toast } from "sonner";
import { api, ok } from "@/api/client";
import { runQuery } from "@/api/queries";
import { dateTimeOf, durationOf } from "@/lib/format";
import { jobName } from "@/lib/names";
import { useProjectId, useZone } from "@/lib/project";
import { toneOf } from "@/lib/tones";
import { said, t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { Progress } from "./runs.tsx";
import { Tries } from "./tries.tsx";

export const RunPage = () => {
  const { run: id } = useParams({ from: "/$project/runs/$run" });
  const project = useProjectId();
  const zone = useZone();
  const queryClient = useQueryClient();
  const { data: run, error, refetch } = useQuery(runQuery(id));
  const retry = useMutation({
    mutationFn: async () => ok(api.POST("/api/runs/{id}/retry", { params: { path: { id } } })),
    onSuccess: async () => {
      toast(t("runs.retried"));
      await queryClient.invalidateQueries({ queryKey: ["runs"] });
    },
    onError: (problem) => toast.error(problem.message),
  });
  if (error !== null) return <Problem error={error} retry={() => void refetch()} />;
  if (run === undefined) return <SkeletonRows />;
  const took = run.started_at === null || run.finished_at === null ? null : new Date(run.finished_at).getTime() - new Date(run.started_at).getTime();
  const facts: [string, string | null][] = [
    [t("runs.started"), run.started_at === null ? null : dateTimeOf(run.started_at, zone)],
    [t("runs.took"), took === null ? null : durationOf(took)],
    [t("runs.attempts"), String(run.attempts)],
  ];
  return (
    <div className="grid gap-4">
      <header className="flex flex-wrap items-center justify-between gap-3">
        <div className="flex flex-wrap items-center gap-3">
          <h1 className="text-lg font-semibold">{jobName(run)}</h1>
          <Badge tone={toneOf(run.status)}>{said("status", run.status)}</Badge>
          <Progress run={run} />
        </div>
        {(run.status === "failed" || run.status === "dead") && <Button kind="main" disabled={retry.isPending} onClick={() => retry.mutate()}><RotateCcw size={16} />{t("runs.retry")}</Button>}
      </header>
      <Panel>
        <dl className="grid gap-3 p-4 sm:grid-cols-3">{facts.map(([name, value]) => value !== null && <div key={name}><dt className="text-xs text-quiet">{name}</dt><dd className="tabular text-sm">{value}</dd></div>)}</dl>
        {run.progress.label !== "" && <p className="border-t px-4 py-3 text-sm text-quiet">{run.progress.label}</p>}
      </Panel>
      {run.error !== null && <Panel title={t("runs.error")}><p className="p-4 text-sm text-bad">{run.error.message} <code className="text-xs text-quiet">{run.error.code}</code></p></Panel>}
      {run.tries.length > 0 && <Tries tries={run.tries} />}
      {run.result !== null && run.result !== undefined && <Panel title={t("runs.input")}><pre className="max-h-96 overflow-auto p-4 text-xs">{JSON.stringify(run.result, null, 2)}</pre></Panel>}
      {run.children.length > 0 && (
        <Panel title={t("runs.parts")}>
          <ul className="grid gap-1 p-4 text-sm">{run.children.map((part) => <li key={part}><Link to="/$project/runs/$run" params={{ project, run: part }} className="text-accent underline underline-offset-4">{part}</Link></li>)}</ul>
        </Panel>
      )}
    </div>
  );
};
