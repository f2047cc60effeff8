import "@/lib/words/hunt";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Square } from "lucide-react";
import { toast } from "sonner";
import { api, ok } from "@/api/client";
import { runQuery } from "@/api/queries";
import { dateTimeOf } from "@/lib/format";
import { useProjectId, useZone } from "@/lib/project";
import { toneOf } from "@/lib/tones";
import { said, t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { Progress } from "../runs/runs.tsx";
import { type Hunt, huntQuery, isOpen } from "./hunt.queries.ts";
import { Kept } from "./kept.tsx";
import { LeftOut } from "./left-out.tsx";
import { SourcesRead } from "./sources-read.tsx";

const StopHunt = ({ hunt }: { hunt: Hunt }) => {
  const queryClient = useQueryClient();
  const stop = useMutation({
    mutationFn: async () => ok(api.POST("/api/runs/{id}/cancel", { params: { path: { id: hunt.whole?.run_id ?? hunt.run_id } } })),
    onSuccess: async () => {
      toast(t("hunt.stopped"));
      await queryClient.invalidateQueries({ queryKey: ["runs"] });
    },
    onError: (error) => toast.error(error.message),
  });
  return <Button kind="danger" disabled={stop.isPending} onClick={() => stop.mutate()}><Square size={15} />{t("hunt.stop")}</Button>;
};

/** One hunt as it goes on: each source, what is kept and why, and what was left out. */
export const HuntRun = () => {
  const { run: id } = useParams({ from: "/$project/hunt/$run" });
  const project = useProjectId();
  const zone = useZone();
  const { data: run } = useQuery(runQuery(id));
  const { data: hunt, error, refetch } = useQuery(huntQuery(project, id));
  if (error !== null) return <Problem error={error} retry={() => void refetch()} />;
  if (hunt === undefined || run === undefined) return <SkeletonRows />;
  const open = isOpen(run) || (hunt.whole !== null && isOpen(hunt.whole));
  return (
    <div className="grid grid-cols-1 gap-4">
      <header className="flex flex-wrap items-center justify-between gap-3">
        <div className="flex flex-wrap items-center gap-3">
          <h1 className="text-lg font-semibold">{t("hunt.one")} · <time dateTime={run.created_at}>{dateTimeOf(run.created_at, zone)}</time></h1>
          <Badge tone={toneOf(run.status)}>{said("status", run.status)}</Badge>
          {isOpen(run) && <Progress run={run} />}
        </div>
        {open && <StopHunt hunt={hunt} />}
      </header>
      <p role="status" className="text-sm text-quiet empty:hidden">
        {isOpen(run) ? run.progress.label : hunt.whole !== null && isOpen(hunt.whole) ? `${t("hunt.then")}: ${hunt.whole.label}` : ""}
      </p>
      {run.error !== null && <Panel title={t("runs.error")}><p className="p-4 text-sm text-bad">{run.error.message}</p></Panel>}
      <SourcesRead hunt={hunt} open={isOpen(run)} />
      <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-2">
        <Kept kept={hunt.kept} open={open} />
        <LeftOut posts={hunt.left_out} />
      </div>
    </div>
  );
};
